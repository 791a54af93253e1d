import Experiments
import Foundation
import Rates

extension ExperimentJudge {
  /// kg
  private static let ordinaryMass = 1e-4...1e9
  private static let ordinaryMassNearby = 1e-4...5e4
  /// fm, of radius / A^(1/3)
  private static let ordinaryRadius = 0.6...1.5
  private static let nearSources: Set = ["reactor", "pion-decay-at-rest"]
  /// MeV per electron-hole pair or quantum.
  private static let ordinaryPairEnergy = 1e-6...1e-4

  func detector() -> [ExperimentWarning] {
    var warnings: [ExperimentWarning] = []
    let mass = spec.detector.massKilograms
    // only neutrinos from the sky are worth more
    let beam = spec.source.components.compactMap(\.origin?.section).first(where: Self.nearSources.contains)
    let range = beam == nil ? Self.ordinaryMass : Self.ordinaryMassNearby
    if !range.contains(mass) {
      warnings.append(
        warning(
          "detector.mass",
          "the mass is \(words(mass)) kg, outside \(words(range.lowerBound)) to \(words(range.upperBound)) kg"
            + "\(beam.map { ", which detectors at a `\($0)` source have" } ?? ""). Check its unit."))
    }
    if case .truncatedGaussian(_, let pair, _) = spec.detector.response,
      !Self.ordinaryPairEnergy.contains(pair)
    {
      warnings.append(
        warning(
          "detector.response.truncated-gaussian.pair-energy",
          "the energy per electron-hole pair is \(words(1e6 * pair)) eV, outside 1 to 100 eV. Check its unit; "
            + "germanium has 2.96 eV, silicon 3.6 eV."))
    }
    return warnings + nuclei() + resolution() + width()
  }

  /// Names and radii that do not belong to the numbers of protons and neutrons.
  private func nuclei() -> [ExperimentWarning] {
    spec.detector.nuclei.flatMap { nucleus -> [ExperimentWarning] in
      let number = nucleus.protons + nucleus.neutrons
      var found: [String] = []
      if let named = Int(nucleus.name.filter(\.isNumber)), named != number {
        found.append("the name `\(nucleus.name)`")
      }
      let scale = pow(Double(number), 1.0 / 3)
      for (word, radius) in [
        ("proton", nucleus.formFactor.protonRadius), ("neutron", nucleus.formFactor.neutronRadius),
      ] where nucleus.formFactor.hasRadii && number > 4 && !Self.ordinaryRadius.contains(radius / scale) {
        found.append("a \(word) radius of \(words(radius)) fm")
      }
      return found.map {
        warning(
          "detector.nuclei",
          "\($0) does not fit \(nucleus.protons) protons and \(nucleus.neutrons) neutrons. Check the numbers of this nucleus."
        )
      }
    }
  }

  private func width() -> [ExperimentWarning] {
    guard let width = spec.systematics.signalWidth, width > 1 else { return [] }
    return [
      warning(
        "systematics.signal.width",
        "the signal is uncertain by \(NumberWords.percent(width)), more than itself. Check the unit: `5 %` or `0.05`."
      )
    ]
  }

  /// A resolution so wide that the bins mean nothing.
  private func resolution() -> [ExperimentWarning] {
    let edges = spec.channel.energyEdges
    let (low, high) = (edges[0], edges[edges.count - 1])
    let middle = 0.5 * (low + high)
    guard let sigma = model.response.resolution(at: middle), sigma > high - low else { return [] }
    let unit = spec.channel.energyUnit
    return [
      warning(
        "detector.response",
        "the resolution at \(words(middle)) \(unit), the middle of the channel, is \(words(sigma)) \(unit), more than the "
          + "whole channel (\(words(low)) to \(words(high)) \(unit)). Check the terms of the resolution: `stochastic` is "
          + "sigma / sqrt(E) with E in keV.")
    ]
  }

  // MARK: - Recoils

  func recoils() -> [ExperimentWarning] {
    var warnings = censuses.flatMap { floor($0) + quenching($0) }
    if let largest = censuses.compactMap({ $0.accepted.max() }).max(), largest < 1e-3 {
      warnings.append(
        warning(
          "detector.efficiency",
          "no recoil that the source can make is selected with more than \(NumberWords.percent(largest)) probability. Check "
            + "the efficiencies, the quenching and the edges of the channel, and their units."))
    }
    return warnings
  }

  /// A floor that takes away events the channel would hold.
  private func floor(_ census: RecoilCensus) -> [ExperimentWarning] {
    let shares = [
      ("Standard Model", census.belowFloor(census.standardModel)),
      ("dipole (m4 = 0)", census.belowFloor(census.dipole)),
    ].filter { $0.1 > Self.tolerated }
    guard !shares.isEmpty else { return [] }
    let parts = shares.map { "\(NumberWords.percent($0.1)) of the \($0.0) events" }.joined(separator: " and ")
    return [
      warning(
        "detector.recoil-floor.\(census.kind.word)",
        "the floor of \(NumberWords.energy(census.floor)) takes away \(parts) that \(census.kind.word) recoils down to a "
          + "thousandth of it would make in the channel. \(cure(census))")
    ]
  }

  /// Where the noise lifts even the smallest recoils into the channel, a lower floor would only add more of them.
  private func cure(_ census: RecoilCensus) -> String {
    let isSmallest = { (recoil: Double) in recoil < 1e-2 * census.floor }
    let smallest = max(
      census.share(census.standardModel, isSmallest), census.share(census.dipole, isSmallest))
    guard smallest > Self.tolerated else {
      return
        "Lower it until this line goes, and write a threshold as `efficiency.recoil`, `efficiency.energy` or the "
        + "first edge of the channel."
    }
    return
      "Do not lower it: the resolution lifts recoils of next to no energy into the channel, without end. Say with a "
      + "table for `efficiency.recoil` where recoils make no charge or light any more, and put the floor below."
  }

  /// A table of quenching factors that ends inside what is seen.
  private func quenching(_ census: RecoilCensus) -> [ExperimentWarning] {
    guard census.kind == .nuclear, model.response.smears, case .table(let curve) = spec.detector.quenching,
      let first = curve.nodes.first, let last = curve.nodes.last
    else { return [] }
    let isOutside = { (recoil: Double) in recoil >= census.floor && (recoil < first || recoil > last) }
    let share = max(census.share(census.standardModel, isOutside), census.share(census.dipole, isOutside))
    guard share > Self.tolerated else { return [] }
    return [
      warning(
        "detector.quenching",
        "the table covers recoils from \(NumberWords.energy(first)) to \(NumberWords.energy(last)); up to "
          + "\(NumberWords.percent(share)) of the events lie outside, where its factor stays constant. Extend the table, or "
          + "cut with `efficiency.recoil`.")
    ]
  }
}

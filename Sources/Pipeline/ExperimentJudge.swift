import Experiments
import Rates

/// Looks for what no single value of an experiment file shows to be wrong, but the whole does.
struct ExperimentJudge {
  let spec: ExperimentSpec
  let model: RateModel
  let places: ExperimentPlaces
  let censuses: [RecoilCensus]

  /// Part of the events that a floor may take, or a table leave out, without a word.
  static let tolerated = 1e-3

  func warnings(_ summary: ExperimentSummary) -> [ExperimentWarning] {
    slips(summary.fluxes) + recoils() + events(summary)
  }

  /// What shows without computing events.
  func slips(_ fluxes: [ExperimentSummary.Flux]) -> [ExperimentWarning] { source(fluxes) + detector() }

  func warning(_ path: String, _ message: String) -> ExperimentWarning {
    ExperimentWarning(place: places.place(path), message: message)
  }

  // MARK: - Source

  /// Total fluxes (cm^-2 s^-1) that such a source can have near a detector.
  private static let ordinaryFlux: [String: ClosedRange<Double>] = [
    "reactor": 1e6...1e16, "solar": 1e2...1e12, "chromium-51": 1e6...1e16, "diffuse-supernova": 1e-2...1e5,
  ]
  /// The same for a fluence (cm^-2 over the exposure).
  private static let ordinaryFluence: [String: ClosedRange<Double>] = ["pion-decay-at-rest": 1e8...1e20]
  private static let ordinarySeconds = 3600.0...100 * 365.25 * 86_400
  /// Metres between source and detector, protons on a target.
  private static let ordinaryBaseline = ["reactor": 3.0...5e5, "pion-decay-at-rest": 3.0...1e3]
  private static let ordinaryProtons = 1e21...1e26
  private static let largestYield = 1.0
  private static let timeKeys = ["chromium-51": "exposure"]

  private func source(_ fluxes: [ExperimentSummary.Flux]) -> [ExperimentWarning] {
    var warnings: [ExperimentWarning] = []
    for section in Set(fluxes.map(\.section)).sorted() {
      let own = fluxes.filter { $0.section == section }
      let path = "source.\(section)"
      let flux = own.compactMap(\.flux).reduce(0, +)
      if let range = Self.ordinaryFlux[section], !range.contains(flux) {
        let key = [path + ".flux", path + ".fluxes"].first(where: places.has) ?? path
        warnings.append(
          warning(
            key,
            "the flux of `\(section)` is \(words(flux)) /cm^2/s in all, outside \(words(range.lowerBound)) to "
              + "\(words(range.upperBound)). Check its unit, or those of power, activity and distance."))
      }
      let fluence = own.reduce(0) { $0 + $1.fluence }
      if let range = Self.ordinaryFluence[section], !range.contains(fluence) {
        warnings.append(
          warning(
            path,
            "the fluence of `\(section)` is \(words(fluence)) /cm^2 in all, outside \(words(range.lowerBound)) to "
              + "\(words(range.upperBound)). Check protons, neutrinos per proton and the unit of the baseline."
          ))
      }
      let seconds = spec.source.components.compactMap(\.origin).first { $0.section == section }?.seconds
      if let seconds, !Self.ordinarySeconds.contains(seconds) {
        warnings.append(
          warning(
            "\(path).\(Self.timeKeys[section] ?? "live-time")",
            "the live time is \(words(seconds)) s, less than an hour or more than a century. Check its unit.")
        )
      }
    }
    return warnings + origins()
  }

  /// Neutrinos per proton, of the flavour that has most.
  private func yield(_ origin: SourceOriginSpec) -> Double? {
    guard let protons = origin.protons, let length = origin.baseline?.centimetres else { return nil }
    let fluences = spec.source.components.filter { $0.origin == origin }.map(\.fluence)
    return fluences.max().map { $0 * 4 * .pi * length * length / protons }
  }

  private func origins() -> [ExperimentWarning] {
    var warnings: [ExperimentWarning] = []
    for origin in Set(spec.source.components.compactMap(\.origin)).sorted(by: { $0.section < $1.section }) {
      if let baseline = origin.baseline, let range = Self.ordinaryBaseline[origin.section],
        !range.contains(baseline.centimetres / 100)
      {
        warnings.append(
          warning(
            baseline.path,
            "the baseline is \(words(baseline.centimetres / 100)) m, outside \(words(range.lowerBound)) to "
              + "\(words(range.upperBound)) m. Check its unit."))
      }
      if let protons = origin.protons, !Self.ordinaryProtons.contains(protons) {
        warnings.append(
          warning(
            "source.\(origin.section).protons-on-target",
            "\(words(protons)) protons on target are outside \(words(Self.ordinaryProtons.lowerBound)) to "
              + "\(words(Self.ordinaryProtons.upperBound)); a MW year of 1 GeV is 2e23. Check the exponent."))
      }
      if let perProton = yield(origin), perProton > Self.largestYield {
        warnings.append(
          warning(
            "source.\(origin.section).neutrinos-per-proton",
            "\(words(perProton)) neutrinos of a flavour per proton are more than \(words(Self.largestYield)). Check the number."
          ))
      }
    }
    return warnings
  }

  // MARK: - Events

  private func events(_ summary: ExperimentSummary) -> [ExperimentWarning] {
    var warnings: [ExperimentWarning] = []
    if summary.standardModelTotal < 0.1 {
      warnings.append(
        warning(
          "channel",
          "the Standard Model gives \(words(summary.standardModelTotal)) events in all, less than 0.1. Check the edges "
            + "and their unit, mass, live time and flux, unless so little is meant."))
    }
    if let chiSquare = summary.chiSquare,
      let poor = FitQuality.warning(chiSquare: chiSquare, bins: summary.energyBins * summary.timeBins)
    {
      warnings.append(warning("channel.observed", poor))
    }
    if spec.systematics.statistic == .poisson, let counts = spec.channel.observed,
      let fraction = counts.first(where: { $0 != $0.rounded() })
    {
      warnings.append(
        warning(
          "channel.observed",
          "\(words(fraction)) is no whole number, and `statistic: poisson` takes counts. Give counts, or `uncertainties` and "
            + "`statistic: gaussian`."))
    }
    guard let observed = summary.observed, !(summary.hasUncertainties && observed <= 0) else {
      return warnings
    }
    // ten events may be a fluctuation or a background the file leaves out; not a unit
    guard max(observed, summary.expected) >= 10 else { return warnings }
    if observed > 100 * summary.expected || summary.expected > 100 * observed {
      warnings.append(
        warning(
          "channel.observed",
          "\(words(observed)) events are observed and \(words(summary.expected)) expected, backgrounds included: more "
            + "than a factor of 100 apart. Check mass, live time, flux and whether the data are counts or rates."
        ))
    }
    return warnings
  }

  func words(_ value: Double) -> String { NumberWords.short(value) }
}

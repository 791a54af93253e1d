import DipolePhysics
import Experiments
import Foundation

/// The pulls of an experiment that act non-linearly, bound to its physics [UPS-19]: parameters theta_k, unit Gaussians,
/// in the order of the file.
///
///     x(T; theta) = E_ee(T) (1 + sum_s width_s theta_s) + sum_k theta_k (E_k(T) - E_ee(T))
///
/// is the visible energy, additive in the parameters; the neutron radius enters the weak charge, the onset the time
/// weights.
package struct ShapePulls: Sendable {
  package let names: [String]
  private let effects: [ShapePullSpec.Effect]
  private let response: DetectorResponse
  /// Visible energies (MeV) outside which nothing is selected; nil when nothing ever is.
  package let visibleSupport: ClosedRange<Double>?

  /// nil for an experiment without such pulls.
  init?(spec: ExperimentSpec, response: DetectorResponse) {
    let pulls = spec.systematics.shapePulls.filter(\.effect.movesRates)
    guard !pulls.isEmpty else { return nil }
    names = pulls.map(\.name)
    effects = pulls.map(\.effect)
    self.response = response
    visibleSupport = response.visibleSupport
  }

  /// Whether some pull moves the visible energy.
  private var movesEnergy: Bool {
    effects.contains {
      switch $0 {
      case .quenching, .energyScale: true
      case .neutronRadius, .arrivalOnset, .backgroundShape: false
      }
    }
  }

  /// Whether plans shall tabulate weights against the recoil itself, window by window, in place of the visible energy:
  /// where nothing smears, and where tables have kinks that no pull moves.
  package func readsRecoils(_ kind: RecoilKind) -> Bool {
    !response.smears || (!movesEnergy && !response.tableNodes(kind).isEmpty)
  }

  package var count: Int { effects.count }

  /// x_0 = E_ee(T), then x_k = dx/dtheta_k per parameter, MeV, at recoil T (MeV) on the branch of `anchor`; the recoil
  /// itself where `readsRecoils`.
  package func visibleEnergies(recoil T: Double, kind: RecoilKind, onBranchOf anchor: Double) -> [Double] {
    if readsRecoils(kind) { return [T] + effects.map { _ in 0 } }
    let central = response.visibleEnergy(recoil: T, kind: kind, onBranchOf: anchor)
    return [central]
      + effects.map { effect in
        switch effect {
        case .quenching(let plusOneSigma):
          kind == .nuclear ? Quenching.polynomial(recoil: T, coefficients: plusOneSigma) - central : 0
        case .energyScale(let width): width * central
        case .neutronRadius, .arrivalOnset, .backgroundShape: 0
        }
      }
  }

  /// The parameter that scales the neutron radii, and its relative width.
  package var neutronRadius: (parameter: Int, width: Double)? {
    for (index, effect) in effects.enumerated() {
      if case .neutronRadius(let width) = effect { return (index, width) }
    }
    return nil
  }

  /// The parameter that delays the arrival of the neutrinos, and its width in microseconds.
  package var arrivalOnset: (parameter: Int, width: Double)? {
    for (index, effect) in effects.enumerated() {
      if case .arrivalOnset(let width) = effect { return (index, width) }
    }
    return nil
  }

  /// Recoils (MeV) outside which no bin is selected with 1e-18 or more at any |theta| <= `ShapePullSpec.largestPull`; at
  /// or above the recoil floor; nil when nothing is seen up to 10 GeV.
  package func support(_ kind: RecoilKind) -> ClosedRange<Double>? {
    if readsRecoils(kind), response.smears || visibleSupport == nil { return response.support(kind) }
    guard let reached = visibleRecoils(kind) else { return nil }
    return response.tableSupport(kind).map { response.limited($0, to: reached) } ?? reached
  }

  /// Recoils that some pull brings to a visible energy that is selected.
  private func visibleRecoils(_ kind: RecoilKind) -> ClosedRange<Double>? {
    guard let seen = visibleSupport else { return nil }
    let first = log(max(response.recoilFloor(kind), 1e-12))
    let last = log(DetectorResponse.largestRecoil)
    guard first < last else { return nil }
    let count = 1200
    let step = (last - first) / Double(count)
    let isSeen = (0...count).map { self.isSeen(exp(first + step * Double($0)), kind, seen) }
    guard let low = isSeen.firstIndex(of: true), let high = isSeen.lastIndex(of: true) else { return nil }
    // a step further on either side: the table may as well be a little too long
    return exp(first + step * Double(max(low - 1, 0)))...exp(first + step * Double(min(high + 1, count)))
  }

  /// Whether some pull brings a recoil to a visible energy that is selected.
  private func isSeen(_ T: Double, _ kind: RecoilKind, _ seen: ClosedRange<Double>) -> Bool {
    let energies = visibleEnergies(recoil: T, kind: kind, onBranchOf: T)
    let reach = ShapePullSpec.largestPull * energies.dropFirst().reduce(0) { $0 + abs($1) }
    return energies[0] + reach >= seen.lowerBound && energies[0] - reach <= seen.upperBound
  }
}

extension TargetModel {
  /// The nucleus with the root-mean-square radius of its neutrons times `factor`; nil when its surface forbids that.
  package func scalingNeutronRadius(by factor: Double) -> TargetModel? {
    guard let scaled = neutronFormFactor.scalingRadius(by: factor) else { return nil }
    return TargetModel(
      name: name, mass: mass, count: count, protons: protons, neutrons: neutrons,
      protonFormFactor: protonFormFactor, neutronFormFactor: scaled)
  }
}

import DipolePhysics
import Experiments
import Foundation

/// What a detector makes of a recoil T: the probability to be reconstructed and selected in each energy bin
/// [UPS-9],
///
///     W_i(T) = integral over bin i of epsilon(x) P(x | E_ee(T)) dx
///
/// Nuclear recoils are quenched, E_ee = Q(T); electron recoils are not, E_ee = T. Edges are in photoelectrons
/// (gamma), keVee (Gaussian) or keV of true recoil energy (ideal, which ignores quenching).
package struct DetectorResponse: Sendable {
  package let energyEdges: [Double]
  /// MeV
  package let recoilFloor: Double
  private let quenching: QuenchingSpec
  private let model: ResponseSpec
  private let efficiency: EnergyEfficiency
  private let bins: [SmearedBin]

  /// The edges of an experiment file: ascending, non-negative, at least two.
  package init(detector: DetectorSpec, energyEdges: [Double]) {
    self.init(
      quenching: detector.quenching, response: detector.response, efficiency: detector.energyEfficiency,
      recoilFloor: detector.recoilFloor, energyEdges: energyEdges)
  }

  /// - Parameter recoilFloor: smallest recoil considered, MeV; a limit of integration, the weights do not
  /// depend on it.
  package init(
    quenching: QuenchingSpec, response: ResponseSpec, efficiency: EnergyEfficiencySpec, recoilFloor: Double,
    energyEdges: [Double]
  ) {
    precondition(energyEdges.count >= 2, "at least one bin")
    let curve = EnergyEfficiency(spec: efficiency)
    self.energyEdges = energyEdges
    self.recoilFloor = recoilFloor
    self.quenching = quenching
    self.model = response
    self.efficiency = curve
    bins = zip(energyEdges, energyEdges.dropFirst())
      .map { SmearedBin(lower: $0, upper: $1, efficiency: curve) }
  }

  package var binCount: Int { bins.count }

  /// Visible energies (MeV) at which a weight jumps or is steepest: bin edges and kinks of the efficiency.
  var energyMarks: [Double] {
    let range = energyEdges[0]...energyEdges[binCount]
    let marks = energyEdges + efficiency.kinks(in: range)
    guard case .gammaPhotoelectrons(let aKeV, _) = model else { return marks.map { 1e-3 * $0 } }
    return marks.map { 1e-3 * aKeV * $0 }
  }

  /// Visible energy E_ee, MeV, of a recoil T (MeV) [UPS-9]; the ideal detector sees T itself.
  package func visibleEnergy(recoil T: Double, kind: RecoilKind) -> Double {
    guard kind == .nuclear, model != .ideal else { return T }
    switch quenching {
    case .polynomial(let coefficients): return Quenching.polynomial(recoil: T, coefficients: coefficients)
    case .lindhard(let protons, let k): return Quenching.lindhard(recoil: T, protons: Int(protons), k: k)
    case .linear(let offset, let slope):
      return Quenching.linear(recoil: T, offset: offset, slopePerKeV: slope)
    case .none: return T
    }
  }

  /// W_i(T) of every bin at recoil T (MeV) [UPS-9]; relative accuracy 1e-12, 1e-10 in tails down to 1e-300.
  package func weights(recoil T: Double, recoilKind: RecoilKind) -> [Double] {
    guard let smearing = smearing(recoil: T, kind: recoilKind) else {
      return [Double](repeating: 0, count: binCount)
    }
    return bins.indices.map { weight(smearing, bin: $0) }
  }

  /// S_i(x) of every bin at visible energy x (MeV) [UPS-19], the W_i of the recoils that give x; zero for x <= 0.
  package func weights(visibleEnergy x: Double) -> [Double] {
    guard let smearing = smearing(visibleEnergy: x) else { return [Double](repeating: 0, count: binCount) }
    return bins.indices.map { weight(smearing, bin: $0) }
  }

  /// W_i(T) of one bin at recoil T (MeV) [UPS-9].
  package func weight(recoil T: Double, kind: RecoilKind, bin: Int) -> Double {
    guard let smearing = smearing(recoil: T, kind: kind) else { return 0 }
    return weight(smearing, bin: bin)
  }

  /// Recoils (MeV, ascending) at which a weight jumps: the edges of the ideal detector and the end of its
  /// efficiency; none once anything smears.
  package var discontinuities: [Double] { model == .ideal ? Array(Set(energyMarks)).sorted() : [] }

  /// W_i(T) on the smooth branch that holds `anchor`: as `weights`, but with the bin of the ideal detector
  /// chosen at `anchor` (MeV), so that interpolation may reach a little beyond a jump.
  package func weights(recoil T: Double, recoilKind: RecoilKind, onBranchOf anchor: Double) -> [Double] {
    guard model == .ideal else { return weights(recoil: T, recoilKind: recoilKind) }
    return weights(recoil: anchor, recoilKind: recoilKind).map {
      $0 > 0 ? efficiency.branchValue(at: 1e3 * T) : 0
    }
  }

  private enum Smearing {
    case gamma(GammaSmearing)
    case gaussian(GaussianSmearing)
    /// keV
    case exact(Double)
  }

  /// nil where the detector sees nothing: without visible energy.
  private func smearing(recoil T: Double, kind: RecoilKind) -> Smearing? {
    smearing(visibleEnergy: visibleEnergy(recoil: T, kind: kind))
  }

  private func smearing(visibleEnergy energy: Double) -> Smearing? {
    let keV = 1e3 * energy
    guard keV > 0, keV.isFinite else { return nil }
    switch model {
    case .gammaPhotoelectrons(let aKeV, let bPerKeV):
      return .gamma(GammaSmearing(visibleEnergy: keV, aKeV: aKeV, bPerKeV: bPerKeV))
    case .truncatedGaussian(let noise, let pairEnergy, let fano):
      let width = (noise * noise + energy * pairEnergy * fano).squareRoot()
      return .gaussian(GaussianSmearing(mean: keV, width: 1e3 * width, truncated: true))
    case .squareRootGaussian(let resolution):
      return .gaussian(GaussianSmearing(mean: keV, width: resolution * keV.squareRoot(), truncated: false))
    case .ideal:
      return .exact(keV)
    }
  }

  private func weight(_ smearing: Smearing, bin: Int) -> Double {
    switch smearing {
    case .gamma(let density):
      return bins[bin].weight(density)
    case .gaussian(let density):
      guard efficiency.isUnity else { return bins[bin].weight(density) }
      return density.probability(from: energyEdges[bin], to: energyEdges[bin + 1])
    case .exact(let keV):
      return keV >= energyEdges[bin] && keV < energyEdges[bin + 1] ? efficiency.value(at: keV) : 0
    }
  }
}

import DipolePhysics
import Experiments
import Foundation

/// What a detector makes of a recoil T: the probability to be reconstructed and selected in each energy bin
/// [UPS-9],
///
///     W_i(T) = epsilon_T(T) integral over bin i of epsilon(x) P(x | E_ee(T)) dx
///
/// Nuclear recoils are quenched, E_ee = Q(T); electron recoils are not, E_ee = T. Edges are in photoelectrons
/// (gamma), keVee (Gaussian) or keV of true recoil energy (ideal, which ignores quenching); those of a response matrix
/// [UPS-27] count bins.
package struct DetectorResponse: Sendable {
  package let energyEdges: [Double]
  /// MeV; a limit of integration, the weights do not depend on it
  package let recoilFloor: RecoilFloorSpec
  let quenching: QuenchingSpec
  let model: ResponseSpec
  let efficiency: EnergyEfficiency
  let recoilCurves: RecoilEfficiencySpec
  private let bins: [SmearedBin]

  /// The edges of an experiment file: ascending, non-negative, at least two.
  package init(detector: DetectorSpec, energyEdges: [Double]) {
    self.init(
      quenching: detector.quenching, response: detector.response, efficiency: detector.energyEfficiency,
      recoilEfficiency: detector.recoilEfficiency, recoilFloor: detector.recoilFloor, energyEdges: energyEdges
    )
  }

  package init(
    quenching: QuenchingSpec, response: ResponseSpec, efficiency: EnergyEfficiencySpec,
    recoilEfficiency: RecoilEfficiencySpec = .unity, recoilFloor: RecoilFloorSpec, energyEdges: [Double]
  ) {
    precondition(energyEdges.count >= 2, "at least one bin")
    let curve = EnergyEfficiency(spec: efficiency)
    self.energyEdges = energyEdges
    self.recoilFloor = recoilFloor
    self.quenching = quenching
    self.model = response
    self.efficiency = curve
    recoilCurves = recoilEfficiency
    bins = zip(energyEdges, energyEdges.dropFirst())
      .map { SmearedBin(lower: $0, upper: $1, efficiency: curve) }
  }

  package var binCount: Int { bins.count }

  /// Smallest recoil considered, MeV; 0 for a kind that the analysis leaves out.
  package func recoilFloor(_ kind: RecoilKind) -> Double {
    (kind == .nuclear ? recoilFloor.nuclear : recoilFloor.electron) ?? 0
  }

  /// W_i(T) of every bin at recoil T (MeV) [UPS-9]; relative accuracy 1e-12, 1e-10 in tails down to 1e-300.
  package func weights(recoil T: Double, recoilKind: RecoilKind) -> [Double] {
    weights(recoil: T, recoilKind: recoilKind, onBranchOf: T)
  }

  /// W_i(T) on the smooth branch that holds `anchor` (MeV): as `weights`, but with the bin of the ideal detector and the
  /// segments of tables [UPS-27] chosen at `anchor`, so that interpolation may reach a little beyond a jump or kink.
  package func weights(recoil T: Double, recoilKind: RecoilKind, onBranchOf anchor: Double) -> [Double] {
    let seen = recoilEfficiency(recoil: T, kind: recoilKind, onBranchOf: anchor)
    let bare = bareWeights(recoil: T, recoilKind, onBranchOf: anchor)
    return seen == 1 ? bare : bare.map { seen * $0 }
  }

  /// The same before the efficiency against the true recoil.
  private func bareWeights(recoil T: Double, _ kind: RecoilKind, onBranchOf anchor: Double) -> [Double] {
    let nothing = [Double](repeating: 0, count: binCount)
    switch model {
    case .matrix:
      return matrix(kind)?.probabilities(recoil: T, onBranchOf: anchor, bins: binCount) ?? nothing
    case .ideal:
      let value = efficiency.branchValue(at: 1e3 * T, anchor: 1e3 * anchor)
      return bins.indices.map { weight(.exact(1e3 * anchor), bin: $0) > 0 ? value : 0 }
    default:
      guard let smearing = smearing(visibleEnergy: visibleEnergy(recoil: T, kind: kind, onBranchOf: anchor))
      else { return nothing }
      return bins.indices.map { weight(smearing, bin: $0) }
    }
  }

  /// W_i(T) of one bin at recoil T (MeV) [UPS-9].
  package func weight(recoil T: Double, kind: RecoilKind, bin: Int) -> Double {
    let seen = recoilEfficiency(recoil: T, kind: kind, onBranchOf: T)
    guard seen > 0 else { return 0 }
    if case .matrix = model { return seen * bareWeights(recoil: T, kind, onBranchOf: T)[bin] }
    return seen * weight(visibleEnergy: visibleEnergy(recoil: T, kind: kind), bin: bin)
  }

  // MARK: - Visible energy

  /// S_i(x) of every bin at visible energy x (MeV) [UPS-19], the W_i of the recoils that give x; zero for x <= 0.
  package func weights(visibleEnergy x: Double) -> [Double] {
    guard let smearing = smearing(visibleEnergy: x) else { return [Double](repeating: 0, count: binCount) }
    return bins.indices.map { weight(smearing, bin: $0) }
  }

  /// S_i(x) of one bin.
  func weight(visibleEnergy x: Double, bin: Int) -> Double {
    smearing(visibleEnergy: x).map { weight($0, bin: bin) } ?? 0
  }

  // MARK: - Smearing

  private enum Smearing {
    case gamma(GammaSmearing)
    case gaussian(GaussianSmearing)
    /// keV
    case exact(Double)
  }

  /// nil where the detector sees nothing: without visible energy.
  private func smearing(visibleEnergy energy: Double) -> Smearing? {
    let keV = 1e3 * energy
    guard keV > 0, keV.isFinite else { return nil }
    switch model {
    case .gammaPhotoelectrons(let aKeV, let bPerKeV):
      return .gamma(GammaSmearing(visibleEnergy: keV, aKeV: aKeV, bPerKeV: bPerKeV))
    case .truncatedGaussian(let noise, let pairEnergy, let fano):
      let width = (noise * noise + energy * pairEnergy * fano).squareRoot()
      return .gaussian(GaussianSmearing(mean: keV, width: 1e3 * width, truncated: true))
    case .gaussian(let resolution):
      return .gaussian(GaussianSmearing(mean: keV, width: resolution.width(at: keV), truncated: false))
    case .ideal:
      return .exact(keV)
    case .matrix: return nil
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

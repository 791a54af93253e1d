import DipolePhysics
import Experiments

extension DetectorResponse {
  /// Visible energy E_ee, MeV, of a recoil T (MeV) [UPS-9]; the ideal detector and a response matrix see T itself.
  package func visibleEnergy(recoil T: Double, kind: RecoilKind) -> Double {
    visibleEnergy(recoil: T, kind: kind, onBranchOf: T)
  }

  /// The same, with the segment of a quenching table chosen at `anchor` (MeV).
  package func visibleEnergy(recoil T: Double, kind: RecoilKind, onBranchOf anchor: Double) -> Double {
    guard kind == .nuclear, smears else { return T }
    switch quenching {
    case .polynomial(let coefficients): return Quenching.polynomial(recoil: T, coefficients: coefficients)
    case .lindhard(let protons, let k): return Quenching.lindhard(recoil: T, protons: Int(protons), k: k)
    case .linear(let offset, let slope):
      return Quenching.linear(recoil: T, offset: offset, slopePerKeV: slope)
    case .table(let factor): return factor.clampedValue(at: T, onBranchOf: anchor) * T
    case .none: return T
    }
  }

  /// epsilon_T of a recoil T (MeV), on the segment that holds `anchor`; one without a table, zero outside it.
  package func recoilEfficiency(recoil T: Double, kind: RecoilKind, onBranchOf anchor: Double) -> Double {
    guard let curve = recoilEfficiency(kind) else { return 1 }
    return curve.value(at: T, onBranchOf: anchor) ?? 0
  }

  func recoilEfficiency(_ kind: RecoilKind) -> TabulatedCurve? {
    kind == .nuclear ? recoilCurves.nuclear : recoilCurves.electron
  }

  func matrix(_ kind: RecoilKind) -> ResponseMatrixSpec? {
    guard case .matrix(let nuclear, let electron) = model else { return nil }
    return kind == .nuclear ? nuclear : electron
  }

  /// Whether a resolution blurs the visible energy: neither ideal nor a matrix.
  package var smears: Bool {
    switch model {
    case .ideal, .matrix: false
    case .gammaPhotoelectrons, .truncatedGaussian, .gaussian: true
    }
  }

  // MARK: - Where weights are not smooth

  /// Visible energies (MeV) at which a weight jumps or is steepest: bin edges and kinks of the efficiency.
  var energyMarks: [Double] {
    if case .matrix = model { return [] }
    let range = energyEdges[0]...energyEdges[binCount]
    let marks = energyEdges + efficiency.kinks(in: range)
    guard case .gammaPhotoelectrons(let aKeV, _) = model else { return marks.map { 1e-3 * $0 } }
    return marks.map { 1e-3 * aKeV * $0 }
  }

  /// Recoils (MeV) of the nodes of every table over the recoil [UPS-27]: kinks of the weights.
  package func tableNodes(_ kind: RecoilKind) -> [Double] {
    var nodes = recoilEfficiency(kind)?.nodes ?? []
    if let matrix = matrix(kind) { nodes += matrix.recoils }
    if kind == .nuclear, case .table(let factor) = quenching { nodes += factor.nodes }
    return nodes.filter { $0 > 0 }
  }

  /// Recoils (MeV, ascending) at which a weight jumps or kinks: the edges of the ideal detector and the kinks of its
  /// efficiency, nodes of tables; none for a smooth response.
  package func discontinuities(_ kind: RecoilKind) -> [Double] {
    Set((model == .ideal ? energyMarks : []) + tableNodes(kind)).sorted()
  }

  /// Recoils (MeV) that tables let through; nil where they let all through.
  func tableSupport(_ kind: RecoilKind) -> ClosedRange<Double>? {
    matrix(kind)?.support(bins: binCount) ?? recoilEfficiency(kind)?.support
  }
}

import DipolePhysics
import Numerical
import Rates
import ScanCore

/// One response table of a plan before its pulls are sampled.
struct PulledTable {
  let grid: RecoilGrid
  let kind: RecoilKind
  /// W_i per row at theta = 0.
  let weights: [[Double]]
  /// Everything else that multiplies W_i, per row, at theta = 0; events.
  let factor: [Double]
  /// nil where the neutron radius does not enter.
  var radius: RadiusDependence?
}

/// Prefactor times Q_V^2 T of CEvNS as a function of the neutron radius.
struct RadiusDependence {
  let target: TargetModel
  let couplings: WeakCouplings
  let prefactor: Double
  let parameter: Int
  let width: Double
}

/// Samples what pulls move into `PulledResponse`s and the smearing tables they share [UPS-19].
struct PulledTableSampler {
  private(set) var smearings: [SmearingTable] = []
  private let response: DetectorResponse
  private let pulls: ShapePulls
  private let logStep: Double
  /// Index of the table of all windows, for responses that smear.
  private var shared: Int?

  init(response: DetectorResponse, pulls: ShapePulls, logStep: Double) {
    self.response = response
    self.pulls = pulls
    self.logStep = logStep
  }

  /// - Parameter eventScale: what the tables of the plan were divided by
  mutating func response(_ table: PulledTable, eventScale: Double) throws(PlanningError) -> PulledResponse {
    var factor = table.factor.map { $0 / eventScale }
    var degree = 0
    if let radius = table.radius {
      (factor, degree) = try radiusPolynomials(radius, recoils: table.grid.recoils, eventScale: eventScale)
    }
    let anchor = table.grid.reference
    if !pulls.readsRecoils(table.kind) {
      // S_i knows the visible energy only: the efficiency against the recoil belongs to the factor
      let seen = table.grid.recoils.map {
        response.recoilEfficiency(recoil: $0, kind: table.kind, onBranchOf: anchor)
      }
      for index in factor.indices { factor[index] *= seen[index / (degree + 1)] }
    }
    return PulledResponse(
      visibleEnergy: table.grid.recoils.flatMap {
        pulls.visibleEnergies(recoil: $0, kind: table.kind, onBranchOf: anchor)
      },
      factor: factor, factorDegree: degree, factorParameter: table.radius?.parameter ?? 0,
      smearing: smearing(of: table))
  }

  // MARK: - Smearing

  private mutating func smearing(of table: PulledTable) -> Int {
    // no pull moves the recoil itself, and each window is a branch of its own
    if pulls.readsRecoils(table.kind) {
      smearings.append(
        SmearingTable(
          firstLog: naturalLog(table.grid.reference) + table.grid.firstLog, logStep: table.grid.step,
          rowCount: table.weights.count, values: table.weights.flatMap { $0 }))
      return smearings.count - 1
    }
    if let shared { return shared }
    smearings.append(sharedTable())
    shared = smearings.count - 1
    return smearings.count - 1
  }

  /// S_i over all visible energies that are selected, with six rows beyond either end.
  private func sharedTable() -> SmearingTable {
    let seen = pulls.visibleSupport ?? 1e-9...1
    let first = naturalLog(seen.lowerBound) - 6 * logStep
    let rows = Int((naturalLog(seen.upperBound / seen.lowerBound) / logStep).rounded(.up)) + 13
    let values = (0..<rows).flatMap { row in
      response.weights(visibleEnergy: exponential(first + Double(row) * logStep))
        .map { $0 < ResponseSampler.negligibleWeight ? 0 : $0 }
    }
    return SmearingTable(firstLog: first, logStep: logStep, rowCount: rows, values: values)
  }

  // MARK: - Neutron radius

  /// Relative to the largest Q_V^2 of the table.
  static let radiusTolerance = 1e-13

  /// Prefactor Q_V^2(T; R_n (1 + width theta)) T as polynomials in theta over |theta| <= 6, one per row: Chebyshev
  /// interpolation of the highest degree, cut where the rest of the series is below `radiusTolerance` in every row.
  private func radiusPolynomials(
    _ radius: RadiusDependence, recoils: [Double], eventScale: Double
  ) throws(PlanningError) -> (factor: [Double], degree: Int) {
    let highest = PulledRatePlan.maximumFactorDegree
    let nodes = Chebyshev.nodes(highest + 1)
    var targets: [TargetModel] = []
    for node in nodes {
      let scale = 1 + radius.width * PulledRatePlan.largestPull * node
      guard let target = radius.target.scalingNeutronRadius(by: scale) else {
        throw PlanningError(
          "The neutron radius of \(radius.target.name) cannot shrink by \(1 - scale) within six widths: its surface alone "
            + "is larger. Lower the width of the neutron-radius pull.")
      }
      targets.append(target)
    }
    let series = recoils.map { recoil in
      Chebyshev.coefficients(
        of: targets.map { target in
          let charge = target.weakCharge(recoil: recoil, couplings: radius.couplings)
          return charge * charge
        })
    }
    let largest = series.map { abs($0[0]) }.max() ?? 0
    let rest = (0...highest).map { degree in
      series.map { row in row.dropFirst(degree + 1).reduce(0) { $0 + abs($1) } }.max() ?? 0
    }
    guard let degree = rest.firstIndex(where: { $0 <= Self.radiusTolerance * largest }), degree < highest
    else {
      throw PlanningError(
        "The squared weak charge of \(radius.target.name) changes too much over six widths of the neutron radius for a "
          + "polynomial of degree \(highest). Lower the width of the neutron-radius pull.")
    }
    let factor = zip(recoils, series).flatMap { recoil, row in
      let scale = radius.prefactor * recoil / eventScale
      return Chebyshev.monomials(Array(row.prefix(degree + 1)), halfWidth: PulledRatePlan.largestPull)
        .map { $0 * scale }
    }
    return (factor, degree)
  }
}

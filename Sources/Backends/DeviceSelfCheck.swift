import ReferenceBackend
import ScanCore

/// A few milliseconds of work that a device has to get right before `auto` takes it.
package enum DeviceSelfCheck {
  /// Throws unless `backend` agrees with the reference on a small built-in plan: rates [UPS-10], profile [UPS-12] and
  /// both fused.
  package static func run(_ backend: any Backend) throws(BackendError) {
    let found = try Outcome(of: backend)
    let expected = try Outcome(of: ReferenceBackend())
    let allowed = backend.identity.precision == .double ? 1e-9 : 1e-4
    try compare("the rates", found.rates, expected.rates, allowed, backend)
    try compare("the profiled statistic", found.profile, expected.profile, allowed, backend)
    try compare("the pointwise statistic", found.pointwise, expected.pointwise, allowed, backend)
  }

  private static func compare(
    _ what: String, _ found: [Double], _ expected: [Double], _ allowed: Double, _ backend: any Backend
  ) throws(BackendError) {
    let scale = max(1, expected.reduce(0) { max($0, abs($1)) })
    let wrong = zip(found, expected).first { !(abs($0 - $1) <= allowed * scale) }
    guard found.count == expected.count, wrong == nil else {
      let detail =
        wrong.map { "\($0.0) instead of \($0.1)" } ?? "\(found.count) numbers instead of \(expected.count)"
      throw BackendError(
        .deviceFailure,
        "\(backend.identity) fails the self-check: \(what) of a known plan came out as \(detail), beyond \(allowed) of "
          + "the largest. Update its driver or choose --backend simd.")
    }
  }

  private struct Outcome {
    let rates: [Double]
    let profile: [Double]
    let pointwise: [Double]

    init(of backend: any Backend) throws(BackendError) {
      let plan = DeviceSelfCheck.ratePlan
      let likelihood = DeviceSelfCheck.likelihoodPlan
      let masses = [0.5, 8, 29, 44]
      let couplings = [0, 0.3, 1, 7, 20]
      let tile = Tile(
        masses: masses, couplingSquares: masses.flatMap { _ in couplings }, columns: couplings.count)
      let rates = try backend.load(plan).evaluate(masses: masses)
      self.rates = rates
      guard rates.count == masses.count * plan.valuesPerMass else {
        (profile, pointwise) = ([], [])
        return
      }
      let templates = masses.indices.flatMap { row in
        likelihood.fold.fold(rates[row * plan.valuesPerMass..<(row + 1) * plan.valuesPerMass]).map {
          max($0, 0)
        }
      }
      profile = try backend.load(likelihood).evaluate(tile, templates: templates).statistic
      pointwise = try backend.load(plan, likelihood).evaluate(tile).statistic
    }
  }

  // MARK: - The plan

  /// One heavy target, one flux component on two segments up to 53 MeV, three bins. The tables are smooth and
  /// positive and of no particular experiment.
  private static var ratePlan: RatePlan {
    let rule = QuadratureRule(  // Gauss-Legendre, order 4
      nodes: [-0.8611363115940526, -0.3399810435848563, 0.3399810435848563, 0.8611363115940526],
      weights: [0.3478548451374538, 0.6521451548625461, 0.6521451548625461, 0.3478548451374538])
    let polynomials = [0.4, 0.5, 0.1, 0.2, 0.3, 0.1, 0.1, 0.2, 0.1]
    let component = FluxComponent(
      output: 0, momentDegree: 2, moments: polynomials.map { $0 + 0.6 } + polynomials, spectrumDegree: 0,
      spectrum: [0.01, 0.02], lineEnergies: [], lineWeights: [])
    return RatePlan(
      mode: .moments, binCount: 3, componentCount: 1,
      channels: [
        RateChannel(
          process: .dipole, contact: [0, 0, 0, 0, 0], targetMass: 120_000, response: 0, fluxGroup: 0,
          firstComponent: 0, componentCount: 1, recoilRule: 0)
      ],
      responses: [response], fluxGroups: [FluxGroup(energyEdges: [0, 30, 53], components: [component])],
      recoilRules: [rule], energyRule: rule, eventScale: 2, referenceCoupling: 1e-6, tolerance: 1e-9,
      estimatedError: 0)
  }

  /// Recoil window 0.002 to 0.05 MeV; 12 rows reach over it.
  private static var response: ResponseTable {
    let rows = 12
    let values = (0..<rows * 3).map { index in
      let (row, bin) = (Double(index / 3), Double(index % 3))
      return 1 / (1 + (row / 3 - bin) * (row / 3 - bin))
    }
    return ResponseTable(
      lowerRecoil: 0.002, upperRecoil: 0.05, referenceRecoil: 0.002, firstLog: -0.7, logStep: 0.4,
      rowCount: rows,
      values: values)
  }

  private static var likelihoodPlan: LikelihoodPlan {
    LikelihoodPlan(
      statistic: .poisson,
      fold: ComponentFold(componentCount: 1, energyBins: 3, timeBins: 1, weights: [1]),
      observed: [21, 0, 8], base: [18, 3, 7.5], pullTemplates: [[9, 1, 2], [8, 1, 5]],
      pullWidths: [0.12, 0.25],
      firstPullScalesSignal: true, variance: [])
  }
}

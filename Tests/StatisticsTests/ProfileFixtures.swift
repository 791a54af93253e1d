import ScanCore

/// Likelihood plans for the tests: one fold component, one time bin, so a template is the signal itself.
func likelihood(
  _ statistic: StatisticKind = .poisson, observed: [Double], base: [Double], pulls: [[Double]] = [],
  widths: [Double] = [], scalesSignal: Bool = false, variance: [Double] = []
) -> LikelihoodPlan {
  LikelihoodPlan(
    statistic: statistic,
    fold: ComponentFold(componentCount: 1, energyBins: observed.count, timeBins: 1, weights: [1]),
    observed: observed,
    base: base, pullTemplates: pulls, pullWidths: widths, firstPullScalesSignal: scalesSignal,
    variance: variance)
}

/// Evaluates one row.
func profile(
  _ plan: LikelihoodPlan, on backend: any Backend, template: [Double], couplingSquares: [Double]
) throws -> ProfileResult {
  let tile = Tile(masses: [1], couplingSquares: couplingSquares, columns: couplingSquares.count)
  return try backend.load(plan).evaluate(tile, templates: template)
}

/// A small four-pull counting experiment with an empty bin.
enum FourPulls {
  static let observed = [5.0, 9, 0, 14]
  static let base = [6.5, 7.25, 2.125, 10.75]
  static let signal = [3, 1, 0.5, 0.25]
  static let templates = [
    [2.5, 1.25, 0.5, 3.25], [1.5, 3, 0.75, 2], [1, 1.5, 0.25, 4], [0.5, 0.25, 0.5, 0.125],
  ]
  static let widths = [0.12, 0.25, 0.35, 0.021]

  static func plan(pulls: Int, scalesSignal: Bool) -> LikelihoodPlan {
    likelihood(
      observed: observed, base: base, pulls: Array(templates.prefix(pulls)),
      widths: Array(widths.prefix(pulls)),
      scalesSignal: scalesSignal)
  }
}

/// One expected minimum of `FourPulls`.
struct ProfileFixture: Sendable {
  var q: Double
  var scalesSignal: Bool
  var statistic: Double
  var pulls: [Double]
}

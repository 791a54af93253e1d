import ReferenceBackend
import ScanCore
import Testing
import Verification

@testable import Statistics

/// Pulls that change the shape of a background under the Poisson statistic [UPS-20].
@Suite("Background shapes")
struct BackgroundShapeTests {
  /// Rates that are the same at every mass.
  private struct Given: LoadedRates {
    let events: [Double]
    func evaluate(masses: [Double]) throws(BackendError) -> [Double] { masses.flatMap { _ in events } }
  }

  /// - Parameter shapes: change of the events for theta = 1
  private static func plan(_ shapes: [[Double]]) -> PulledLikelihoodPlan {
    let fold = ComponentFold(componentCount: 1, energyBins: 5, timeBins: 1, weights: [1])
    let (standardModel, background) = ([3.0, 1, 4, 0.5, 2], [8.0, 3, 15, 1, 5])
    let linear = LikelihoodPlan(
      statistic: .poisson, fold: fold, observed: [14, 3, 25, 0, 9],
      base: zip(standardModel, background).map { $0 + $1 }, pullTemplates: [standardModel, background],
      pullWidths: [0.12, 0.25], firstPullScalesSignal: true, variance: [])
    // only its shape counts: the tests give the rates
    var shape = AwkwardPlans.selfCheck.rates
    (shape.componentCount, shape.binCount) = (1, 5)
    let rates = PulledRatePlan(rates: shape, parameterCount: 0, responses: [], smearings: [])
    return PulledLikelihoodPlan(
      linear: linear, constant: [0, 0, 0, 0, 0], scalesStandardModel: true, parameterCount: shapes.count,
      signal: rates, signalFold: PulledFold(nominal: fold), standardModel: rates,
      standardModelFold: PulledFold(nominal: fold), backgroundShapes: shapes)
  }

  private static func profiler(_ shapes: [[Double]]) -> PulledProfiler {
    PulledProfiler(
      plan: plan(shapes), signal: FixedRates(Given(events: [1, 2, 3, 1, 0.5])),
      standardModel: FixedRates(Given(events: [3, 1, 4, 0.5, 2])), precision: .double)
  }

  private static let two = [[2, -1, 3, -0.2, -1.5], [-1, 0.5, 2, 0.1, 0.8]] as [[Double]]

  @Test("Two shapes and two normalisations reach the minimum that SciPy finds")
  func minimum() throws {
    let tile = Tile(masses: [1], couplingSquares: [0, 0.7, 3], columns: 3)
    let result = try Self.profiler(Self.two).evaluate(tile)
    #expect(result.unconverged == 0)
    // SciPy 1.11, Nelder-Mead over all four unknowns
    for (found, expected) in zip(
      result.statistic, [4.704703648205919, 6.343444559199403, 14.336134460346782])
    {
      #expect(abs(found - expected) <= 1e-9, "\(found) \(expected)")
    }
    let pulls = [0.00739648, 0.1237152, 0.49703212, 0.13096287]
    for (found, expected) in zip(result.pulls, pulls) { #expect(abs(found - expected) <= 1e-6) }
  }

  @Test("An empty bin pulls a shape to the closed form of its linear term")
  func emptyBin() throws {
    var plan = Self.plan([[0, 0, 0, 0, -1.5]])
    plan.linear.observed = [11, 4, 19, 1, 0]
    let profiler = PulledProfiler(
      plan: plan, signal: FixedRates(Given(events: [0, 0, 0, 0, 0])),
      standardModel: FixedRates(Given(events: [3, 1, 4, 0.5, 2])), precision: .double)
    let result = try profiler.evaluate(Tile(masses: [1], couplingSquares: [0, 1], columns: 2))
    #expect(result.unconverged == 0)
    // the shape is in the empty bin alone: chi2 = 2 (... - 1.5 t) + t^2 whatever the factors
    #expect(abs(result.pulls[2] - 1.5) < 1e-6)
  }

  @Test("Plans with too many or misshapen background shapes are refused")
  func refusals() {
    let nine = [[Double]](repeating: [1, 0, 0, 0, 0], count: 9)
    for (shapes, word) in [
      (nine, "9 parameters"), ([[1, 2]], "has 2 bins"), ([[1, 2, .nan, 0, 0]], "element 2 is nan"),
    ] as [([[Double]], String)] {
      do throws(BackendError) {
        _ = try Self.plan(shapes).validated()
        Issue.record("no error")
      } catch { #expect(error.message.contains(word), "\(error)") }
    }
  }
}

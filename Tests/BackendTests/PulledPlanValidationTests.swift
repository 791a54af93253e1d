import Foundation
import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

@testable import Verification

@Suite("Validation of plans with non-linear pulls")
struct PulledPlanValidationTests {
  private static let plan = AwkwardPulledPlans.primes.plan

  private static let damage: [(String, @Sendable (inout PulledRatePlan) -> Void)] = [
    ("a bad rate plan", { $0.rates.binCount = 0 }),
    ("seven parameters", { $0.parameterCount = 7 }),
    ("a negative number of parameters", { $0.parameterCount = -1 }),
    ("a parameter too many", { $0.parameterCount = 4 }),
    ("no response", { $0.responses = [] }),
    ("a response too many", { $0.responses.append($0.responses[0]) }),
    ("a missing smearing table", { $0.responses[0].smearing = 1 }),
    ("a negative smearing table", { $0.responses[0].smearing = -1 }),
    ("no smearing table", { $0.smearings = [] }),
    ("a visible energy too few", { $0.responses[0].visibleEnergy.removeLast() }),
    ("NaN in the visible energy", { $0.responses[0].visibleEnergy[3] = .nan }),
    ("a huge visible energy", { $0.responses[0].visibleEnergy[3] = 1e13 }),
    ("a factor too few", { $0.responses[0].factor.removeLast() }),
    ("an infinite factor", { $0.responses[0].factor[1] = .infinity }),
    ("a degree of 25", { $0.responses[0].factorDegree = 25 }),
    ("a negative degree", { $0.responses[0].factorDegree = -1 }),
    ("a factor that moves with nothing", { $0.responses[0].factorParameter = 3 }),
    ("a smearing table of five rows", { $0.smearings[0].rowCount = 5 }),
    ("a smearing table that starts at NaN", { $0.smearings[0].firstLog = .nan }),
    ("a smearing table that starts too low", { $0.smearings[0].firstLog = -61 }),
    ("a smearing table that ends too high", { $0.smearings[0].logStep = 1 }),
    ("a step of zero", { $0.smearings[0].logStep = 0 }),
    ("a row of smearing missing", { $0.smearings[0].values.removeLast(5) }),
    ("NaN in a smearing table", { $0.smearings[0].values[11] = .nan }),
  ]

  @Test("a damaged plan is an error on every backend, never a trap", arguments: damage.indices)
  func damaged(index: Int) throws {
    _ = try Self.plan.validated()
    var plan = Self.plan
    Self.damage[index].1(&plan)
    let backends: [any Backend] = [ReferenceBackend(), try CPUBackend(workers: 1)]
    for backend in backends {
      let error = #expect(throws: BackendError.self, "\(Self.damage[index].0)") { try backend.load(plan) }
      #expect(error?.kind == .unsupportedPlan)
    }
  }

  @Test("masses and pulls out of domain are errors")
  func requests() throws {
    let backends: [any Backend] = [ReferenceBackend(), try CPUBackend(workers: 1)]
    for backend in backends {
      let loaded = try backend.load(Self.plan)
      #expect(throws: BackendError.self) { try loaded.evaluate(masses: [-1], pulls: [0, 0, 0]) }
      #expect(throws: BackendError.self) { try loaded.evaluate(masses: [1], pulls: [0, 0]) }
      #expect(throws: BackendError.self) { try loaded.evaluate(masses: [1], pulls: [0, .nan, 0]) }
      let error = #expect(throws: BackendError.self) {
        try loaded.evaluate(masses: [1, 2], pulls: [0, 0, 0, 0, -6.01, 0])
      }
      #expect(error?.message.contains("request 1: parameter 1 is -6.01 widths") == true)
      #expect(try loaded.evaluate(masses: [1], pulls: [6, -6, 0]).count == Self.plan.valuesPerRequest)
    }
  }

  // MARK: - Likelihoods

  private static let fold = ComponentFold(
    componentCount: 3, energyBins: 5, timeBins: 2, weights: [0.5, 0.5, 0.25, 0.75, 0.375, 0.625])

  private static var likelihood: PulledLikelihoodPlan {
    let linear = LikelihoodPlan(
      statistic: .poisson, fold: fold, observed: [Double](repeating: 3, count: 10),
      base: [Double](repeating: 3, count: 10), pullTemplates: [[Double](repeating: 1, count: 10)],
      pullWidths: [0.1], firstPullScalesSignal: true, variance: [])
    let step = [0.01, -0.01, 0.02, -0.02, 0, 0]
    let knots = [-6.0, 0, 6].flatMap { theta in zip(fold.weights, step).map { $0 + theta * $1 } }
    let onset = PulledFold(
      nominal: fold, parameter: 2, firstKnot: -6, knotStep: 6, weights: knots, slopes: step + step + step)
    return PulledLikelihoodPlan(
      linear: linear, constant: [Double](repeating: 0.5, count: 10), scalesStandardModel: true,
      parameterCount: 3,
      signal: plan, signalFold: onset, standardModel: plan, standardModelFold: PulledFold(nominal: fold))
  }

  private static let likelihoodDamage: [(String, @Sendable (inout PulledLikelihoodPlan) -> Void)] = [
    ("a bad likelihood", { $0.linear.observed.removeLast() }),
    ("a bad signal", { $0.signal.smearings = [] }),
    ("a bad Standard Model", { $0.standardModel.responses = [] }),
    (
      "a Gaussian statistic",
      {
        $0.linear.statistic = .gaussian
        $0.linear.variance = $0.linear.base
      }
    ),
    ("a parameter count of its own", { $0.parameterCount = 2 }),
    ("another fold in the likelihood", { $0.linear.fold.weights[0] = 0.4 }),
    ("a fold that is not nominal at zero", { $0.signalFold.weights[6] = 0.4 }),
    ("constant events of other bins", { $0.constant.removeLast() }),
    ("negative constant events", { $0.constant[2] = -1 }),
    ("a fold too short", { $0.signalFold.weights.removeLast() }),
    ("NaN in a fold", { $0.signalFold.weights[7] = .nan }),
    ("a fold that moves with nothing", { $0.signalFold.parameter = 3 }),
    ("a fold without slopes", { $0.signalFold.slopes = [] }),
    ("NaN in a slope", { $0.signalFold.slopes[3] = .nan }),
    ("knots that do not reach", { $0.signalFold.knotStep = 5 }),
    ("knots that descend", { $0.signalFold.knotStep = -6 }),
    ("knots without zero", { $0.signalFold.firstKnot = -12 }),
    ("a first knot beyond numbers", { $0.signalFold.firstKnot = -.infinity }),
    (
      "a Standard Model of other time bins",
      {
        $0.standardModelFold.nominal.timeBins = 1
        $0.standardModelFold.nominal.weights = [1, 1, 1]
      }
    ),
    (
      "a Standard Model of other components",
      {
        $0.standardModelFold.nominal.componentCount = 2
        $0.standardModelFold.nominal.weights = [1, 1, 1, 1]
      }
    ),
  ]

  @Test("a damaged likelihood is an error, never a trap", arguments: likelihoodDamage.indices)
  func damagedLikelihood(index: Int) throws {
    _ = try Self.likelihood.validated()
    var plan = Self.likelihood
    Self.likelihoodDamage[index].1(&plan)
    #expect(throws: BackendError.self, "\(Self.likelihoodDamage[index].0)") { try plan.validated() }
  }

  @Test("plans survive a round through JSON")
  func coding() throws {
    let data = try JSONEncoder().encode(Self.likelihood)
    #expect(try JSONDecoder().decode(PulledLikelihoodPlan.self, from: data) == Self.likelihood)
  }
}

@testable import Experiments
import Pipeline
import Rates
import ReferenceBackend
import ScanCore
import Testing

@testable import Planning

/// Events of plans that move with pulls against direct adaptive integration of a model whose description was moved by
/// hand [UPS-19].
@Suite("Plans with non-linear pulls against direct integration")
struct PulledPlanTests {
  static let experiment = "csi-benchmark:shape-pulls"

  /// The benchmark with a radius in its form factors, so that a moved radius can be written into the file.
  static func spec() throws -> ExperimentSpec {
    var spec = try Catalogue.load(experiment)
    for index in spec.detector.nuclei.indices {
      spec.detector.nuclei[index].formFactor = FormFactorSpec(
        kind: .helm, protonRadius: 4.8, neutronRadius: 5.05, thickness: 0.9)
    }
    return spec
  }

  /// The same detector at some theta (quenching, scale, radius, onset), without pulls.
  static func moved(_ spec: ExperimentSpec, _ theta: [Double]) throws -> ExperimentSpec {
    var moved = spec
    moved.systematics.shapePulls = []
    guard case .polynomial(let central) = spec.detector.quenching else {
      throw RateModelError("no polynomial")
    }
    var coefficients = central
    for (pull, theta) in zip(spec.systematics.shapePulls, theta) {
      switch pull.effect {
      case .quenching(let plusOneSigma):
        for k in central.indices { coefficients[k] += theta * (plusOneSigma[k] - central[k]) }
      case .energyScale(let width):
        for k in central.indices { coefficients[k] += theta * width * central[k] }
      case .neutronRadius(let width):
        for n in moved.detector.nuclei.indices {
          moved.detector.nuclei[n].formFactor.neutronRadius *= 1 + theta * width
        }
      case .arrivalOnset(let width):
        for c in moved.source.components.indices {
          switch moved.source.components[c].arrivalTimes {
          case .gaussianPulse(let center, let pulse, let delayed):
            moved.source.components[c].arrivalTimes = .gaussianPulse(
              center: center + theta * width, width: pulse, delayed: delayed)
          case .histogram(let edges, let masses):
            moved.source.components[c].arrivalTimes = .histogram(
              edges: edges.map { $0 + theta * width }, masses: masses)
          case .exponential, nil: break
          }
        }
      case .backgroundShape: break
      }
    }
    moved.detector.quenching = .polynomial(coefficients)
    return moved
  }

  static let points: [[Double]] = [
    [0, 0, 0, 0], [1, 0, 0, 0], [-2.5, 0, 0, 0], [0, 3, 0, 0], [0, 0, -4, 0], [1.5, -1, 2, 0.5],
    [-5.5, 5.5, -5.5, 5.5], [6, 6, 6, -6],
  ]

  private static func plan(
    _ model: RateModel, _ process: PlannedProcess, masses: [Double], mode: IntegralMode = .moments
  ) throws -> PulledRatePlan {
    try PlanRefinement(model: model, mode: mode, tolerance: 1e-9, backend: ReferenceBackend())
      .pulledPlan(process, masses: masses, pulls: #require(model.shapePulls))
  }

  /// Largest deviation of any bin at any of `points`, relative to the component's total.
  private func worst(
    _ spec: ExperimentSpec, _ process: SignalProcess, _ plan: PulledRatePlan, components: [Int],
    masses: [Double]
  ) throws -> Double {
    let loaded = try ReferenceBackend().load(plan)
    var worst = 0.0
    for theta in Self.points {
      let model = try RateModel(Self.moved(spec, theta))
      for mass in masses {
        let values = try loaded.evaluate(masses: [mass], pulls: theta)
        for (output, component) in components.enumerated() {
          let direct = try model.directCounts(
            process: process, component: component, heavyMass: mass, coupling: plan.rates.referenceCoupling
          ).values
          let total = direct.reduce(0, +)
          #expect(total > 1e-3)
          for bin in direct.indices {
            worst = max(worst, abs(values[output * direct.count + bin] - direct[bin]) / total)
          }
        }
      }
    }
    return worst
  }

  @Test("Dipole events follow quenching and energy scale to 1e-9")
  func dipole() throws {
    let spec = try Self.spec()
    let model = try RateModel(spec)
    let plan = try Self.plan(model, .dipole(flavour: "mu"), masses: [1, 25])
    #expect(plan.rates.estimatedError <= 1e-9)
    #expect(try worst(spec, .dipole, plan, components: [0, 1], masses: [1, 25]) <= 1e-9)
  }

  @Test("Standard Model events follow the neutron radius as well, to 1e-9")
  func standardModel() throws {
    let spec = try Self.spec()
    let model = try RateModel(spec)
    let plan = try Self.plan(model, .standardModel, masses: [0])
    #expect(plan.responses.contains { $0.factorDegree > 0 })
    #expect(try worst(spec, .standardModel, plan, components: [0, 1, 2], masses: [0]) <= 1e-9)
  }

  @Test("With every theta at zero the plan gives the events of an experiment without pulls to 1e-9")
  func atZero() throws {
    let model = try RateModel(Self.spec())
    var fixed = try Self.spec()
    fixed.systematics.shapePulls = []
    let plan = try Self.plan(model, .dipole(flavour: "mu"), masses: [8])
    let plain = try PlanRefinement(
      model: RateModel(fixed), mode: .moments, tolerance: 1e-9, backend: ReferenceBackend()
    ).plan(.dipole(flavour: "mu"), masses: [8])
    let pulled = try ReferenceBackend().load(plan).evaluate(masses: [8], pulls: [0, 0, 0, 0])
    let expected = try ReferenceBackend().load(plain).evaluate(masses: [8])
    let total = expected.reduce(0, +)
    for (value, wanted) in zip(pulled, expected) { #expect(abs(value - wanted) <= 1e-9 * total) }
  }

  @Test("Derivatives are those of the events")
  func derivatives() throws {
    let model = try RateModel(Self.spec())
    let plan = try Self.plan(model, .standardModel, masses: [0])
    let loaded = try ReferenceBackend().load(plan)
    let block = plan.rates.valuesPerMass
    let theta = [0.7, -1.3, 0.4, 0.2]
    let center = try loaded.evaluate(masses: [0], pulls: theta)
    let total = center[0..<block].reduce(0, +)
    let step = 1e-3
    for k in 0..<3 {
      // five-point difference: error of order step^4
      let around = try [-2.0, -1, 1, 2].map { shift in
        var moved = theta
        moved[k] += shift * step
        return try loaded.evaluate(masses: [0], pulls: moved)
      }
      for i in 0..<block {
        let numerical = (around[0][i] - 8 * around[1][i] + 8 * around[2][i] - around[3][i]) / (12 * step)
        #expect(abs(numerical - center[(k + 1) * block + i]) <= 1e-8 * total)
      }
    }
    #expect(center[(4 * block)..<(5 * block)].allSatisfy { $0 == 0 }, "the onset moves no rate")
  }

  @Test("Time weights follow the onset: a pulse to 1e-7, a table exactly at its knots")
  func onset() throws {
    for (name, offset, tolerance) in [
      (Self.experiment, 0.37, 1e-7), ("coherent-csi-2021:shape-pulls", 0, 1e-13),
    ] {
      let spec = try Catalogue.load(name)
      let model = try RateModel(spec)
      let planner = RatePlanner(model: model, process: .standardModel, mode: .moments)
      let fold = try LikelihoodPlanner(model: model).pulledFold(for: planner)
      let count = fold.nominal.weights.count
      for steps in [-28.0, -8, 0, 3, 17] {
        let theta = (steps + offset) * fold.knotStep
        let spline = Self.read(fold, theta)
        let onset = try #require(model.shapePulls?.arrivalOnset)
        var pulls = [Double](repeating: 0, count: spec.systematics.shapePulls.count)
        pulls[onset.parameter] = theta
        let expected = try RateModel(Self.moved(spec, pulls)).timeWeights().flatMap { $0 }
        #expect(expected.count == count)
        for index in 0..<count {
          #expect(abs(spline[index] - expected[index]) <= tolerance, "\(name) \(theta)")
        }
      }
    }
  }

  /// The spline at theta, from its knots and slopes.
  private static func read(_ fold: PulledFold, _ theta: Double) -> [Double] {
    let count = fold.nominal.weights.count
    let position = (theta - fold.firstKnot) / fold.knotStep
    let knot = Int(position.rounded(.down))
    let t = position - Double(knot)
    return (0..<count).map { index in
      let (w0, w1) = (fold.weights[knot * count + index], fold.weights[(knot + 1) * count + index])
      let (s0, s1) = (fold.slopes[knot * count + index], fold.slopes[(knot + 1) * count + index])
      let h = fold.knotStep
      return (1 + 2 * t) * (1 - t) * (1 - t) * w0 + t * (1 - t) * (1 - t) * h * s0 + t * t * (3 - 2 * t) * w1
        + t * t * (t - 1) * h * s1
    }
  }

  @Test("A radius pull that would shrink a nucleus into its surface is refused with the nucleus and the cure")
  func smallNucleus() throws {
    var spec = try Self.spec()
    spec.detector.nuclei[0].formFactor.neutronRadius = 2
    do {
      _ = try RateModel(spec)
      Issue.record("it is accepted")
    } catch {
      #expect(error.message.contains("Cs133") && error.message.contains("Lower the width"))
    }
  }
}

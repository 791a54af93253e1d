import Backends
import Pipeline
import Planning
import Rates
import ReferenceBackend
import SIMDBackend
import ScanCore
import Scanning
import Statistics
import Testing

@testable import Experiments

/// Background shapes from the experiment to the statistic [UPS-20], alone and beside pulls of the rates.
@Suite("Background shapes of an experiment")
struct BackgroundShapeScanTests {
  /// The contradicted benchmark with a tilt of its first background, written in the file between other pulls.
  private static func experiment(keepingOthers: Bool) throws -> ExperimentSpec {
    var spec = try PulledProfileTests.contradicted()
    let background = try #require(spec.channel.backgrounds.first)
    let nominal = try #require(RateModel(spec).backgroundTemplates().first).events
    let plus = nominal.enumerated().map { $1 * (1 + 0.1 * Double($0 % 7 - 3)) }
    let minus = nominal.enumerated().map { $1 * (1 - 0.06 * Double($0 % 7 - 3)) }
    let tilt = ShapePullSpec(
      name: "tilt",
      effect: .backgroundShape(background: background.name, plusOneSigma: plus, minusOneSigma: minus))
    // its normalisation rests, so that the plain plans of the tests stay positive wherever a search goes
    spec.systematics.backgroundWidths[background.name] = nil
    let others = spec.systematics.shapePulls.filter {
      switch $0.effect {
      case .neutronRadius, .arrivalOnset: keepingOthers
      case .quenching, .energyScale, .backgroundShape: false
      }
    }
    spec.systematics.shapePulls = others
    spec.systematics.shapePulls.insert(tilt, at: min(1, others.count))
    return spec
  }

  @Test("Half of plus minus minus is the change, and names follow the pulls of the rates")
  func binding() throws {
    let spec = try Self.experiment(keepingOthers: true)
    let analysis = try PulledProfileTests.analysis(spec, .observed, masses: [12])
    let pulled = try #require(analysis.pulled)
    let nominal = try #require(analysis.model.backgroundTemplates().first).events
    for (bin, change) in pulled.backgroundShapes[0].enumerated() {
      #expect(abs(change - 0.08 * Double(bin % 7 - 3) * nominal[bin]) <= 1e-12 * max(1, nominal[bin]))
    }
    #expect(pulled.parameterCount == pulled.rateParameterCount + 1)
    #expect(analysis.pullNames.last == "tilt" && analysis.pullNames.count == pulled.pullCount)
  }

  @Test("Beside pulls of the rates the minimum is that of a simplex search, to 1e-6")
  func together() throws {
    let analysis = try PulledProfileTests.analysis(
      Self.experiment(keepingOthers: true), .observed, masses: [12])
    let expected = try PulledProfileTests.FixedTheta(analysis).minimum(mass: 12, square: 0.64)
    let profiler = try PulledProfiler(#require(analysis.pulled), on: CPUBackend(), morphed: false)
    let found = try profiler.evaluate(Tile(masses: [12], couplingSquares: [0.64], columns: 1))
    #expect(found.unconverged == 0)
    #expect(abs(found.statistic[0] - expected.value) <= 1e-6 * max(1, expected.value))
    #expect(abs(expected.theta[expected.theta.count - 1]) > 0.05, "the tilt must have something to do")
  }

  @Test(
    "Alone, every backend and job finds the minimum of a search in the shape, and no morphing is reported")
  func alone() throws {
    let analysis = try PulledProfileTests.analysis(
      Self.experiment(keepingOthers: false), .observed, masses: [12])
    let pulled = try #require(analysis.pulled)
    #expect(pulled.rateParameterCount == 0 && pulled.parameterCount == 1)
    let reference = ReferenceBackend()
    let rates = try reference.load(analysis.signalPlan).evaluate(masses: [12])
    let template = analysis.likelihood.fold.fold(rates)
    func value(_ theta: Double) throws -> Double {
      var plan = analysis.likelihood
      for bin in plan.base.indices { plan.base[bin] += theta * pulled.backgroundShapes[0][bin] }
      let tile = Tile(masses: [12], couplingSquares: [0.64], columns: 1)
      return try reference.load(plan).evaluate(tile, templates: template).statistic[0] + theta * theta
    }
    // the statistic is convex in theta: thirds of an interval close in on the minimum
    var (low, high) = (-3.0, 3.0)
    for _ in 0..<60 {
      let (a, b) = (low + (high - low) / 3, high - (high - low) / 3)
      if try value(a) < value(b) { high = b } else { low = a }
    }
    let expected = try value(0.5 * (low + high))
    for backend in BackendCatalogue.everything().backends where backend.identity.precision == .double {
      for job in ScanJob.allCases {
        let plan = ScanPlan(
          rates: analysis.signalPlan, likelihood: analysis.likelihood, pulled: pulled, masses: [12],
          couplings: [0.8e-6], job: job, degreesOfFreedom: 1)
        let found = try LoadedScan(plan, on: backend)
          .evaluate(Tile(masses: [12], couplingSquares: [0.64], columns: 1))
        #expect(found.unconverged == 0)
        #expect(abs(found.statistic[0] - expected) <= 1e-9 * max(1, expected), "\(backend.identity) \(job)")
        #expect(abs(found.pulls[pulled.pullCount - 1] - 0.5 * (low + high)) <= 1e-5)
      }
    }
  }
}

@testable import Experiments
import Backends
import Foundation
import Pipeline
import Planning
import Rates
import ReferenceBackend
import SIMDBackend
import ScanCore
import Scanning
import Statistics
import Testing
import Verification

/// Profiling over pulls that change shapes [UPS-20]: the benchmark with counts that contradict its prediction by some
/// sigma, so that every pull has something to do.
@Suite("Profiles over non-linear pulls")
struct PulledProfileTests {
  static let experiment = "csi-benchmark:shape-pulls"
  static let masses = [1.0, 12, 30]
  static let couplings = [0.0, 1e-7, 4e-7, 8e-7, 2e-6, 1e-5]
  static var squares: [Double] { couplings.map { ($0 / 1e-6) * ($0 / 1e-6) } }

  static func analysis(_ spec: ExperimentSpec, _ dataSet: DataSet, masses: [Double] = masses) throws
    -> Analysis
  {
    let cpu = try CPUBackend()
    return try Analysis(
      model: RateModel(spec), settings: AnalysisSettings(flavour: "mu", dataSet: dataSet), masses: masses,
      backend: cpu, planningBackend: cpu)
  }

  /// The benchmark with rounded counts that wave around its prediction by about 1.5 sigma.
  static func contradicted() throws -> ExperimentSpec {
    var spec = try Catalogue.load(experiment)
    let prediction = try analysis(spec, .asimov, masses: [1]).likelihood.base
    spec.channel.observed = prediction.enumerated().map { index, mu in
      (mu + 1.5 * mu.squareRoot() * sin(0.9 * Double(index)) + 0.04 * mu).rounded()
    }
    return spec
  }

  /// The contradicted benchmark, planned once for all tests.
  static let planned = Result { try analysis(contradicted(), .observed) }
  private static let plannedAsimov = Result { try analysis(Catalogue.load(experiment), .asimov) }

  static func tile(_ masses: [Double] = masses) -> Tile {
    Tile(
      masses: masses, couplingSquares: masses.flatMap { _ in squares }, columns: squares.count)
  }

  private static func profiler(
    _ analysis: Analysis, _ backend: any Backend, morphed: Bool = false
  ) throws -> PulledProfiler {
    try PulledProfiler(#require(analysis.pulled), on: backend, morphed: morphed)
  }

  // MARK: - The minimum

  /// chi2 at fixed theta, minimised over the linear pulls by the reference profile: no derivative in theta, no spline of
  /// the arrival times, no fold of the profiler.
  struct FixedTheta {
    let analysis: Analysis
    let pulled: PulledLikelihoodPlan
    let signal: any LoadedPulledRates
    let standardModel: any LoadedPulledRates

    init(_ analysis: Analysis) throws {
      self.analysis = analysis
      pulled = try #require(analysis.pulled)
      signal = try CPUBackend().load(pulled.signal)
      standardModel = try CPUBackend().load(pulled.standardModel)
    }

    func value(mass: Double, square: Double, _ theta: [Double]) throws -> Double {
      let onset = try #require(analysis.model.shapePulls?.arrivalOnset)
      let weights = try analysis.model.timeWeights(delay: theta[onset.parameter] * onset.width)
      var plan = analysis.likelihood
      let rates = Array(theta.prefix(pulled.rateParameterCount))
      var standardFold = pulled.standardModelFold.nominal
      standardFold.weights = weights.flatMap { $0 }
      // nu_mu and nu_mu_bar come first
      plan.fold.weights = weights.prefix(plan.fold.componentCount).flatMap { $0 }
      let standard = standardFold.fold(
        try standardModel.evaluate(masses: [0], pulls: rates).prefix(pulled.standardModel.rates.valuesPerMass)
      )
      for bin in plan.base.indices { plan.base[bin] += standard[bin] - plan.pullTemplates[0][bin] }
      for (value, shape) in zip(theta.dropFirst(rates.count), pulled.backgroundShapes) {
        for bin in plan.base.indices { plan.base[bin] += value * shape[bin] }
      }
      plan.pullTemplates[0] = standard
      let template = plan.fold.fold(
        try signal.evaluate(masses: [mass], pulls: rates).prefix(pulled.signal.rates.valuesPerMass))
      let result = try ReferenceBackend().load(plan).evaluate(
        Tile(masses: [mass], couplingSquares: [square], columns: 1), templates: template)
      return result.statistic[0] + theta.reduce(0) { $0 + $1 * $1 }
    }

    /// Nelder and Mead's simplex, restarted until it gains nothing.
    func minimum(mass: Double, square: Double) throws -> (value: Double, theta: [Double]) {
      var best = [Double](repeating: 0, count: pulled.parameterCount)
      var value = Double.infinity
      for _ in 0..<8 {
        let found = try simplex(from: best, mass: mass, square: square)
        if found.value > value - 1e-9 { break }
        (value, best) = (found.value, found.theta)
      }
      return (value, best)
    }

    private func simplex(
      from start: [Double], mass: Double, square: Double
    ) throws -> (value: Double, theta: [Double]) {
      func evaluate(_ theta: [Double]) throws -> (value: Double, theta: [Double]) {
        (try value(mass: mass, square: square, theta), theta)
      }
      var corners = [try evaluate(start)]
      for k in start.indices {
        var corner = start
        corner[k] += 0.5
        corners.append(try evaluate(corner))
      }
      for _ in 0..<600 {
        corners.sort { $0.value < $1.value }
        guard let worst = corners.last, worst.value - corners[0].value > 1e-10 else { break }
        let center = start.indices.map { k in
          corners.dropLast().reduce(0) { $0 + $1.theta[k] } / Double(start.count)
        }
        func along(_ t: Double) throws -> (value: Double, theta: [Double]) {
          try evaluate(start.indices.map { center[$0] + t * (worst.theta[$0] - center[$0]) })
        }
        var next = try along(-1)
        if next.value < corners[0].value {
          let further = try along(-2)
          if further.value < next.value { next = further }
        } else if next.value >= corners[corners.count - 2].value {
          next = try along(next.value < worst.value ? -0.5 : 0.5)
        }
        if next.value < worst.value {
          corners[corners.count - 1] = next
        } else {
          for index in 1..<corners.count {
            corners[index] = try evaluate(
              zip(corners[index].theta, corners[0].theta).map { 0.5 * ($0 + $1) })
          }
        }
      }
      return corners.min { $0.value < $1.value } ?? corners[0]
    }
  }

  @Test(
    "The minimum is that of a simplex search at fixed theta, to 1e-6",
    arguments: [(1.0, 0.0), (12, 0.64), (30, 4)])
  func simplexSearch(mass: Double, square: Double) throws {
    let analysis = try Self.planned.get()
    let result = try Self.profiler(analysis, CPUBackend())
      .evaluate(Tile(masses: [mass], couplingSquares: [square], columns: 1))
    #expect(result.unconverged == 0)
    let search = try FixedTheta(analysis).minimum(mass: mass, square: square)
    #expect(abs(result.statistic[0] - search.value) <= 1e-6, "\(result.statistic[0]) against \(search.value)")
    let theta = result.pulls.suffix(4)
    #expect(zip(theta, search.theta).allSatisfy { abs($0 - $1) < 2e-3 }, "\(theta) against \(search.theta)")
    #expect(theta.contains { abs($0) > 0.2 }, "the pulls have something to do")
  }

  @Test("The profiled statistic is never above the one with every theta at zero")
  func below() throws {
    var spec = try Self.contradicted()
    let pulled = try Self.profiler(Self.planned.get(), CPUBackend()).evaluate(Self.tile())
    spec.systematics.shapePulls = []
    let analysis = try Self.analysis(spec, .observed)
    let fixed = try CPUBackend().load(analysis.signalPlan, analysis.likelihood).evaluate(Self.tile())
    for (value, bound) in zip(pulled.statistic, fixed.statistic) {
      #expect(value <= bound + 1e-6 * max(1, bound))
    }
    #expect(pulled.statistic[0] < fixed.statistic[0] - 0.1)
  }

  @Test("Asimov data are matched by zero pulls without signal")
  func closure() throws {
    let analysis = try Self.plannedAsimov.get()
    let result = try Self.profiler(analysis, CPUBackend())
      .evaluate(Tile(masses: Self.masses, couplingSquares: [0, 0, 0], columns: 1))
    for value in result.statistic { #expect(abs(value) <= 1e-12) }
    for pull in result.pulls { #expect(abs(pull) <= 1e-8) }
  }

  // MARK: - What must not matter

  @Test(
    "Rows alone give the bits of rows together, with exact and with morphed rates", arguments: [false, true])
  func tiles(morphed: Bool) throws {
    let profiler = try Self.profiler(Self.planned.get(), CPUBackend(), morphed: morphed)
    let together = try profiler.evaluate(Self.tile())
    let alone = try Self.masses.map { try profiler.evaluate(Self.tile([$0])) }
    #expect(together.statistic == alone.flatMap(\.statistic))
    #expect(together.pulls == alone.flatMap(\.pulls))
  }

  @Test("Where a point is started from does not matter beyond 1e-8")
  func starts() throws {
    let profiler = try Self.profiler(Self.planned.get(), CPUBackend())
    let chain = try profiler.evaluate(Self.tile())
    for (row, mass) in Self.masses.enumerated() {
      for (column, square) in Self.squares.enumerated() {
        let cold = try profiler.evaluate(Tile(masses: [mass], couplingSquares: [square], columns: 1))
        let warm = chain.statistic[row * Self.squares.count + column]
        #expect(abs(cold.statistic[0] - warm) <= 1e-8 * max(1, warm), "m4 = \(mass), q = \(square)")
      }
    }
  }

  @Test("Every backend finds the same statistic: double precision to 1e-9")
  func backends() throws {
    let analysis = try Self.planned.get()
    let tile = Tile(masses: [1, 30], couplingSquares: [0, 0.64, 4, 0, 0.64, 100], columns: 3)
    let expected = try Self.profiler(analysis, ReferenceBackend()).evaluate(tile)
    #expect(expected.unconverged == 0)
    for backend in BackendCatalogue.everything().backends {
      let found = try Self.profiler(analysis, backend).evaluate(tile)
      #expect(found.unconverged == 0, "\(backend.identity)")
      let worst =
        zip(found.statistic, expected.statistic).map { abs($0 - $1) / max(1, $1) }.max() ?? .infinity
      #expect(worst <= backend.identity.precision.statisticTolerance, "\(backend.identity): \(worst)")
    }
  }

  @Test("Signals that drive the first factor to its floor converge, also where it rests just above")
  func floor() throws {
    let squares = (0..<60).map { pow(10, 4 + 2.6 * Double($0) / 59) }  // d = 1e-4 to 2e-3 / GeV
    let tile = Tile(masses: [1], couplingSquares: squares, columns: squares.count)
    let found = try Self.profiler(Self.plannedAsimov.get(), CPUBackend(), morphed: true).evaluate(tile)
    #expect(found.unconverged == 0)
    let pulls = found.pulls.count / squares.count
    let factors = squares.indices.map { 1 + found.pulls[$0 * pulls] }
    #expect(factors.contains { $0 > 1e-6 && $0 < 2e-6 } && factors.contains { $0 <= 1e-6 + 1e-15 })
    #expect(zip(found.statistic, found.statistic.dropFirst()).allSatisfy { $0 <= $1 + 1e-6 })
  }

  // MARK: - Scans

  @Test("A scan subtracts the minimum over d of the profiled statistic, and its spot check sees 1e-8")
  func scan() throws {
    let analysis = try Self.planned.get()
    for job in ScanJob.allCases {
      let plan = ScanPlan(
        rates: analysis.signalPlan, likelihood: analysis.likelihood, pulled: analysis.pulled,
        masses: [12, 30], couplings: Array(Self.couplings.dropFirst()), job: job, degreesOfFreedom: 1)
      func summary(_ backend: any Backend) throws -> (least: Double, summary: ScanSummary) {
        var least = Double.infinity
        let summary = try ScanDriver(
          plan: plan, devices: [backend], reference: ReferenceBackend(), spotCheckPoints: 4
        )
        .run { least = min(least, $0.statistic.min() ?? least) }
        return (least, summary)
      }
      let sound = try summary(CPUBackend())
      #expect(sound.least >= -1e-7 && sound.summary.spotCheck.passed)
      if job == .pointwise { continue }
      #expect(throws: ScanError.self) { try summary(PerturbedBackend(CPUBackend(), relative: 1e-8)) }
    }
  }

  @Test(
    "Whoever waits sees the best fits of all masses counted, then the grid; short runs do not change a bit")
  func stages() throws {
    let analysis = try Self.planned.get()
    let masses = (0..<9).map { 10 + 3 * Double($0) }
    let plan = ScanPlan(
      rates: analysis.signalPlan, likelihood: analysis.likelihood, pulled: analysis.pulled,
      masses: masses, couplings: [1e-6, 2e-6], job: .factored, degreesOfFreedom: 1)
    var seen: [String] = []
    let summary = try ScanDriver(
      plan: plan, devices: [CPUBackend()], reference: ReferenceBackend(), spotCheckPoints: 1
    )
    .run(watch: ScanWatch(fitted: { seen.append("fit \($0)") }, progress: { seen.append("grid \($0)") })) {
      _ in
    }
    let fits = seen.filter { $0.hasPrefix("fit") }
    #expect(fits.count >= 2 && fits.last == "fit 9" && fits[0] != "fit 9", "\(fits)")
    #expect(Array(seen.prefix(fits.count)) == fits && seen.last == "grid 18")
    let some = [0, 7, 8]
    let together = try LoadedScan(plan, on: CPUBackend()).minima(masses: some.map { masses[$0] })
    #expect(some.map { summary.minimumStatistic[$0] } == together.map(\.statistic))
  }

  // MARK: - Morphing

  @Test("Morphed rates are exact at the templates, continuous with their slope at one width, linear beyond")
  func morphing() throws {
    let analysis = try Self.plannedAsimov.get()
    let plan = try #require(analysis.pulled).signal
    let exact = try CPUBackend().load(plan)
    let morphed = MorphedRates(exact, plan: plan)
    let block = plan.rates.valuesPerMass
    let total = try exact.evaluate(masses: [12], pulls: [0, 0, 0, 0])[0..<block].reduce(0, +)
    func at(_ t: Double) throws -> [Double] { try morphed.evaluate(masses: [12], pulls: [t, 0, 0, 0]) }
    for t in [-1.0, 0, 1] {
      let expected = try exact.evaluate(masses: [12], pulls: [t, 0, 0, 0])
      let found = try at(t)
      for i in 0..<block { #expect(abs(found[i] - expected[i]) <= 1e-14 * total) }
    }
    let (below, above, far, further) = (try at(1 - 1e-9), try at(1 + 1e-9), try at(3), try at(5))
    for i in 0..<block {
      #expect(abs(above[i] - below[i]) <= 1e-8 * total)
      #expect(abs(above[block + i] - below[block + i]) <= 1e-8 * total)
      #expect(abs(further[i] - far[i] - 2 * far[block + i]) <= 1e-13 * total)
    }
    let half = try at(0.5)
    let center = try exact.evaluate(masses: [12], pulls: [0.5, 0, 0, 0])
    let error = (0..<block).map { abs(half[$0] - center[$0]) / total }.max() ?? 0
    #expect(error > 1e-9 && error < 1e-3, "\(error)")
  }
}

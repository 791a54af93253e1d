import Foundation
import ScanCore
import Scanning

/// Times the jobs of one analysis on a backend, verified first.
package struct Benchmark {
  let analysis: Analysis
  let backend: any Backend
  let reference: any Backend
  let peak: DevicePeak?

  /// - Parameter peak: of the backend's device, for the fraction of it
  package init(analysis: Analysis, backend: any Backend, reference: any Backend, peak: DevicePeak?) {
    self.analysis = analysis
    self.backend = backend
    self.reference = reference
    self.peak = peak
  }

  /// - Parameters:
  ///   - masses: MeV
  ///   - couplings: GeV^-1
  package func measure(
    _ job: BenchmarkJob, masses: [Double], couplings: [Double], repeats: Int
  ) throws -> BenchmarkRow {
    let reference = analysis.signalPlan.referenceCoupling
    let squares = couplings.map { ($0 / reference) * ($0 / reference) }
    let tile = Tile(
      masses: masses, couplingSquares: Array(repeatElement(squares, count: masses.count).joined()),
      columns: squares.count)
    let likelihood = try likelihood(of: job)
    let evaluate = try evaluator(job, likelihood, tile)
    let first = try evaluate()
    let error = try verify(first, likelihood, tile: tile)
    let seconds = try Self.time(repeats) { _ = try evaluate() }
    return row(
      job, likelihood, seconds, points: tile.count, integralRows: job == .pointwise ? tile.count : tile.rows,
      first.sweeps, error)
  }

  /// Random data sets around the prediction (seeded), each profiled at all couplings of the first mass.
  package func measureToys(
    mass: Double, couplings: [Double], toys: Int, repeats: Int
  ) throws -> BenchmarkRow {
    let reference = analysis.signalPlan.referenceCoupling
    let squares = couplings.map { ($0 / reference) * ($0 / reference) }
    let tile = Tile(masses: [mass], couplingSquares: squares, columns: squares.count)
    let template = try templates(backend.load(analysis.signalPlan), [mass])
    var generator = SeededGenerator(seed: 1)
    let plans = (0..<toys).map { _ in
      var plan = analysis.likelihood
      plan.observed = plan.base.map { $0 > 0 ? PoissonToy.draw(mean: $0, &generator) : 0 }
      return plan
    }
    func fit(_ plan: LikelihoodPlan) throws -> ProfileResult {
      try backend.load(plan).evaluate(tile, templates: template)
    }
    var sweeps = 0
    var error = 0.0
    for (index, plan) in plans.enumerated() {
      let found = try fit(plan)
      sweeps += found.sweeps
      // convergence of all, numbers of some against the reference
      guard found.unconverged == 0 else { throw unconverged(found.unconverged) }
      if index % 32 == 0 { error = max(error, try verify(found, plan, tile: tile)) }
    }
    let seconds = try Self.time(repeats) { for plan in plans { _ = try fit(plan) } }
    return row(.toys, analysis.likelihood, seconds, points: toys * tile.count, integralRows: 0, sweeps, error)
  }

  private func row(
    _ job: BenchmarkJob, _ likelihood: LikelihoodPlan, _ seconds: [Double], points: Int, integralRows: Int,
    _ totalSweeps: Int, _ error: Double
  ) -> BenchmarkRow {
    let sweeps = Double(totalSweeps) / Double(points)
    let operations =
      totalSweeps == 0
      ? 0
      : OperationCount(statistic: likelihood.statistic, pullCount: likelihood.pullCount)
        .perPoint(likelihood, sweeps: sweeps)
    return row(
      job, likelihood.pullCount, seconds, points: points, integralRows: integralRows, sweeps: sweeps,
      operations: operations, error)
  }

  /// - Parameters:
  ///   - sweeps: per point
  ///   - operations: per point; 0 where they are not counted
  func row(
    _ job: BenchmarkJob, _ pulls: Int, _ seconds: [Double], points: Int, integralRows: Int, sweeps: Double,
    operations: Double, _ error: Double
  ) -> BenchmarkRow {
    let median = seconds[seconds.count / 2]
    let rate = operations * Double(points) / seconds[0]
    return BenchmarkRow(
      identity: backend.identity, job: job, mode: analysis.signalPlan.mode, pulls: pulls,
      points: points, repeats: seconds.count, medianSeconds: median, fastestSeconds: seconds[0],
      slowestSeconds: seconds[seconds.count - 1], pointsPerSecond: Double(points) / median,
      bestPointsPerSecond: Double(points) / seconds[0],
      integralsPerSecond: Double(integralRows * integralsPerMass) / median, sweepsPerPoint: sweeps,
      operationsPerPoint: operations,
      fractionOfPeak: operations == 0 ? nil : peak.map { rate / $0.operationsPerSecond },
      verifiedError: error, quadratureError: analysis.signalPlan.estimatedError)
  }

  /// Double integrals behind one mass: every channel covers `componentCount` of them.
  private var integralsPerMass: Int { analysis.signalPlan.channels.reduce(0) { $0 + $1.componentCount } }

  private func likelihood(of job: BenchmarkJob) throws -> LikelihoodPlan {
    var plan = analysis.likelihood
    switch job {
    case .factored, .pointwise, .toys, .globalFits: return plan
    case .factoredOnePull, .factoredGaussian:
      plan.pullTemplates = Array(plan.pullTemplates.prefix(1))
      plan.pullWidths = Array(plan.pullWidths.prefix(1))
      if job == .factoredGaussian {
        plan.statistic = .gaussian
        plan.variance = plan.observed.map { max($0, 1) }
      }
      return plan
    }
  }

  private func evaluator(
    _ job: BenchmarkJob, _ likelihood: LikelihoodPlan, _ tile: Tile
  ) throws -> () throws -> ProfileResult {
    if job == .pointwise {
      let pointwise = try backend.load(analysis.signalPlan, likelihood)
      return { try pointwise.evaluate(tile) }
    }
    let rates = try backend.load(analysis.signalPlan)
    let profile = try backend.load(likelihood)
    return { try profile.evaluate(tile, templates: templates(rates, tile.masses)) }
  }

  private func templates(_ rates: any LoadedRates, _ masses: [Double]) throws -> [Double] {
    let values = try rates.evaluate(masses: masses)
    let stride = analysis.signalPlan.valuesPerMass
    return masses.indices.flatMap { analysis.likelihood.fold.fold(values[$0 * stride..<($0 + 1) * stride]) }
  }

  /// A wrong result is never timed.
  private func verify(_ result: ProfileResult, _ likelihood: LikelihoodPlan, tile: Tile) throws -> Double {
    let step = max(1, tile.count / 37)
    let sample = Array(stride(from: 0, to: tile.count, by: step))
    let probe = Tile(
      masses: sample.map { tile.masses[$0 / tile.columns] },
      couplingSquares: sample.map { tile.couplingSquares[$0] },
      columns: 1)
    let expected = try reference.load(analysis.signalPlan, likelihood).evaluate(probe).statistic
    var worst = 0.0
    for (index, point) in sample.enumerated() {
      let difference = abs(result.statistic[point] - expected[index]) / max(1, abs(expected[index]))
      worst = difference.isNaN ? .infinity : max(worst, difference)
    }
    let tolerance = backend.identity.precision.statisticTolerance
    guard worst <= tolerance, result.unconverged == 0 else {
      throw ScanError(
        "\(backend.identity) is wrong by \(worst) (tolerance \(tolerance)), \(result.unconverged) points did not converge; "
          + "nothing was timed. Run `upscatter verify` to find where.")
    }
    return worst
  }

  private func unconverged(_ points: Int) -> ScanError {
    ScanError(
      "\(points) points of a toy did not converge on \(backend.identity); nothing was timed. Run `upscatter verify` to find "
        + "where.")
  }

  /// Seconds of each of `repeats` runs, ascending.
  static func time(_ repeats: Int, _ body: () throws -> Void) rethrows -> [Double] {
    let clock = ContinuousClock()
    var seconds: [Double] = []
    for _ in 0..<max(1, repeats) {
      let start = clock.now
      try body()
      seconds.append((clock.now - start) / .seconds(1))
    }
    return seconds.sorted()
  }
}

/// Poisson numbers for benchmark data sets: products of uniforms, in pieces of mean up to 500.
enum PoissonToy {
  static func draw(mean: Double, _ generator: inout SeededGenerator) -> Double {
    var left = mean
    var count = 0.0
    while left > 0 {
      let piece = min(left, 500)
      let limit = exp(-piece)
      var product = generator.uniform(0, 1)
      while product > limit {
        count += 1
        product *= generator.uniform(0, 1)
      }
      left -= piece
    }
    return count
  }
}

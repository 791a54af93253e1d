import ScanCore
import Scanning

/// One measured rate, with what makes it worth something: who, which job, and the error verified before timing.
package struct BenchmarkRow: Codable, Sendable {
  package var identity: BackendIdentity
  package var job: ScanJob
  package var mode: IntegralMode
  package var pulls: Int
  package var points: Int
  package var repeats: Int
  package var medianSeconds: Double
  package var fastestSeconds: Double
  package var slowestSeconds: Double
  /// Points per second at the median time.
  package var pointsPerSecond: Double
  package var bestPointsPerSecond: Double
  /// Double integrals (target x flux component x mass) per second at the median time.
  package var integralsPerSecond: Double
  /// Largest |statistic - reference| / max(1, |reference|) on a sample of the timed grid.
  package var verifiedError: Double
  /// Estimated relative quadrature error of the plan that was timed.
  package var quadratureError: Double
}

/// Times the jobs of one analysis on a backend, verified first.
package struct Benchmark {
  let analysis: Analysis
  let backend: any Backend
  let reference: any Backend

  package init(analysis: Analysis, backend: any Backend, reference: any Backend) {
    self.analysis = analysis
    self.backend = backend
    self.reference = reference
  }

  /// - Parameters:
  ///   - masses: MeV
  ///   - couplings: GeV^-1
  package func measure(
    job: ScanJob, masses: [Double], couplings: [Double], repeats: Int
  ) throws -> BenchmarkRow {
    let reference = analysis.signalPlan.referenceCoupling
    let squares = couplings.map { ($0 / reference) * ($0 / reference) }
    let tile = Tile(
      masses: masses, couplingSquares: Array(repeatElement(squares, count: masses.count).joined()),
      columns: squares.count)
    let rates = try backend.load(analysis.signalPlan)
    let profile = try backend.load(analysis.likelihood)
    let pointwise = job == .pointwise ? try backend.load(analysis.signalPlan, analysis.likelihood) : nil
    func evaluate() throws -> ProfileResult {
      if let pointwise { return try pointwise.evaluate(tile) }
      return try profile.evaluate(tile, templates: templates(rates, masses))
    }
    let error = try verify(evaluate(), tile: tile)
    var seconds: [Double] = []
    let clock = ContinuousClock()
    for _ in 0..<max(1, repeats) {
      let start = clock.now
      _ = try evaluate()
      seconds.append(Self.seconds(clock.now - start))
    }
    seconds.sort()
    let median = seconds[seconds.count / 2]
    let integralRows = job == .pointwise ? tile.count : masses.count
    return BenchmarkRow(
      identity: backend.identity, job: job, mode: analysis.signalPlan.mode,
      pulls: analysis.likelihood.pullCount,
      points: tile.count, repeats: seconds.count, medianSeconds: median, fastestSeconds: seconds[0],
      slowestSeconds: seconds[seconds.count - 1], pointsPerSecond: Double(tile.count) / median,
      bestPointsPerSecond: Double(tile.count) / seconds[0],
      integralsPerSecond: Double(integralRows * integralsPerMass) / median, verifiedError: error,
      quadratureError: analysis.signalPlan.estimatedError)
  }

  /// Double integrals behind one mass: every channel covers `componentCount` of them.
  private var integralsPerMass: Int { analysis.signalPlan.channels.reduce(0) { $0 + $1.componentCount } }

  private func templates(_ rates: any LoadedRates, _ masses: [Double]) throws -> [Double] {
    let values = try rates.evaluate(masses: masses)
    let stride = analysis.signalPlan.valuesPerMass
    return masses.indices.flatMap { analysis.likelihood.fold.fold(values[$0 * stride..<($0 + 1) * stride]) }
  }

  /// A wrong result is never timed.
  private func verify(_ result: ProfileResult, tile: Tile) throws -> Double {
    let step = max(1, tile.count / 37)
    let sample = Array(stride(from: 0, to: tile.count, by: step))
    let probe = Tile(
      masses: sample.map { tile.masses[$0 / tile.columns] },
      couplingSquares: sample.map { tile.couplingSquares[$0] },
      columns: 1)
    let expected = try reference.load(analysis.signalPlan, analysis.likelihood).evaluate(probe).statistic
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

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + 1e-18 * Double(duration.components.attoseconds)
  }
}

import Foundation
import ScanCore
import Statistics

/// The posterior of (ln m4, ln d) and all pulls, sampled [UPS-48], [UPS-49].
struct FitPosterior {
  /// Over the axes; d in internal units.
  let masses: ClosedRange<Double>
  let couplings: ClosedRange<Double>
  let diagnosis: SamplingDiagnosis
  /// (ln m4, ln d, eta_1, ...) of every sample.
  let chain: EnsembleChain
  let templateError: Double
  let nodes: Int

  /// Steps of the first stretch that is judged; later ones double it.
  private static let firstSteps = 1000

  init(_ plane: FitPlane, _ request: PosteriorRequest, minimum: Double) throws {
    guard let m0 = plane.masses.first, let m1 = plane.masses.last, let d0 = plane.couplings.first,
      let d1 = plane.couplings.last, m0 < m1, d0 < d1
    else {
      throw RequestError(
        "--posterior needs a range of masses and of couplings; --m4 or --d holds one value. Give from:to:points."
      )
    }
    (masses, couplings) = (m0...m1, d0...d1)
    let model = plane.model
    let table = try TemplateTable(model, masses: masses)
    (templateError, nodes) = (table.worstError, table.templates.nodes.count)
    let density = try JointDensity(plan: model.plan, data: model.data)
    let (lows, highs) = ([log(m0), log(d0)], [log(m1), log(d1)])
    let logDensity = { (positions: [[Double]]) -> [Double] in
      positions.map { x in
        guard x[0] >= lows[0], x[0] <= highs[0], x[1] >= lows[1], x[1] <= highs[1] else { return -.infinity }
        let q = model.strength(of: exp(x[1]))
        let signal = table.templates.signal(at: x[0]).map { $0 * q }
        let chiSquare = density.chiSquare(pulls: x[2...], signal: signal)
        // flat in d is proportional to d in ln d
        let prior = request.prior == .linear ? x[1] - highs[1] : 0
        return prior - (chiSquare - minimum) / 2
      }
    }
    let start = try Self.start(plane, request, minimum: minimum, logDensity: logDensity)
    var sampler = try EnsembleSampler(start: start, seed: request.seed &+ 1, logDensity: logDensity)
    var steps = Self.firstSteps
    while true {
      // the first third is forgotten
      var forgotten: EnsembleChain?
      try sampler.advance(steps: max(1, steps / 3), into: &forgotten)
      var kept: EnsembleChain? = EnsembleChain(walkers: start.count, dimension: 2 + model.plan.pullCount)
      try sampler.advance(steps: steps, into: &kept)
      let chain = kept ?? EnsembleChain(walkers: start.count, dimension: 2 + model.plan.pullCount)
      let diagnosis = SamplingDiagnosis(
        chain, acceptance: Double(sampler.accepted) / Double(max(1, sampler.proposed)))
      if diagnosis.isConverged || 2 * steps > request.mostSteps {
        (self.chain, self.diagnosis) = (chain, diagnosis)
        return
      }
      steps *= 2
    }
  }

  /// Walkers drawn from the profile likelihood on the plane, spread over its cells, pulls around their profiled values: near
  /// the posterior from the start, in every piece of it.
  private static func start(
    _ plane: FitPlane, _ request: PosteriorRequest, minimum: Double, logDensity: EnsembleSampler.LogDensity
  ) throws -> [[Double]] {
    let (x, y) = (plane.masses.map { log($0) }, plane.couplings.map { log($0) })
    let (edgesX, edgesY) = (edges(x), edges(y))
    let pulls = plane.model.plan.pulls
    var sum = 0.0
    let weights = plane.statistic.indices.map { point -> Double in
      let (i, j) = (point / y.count, point % y.count)
      let area = (edgesX[i + 1] - edgesX[i]) * (edgesY[j + 1] - edgesY[j])
      let prior = request.prior == .linear ? plane.couplings[j] : 1
      sum += area * prior * exp((minimum - plane.statistic[point]) / 2)
      return sum
    }
    var generator = SeededGenerator(seed: request.seed)
    let dimension = 2 + pulls.count
    let count = max(request.walkers, 4 * dimension)
    return try (0..<count + count % 2).map { _ in
      for attempt in 0..<100 {
        let target = generator.uniform(0, sum)
        let point = weights.firstIndex { $0 > target } ?? 0
        let (i, j) = (point / y.count, point % y.count)
        var position = [
          generator.uniform(edgesX[i], edgesX[i + 1]), generator.uniform(edgesY[j], edgesY[j + 1]),
        ]
        let spread = attempt < 50 ? 0.2 : 0.01
        for (k, pull) in pulls.enumerated() {
          position.append(
            plane.pulls[point * pulls.count + k] + spread * pull.width * generator.uniform(-1, 1))
        }
        if try logDensity([position])[0].isFinite { return position }
      }
      throw FitError(
        "No starting point for the sampler has a finite likelihood near the profile likelihood. Look at the pulls of the best fit."
      )
    }
  }

  /// Middles between neighbours, and both ends.
  private static func edges(_ axis: [Double]) -> [Double] {
    [axis[0]] + zip(axis, axis.dropFirst()).map { ($0 + $1) / 2 } + [axis[axis.count - 1]]
  }
}

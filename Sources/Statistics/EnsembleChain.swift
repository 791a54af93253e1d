import Foundation

/// The positions of an ensemble of walkers, step by step, and how independent they are [UPS-48].
package struct EnsembleChain: Sendable {
  package let walkers: Int
  package let dimension: Int
  /// steps x walkers x dimension
  package private(set) var positions: [Double] = []

  package init(walkers: Int, dimension: Int) {
    self.walkers = walkers
    self.dimension = dimension
  }

  package var steps: Int { positions.count / (walkers * dimension) }
  package var count: Int { steps * walkers }

  package mutating func append(_ ensemble: [[Double]]) {
    for walker in ensemble { positions += walker }
  }

  /// One parameter of all samples, walkers contiguous.
  package func parameter(_ index: Int) -> [Double] {
    stride(from: index, to: positions.count, by: dimension).map { positions[$0] }
  }

  /// Integrated autocorrelation time tau = 1 + 2 sum rho(t) of a parameter, in steps.
  ///
  /// rho is that of the deviations from the mean of all walkers, so that a walker that stays behind counts as correlation. The sum
  /// ends at the first lag of at least five tau (A. Sokal, "Monte Carlo methods in statistical mechanics", Cargese 1996); infinite
  /// where the chain is too short for that. Chains of more than 4000 steps are thinned first, which can only lengthen tau.
  package func autocorrelationTime(_ index: Int) -> Double {
    let thinning = max(1, steps / 2000)
    let rows = (0..<steps / thinning).map { step in
      (0..<walkers).map { positions[(step * thinning * walkers + $0) * dimension + index] }
    }
    let mean = rows.reduce(0) { $0 + $1.reduce(0, +) } / Double(max(1, rows.count * walkers))
    let deviations = rows.flatMap { $0.map { $0 - mean } }
    func covariance(_ lag: Int) -> Double {
      let shift = lag * walkers
      var sum = 0.0
      for i in 0..<deviations.count - shift { sum += deviations[i] * deviations[i + shift] }
      return sum / Double(deviations.count - shift)
    }
    guard rows.count > 10 else { return .infinity }
    let variance = covariance(0)
    // a parameter that does not move at all
    guard variance > 0 else { return .infinity }
    var tau = 1.0
    for lag in 1..<rows.count / 2 {
      tau += 2 * covariance(lag) / variance
      if Double(lag) >= 5 * tau { return max(tau, 1) * Double(thinning) }
    }
    return .infinity
  }

  /// Potential scale reduction of a parameter: every walker's first and second half is a chain.
  ///
  /// Source: A. Gelman, D. Rubin, Statist. Sci. 7 (1992) 457, split as in A. Gelman et al., Bayesian Data Analysis (2013), 11.4.
  package func scaleReduction(_ index: Int) -> Double {
    let length = steps / 2
    guard length > 1 else { return .infinity }
    var means: [Double] = []
    var variances: [Double] = []
    for half in 0..<2 {
      for walker in 0..<walkers {
        let values = (0..<length).map {
          positions[((half * length + $0) * walkers + walker) * dimension + index]
        }
        let mean = values.reduce(0, +) / Double(length)
        means.append(mean)
        variances.append(values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(length - 1))
      }
    }
    let chains = Double(means.count)
    let mean = means.reduce(0, +) / chains
    let between = means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (chains - 1)
    let within = variances.reduce(0, +) / chains
    guard within > 0 else { return .infinity }
    return (Double(length - 1) / Double(length) + between / within).squareRoot()
  }
}

/// Whether samples may be used [UPS-48].
package struct SamplingDiagnosis: Codable, Hashable, Sendable {
  /// Steps kept, in units of the longest autocorrelation time, below which the time itself is not known well.
  package static let leastTimes = 50.0
  package static let largestScaleReduction = 1.05

  package var walkers: Int
  package var steps: Int
  /// Of the parameter that has the longest, in steps; nil: longer than the chain can tell.
  package var autocorrelationTime: Double?
  package var effectiveSamples: Double
  /// Of the parameter that has the largest; nil: not defined.
  package var scaleReduction: Double?
  package var acceptance: Double

  package init(_ chain: EnsembleChain, acceptance: Double) {
    walkers = chain.walkers
    steps = chain.steps
    let longest = (0..<chain.dimension).map(chain.autocorrelationTime).max() ?? .infinity
    let largest = (0..<chain.dimension).map(chain.scaleReduction).max() ?? .infinity
    autocorrelationTime = longest.isFinite ? longest : nil
    scaleReduction = largest.isFinite ? largest : nil
    effectiveSamples = longest.isFinite ? Double(chain.count) / longest : 0
    self.acceptance = acceptance
  }

  package var isConverged: Bool {
    guard let autocorrelationTime, let scaleReduction else { return false }
    return Double(steps) >= Self.leastTimes * autocorrelationTime
      && scaleReduction <= Self.largestScaleReduction
  }
}

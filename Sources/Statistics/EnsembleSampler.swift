import Foundation
import ScanCore

/// Draws samples of a density with an ensemble of walkers that moves by stretches [UPS-48].
///
/// Every walker of one half is moved along the line to a walker of the other half, y = x_j + z (x_k - x_j) with z from
/// g(z) ~ 1/sqrt(z) on [1/a, a], and accepted with probability min(1, z^(n-1) p(y)/p(x_k)); then the other half. The method does
/// not notice linear transformations of the parameters, so that correlated ones need no tuning.
/// Source: J. Goodman, J. Weare, CAMCoS 5 (2010) 65; halves as in D. Foreman-Mackey et al., arXiv:1202.3665.
package struct EnsembleSampler {
  /// ln p of several positions at once, up to a constant; -infinity where the density vanishes.
  package typealias LogDensity = ([[Double]]) throws -> [Double]

  /// a
  package static let stretch = 2.0

  package let dimension: Int
  package private(set) var walkers: [[Double]]
  package private(set) var logDensities: [Double]
  /// Moves proposed and accepted since the last `advance` that kept nothing.
  package private(set) var proposed = 0
  package private(set) var accepted = 0
  private var generator: SeededGenerator
  private let logDensity: LogDensity

  /// - Parameters:
  ///   - start: a position per walker, where the density does not vanish; an even number, at least 2 (dimension + 1)
  package init(start: [[Double]], seed: UInt64, logDensity: @escaping LogDensity) throws {
    let dimension = start.first?.count ?? 0
    let least = 2 * (dimension + 1)
    try requireDomain(
      dimension >= 1 && start.count >= least && start.count.isMultiple(of: 2)
        && start.allSatisfy { $0.count == dimension },
      "The sampler was given \(start.count) walkers in \(dimension) dimensions",
      "an even number of walkers, at least \(least), of one dimension or more")
    self.dimension = dimension
    walkers = start
    generator = SeededGenerator(seed: seed)
    self.logDensity = logDensity
    logDensities = try Self.checked(logDensity(start))
    if let lost = logDensities.firstIndex(of: -.infinity) {
      throw StatisticsError("Walker \(lost) starts where the density vanishes; start it inside.")
    }
  }

  /// Moves the ensemble, and adds its positions after every step to `chain`; nil forgets them.
  package mutating func advance(steps: Int, into chain: inout EnsembleChain?) throws {
    if chain == nil { (proposed, accepted) = (0, 0) }
    let half = walkers.count / 2
    for _ in 0..<steps {
      try move(0..<half, towards: half..<walkers.count)
      try move(half..<walkers.count, towards: 0..<half)
      chain?.append(walkers)
    }
  }

  private mutating func move(_ moving: Range<Int>, towards others: Range<Int>) throws {
    var stretches: [Double] = []
    var proposals: [[Double]] = []
    for k in moving {
      let root = 1 + (Self.stretch - 1) * generator.uniform(0, 1)
      let z = root * root / Self.stretch
      let other = walkers[others.lowerBound + Int(generator.uniform(0, Double(others.count)))]
      stretches.append(z)
      proposals.append(zip(other, walkers[k]).map { $0 + z * ($1 - $0) })
    }
    let found = try Self.checked(logDensity(proposals))
    for (index, k) in moving.enumerated() {
      let gain = Double(dimension - 1) * log(stretches[index]) + found[index] - logDensities[k]
      // drawn whether needed or not: the numbers of a step do not depend on its outcome
      let threshold = log(1 - generator.uniform(0, 1))
      proposed += 1
      if threshold < gain {
        walkers[k] = proposals[index]
        logDensities[k] = found[index]
        accepted += 1
      }
    }
  }

  private static func checked(_ values: [Double]) throws -> [Double] {
    if let wrong = values.first(where: { $0.isNaN || $0 == .infinity }) {
      throw StatisticsError(
        "The logarithm of the density is \(wrong) at a walker; it must be finite or -inf.")
    }
    return values
  }
}

import Foundation
import ScanCore

/// Toys from their definition [UPS-37], with library functions.
struct ReferenceToys {
  let plan: JointPlan
  let batch: ToyBatch

  struct Toy {
    var counts: [Double]
    var centres: [Double]
    /// The expectation of a Poisson bin was below zero and set to zero.
    var wasClipped: Bool
  }

  func toy(_ number: Int, of point: ToyPoint, signal: ArraySlice<Double>) -> Toy {
    var factors = plan.pulls.map { _ in 1.0 }
    var centres = factors
    if batch.ensemble != .constraints { factors = point.factors }
    for (k, pull) in plan.pulls.enumerated() {
      if !pull.isConstrained {
        if !point.factors.isEmpty { factors[k] = point.factors[k] }
        if batch.ensemble == .profiled { centres[k] = factors[k] }
        continue
      }
      let u = uniform(k, toy: number, key: point.key)
      switch batch.ensemble {
      case .fixed: break
      case .profiled: centres[k] = factors[k] + pull.width * normalQuantile(u)
      case .constraints:
        let lowest = pull.isNormalisation ? (JointPlan.lowestFactor - 1) / pull.width : -.infinity
        let excluded = erfc(-lowest / 2.0.squareRoot()) / 2
        factors[k] = 1 + pull.width * normalQuantile(excluded + (1 - excluded) * u)
      }
    }
    var toy = Toy(counts: [], centres: centres, wasClipped: false)
    let expected = plan.expectation(factors: factors, signal: signal, strength: point.strength)
    for (bin, mu) in expected.enumerated() {
      let u = uniform(plan.pullCount + bin, toy: number, key: point.key)
      if plan.variance[bin] > 0 {
        toy.counts.append(mu + plan.variance[bin].squareRoot() * normalQuantile(u))
      } else {
        if mu < 0 { toy.wasClipped = true }
        toy.counts.append(poisson(mean: max(mu, 0), u))
      }
    }
    return toy
  }

  // MARK: - Distributions

  /// From 0 upwards until the cumulative probability reaches u; means of `ToyBatch.outwardMean` or more start at the
  /// mode m and go outwards: m, m + 1, m - 1, m + 2, ...
  private func poisson(mean: Double, _ u: Double) -> Double {
    if mean < ToyBatch.outwardMean {
      var (count, term) = (0.0, exp(-mean))
      var sum = term
      while u > sum && (count < mean || term > ToyBatch.negligibleTerm) {
        count += 1
        term *= mean / count
        sum += term
      }
      return count
    }
    let mode = mean.rounded(.down)
    var sum = exp(mode * log(mean) - mean - lgamma(mode + 1))
    var (up, down) = (sum, sum)
    var (high, low) = (mode, mode)
    var count = mode
    while u > sum && (up > ToyBatch.negligibleTerm || (low > 0 && down > ToyBatch.negligibleTerm)) {
      high += 1
      up *= mean / high
      sum += up
      count = high
      if u <= sum || low == 0 { continue }
      down *= low / mean
      low -= 1
      sum += down
      count = low
    }
    return count
  }

  /// z with Phi(z) = u, by Newton steps on the tail that u lies in.
  private func normalQuantile(_ u: Double) -> Double {
    let tail = min(u, 1 - u)
    var z = (-2 * log(tail)).squareRoot()
    z -=
      (2.515517 + 0.802853 * z + 0.010328 * z * z)
      / (1 + 1.432788 * z + 0.189269 * z * z + 0.001308 * z * z * z)
    for _ in 0..<8 {
      let probability = erfc(z / 2.0.squareRoot()) / 2
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      let step = (probability - tail) / density
      z += step
      if abs(step) < 1e-16 { break }
    }
    return u < 0.5 ? -z : z
  }

  // MARK: - Random numbers

  /// Draw `draw` of a toy, strictly between 0 and 1, from 52 bits.
  private func uniform(_ draw: Int, toy: Int, key: UInt64) -> Double {
    let words = Self.philox(
      counter: [UInt32(draw / 2), UInt32(toy), UInt32(truncatingIfNeeded: key), UInt32(key >> 32)],
      key: [UInt32(truncatingIfNeeded: batch.seed), UInt32(batch.seed >> 32)])
    let bits = UInt64(words[draw % 2 * 2]) << 32 | UInt64(words[draw % 2 * 2 + 1])
    return (Double(bits >> 12) + 0.5) * 0x1p-52
  }

  /// Philox4x32-10. Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011).
  static func philox(counter: [UInt32], key: [UInt32]) -> [UInt32] {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let a = UInt64(c[0]) * 0xD251_1F53
      let b = UInt64(c[2]) * 0xCD9E_8D57
      c = [
        UInt32(b >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: b),
        UInt32(a >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: a),
      ]
      k = [k[0] &+ 0x9E37_79B9, k[1] &+ 0xBB67_AE85]
    }
    return c
  }
}

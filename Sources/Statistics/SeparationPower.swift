import Foundation

/// How well toys of one model tell it from another, by T = chi2_min(A) - chi2_min(B) [UPS-51].
package struct SeparationPower: Codable, Hashable, Sendable {
  /// Of T under the model that is true: 5, 16, 50, 84 and 95 %.
  package var quantiles: [Double]
  package var mean: Double
  package var standardDeviation: Double
  /// Toys of the other model at least as far on this side as the median under the true one, their number, and all.
  package var beyond: Int
  package var toys: Int
  /// beyond / toys
  package var pValue: Double
  /// sqrt(p (1 - p)/toys) and, in quadrature, a quarter of the difference of p between the order statistics two standard deviations,
  /// sqrt(own toys) places, above and below the median.
  package var pValueError: Double
  /// Upper limit on the p-value at 90 % where no toy lies beyond: 1 - 0.1^(1/toys).
  package var pValueLimit: Double?
  /// Phi^-1(1 - p); nil where no toy or every toy lies beyond.
  package var significance: Double?
  /// Z of `pValueLimit`: at least this.
  package var significanceLimit: Double?

  enum CodingKeys: String, CodingKey {
    case quantiles, mean
    case standardDeviation = "standard_deviation"
    case beyond, toys
    case pValue = "p_value"
    case pValueError = "p_value_error"
    case pValueLimit = "p_value_limit"
    case significance
    case significanceLimit = "significance_limit"
  }

  package static let levels = [0.05, 0.16, 0.5, 0.84, 0.95]

  /// - Parameters:
  ///   - own: T of toys of the true model; not empty
  ///   - other: T of toys of the model that is to be excluded; not empty
  ///   - trueIsLow: T is low where the first model is true
  package init(own: [Double], other: [Double], trueIsLow: Bool) throws(StatisticsError) {
    try requireDomain(
      own.count > 1 && other.count > 1, "There are \(own.count) and \(other.count) toys", "at least 2 each")
    let sorted = own.sorted()
    quantiles = Self.levels.map { Self.quantile(sorted, $0) }
    let mean = own.reduce(0, +) / Double(own.count)
    self.mean = mean
    standardDeviation =
      (own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count - 1)).squareRoot()
    let median = quantiles[2]
    let count = { (threshold: Double) in other.count { trueIsLow ? $0 <= threshold : $0 >= threshold } }
    beyond = count(median)
    toys = other.count
    let p = Double(beyond) / Double(toys)
    pValue = p
    let half = min(1 / Double(own.count).squareRoot(), 0.5)
    let (low, high) = (count(Self.quantile(sorted, 0.5 - half)), count(Self.quantile(sorted, 0.5 + half)))
    let ofMedian = Double(high - low) / Double(4 * toys)
    pValueError = (p * (1 - p) / Double(toys) + ofMedian * ofMedian).squareRoot()
    significance = p > 0 && p < 1 ? try Self.significance(pValue: p) : nil
    if beyond == 0 {
      let limit = -expm1(log(0.1) / Double(toys))
      pValueLimit = limit
      significanceLimit = try Self.significance(pValue: limit)
    }
  }

  /// Linear between the ordered values, the lowest at 0 and the highest at 1.
  package static func quantile(_ sorted: [Double], _ level: Double) -> Double {
    let place = level * Double(sorted.count - 1)
    let index = min(Int(place), sorted.count - 1)
    let next = min(index + 1, sorted.count - 1)
    return sorted[index] + (place - Double(index)) * (sorted[next] - sorted[index])
  }

  /// One-sided Z with p = 1 - Phi(Z).
  package static func significance(pValue p: Double) throws(StatisticsError) -> Double {
    try requireDomain(p > 0 && p < 1, "The p-value is \(p)", "between 0 and 1")
    if p == 0.5 { return 0 }
    let z = try chiSquareQuantile(confidenceLevel: abs(1 - 2 * p), degreesOfFreedom: 1).squareRoot()
    return p < 0.5 ? z : -z
  }
}

/// Z from Asimov sets, where T is normal with mean -Delta under A and +Delta' under B and width twice the square root
/// of its mean (arXiv:1311.1822).
package struct AsimovSeparation: Codable, Hashable, Sendable {
  /// sqrt(Delta chi2) of the Asimov set of the true model.
  package var squareRoot: Double
  /// (Delta + Delta')/(2 sqrt(Delta')); nil for Delta' < 1, as for a model that the first one contains: T then is not normal.
  package var normal: Double?

  /// - Parameters:
  ///   - own: Delta chi2 on the Asimov set of the true model, >= 0
  ///   - other: on that of the model to be excluded, >= 0
  package init(own: Double, other: Double) {
    squareRoot = max(own, 0).squareRoot()
    normal = other >= 1 ? (own + other) / (2 * other.squareRoot()) : nil
  }
}

import Foundation

/// The 21-point Kronrod extension of the 10-point Gauss rule on [-1, 1] (Kronrod 1965). The figures are the roots of
/// the Stieltjes polynomial and the moment equations, solved with 60 digits.
enum GaussKronrod {
  /// Positive nodes in descending order, then 0; those with odd index belong to the Gauss rule.
  private static let nodes = [
    0.99565716302580808074, 0.97390652851717172008, 0.930157491355708226, 0.86506336668898451073,
    0.78081772658641689706, 0.67940956829902440623, 0.56275713466860468334, 0.4333953941292471908,
    0.29439286270146019813, 0.14887433898163121088, 0,
  ]
  private static let weights = [
    0.011694638867371874278, 0.032558162307964727479, 0.054755896574351996031, 0.075039674810919952767,
    0.093125454583697605535, 0.1093871588022976419, 0.12349197626206585108, 0.13470921731147332593,
    0.1427759385770600808, 0.14773910490133849137, 0.14944555400291690566,
  ]
  private static let gaussWeights = [
    0.066671344308688137594, 0.14945134915058059315, 0.219086362515982044, 0.26926671930999635509,
    0.29552422471475287017,
  ]

  /// Estimate over a...b; `magnitude` is the integral of |f|, which sets the rounding error.
  static func estimate(
    _ a: Double, _ b: Double, _ f: (Double) -> Double
  ) throws(IntegrationError) -> (value: Double, error: Double, magnitude: Double) {
    let (center, half) = (0.5 * (a + b), 0.5 * (b - a))
    let values = try samples(center, half, f)
    var (kronrod, gauss, magnitude) = (weights[10] * values.center, 0.0, weights[10] * abs(values.center))
    for i in 0..<10 {
      kronrod += weights[i] * (values.left[i] + values.right[i])
      magnitude += weights[i] * (abs(values.left[i]) + abs(values.right[i]))
      if i % 2 == 1 { gauss += gaussWeights[i / 2] * (values.left[i] + values.right[i]) }
    }
    var variation = weights[10] * abs(values.center - 0.5 * kronrod)
    for i in 0..<10 {
      variation += weights[i] * (abs(values.left[i] - 0.5 * kronrod) + abs(values.right[i] - 0.5 * kronrod))
    }
    let error = scaledError(abs(kronrod - gauss), variation: variation, magnitude: magnitude)
    return (half * kronrod, half * error, half * magnitude)
  }

  /// Values of f at the nodes; NaN and infinity are errors.
  private static func samples(
    _ center: Double, _ half: Double, _ f: (Double) -> Double
  ) throws(IntegrationError) -> (center: Double, left: [Double], right: [Double]) {
    var left = [Double](repeating: 0, count: 10)
    var right = left
    for i in 0..<10 {
      left[i] = try finite(f, center - half * nodes[i])
      right[i] = try finite(f, center + half * nodes[i])
    }
    return (try finite(f, center), left, right)
  }

  private static func finite(_ f: (Double) -> Double, _ x: Double) throws(IntegrationError) -> Double {
    let value = f(x)
    guard value.isFinite else { throw IntegrationError.notFinite(abscissa: x) }
    return value
  }

  /// The Kronrod result is far better than |K - G|: the error model of QUADPACK (Piessens et al. 1983, section 3.4.1),
  /// bounded below by the rounding error.
  private static func scaledError(_ difference: Double, variation: Double, magnitude: Double) -> Double {
    var error = difference
    if variation > 0 && difference > 0 {
      error = variation * min(1, pow(200 * difference / variation, 1.5))
    }
    return max(error, roundingFloor * magnitude)
  }

  /// Smallest relative error an interval can claim.
  static let roundingFloor = 10 * Double.ulpOfOne
}

import Foundation

/// erfcx(x) = exp(x^2) erfc(x), relative accuracy 1e-14 for every x; infinite below about -26.6, where it overflows.
///
/// The product up to x = 25, with the rounding of x^2 carried along; above it the asymptotic series
/// 1/(x sqrt(pi)) (1 - 1/(2x^2) + 1*3/(2x^2)^2 - ...) (Abramowitz and Stegun 7.1.23), whose sixth term is below 1e-16.
package func scaledComplementaryErrorFunction(_ x: Double) -> Double {
  if x < -27 { return .infinity }
  guard x > 25 else {
    let square = x * x
    let remainder = (-square).addingProduct(x, x)
    return exp(square) * (1 + remainder) * erfc(x)
  }
  let inverse = 0.5 / (x * x)
  var sum = 1.0
  for k in stride(from: 6, through: 1, by: -1) { sum = 1 - Double(2 * k - 1) * inverse * sum }
  return sum / (x * Double.pi.squareRoot())
}

/// Cumulative distribution of the standard normal at z, accurate in relative terms in the lower tail.
package func normalCDF(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

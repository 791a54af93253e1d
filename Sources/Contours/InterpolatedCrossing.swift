import Foundation

/// Returns the lowest coupling at which the statistic of one mass rises through the level; nil if it never does on
/// this axis (a row that starts above the level and never falls below it has its limit below the axis).
///
/// Between grid points sqrt(Delta chi2), which is nearly proportional to d^2, is a monotone cubic Hermite interpolant in
/// log d (three-point slopes, limited as in F. N. Fritsch and R. E. Carlson, SIAM J. Numer. Anal. 17 (1980) 238): the
/// error falls with the third power of the spacing, against the second for a contour's straight segments [UPS-14].
/// Negative values, which rounding leaves at a minimum, count as zero.
/// - Parameters:
///   - d: couplings, ascending
///   - statistic: Delta chi2 per coupling
///   - level: Delta chi2 of the limit, > 0
package func interpolatedCrossing(
  d: [Double], statistic: [Double], level: Double
) throws(ContourError) -> Double? {
  try requireLogarithmicAxis(d, "d")
  try requireFiniteRow(statistic, columns: d.count, row: "the row")
  guard level > 0, level.isFinite else {
    throw ContourError("The level of the limit is \(level); it must be finite and greater than 0.")
  }
  guard
    let upper = statistic.indices.dropFirst().first(where: {
      statistic[$0 - 1] < level && statistic[$0] >= level
    })
  else { return nil }
  if statistic[upper] == level { return d[upper] }
  let window = max(0, upper - 2)...min(d.count - 1, upper + 1)
  let x = window.map { log(d[$0]) }
  let y = window.map { max(0, statistic[$0]).squareRoot() }
  let i = upper - 1 - window.lowerBound
  let piece = HermitePiece(
    width: x[i + 1] - x[i], start: y[i], end: y[i + 1], startSlope: limitedSlope(x, y, at: i),
    endSlope: limitedSlope(x, y, at: i + 1))
  let fraction = piece.fraction(reaching: level.squareRoot())
  return fraction >= 1 ? d[upper] : exp(x[i] + fraction * (x[i + 1] - x[i]))
}

/// One interval of a cubic Hermite interpolant.
private struct HermitePiece {
  var width: Double
  var start: Double
  var end: Double
  var startSlope: Double
  var endSlope: Double

  func value(_ t: Double) -> Double {
    let s = 1 - t
    return s * s * ((1 + 2 * t) * start + t * width * startSlope)
      + t * t * ((1 + 2 * s) * end - s * width * endSlope)
  }

  /// Bisection to the last bit: the piece is monotone, so there is one root in (0, 1].
  func fraction(reaching target: Double) -> Double {
    var low = 0.0
    var high = 1.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if value(middle) < target { low = middle } else { high = middle }
    }
    return high
  }
}

/// Slope of the parabola through a point and its neighbours, limited so that the interpolant stays monotone: no more
/// than three times the smaller secant, zero at an extremum; at an end of the axis the one-sided parabola.
private func limitedSlope(_ x: [Double], _ y: [Double], at i: Int) -> Double {
  func secant(_ k: Int) -> Double { (y[k + 1] - y[k]) / (x[k + 1] - x[k]) }
  let last = x.count - 1
  if last == 1 { return secant(0) }
  if i == 0 || i == last {
    let (near, far) = i == 0 ? (0, 1) : (last - 1, last - 2)
    let (h, g) = (x[near + 1] - x[near], x[far + 1] - x[far])
    let slope = ((2 * h + g) * secant(near) - h * secant(far)) / (h + g)
    if slope * secant(near) <= 0 { return 0 }
    return abs(slope) > 3 * abs(secant(near)) ? 3 * secant(near) : slope
  }
  let (before, after) = (secant(i - 1), secant(i))
  if before * after <= 0 { return 0 }
  let (h, g) = (x[i] - x[i - 1], x[i + 1] - x[i])
  let slope = (g * before + h * after) / (h + g)
  let bound = 3 * min(abs(before), abs(after))
  return abs(slope) > bound ? (slope < 0 ? -bound : bound) : slope
}

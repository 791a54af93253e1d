/// What is wrong with the axes, the level or a row given to a contour: culprit, expectation and cure.
package struct ContourError: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}

/// Checks an axis of a contour plot: at least one value, finite, positive (the axes are logarithmic), ascending.
func requireLogarithmicAxis(_ values: [Double], _ name: String) throws(ContourError) {
  guard !values.isEmpty else {
    throw ContourError("The \(name) axis of the contour is empty; give at least one value.")
  }
  for (index, value) in values.enumerated() {
    guard value > 0, value.isFinite else {
      throw ContourError(
        "Value \(index + 1) of the \(name) axis is \(value); contours live on logarithmic axes, whose values must be "
          + "finite and greater than 0.")
    }
    guard index == 0 || value > values[index - 1] else {
      throw ContourError(
        "Value \(index + 1) of the \(name) axis, \(value), follows \(values[index - 1]); write the axis in ascending "
          + "order, each value once.")
    }
  }
}

/// Checks one row of statistic values: one per coupling, all finite (or NaN, where gaps are allowed).
func requireFiniteRow(
  _ statistic: [Double], columns: Int, row: String, allowsGaps: Bool = false
) throws(ContourError) {
  guard statistic.count == columns else {
    throw ContourError(
      "\(row) has \(statistic.count) values of the statistic; the coupling axis has \(columns).")
  }
  for (column, value) in statistic.enumerated() where !value.isFinite && !(allowsGaps && value.isNaN) {
    throw ContourError(
      "The statistic is \(value) in \(row), column \(column + 1); contours need finite values. Check the scan at this "
        + "point with the reference backend.")
  }
}

import Foundation
import ScanCore

/// What is wrong with a scan axis or another request, with the cure.
package struct RequestError: Error, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}

/// Axes on the command line: `5,10,20` (a list) or `0.1:50:200` (from : to : points, logarithmic; append `:lin` for
/// linear spacing).
package enum AxisSyntax {
  /// Most points one axis may have.
  package static let maximumPoints = 1 << 20

  /// - Parameters:
  ///   - name: the option, for messages ("--m4")
  ///   - zeroAllowed: a list may contain 0 (massless limit), and a linear range start there
  ///   - negativeAllowed: a list and a linear range may hold negative values
  package static func parse(
    _ text: String, name: String, unit: String, zeroAllowed: Bool = false, negativeAllowed: Bool = false
  ) throws(RequestError) -> Axis {
    text.contains(":")
      ? try parseRange(text, name: name, unit: unit, zeroAllowed, negativeAllowed)
      : try parseList(text, name: name, unit: unit, zeroAllowed, negativeAllowed)
  }

  /// A range of the usual size: masses in MeV, else couplings.
  private static func example(_ name: String) -> String {
    ["--d", "--profile", "--x", "--y"].contains(name) ? "1e-8:1e-4:200" : "0.1:50:200"
  }

  private static func parseList(
    _ text: String, name: String, unit: String, _ zeroAllowed: Bool, _ negativeAllowed: Bool
  ) throws(RequestError) -> Axis {
    var values: [Double] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let value = try number(part, of: text, name: name, unit: unit)
      if (value < 0 && !negativeAllowed) || (value == 0 && !zeroAllowed) {
        throw RequestError(
          "\(name) \(text): \(part) is \(value < 0 ? "negative" : "zero"); values must be greater than 0 \(unit). "
            + "Example: \(name) 5,10,20")
      }
      if let last = values.last, value <= last {
        throw RequestError(
          "\(name) \(text): \(part) follows \(last); values must ascend. Write them in ascending order, each once."
        )
      }
      values.append(value)
    }
    return Axis(values: values, unit: unit, spacing: .list)
  }

  private static func parseRange(
    _ text: String, name: String, unit: String, _ zeroAllowed: Bool, _ negativeAllowed: Bool
  ) throws(RequestError) -> Axis {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let linear = parts.last == "lin"
    if linear || parts.last == "log" { parts.removeLast() }
    let form = "the form is from:to:points or from:to:points:lin, for example \(name) \(example(name))"
    guard parts.count == 3 else { throw RequestError("\(name) \(text): \(form).") }
    let low = try number(parts[0], of: text, name: name, unit: unit)
    let high = try number(parts[1], of: text, name: name, unit: unit)
    guard let points = Int(parts[2]), points >= 2, points <= maximumPoints else {
      throw RequestError(
        "\(name) \(text): \(parts[2]) is not a number of points between 2 and \(maximumPoints); \(form).")
    }
    let reachesDown = negativeAllowed || (zeroAllowed && low == 0)
    guard low > 0 || (linear && reachesDown) else {
      if reachesDown {
        throw RequestError(
          "\(name) \(text): a logarithmic range cannot start at \(low) \(unit). Append :lin for even steps: \(name) "
            + "\(parts[0]):\(parts[1]):\(points):lin")
      }
      throw RequestError(
        "\(name) \(text): the range starts at \(low) \(unit), and axes are positive"
          + (linear ? "" : " (logarithmic)") + ". Start above 0.")
    }
    guard high > low else {
      throw RequestError(
        "\(name) \(text): the range runs from \(low) to \(high) \(unit), backwards or empty. Put the smaller value "
          + "first: \(name) \(parts[1]):\(parts[0]):\(points)")
    }
    return Axis(
      values: try spread(low, high, points, linear, text: text, name: name), unit: unit,
      spacing: linear ? .linear : .logarithmic)
  }

  /// `points` values from `low` to `high`, ends exact.
  private static func spread(
    _ low: Double, _ high: Double, _ points: Int, _ linear: Bool, text: String, name: String
  ) throws(RequestError) -> [Double] {
    let values = (0..<points).map { index -> Double in
      if index == 0 { return low }
      if index == points - 1 { return high }
      let fraction = Double(index) / Double(points - 1)
      return linear ? low + fraction * (high - low) : exp(log(low) + fraction * (log(high) - log(low)))
    }
    guard zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw RequestError(
        "\(name) \(text): \(points) points do not fit between \(low) and \(high) in double precision: neighbours "
          + "coincide. Ask for fewer points or a wider range.")
    }
    return values
  }

  private static func number(
    _ part: Substring, of text: String, name: String, unit: String
  ) throws(RequestError) -> Double {
    guard let value = Double(part.trimmingCharacters(in: .whitespaces)), value.isFinite else {
      throw RequestError(
        "\(name) \(text): \"\(part)\" is not a finite number (\(unit)). Example: \(name) \(example(name))")
    }
    return value
  }
}

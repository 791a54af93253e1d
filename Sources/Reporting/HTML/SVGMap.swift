import Contours
import Foundation

/// A number per point of a plane in colours.
enum SVGMap {
  /// One colour of a map and the values it stands for.
  struct Key: Equatable {
    var colour: String
    var text: String
  }

  // MARK: - Bands

  /// Where Delta chi2 changes colour: 0.1, 0.3, 1, ... up to the largest value, in whole decades where that would be many.
  static func levels(upTo largest: Double) -> [Double] {
    guard largest > 0.1, largest.isFinite else { return [] }
    let decades = Int(ceil(log10(largest) - 1e-9))
    let fine = decades <= 4
    let every = max(1, (decades + 8) / 9)
    let all = stride(from: -1, to: decades, by: fine ? 1 : every).flatMap { exponent in
      (fine ? [1.0, 3] : [1]).map { $0 * pow(10, Double(exponent)) }
    }
    return all.filter { $0 < largest }
  }

  /// Regions of equal colour between level sets of a sample of a grid, pale where the statistic is small.
  static func bands(
    _ sample: GridSample, m4: [Double], d: [Double], in frame: SVGFrame
  ) throws -> (markup: String, keys: [Key]) {
    let levels = levels(upTo: sample.values.max() ?? 0)
    let colour = { (index: Int) in
      ReportPalette.sequential(1 - Double(index) / Double(max(levels.count, 1)))
    }
    var markup = "<rect x=\"0\" y=\"0\" width=\"100%\" height=\"100%\" fill=\"\(colour(0))\"/>"
    for (index, level) in levels.enumerated() {
      var builder = try ContourBuilder(m4: m4, d: d, level: level, boundary: .closed)
      for row in m4.indices {
        try builder.add(row: row, statistic: d.indices.map { sample.value(row, $0) })
      }
      let path = try builder.finish().map(frame.line).joined()
      if !path.isEmpty {
        markup += "<path fill=\"\(colour(index + 1))\" fill-rule=\"evenodd\" d=\"\(path)\"/>"
      }
    }
    let texts = levels.isEmpty ? ["all"] : ["below \(shortNumber(levels[0]))"]
    let rest = levels.indices.map { index in
      let next = index + 1 < levels.count ? " to \(shortNumber(levels[index + 1]))" : " and above"
      return shortNumber(levels[index]) + next
    }
    return (markup, (texts + rest).enumerated().map { Key(colour: colour($0), text: $1) })
  }

  // MARK: - Cells

  /// How numbers become colours.
  enum Scale {
    /// Dark to pale over the range of the values.
    case sequential
    /// Pale at the middle, red below, blue above.
    case diverging(middle: Double)
  }

  static let unknown = "#9e9e9e"
  private static let steps = 24

  /// A rectangle per point; points without a number are grey.
  static func cells(
    _ sample: GridSample, m4: [Double], d: [Double], scale: Scale, in frame: SVGFrame
  ) -> (markup: String, keys: [Key]) {
    let known = sample.values.filter(\.isFinite)
    let (low, high) = range(known, scale)
    let classOf = { (value: Double) -> Int? in
      guard value.isFinite else { return nil }
      return high > low ? min(max(Int((value - low) / (high - low) * Double(steps)), 0), steps - 1) : 0
    }
    let (rows, columns) = (MapPlot.cells(m4), MapPlot.cells(d))
    var paths: [Int?: String] = [:]
    for (row, mass) in rows.enumerated() {
      let (x, width) = edges(mass, frame.x)
      var start = 0
      while start < d.count {
        let colour = classOf(sample.value(row, start))
        var end = start
        while end + 1 < d.count, classOf(sample.value(row, end + 1)) == colour { end += 1 }
        let (y, height) = edges(columns[start].lowerBound...columns[end].upperBound, frame.y)
        let number = SVGPath.number
        paths[colour, default: ""] +=
          "M\(number(x)) \(number(y))h\(number(width))v\(number(height))h\(number(-width))z"
        start = end + 1
      }
    }
    let colour = { (index: Int) -> String in
      let share = (Double(index) + 0.5) / Double(steps)
      if case .sequential = scale { return ReportPalette.sequential(share) }
      return ReportPalette.diverging(share)
    }
    let order: [Int?] = [nil] + (0..<steps).map { $0 }
    let markup = order.compactMap { index in
      paths[index].map { path -> String in
        let fill = index.map(colour) ?? unknown
        // a thin rim of the same colour closes the seams between neighbours
        return "<path fill=\"\(fill)\" stroke=\"\(fill)\" stroke-width=\"0.5\" d=\"\(path)\"/>"
      }
    }.joined()
    var keys = stride(from: 0, to: steps, by: 4).map { index in
      Key(
        colour: colour(index + 2),
        text: [index, index + 4].map { shortRange(low + (high - low) * Double($0) / Double(steps)) }
          .joined(separator: " to "))
    }
    if known.isEmpty {
      keys = []
    } else if high <= low {
      keys = [Key(colour: colour(0), text: shortNumber(low))]
    }
    if known.count < sample.values.count { keys.append(Key(colour: unknown, text: "nothing is stated")) }
    return (markup, keys)
  }

  private static func range(_ known: [Double], _ scale: Scale) -> (Double, Double) {
    let (low, high) = (known.min() ?? 0, known.max() ?? 0)
    guard case .diverging(let middle) = scale else { return (low, high) }
    let half = max(middle - low, high - middle, 1e-3)
    return (middle - half, middle + half)
  }

  private static func shortRange(_ value: Double) -> String { String(format: "%.3g", value) }

  private static func edges(_ cell: ClosedRange<Double>, _ axis: SVGAxis) -> (start: Double, width: Double) {
    let (a, b) = (axis.position(cell.lowerBound), axis.position(cell.upperBound))
    return (min(a, b), abs(b - a))
  }
}

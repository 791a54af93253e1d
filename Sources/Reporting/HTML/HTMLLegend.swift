/// What lines and colours mean, as a list beside a figure that wraps to any width.
enum HTMLLegend {
  struct Entry {
    /// SVG markup of a sample, 34 x 14.
    var sample: String
    var text: String
  }

  static func list(_ entries: [Entry]) -> String {
    if entries.isEmpty { return "" }
    let items = entries.map {
      "<li><svg class=\"sample\" viewBox=\"0 0 34 14\" aria-hidden=\"true\">\($0.sample)</svg>"
        + "<span>\(HTMLText.escaped($0.text))</span></li>"
    }
    return "<ul class=\"legend\">\n" + items.joined(separator: "\n") + "\n</ul>"
  }

  /// - Parameter classes: of the line
  static func line(_ classes: String, _ text: String, mark: String = "") -> Entry {
    Entry(sample: "<path class=\"\(classes)\" d=\"M1 7H33\"/>" + mark, text: text)
  }

  static func keys(_ keys: [SVGMap.Key]) -> String {
    list(
      keys.map {
        Entry(
          sample: "<rect class=\"key\" x=\"1\" y=\"1\" width=\"32\" height=\"12\" fill=\"\($0.colour)\"/>",
          text: $0.text)
      })
  }
}

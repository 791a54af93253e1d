/// Names in a column beside a plot.
enum SideText {
  /// Share of a picture's width that names may take.
  private static let widest = 0.42

  /// Size of the letters: that of tics, smaller for many lines in a height and for long names.
  static func size(_ texts: [String], lines height: Double, on canvas: PlotCanvas) -> Double {
    let usual = canvas.size(.tics)
    let room = Self.widest * canvas.width / max(width(texts, size: usual), 1)
    return min(usual, height / Double(max(texts.count, 1)), usual * room).rounded(.down)
  }

  /// Of the widest text.
  static func width(_ texts: [String], size: Double) -> Double {
    texts.map { TextWidth.of($0, size: size) }.max() ?? 0
  }
}

import Foundation

/// Commands of gnuplot for what every picture has.
extension PlotLayout {
  func screen(_ x: Double, _ y: Double) -> String { "screen \(across(x)),\(up(y))" }
  private func across(_ x: Double) -> String { String(format: "%.4f", x / canvas.width) }
  private func up(_ y: Double) -> String { String(format: "%.4f", y / height) }

  /// Header, terminal, output, title and caption; `gnuplot -e "out='x'"` overrides the output.
  func preamble(output: String) -> [String] {
    var lines = [
      "# gnuplot script, complete in itself: gnuplot thisfile",
      "if (!exists('out')) out = \(GnuplotText.quoted(output))",
      "set encoding utf8",
      "set terminal \(canvas.terminal(height: height))",
      "set output out",
      "set border linewidth 1.2 linecolor rgb '\(canvas.style == .light ? "#333333" : "#000000")'",
      "set tics textcolor rgb '\(canvas.style == .light ? "#222222" : "#000000")'",
      "set tics \(canvas.font(.tics)) out nomirror scale 0.9,0.45",
      // without the leading space of gnuplot's own, which moves numbers off their tics
      "set format '%h'",
    ]
    if !title.isEmpty {
      lines.append(
        "set label 900 \(GnuplotText.quoted(GnuplotText.pretty(title))) noenhanced at \(screen(26, height - 32)) left "
          + "\(canvas.font(.title)) textcolor rgb '#000000'")
    }
    let isPrint = canvas.style == .print
    for (index, text) in caption.enumerated() {
      let below = Double(caption.count - 1 - index)
      let place =
        isPrint
        ? screen(16, Self.margin + Self.captionStep * (below + 0.5))
        : screen(26, (caption.count == 1 ? 47 : 20) + Self.lightCaptionStep * below)
      lines.append(
        "set label \(901 + index) \(GnuplotText.enhanced(text)) at \(place) left "
          + "\(canvas.font(.caption)) textcolor rgb '#444444'")
    }
    return lines
  }

  /// Titles and captions off again, for the second panel of a picture.
  var unsetTexts: [String] {
    ((title.isEmpty ? 1 : 0)..<caption.count + 1).map { "unset label \(900 + $0)" }
  }

  /// The margins around an area, or around one of its panels.
  func margins(_ box: PlotBox? = nil) -> [String] {
    let box = box ?? area
    return [
      "set lmargin at screen \(across(box.left))", "set rmargin at screen \(across(box.right))",
      "set bmargin at screen \(up(box.bottom))", "set tmargin at screen \(up(box.top))",
    ]
  }

  /// Legend at the right of a light picture, below the axis of a printed one.
  var legend: String {
    let look = "left top vertical Left reverse \(canvas.font(.legend)) noenhanced"
    guard canvas.style == .print else {
      return "set key at \(screen(area.right + 13, area.top - 3)) \(look) samplen 3 spacing 1.35"
    }
    return
      "set key at \(screen(16, area.bottom - Self.axisRoom)) \(look) samplen 3.2 spacing 1.2 maxrows \(max(entries.count, 1))"
  }

  /// Name of the horizontal axis, placed by the picture and not by the terminal's character size.
  /// - Parameter bottom: of the panel; nil for the lowest
  func horizontalTitle(_ text: String, options: String = "", bottom: Double? = nil) -> String {
    let y = (bottom ?? area.bottom) - (canvas.style == .light ? 65 : 76)
    return "set label 950 \(text) \(options) at graph 0.5, screen \(up(y)) center \(canvas.font(.axis)) "
      + "textcolor rgb '#000000'"
  }

  /// Name of the vertical axis.
  /// - Parameter offset: further left, in letters
  func verticalTitle(_ text: String, options: String = "", offset: Double = 1.2) -> String {
    "set ylabel \(text) \(options) \(canvas.font(.axis)) offset \(canvas.style == .light ? -offset : 0.4),0"
  }

  /// Name of the vertical axis of a panel, clear of tics that are no wider than a number.
  func verticalTitle(_ text: String, options: String = "", beside panel: PlotBox, clearOf number: String)
    -> String
  {
    let room = Self.verticalTitleRoom(number, canvas)
    return
      "set label 951 \(text) \(options) at \(screen(panel.left - room, panel.centre.y)) center rotate by 90 "
      + "\(canvas.font(.axis)) textcolor rgb '#000000'"
  }

  /// From the axis to the middle of its name.
  private static func verticalTitleRoom(_ number: String, _ canvas: PlotCanvas) -> Double {
    TextWidth.of(number, size: canvas.size(.tics)) + 0.75 * canvas.size(.axis)
      + (canvas.style == .light ? 22 : 34)
  }

  /// Left of an axis with tics as wide as a number, and its name.
  static func leftRoom(for number: String, _ canvas: PlotCanvas) -> Double {
    verticalTitleRoom(number, canvas) + 0.75 * canvas.size(.axis)
  }

  func grid(_ axes: String = "xtics ytics") -> String {
    canvas.style == .light
      ? "set grid \(axes) linecolor rgb '#E4E4E4' linewidth 0.8 linetype 1" : "unset grid"
  }
}

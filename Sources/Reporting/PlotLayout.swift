import Foundation

/// Where title, axes, legend and caption of a picture are, in the units of its canvas from the lower left corner.
struct PlotLayout {
  let canvas: PlotCanvas
  let height: Double
  /// Of the plotted area: all panels with what lies between them.
  let area: PlotBox
  /// Legend entries as they are written.
  let entries: [String]
  private let title: String
  private let caption: [String]

  /// - Parameters:
  ///   - rows: panels above each other that the printed picture makes room for
  ///   - hasScale: room for a colour scale at the right, where no legend is
  ///   - isSquare: as wide as high, with numbers only below it
  ///   - leftMargin: in units; nil for that of numbers
  ///   - rightMargin: in units; nil for that of a legend or a scale
  init(
    _ canvas: PlotCanvas, title: String, caption: [String], entries: [String], rows: Int = 1,
    hasScale: Bool = false, isSquare: Bool = false, leftMargin: Double? = nil, rightMargin: Double? = nil
  ) {
    var canvas = canvas
    if isSquare, let leftMargin {
      let square = leftMargin + Self.lightTop - Self.lightBottom + Self.lightScale
      canvas.screenWidth = max(square, TextWidth.of(title, size: canvas.size(.title)) + 60, 700)
    }
    self.canvas = canvas
    let isPrint = canvas.style == .print
    self.entries = entries.map { Self.shortened($0, canvas) }
    // a journal sets titles into captions; here the title begins the caption, so that the picture says what it shows
    self.title = isPrint ? "" : title
    let text = isPrint && !title.isEmpty ? [title + "."] + caption : caption
    self.caption = text.flatMap { Self.wrapped($0, canvas) }
    let lines = Double(self.caption.count)
    if isPrint {
      let legend = Double(entries.count) * Self.legendStep(canvas)
      let bottom = Self.margin + lines * Self.captionStep + legend + (entries.isEmpty ? 0 : 14)
        + (isSquare ? Self.ticsRoom : Self.axisRoom)
      let left = leftMargin ?? Self.printLeft
      let right = canvas.width - (rightMargin ?? (hasScale ? 175 : 26))
      let span =
        isSquare ? right - left : Double(rows) * Self.rowHeight + Double(rows - 1) * Self.rowGap
      height = (bottom + span + 24).rounded()
      area = PlotBox(left: left, bottom: bottom, right: right, top: bottom + span)
    } else {
      let extra = max(lines - 2, 0) * Self.lightCaptionStep
      height = 720 + extra
      let left = leftMargin ?? 134
      let right =
        isSquare
        ? left + Self.lightTop - Self.lightBottom
        : canvas.width - (rightMargin ?? (hasScale ? Self.lightScale : Self.legendWidth(self.entries)))
      area = PlotBox(
        left: left, bottom: Self.lightBottom + extra, right: right, top: Self.lightTop + extra)
    }
  }

  // MARK: - Sizes

  private static let margin = 12.0
  private static let printLeft = 152.0
  private static let rowHeight = 560.0
  /// Between printed panels: tics, a title, air.
  static let rowGap = 130.0
  /// Below a printed plot: tics and title.
  private static let axisRoom = 104.0
  private static let ticsRoom = 64.0
  /// Of the axes in light pictures with no more than two lines of caption, and what a scale takes beside them.
  private static let lightBottom = 148.0
  private static let lightTop = 655.0
  private static let lightScale = 230.0
  private static let captionStep = 27.0
  private static let lightCaptionStep = 27.0
  private static func legendStep(_ canvas: PlotCanvas) -> Double { 1.5 * canvas.size(.legend) }

  /// Widths in light pictures; letters of the legend are as wide as they may be.
  private static let characterWidth = 8.06
  private static let sampleWidth = 90.0
  private static let widestLegend = 512.0

  private static func legendWidth(_ entries: [String]) -> Double {
    let longest = Double(entries.map(\.count).max() ?? 0)
    return min(max(sampleWidth + characterWidth * longest, 256), widestLegend)
  }

  /// An entry cut to the widest legend, with an ellipsis.
  static func shortened(_ entry: String, _ canvas: PlotCanvas) -> String {
    let room: Int =
      canvas.style == .light
      ? Int((widestLegend - sampleWidth) / characterWidth)
      : Int((canvas.width - 140) / (0.6 * canvas.size(.legend)))
    return GnuplotText.cut(entry, to: room)
  }

  func shortened(_ entry: String) -> String { Self.shortened(entry, canvas) }

  /// Lines no wider than the picture, broken between words.
  private static func wrapped(_ text: String, _ canvas: PlotCanvas) -> [String] {
    let room = canvas.width - 40
    let size = canvas.size(.caption)
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      let longer = line.isEmpty ? String(word) : line + " " + word
      if !line.isEmpty, TextWidth.of(longer, size: size) > room {
        lines.append(line)
        line = String(word)
      } else {
        line = longer
      }
    }
    return lines + [line]
  }

  // MARK: - Script

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
    return "set key at \(screen(16, area.bottom - Self.axisRoom)) \(look) samplen 3.2 spacing 1.2 maxrows \(max(entries.count, 1))"
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
  func verticalTitle(_ text: String, options: String = "", beside panel: PlotBox, clearOf number: String) -> String {
    let room = TextWidth.of(number, size: canvas.size(.tics)) + 0.75 * canvas.size(.axis) + (canvas.style == .light ? 14 : 34)
    return "set label 951 \(text) \(options) at \(screen(panel.left - room, panel.centre.y)) center rotate by 90 "
      + "\(canvas.font(.axis)) textcolor rgb '#000000'"
  }

  func grid(_ axes: String = "xtics ytics") -> String {
    canvas.style == .light ? "set grid \(axes) linecolor rgb '#E4E4E4' linewidth 0.8 linetype 1" : "unset grid"
  }
}

import Foundation

/// Where title, axes, legend and caption of a picture are, in the units of its canvas from the lower left corner.
struct PlotLayout {
  let canvas: PlotCanvas
  let height: Double
  /// Of the plotted area: all panels with what lies between them.
  let area: PlotBox
  /// Legend entries as they are written.
  let entries: [String]
  let title: String
  let caption: [String]

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
      let bottom =
        Self.margin + lines * Self.captionStep + legend + (entries.isEmpty ? 0 : 14)
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
        : canvas.width
          - (rightMargin ?? (hasScale ? Self.lightScale : Self.legendWidth(self.entries, canvas)))
      area = PlotBox(
        left: left, bottom: Self.lightBottom + extra, right: right, top: Self.lightTop + extra)
    }
  }

  // MARK: - Sizes

  static let margin = 12.0
  private static let printLeft = 152.0
  private static let rowHeight = 560.0
  /// Between printed panels: tics, a title, air.
  static let rowGap = 130.0
  /// Below a printed plot: tics and title.
  static let axisRoom = 104.0
  private static let ticsRoom = 64.0
  /// Of the axes in light pictures with no more than two lines of caption, and what a scale takes beside them.
  private static let lightBottom = 148.0
  private static let lightTop = 655.0
  private static let lightScale = 230.0
  static let captionStep = 27.0
  static let lightCaptionStep = 27.0
  private static func legendStep(_ canvas: PlotCanvas) -> Double { 1.5 * canvas.size(.legend) }

  /// Widths in light pictures.
  private static let sampleWidth = 100.0
  private static let widestLegend = 512.0

  private static func legendWidth(_ entries: [String], _ canvas: PlotCanvas) -> Double {
    let longest = entries.map { TextWidth.of($0, size: canvas.size(.legend)) }.max() ?? 0
    return min(max(sampleWidth + longest, 256), widestLegend)
  }

  /// An entry cut to the widest legend, with an ellipsis.
  static func shortened(_ entry: String, _ canvas: PlotCanvas) -> String {
    let room = canvas.style == .light ? widestLegend - sampleWidth : canvas.width - 140
    let fits = { TextWidth.of($0, size: canvas.size(.legend)) <= room }
    if fits(entry) { return entry }
    let length = (0..<entry.count).last { fits(GnuplotText.cut(entry, to: $0 + 1)) } ?? 0
    return GnuplotText.cut(entry, to: length + 1)
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
}

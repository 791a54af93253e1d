import Foundation

/// File formats of a plot, chosen by the extension of its name.
package enum PlotFormat: String, CaseIterable, Sendable {
  case svg, png, pdf

  package init(path: String) throws(ReportError) {
    let suffix = (path as NSString).pathExtension.lowercased()
    guard let format = Self(rawValue: suffix) else {
      throw ReportError(
        .badContent,
        "\(path): \(suffix.isEmpty ? "no extension" : "the extension .\(suffix)") does not name a plot format. End the "
          + "name in .svg, .png or .pdf.")
    }
    self = format
  }

  /// gnuplot terminal for a wide slide; sizes chosen so that all three look alike.
  var terminal: String {
    switch self {
    case .svg: "svg size 1280,720 dynamic enhanced font 'sans-serif,13' background '#ffffff' linewidth 1.1"
    case .png: "pngcairo size 1600,900 enhanced font 'sans,16' background '#ffffff' linewidth 1.4"
    case .pdf:
      "pdfcairo size 13.333in,7.5in enhanced fontscale 0.6 font 'sans,22' background '#ffffff' linewidth 1.7"
    }
  }
}

/// Colours that remain distinct for colour-blind readers (M. Okabe and K. Ito, Color Universal Design, 2002).
enum PlotColour {
  /// Our results, in order; more than these repeat the colours with `PlotMarks`.
  static let results = [
    "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5C00", "#222222",
  ]
  /// Curves of others, in order; more than these repeat the colours with `PlotMarks`.
  static let overlays = ["#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#7A5C00", "#666666", "#8B1A1A"]
  /// Stacked histograms: backgrounds from the bottom, then Standard Model, then signal.
  static let backgrounds = ["#BBBBBB", "#8C8C8C", "#DDCC77", "#5E5E5E"]
  static let standardModel = "#56B4E9"
  static let signal = "#D55E00"
  /// The lowest of many curves, broad and pale.
  static let envelope = "#CFCFCF"
}

/// Marks along a curve whose colour was used before; dashes are left to what they mean.
enum PlotMarks {
  private static let filledShapes = [7, 5, 9, 13, 11]  // circle, square, triangles, diamond
  private static let openShapes = [6, 4, 8, 12, 10]
  private static let marksPerCurve = 10

  /// How gnuplot shall draw a curve of `points` points when the colours are used for the `round`-th time, from 0.
  static func filled(round: Int, points: Int, size: Double) -> String {
    style(filledShapes, round: round, points: points, size: size)
  }

  static func open(round: Int, points: Int, size: Double) -> String {
    style(openShapes, round: round, points: points, size: size)
  }

  private static func style(_ shapes: [Int], round: Int, points: Int, size: Double) -> String {
    guard round > 0 else { return "with lines" }
    let interval = max(1, points / marksPerCurve)
    return
      "with linespoints pointtype \(shapes[(round - 1) % shapes.count]) pointinterval \(interval) pointsize \(size)"
  }
}

/// Text and numbers in the syntax of gnuplot.
enum GnuplotText {
  /// A single-quoted string; quotes are doubled and control characters become spaces.
  static func quoted(_ text: String) -> String {
    "'" + text.onOneLine.replacingOccurrences(of: "'", with: "''") + "'"
  }

  /// A single-quoted string for enhanced text: every mark-up character stands for itself, except that the Lorentz
  /// indices of a Lagrangian are raised and lowered.
  static func enhanced(_ text: String) -> String {
    let escaped = text.reduce(into: "") { result, character in
      if "\\^_{}@&~".contains(character) { result.append("\\") }
      result.append(character)
    }
    let raised = escaped.replacingOccurrences(of: "\\^μν", with: "^{μν}")
    return quoted(raised.replacingOccurrences(of: "\\_μν", with: "_{μν}"))
  }

  /// A named data block.
  static func block(_ name: String, _ rows: [[Double]]) -> [String] {
    ["$\(name) << EOD"] + rows.map { $0.map { "\($0)" }.joined(separator: " ") } + ["EOD"]
  }

  /// Header, terminal and output; `gnuplot -e "out='x'"` overrides the output.
  static func preamble(format: PlotFormat, output: String) -> [String] {
    [
      "# gnuplot script, complete in itself: gnuplot thisfile",
      "if (!exists('out')) out = \(quoted(output))",
      "set encoding utf8",
      "set terminal \(format.terminal)",
      "set output out",
      "set border linewidth 1.2 linecolor rgb '#333333'",
      "set tics textcolor rgb '#222222'",
    ]
  }

  /// Name of the horizontal axis, placed by the picture and not by the terminal's character size.
  static func horizontalTitle(_ text: String, options: String = "") -> String {
    "set label 950 \(text) \(options) at graph 0.5, screen 0.115 center font ',19' textcolor rgb '#000000'"
  }

  /// Title above and caption lines below the plot.
  static func frame(title: String, caption: [String], bottomMargin: Double = 0.21) -> [String] {
    var lines = [
      "set label 900 \(quoted(title)) noenhanced at screen 0.02,0.955 left font ',20' textcolor rgb '#000000'",
      "set tmargin at screen 0.91",
      "set bmargin at screen \(bottomMargin)",
    ]
    // a third line fits below the axis title if all are closer
    let (first, step) = caption.count > 2 ? (0.083, 0.033) : (0.065, 0.038)
    for (index, text) in caption.enumerated() {
      let y = first - step * Double(index)
      lines.append(
        "set label \(901 + index) \(enhanced(text)) at screen 0.02,\(String(format: "%.3f", y)) left "
          + "font ',12' textcolor rgb '#444444'")
    }
    return lines
  }
}

/// A legend outside the axes, as wide as its longest entry needs and no wider than two fifths of the picture.
struct PlotLegend {
  private static let characterWidth = 0.0063
  private static let sampleWidth = 0.062
  private static let widest = 0.40
  let entries: [String]

  /// Fraction of the picture's width left of the legend.
  var left: Double {
    let longest = Double(entries.map(\.count).max() ?? 0)
    return 1 - min(max(Self.sampleWidth + Self.characterWidth * longest, 0.2), Self.widest)
  }

  /// An entry cut to the widest legend, with an ellipsis.
  static func shortened(_ entry: String) -> String {
    let room = Int((widest - sampleWidth) / characterWidth)
    return entry.count <= room ? entry : entry.prefix(room - 1) + "…"
  }

  var command: String {
    "set key at screen \(String(format: "%.4f", left + 0.01)),0.905 left top vertical Left reverse samplen 2 "
      + "spacing 1.35 font ',13' noenhanced"
  }
}

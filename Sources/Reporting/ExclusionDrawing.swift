import Contours
import Foundation

/// What an exclusion plot draws on a canvas: shading, published curves with marks on their excluded side, our lines, names beside both.
struct ExclusionDrawing {
  let plot: ExclusionPlot
  let canvas: PlotCanvas
  let layout: PlotLayout
  /// Published curves with a point in the window.
  let shown: [OverlayCurve]
  let labels: [LabelPlacement.Label]
  let marks: [[(PlotPoint, PlotPoint)]]

  init(_ plot: ExclusionPlot, on canvas: PlotCanvas) {
    self.plot = plot
    self.canvas = canvas
    let shown = plot.overlays.filter(plot.isVisible)
    self.shown = shown
    // a printed picture names published curves beside them and in its caption; the legend takes those that find no place
    var listed = canvas.style == .light ? shown : shown.filter { $0.name == nil }
    var (layout, marks, labels) = Self.arrange(plot, canvas, shown, listed: listed)
    if canvas.style == .print {
      let named = Set(labels.map(\.curve))
      let nameless = shown.indices.filter {
        shown[$0].name != nil && !named.contains(plot.series.count + $0)
      }
      if !nameless.isEmpty {
        listed += nameless.map { shown[$0] }
        (layout, marks, labels) = Self.arrange(plot, canvas, shown, listed: listed)
      }
    }
    self.layout = layout
    self.marks = marks
    self.labels = labels
    self.listed = Set(listed)
    looks = Self.looks(shown, listed: self.listed, canvas)
  }

  /// Published curves in the legend.
  let listed: Set<OverlayCurve>
  /// Of every published curve: its own, unless another one with the same is drawn; the legend chooses first.
  let looks: [Int]

  private static func looks(
    _ shown: [OverlayCurve], listed: Set<OverlayCurve>, _ canvas: PlotCanvas
  ) -> [Int] {
    let all = 0..<canvas.overlayLooks
    var looks = shown.enumerated().map { ($1.look ?? $0) % all.count }
    var taken: Set<Int> = []
    for isListed in [true, false] {
      for index in shown.indices where listed.contains(shown[index]) == isListed {
        if taken.contains(looks[index]) {
          looks[index] = all.first { !taken.contains($0) } ?? looks[index]
        }
        taken.insert(looks[index])
      }
    }
    return looks
  }

  /// - Parameter listed: published curves in the legend
  private static func arrange(
    _ plot: ExclusionPlot, _ canvas: PlotCanvas, _ shown: [OverlayCurve], listed: [OverlayCurve]
  ) -> (PlotLayout, [[(PlotPoint, PlotPoint)]], [LabelPlacement.Label]) {
    let named = shown.filter { $0.name != nil }
    let isShaded = plot.series.contains { !$0.isSensitivity && !$0.regions.isEmpty }
    var sources = isShaded ? "Shaded: excluded." : ""
    if shown.contains(where: { $0.excluded != nil }) {
      sources += "  Short marks: excluded side of published curves."
    }
    let unlisted = named.filter { !listed.contains($0) }
    if canvas.style == .print, !unlisted.isEmpty {
      sources += "  Published: \(unlisted.map(title).joined(separator: "; "))."
    }
    let layout = PlotLayout(
      canvas, title: plot.title,
      caption: plot.caption + (sources.isEmpty ? [] : [sources.trimmingCharacters(in: .whitespaces)]),
      entries: plot.series.map(title) + listed.map(title))
    let frame = layout.area
    let place = { (points: [ContourPoint]) in points.map { plot.axes.place($0, in: frame) } }
    let small = canvas.style == .light ? 6.0 : 9
    let marks = shown.map { curve in
      curve.excluded.map {
        ExcludedSide(side: $0, line: place(curve.polyline), frame: frame, length: small, spacing: 4 * small)
          .marks
      } ?? []
    }
    let ours = plot.series.map { series in series.contours.map { place($0.polyline) } }
    let theirs = shown.map { [place($0.polyline)] }
    let labels = LabelPlacement(
      frame: frame,
      curves: ours + zip(theirs, marks).map { line, marks in line + marks.map { [$0.0, $0.1] } },
      spines: ours + theirs, size: canvas.size(.label)
    ).place(requests(plot, shown))
    return (layout, marks, labels)
  }

  /// Ours first: they have the first choice among equals.
  private static func requests(_ plot: ExclusionPlot, _ shown: [OverlayCurve]) -> [LabelPlacement.Request] {
    let names = plot.series.map { $0.name.map(cut) ?? short($0.label) }
    let ours = plot.series.indices.filter { !plot.series[$0].contours.isEmpty }.map { index in
      let isUnique = names.count { $0 == names[index] } == 1
      return LabelPlacement.Request(
        curve: index, text: isUnique ? names[index] : cut(plot.series[index].label))
    }
    return ours
      + shown.indices.compactMap { index in
        shown[index].name.map { LabelPlacement.Request(curve: plot.series.count + index, text: $0) }
      }
  }

  /// "COHERENT CsI[Na] 2021" of "COHERENT CsI[Na] 2021, 90 % C.L."
  private static func short(_ label: String) -> String {
    cut(label.firstRange(of: ", ").map { String(label[..<$0.lowerBound]) } ?? label)
  }

  private static let longest = 36
  private static func cut(_ text: String) -> String { GnuplotText.cut(text, to: longest) }

  // MARK: - Titles

  /// Legend entry, listed even when nothing is excluded.
  static func title(_ series: ExclusionPlot.Series) -> String {
    series.contours.isEmpty ? "\(series.label): no contour on this grid" : series.label
  }

  static func title(_ overlay: OverlayCurve) -> String {
    overlay.reference.isEmpty ? overlay.label : "\(overlay.label) [\(overlay.reference)]"
  }
}

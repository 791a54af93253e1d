import Contours
import Foundation

/// What a report says of a fit: map with its regions, best fit, intervals, pulls.
struct FitSection {
  let fit: FitContents
  let id: String
  let number: Int

  private static let mostPerAxis = 200
  private var contents: ArrayContents { fit.contents }
  private var best: FitContents.BestFit { fit.fit.best_fit }

  var title: String { "\(contents.experiments): fit" }

  /// HTML
  var statement: String {
    let unit = UnitText.html(contents.provenance.coupling.unit)
    let point =
      best.m4.map {
        "\(contents.mass.html) = \(shortNumber($0)) MeV, \(contents.coupling.html) = \(HTMLNumber.scientific(best.d)) \(unit)"
      } ?? "no signal fits better than none"
    let regions = fit.fit.regions.map { region in
      let opening = region.closes ? "" : region.opening.map { " (\(HTMLText.escaped($0)))" } ?? ""
      return
        "\(shortNumber(100 * region.confidence_level)) % \(region.closes ? "closes" : "does not close")\(opening)"
    }
    return "<strong>\(HTMLText.escaped(contents.experiments))</strong>: fit of mass and coupling, flavour "
      + "\(HTMLText.escaped(contents.provenance.flavour)), to: \(HTMLText.escaped(contents.provenance.data)). Best fit: \(point); "
      + "χ² = \(shortNumber(best.statistic)) for \(best.bins) bins, Δχ² = \(shortNumber(best.delta_without_signal)) without a "
      + "signal. Regions of the profile likelihood (2 dof): \(regions.joined(separator: ", ")). The coupling is that of "
      + LagrangianText.html(contents.provenance.coupling.lagrangian)
  }

  var hover: HoverData {
    let sample = contents.sample("delta", most: Self.mostPerAxis)
    return HoverData(
      label: title, massName: contents.mass.plain, couplingName: contents.coupling.plain,
      couplingUnit: contents.provenance.coupling.unit, m4: sample.rows.map { contents.m4[$0] },
      d: sample.columns.map { contents.d[$0] }, limit: nil,
      quantities: [HoverData.Quantity(name: "Δχ²", sample: sample)])
  }

  func html() throws -> String {
    let own = [("file", fit.name), ("grid", "\(contents.m4.count) masses x \(contents.d.count) couplings")]
    return """
      <section id="\(id)">
      <h2>\(HTMLText.escaped(title))</h2>
      \(try map())
      <h3>Intervals</h3>
      \(intervals)
      <h3>Pulls at the best fit</h3>
      \(pulls)
      <h3>Notes of the run</h3>
      \(HTMLReadout.list(fit.fit.notes, none: "The run left no notes."))
      <h3>Provenance</h3>
      \(HTMLTable.entries(own + contents.provenance.entries, caption: "Names as in the attributes of the file."))
      </section>
      """
  }

  // MARK: - Map

  private func map() throws -> String {
    let levels = fit.fit.regions.compactMap(\.delta_chi2)
    guard contents.m4.count > 1, contents.d.count > 1 else {
      return "<p>A map needs more than one mass and more than one coupling.</p>"
    }
    let outlines = try levels.map(contours)
    let corners = outlines.flatMap { $0.flatMap(\.points) }
    let frame = SVGFrame(
      m4: Self.window(around: corners.map(\.m4), within: contents.m4),
      d: Self.window(around: corners.map(\.d), within: contents.d), coupling: contents.provenance.coupling,
      flavour: contents.provenance.flavour, massSymbol: contents.provenance.massSymbol)
    let sample = contents.sample("delta", most: Self.mostPerAxis)
    let (bands, keys) = try SVGMap.bands(
      sample, m4: sample.rows.map { contents.m4[$0] }, d: sample.columns.map { contents.d[$0] }, in: frame)
    let paths = outlines.flatMap { $0.map(frame.line) }.joined()
    let picture = frame.svg(
      id: "\(id)-map", label: "Map of Δχ² with the regions of \(title)", under: bands,
      over: "<path class=\"casing\" d=\"\(paths)\"/><path class=\"level\" d=\"\(paths)\"/>\(marks(frame))",
      hover: ([number], "\(id)-map-readout"))
    let names = fit.fit.regions.map { "\(shortNumber(100 * $0.confidence_level)) %" }.joined(separator: ", ")
    let legend = [
      HTMLLegend.Entry(
        sample: "<path class=\"casing\" d=\"M1 7H33\"/><path class=\"level\" d=\"M1 7H33\"/>",
        text: "regions at \(names), from the inside"),
      HTMLLegend.Entry(sample: "<circle class=\"best\" cx=\"17\" cy=\"7\" r=\"5\"/>", text: "best fit"),
    ]
    let truth =
      fit.fit.truth == nil
      ? []
      : [HTMLLegend.Entry(sample: "<path class=\"best\" d=\"M12 2h10v10h-10z\"/>", text: "injected signal")]
    return """
      <figure>
      \(picture)
      \(HTMLReadout.element("\(id)-map"))
      \(HTMLLegend.list(legend + truth))
      \(HTMLLegend.keys(keys))
      <figcaption>Δχ²: χ² minimised over the pulls, minus its minimum in the plane; outlines are linear between grid points. The window is that of the \
      regions, the grid has \(contents.m4.count) x \(contents.d.count) points.</figcaption>
      </figure>
      """
  }

  /// As wide as the outlines and once more on either side, in the logarithm, at most the axis; the axis if there are none.
  static func window(around values: [Double], within axis: [Double]) -> ClosedRange<Double> {
    let (first, last) = (axis.first ?? 1, axis.last ?? 10)
    guard let low = values.min(), let high = values.max(), low < high else { return first...last }
    return max(first, low * low / high)...min(last, high * high / low)
  }

  private func contours(level: Double) throws -> [Contour] {
    var builder = try ContourBuilder(m4: contents.m4, d: contents.d, level: level)
    let (delta, columns) = (contents.grids["delta"] ?? [], contents.d.count)
    for row in contents.m4.indices {
      try builder.add(row: row, statistic: Array(delta[row * columns..<(row + 1) * columns]))
    }
    return try builder.finish()
  }

  private func marks(_ frame: SVGFrame) -> String {
    let number = SVGPath.number
    let truth = fit.fit.truth.map { truth in
      let (x, y) = (frame.x.position(truth.m4), frame.y.position(truth.d))
      return "<path class=\"best\" d=\"M\(number(x - 6)) \(number(y - 6))h12v12h-12z\"/>"
    }
    let fitted = best.m4.map {
      "<circle class=\"best\" cx=\"\(number(frame.x.position($0)))\" cy=\"\(number(frame.y.position(best.d)))\" r=\"5\"/>"
    }
    return [truth, fitted].compactMap(\.self).joined()
  }

  // MARK: - Tables

  private var intervals: String {
    let words = { (intervals: [FitContents.Interval]) in
      intervals.isEmpty
        ? "none"
        : intervals.map {
          "\($0.open_below ? "axis" : shortNumber($0.low)) to \($0.open_above ? "axis" : shortNumber($0.high))"
        }.joined(separator: ", ")
    }
    let unit = HTMLText.escaped(contents.provenance.coupling.unit)
    return HTMLTable(
      caption: "Intervals of one parameter at a time (1 dof); “axis”: open, the axis ends there.",
      columns: ["C.L.", "\(contents.mass.html) [MeV]", "\(contents.coupling.html) [\(unit)]"].map {
        HTMLTable.Column(head: $0)
      },
      rows: fit.fit.regions.map {
        ["\(shortNumber(100 * $0.confidence_level)) %", words($0.m4), words($0.d)]
      }
    ).html
  }

  private var pulls: String {
    if best.pulls.isEmpty { return "<p>This fit has no pulls.</p>" }
    return HTMLTable(
      caption: "Relative change, or widths for shapes; the width is that of the constraint.",
      columns: [HTMLTable.Column(head: "pull", isNumber: false)]
        + ["best fit", "error", "width"].map { HTMLTable.Column(head: $0) },
      rows: best.pulls.map {
        [
          HTMLText.escaped($0.name), shortNumber($0.value), $0.error.map(shortNumber) ?? "none",
          shortNumber($0.width),
        ]
      }
    ).html
  }
}

import Foundation

/// What a report says of one scan: statement, map, limits with pulls, provenance, notes.
struct ScanSection {
  let scan: ScanDigest
  /// Of the element; the pictures are called after it.
  let id: String
  /// Of the scan among the results that the pointer reads.
  let number: Int
  /// What the overlay calls it.
  let label: String
  /// False where the statement stands at the head of the page.
  var showsStatement: Bool

  func html() throws -> String {
    var parts = ["<h2>\(HTMLText.escaped(label))</h2>"]
    if showsStatement { parts.append(ScanStatement(scan: scan).html) }
    parts += ["<h3>Δχ² over the plane</h3>", try map()]
    parts += ["<h3>Limit per mass\(scan.pulls.isEmpty ? "" : ", and the best pulls there")</h3>"]
    parts += pullFigures
    parts.append(limits.html)
    parts += ["<h3>Notes of the run</h3>", notes]
    parts += [
      "<h3>Provenance</h3>",
      HTMLTable.entries(
        [
          ("file", scan.name),
          ("grid", "\(scan.contents.m4.count) masses x \(scan.contents.d.count) couplings"),
        ]
          + scan.provenance.entries,
        caption: "Equal entries, equal numbers. Names as in the attributes of the file."),
    ]
    return "<section id=\"\(id)\">\n\(parts.joined(separator: "\n"))\n</section>"
  }

  // MARK: - Map

  private func map() throws -> String {
    let m4 = scan.delta.rows.map { scan.contents.m4[$0] }
    let d = scan.delta.columns.map { scan.contents.d[$0] }
    guard let low = m4.first, let high = m4.last, let least = d.first, let greatest = d.last, low < high,
      least < greatest
    else { return "<p>A map needs more than one mass and more than one coupling.</p>" }
    let frame = SVGFrame(
      m4: low...high, d: least...greatest, coupling: scan.provenance.coupling,
      flavour: scan.provenance.flavour,
      massSymbol: scan.provenance.massSymbol)
    let (bands, keys) = try SVGMap.bands(scan.delta, m4: m4, d: d, in: frame)
    let level = scan.contents.contours.map(frame.line).joined()
    let dashed = scan.provenance.kind == "sensitivity" ? " dashed" : ""
    let picture = frame.svg(
      id: "\(id)-map", label: "Map of Δχ² over masses and couplings of \(label)", under: bands,
      over: "<path class=\"casing\" d=\"\(level)\"/><path class=\"level\(dashed)\" d=\"\(level)\"/>",
      hover: ([number], "\(id)-map-readout"))
    let line = HTMLLegend.Entry(
      sample: "<path class=\"casing\" d=\"M1 7H33\"/><path class=\"level\(dashed)\" d=\"M1 7H33\"/>",
      text: "Δχ² = \(shortNumber(scan.provenance.level)), \(scan.provenance.levelText)")
    let base =
      scan.provenance.degreesOfFreedom == 1
      ? "the minimum at the same mass" : "the minimum in the plane"
    return """
      <figure>
      \(picture)
      \(HTMLReadout.element("\(id)-map"))
      \(HTMLLegend.list([line]))
      \(HTMLLegend.keys(keys))
      <figcaption>Δχ²: the statistic minus \(base), minimised over the pulls. \(scan.sampleText)</figcaption>
      </figure>
      """
  }

  // MARK: - Limits and pulls

  private var pullFigures: [String] {
    [(false, "Relative change", "relative change"), (true, "Shape pulls in widths", "widths")].compactMap {
      isShape, title, unit in
      let curves = scan.pulls.filter { $0.isShape == isShape }
        .map { SVGCurves.Curve(label: $0.name, values: $0.values) }
      let chart = SVGCurves(
        m4: scan.contents.m4, curves: curves, yTitle: title, massSymbol: scan.provenance.massSymbol)
      let name = isShape ? "shapes" : "pulls"
      guard !curves.isEmpty,
        let picture = chart.figure(
          id: "\(id)-\(name)", label: "Best pulls at the limit over the mass, \(unit), of \(label)")
      else { return nil }
      return """
        <figure>
        \(picture)
        \(chart.legend)
        <figcaption>Best pulls at the limit of each mass, linear in the logarithm of the coupling between grid points: \
        \(isShape ? "theta of the shape in units of its width" : "0.1 scales its part of the prediction by 1.1").</figcaption>
        </figure>
        """
    }
  }

  private var limits: MassTable {
    let coupling = scan.provenance.coupling
    let unit = UnitText.html(coupling.unit)
    let limit = (
      head: scan.coupling.html + (unit.isEmpty ? "" : " [\(unit)]"), csvHead: coupling.columnHead,
      values: scan.contents.limit
    )
    let pulls = scan.pulls.map { pull in
      (
        head: HTMLText.escaped(pull.name), csvHead: "pull \(pull.name) [\(pull.isShape ? "widths" : "1")]",
        values: pull.values
      )
    }
    let mass = scan.provenance.massSymbol ?? "m4"
    let missing = scan.contents.limit.count { $0 == nil }
    let none =
      missing == 0
      ? "" : " \(missing) of \(scan.contents.m4.count) masses have none on the axis of couplings."
    return MassTable(
      caption: "Lowest coupling where Δχ² rises through \(shortNumber(scan.provenance.level))"
        + "\(scan.pulls.isEmpty ? "" : ", and the best pulls there"); five digits.\(none)",
      m4: scan.contents.m4, massHead: "\(scan.mass.html) [MeV]", columns: [limit] + pulls,
      csvMassHead: "\(mass) [MeV]",
      csvName: "\(scan.provenance.levelText) \(scan.provenance.kind) per mass, of \(scan.name)",
      csvEntries: scan.provenance.entries, fileName: HTMLReadout.stem(scan.name) + "-limit-pulls.csv")
  }

  private var notes: String { HTMLReadout.list(scan.notes, none: "The run left no notes.") }
}

/// Small pieces that every section has.
enum HTMLReadout {
  /// Shown by the script alone.
  static func element(_ figure: String) -> String {
    "<output class=\"readout\" id=\"\(figure)-readout\" for=\"\(figure)\" hidden>Values of the nearest point of the grid appear here: move "
      + "the pointer over the figure, or focus it and use the arrow keys.</output>"
  }

  static func list(_ texts: [String], none: String) -> String {
    if texts.isEmpty { return "<p class=\"soft\">\(HTMLText.escaped(none))</p>" }
    return "<ul>\n" + texts.map { "<li>\(HTMLText.escaped($0))</li>" }.joined(separator: "\n") + "\n</ul>"
  }

  /// "csi" of "csi.h5".
  static func stem(_ name: String) -> String { name.hasSuffix(".h5") ? String(name.dropLast(3)) : name }
}

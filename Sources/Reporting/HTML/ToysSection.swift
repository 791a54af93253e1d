/// What a report says of a run of toys: corrected contour, critical values, p-values, coverage.
struct ToysSection {
  let toys: ToysContents
  let figure: ExclusionPlot
  let id: String
  let number: Int

  private static let mostPerAxis = 128
  private var contents: ArrayContents { toys.contents }
  private var summary: ToysContents.Summary { toys.summary }

  var title: String { "\(contents.experiments): critical values from toys" }

  /// HTML
  var statement: String {
    let scope =
      summary.degrees_of_freedom == 1
      ? "at fixed \(contents.mass.html) (1 dof)" : "in the plane (2 dof)"
    let coverage = summary.contour_coverage.flatMap { found in
      found.mean.map {
        " Along the asymptotic contour \(shortNumber(100 * $0)) % of the toys are inside"
          + (found.error.map { " (± \(shortNumber(100 * $0)) %)" } ?? "")
          + ", with \(shortNumber(100 * summary.confidence_level)) % asked for."
      }
    }
    return
      "<strong>\(HTMLText.escaped(contents.experiments))</strong>: Feldman-Cousins construction \(scope) at "
      + "\(HTMLText.escaped(toys.levelText)), flavour \(HTMLText.escaped(contents.provenance.flavour)), data: "
      + "\(HTMLText.escaped(contents.provenance.data)). \(summary.toys) toys at \(toys.m4.count) x \(toys.d.count) points, seed "
      + "\(summary.seed), ensemble <code>\(HTMLText.escaped(summary.ensemble))</code>. The asymptotic critical value is "
      + "\(shortNumber(summary.asymptotic_critical_value)).\(coverage ?? "") The coupling is that of "
      + LagrangianText.html(contents.provenance.coupling.lagrangian)
  }

  var hover: HoverData {
    let samples = ToysContents.quantities.map {
      HoverData.Quantity(name: $0.1, sample: contents.sample($0.0, most: Self.mostPerAxis))
    }
    let any = samples[0].sample
    return HoverData(
      label: title, massName: contents.mass.plain, couplingName: contents.coupling.plain,
      couplingUnit: contents.provenance.coupling.unit, m4: any.rows.map { toys.m4[$0] },
      d: any.columns.map { toys.d[$0] }, limit: nil, quantities: samples)
  }

  func html() throws -> String {
    var parts = ["<h2>\(HTMLText.escaped(title))</h2>", try plane()]
    let level = summary.confidence_level
    for (key, name, scale) in [
      ("critical", "Critical values", SVGMap.Scale.sequential),
      ("p_value", "p-values of the data", .sequential),
      ("coverage", "Coverage of the asymptotic contour", .diverging(middle: level)),
    ] { parts.append(map(key, name, scale)) }
    if let limit = summary.limit { parts += ["<h3>Limit per mass</h3>", limits(limit).html] }
    if !summary.worst_points.isEmpty { parts.append(troubles) }
    parts += ["<h3>Notes of the run</h3>", HTMLReadout.list(summary.notes, none: "The run left no notes.")]
    let own = [
      ("file", toys.name), ("seed", "\(summary.seed)"), ("ensemble", summary.ensemble),
      ("confidence_level", "\(summary.confidence_level)"),
      ("degrees_of_freedom", "\(summary.degrees_of_freedom)"),
    ]
    parts += [
      "<h3>Provenance</h3>",
      HTMLTable.entries(
        own + contents.provenance.entries, caption: "Names as in the attributes of the file."),
    ]
    return "<section id=\"\(id)\">\n\(parts.joined(separator: "\n"))\n</section>"
  }

  private func plane() throws -> String {
    let plane = SVGPlane(plot: figure, massSymbol: contents.provenance.massSymbol)
    let picture = try plane.figure(
      id: "\(id)-plane", label: "Contour from toys beside the asymptotic one", results: [number])
    return """
      <figure>
      \(picture)
      \(HTMLReadout.element("\(id)-plane"))
      \(plane.legend)
      <figcaption>Excluded where Δχ² of the data exceeds the critical value of the point (solid, shaded), and where it exceeds the \
      asymptotic one (dashed). Contours are linear between grid points.</figcaption>
      </figure>
      """
  }

  private func map(_ key: String, _ name: String, _ scale: SVGMap.Scale) -> String {
    guard let frame = contents.frame else {
      return "<p>A map of \(name) needs more than one mass and more than one coupling.</p>"
    }
    let sample = contents.sample(key, most: Self.mostPerAxis)
    let (cells, keys) = SVGMap.cells(
      sample, m4: sample.rows.map { toys.m4[$0] }, d: sample.columns.map { toys.d[$0] }, scale: scale,
      in: frame)
    let name = HTMLText.escaped(name)
    let few =
      sample.values.count < toys.delta.count
      ? " \(sample.rows.count) x \(sample.columns.count) of \(toys.m4.count) x \(toys.d.count) points are shown."
      : ""
    return """
      <h3>\(name)</h3>
      <figure>
      \(frame.svg(id: "\(id)-\(key)", label: "Map: \(name)", under: cells, over: "", hover: ([number], "\(id)-\(key)-readout")))
      \(HTMLReadout.element("\(id)-\(key)"))
      \(HTMLLegend.keys(keys))
      <figcaption>\(name), a rectangle per point of the grid.\(few)</figcaption>
      </figure>
      """
  }

  private func limits(_ limit: [ToysContents.Summary.Limit]) -> MassTable {
    let head = contents.provenance.coupling.columnHead
    return MassTable(
      caption: "Limits from toys and asymptotic ones; five digits.", m4: limit.map(\.m4),
      massHead: "\(contents.mass.html) [MeV]",
      columns: [
        ("\(contents.coupling.html) from toys", head, limit.map(\.d)),
        ("\(contents.coupling.html) asymptotic", "asymptotic \(head)", limit.map(\.d_asymptotic)),
      ], csvMassHead: "\(contents.provenance.massSymbol ?? "m4") [MeV]", csvName: title,
      csvEntries: contents.provenance.entries, fileName: HTMLReadout.stem(toys.name) + "-limit.csv")
  }

  private var troubles: String {
    HTMLTable(
      caption: "Points with the most failed, unconverged and clipped toys",
      columns: [
        "\(contents.mass.html) [MeV]", contents.coupling.html, "toys", "failed", "unconverged", "clipped",
      ]
      .map { HTMLTable.Column(head: $0) },
      rows: summary.worst_points.map {
        [shortNumber($0.m4), shortNumber($0.d)]
          + [$0.toys, $0.failed, $0.unconverged, $0.clipped].map { "\($0)" }
      }
    ).html
  }
}

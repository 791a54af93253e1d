import Foundation

/// A page about one run or several: figures, tables and where they come from, in one file.
package struct RunReport {
  /// Where data come from, and what to cite.
  package struct Source: Hashable, Sendable {
    package var name: String
    package var references: [String]
    package init(name: String, references: [String]) {
      self.name = name
      self.references = references
    }
  }

  /// Points of all maps together that travel inside the page.
  private static let mostPoints = 160_000
  private static let mostPerAxis = 256

  /// So many points along each axis of the map of each of `results` results.
  package static func pointsPerAxis(results: Int) -> Int {
    max(32, min(mostPerAxis, Int(Double(mostPoints / max(results, 1)).squareRoot())))
  }

  private let title: String
  private let version: String
  private var head: [String] = []
  private var parts: [String] = []
  private var links: [(id: String, text: String)] = []
  private var hovers: [HoverData] = []
  private var snippets: [String] = []

  package init(title: String, version: String) {
    self.title = title
    self.version = version
  }

  // MARK: - Scans

  /// - Parameters:
  ///   - figure: of all scans together
  ///   - labels: of the scans in the figure
  ///   - notes: what a reader of the figure must know
  package mutating func add(
    scans: [ScanDigest], figure: ExclusionPlot, labels: [String], notes: [String]
  ) throws {
    guard let first = scans.first else { return }
    let start = hovers.count
    let numbers = Array(start..<start + scans.count)
    for scan in scans { head.append(ScanStatement(scan: scan).what) }
    if scans.count == 1 { head = [ScanStatement(scan: first).html] }
    hovers += zip(scans, labels).map { $0.hover(label: $1) }
    let plane = SVGPlane(plot: figure, massSymbol: first.provenance.massSymbol)
    let shaded =
      figure.series.contains { !$0.isSensitivity && !$0.regions.isEmpty }
      ? "The shaded region is excluded. " : ""
    let picture = try plane.figure(
      id: "plane", label: "Exclusion plane: \(labels.joined(separator: "; "))", results: numbers)
    parts.append(
      """
      <section id="exclusion">
      <h2>Exclusion plane</h2>
      <figure>
      \(picture)
      \(HTMLReadout.element("plane"))
      \(plane.legend)
      <figcaption>\(figure.caption.map { LagrangianText.html($0) + ($0.hasSuffix(".") ? " " : ". ") }.joined())\(shaded)Solid lines: limits from data; dashed: \
      sensitivities\(figure.overlays.isEmpty ? "" : "; thin: published limits, converted to the same coupling").</figcaption>
      </figure>
      \(notes.isEmpty ? "" : HTMLReadout.list(notes, none: ""))
      </section>
      """)
    links.append(("exclusion", "Exclusion plane"))
    for (index, scan) in scans.enumerated() {
      let id = "result-\(numbers[index] + 1)"
      let section = ScanSection(
        scan: scan, id: id, number: numbers[index], label: labels[index], showsStatement: scans.count > 1)
      parts.append(try section.html())
      links.append((id, labels[index]))
      snippets.append(Self.python(scan.name, names: ["m4", "d", "delta", "limit"]))
    }
  }

  // MARK: - Other results

  /// - Parameter figure: corrected and asymptotic contours
  package mutating func add(_ toys: ToysContents, figure: ExclusionPlot) throws {
    let section = ToysSection(
      toys: toys, figure: figure, id: "result-\(hovers.count + 1)", number: hovers.count)
    try add(section.id, section.title, section.statement, try section.html(), section.hover)
    snippets.append(Self.python(toys.name, names: ["m4", "d", "delta", "critical", "p_value", "coverage"]))
  }

  package mutating func add(_ fit: FitContents) throws {
    let section = FitSection(fit: fit, id: "result-\(hovers.count + 1)", number: hovers.count)
    try add(section.id, section.title, section.statement, try section.html(), section.hover)
    snippets.append(Self.python(fit.name, names: ["m4", "d", "delta", "profile_m4", "profile_d"]))
  }

  private mutating func add(
    _ id: String, _ text: String, _ statement: String, _ html: String, _ hover: HoverData
  ) throws {
    head.append(statement)
    parts.append(html)
    links.append((id, text))
    hovers.append(hover)
  }

  // MARK: - Page

  private static func python(_ name: String, names: [String]) -> String {
    let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
    return
      "import h5py\n\(names.joined(separator: ", ")) = (h5py.File(\(HTMLText.quoted(name)))[k][:] for k in (\(list)))"
  }

  /// - Parameter sources: of the data, in the order they are named
  package func html(sources: [Source]) -> String {
    let statement = head.map { $0.hasPrefix("<p>") ? $0 : "<p>\($0)</p>" }.joined(separator: "\n")
    let contents = (links + [("python", "In Python"), ("sources", "What to cite")]).map {
      "<li><a href=\"#\($0.0)\">\(HTMLText.escaped($0.1))</a></li>"
    }
    return HTMLDocument(
      title: title, generator: "upscatter \(version)",
      header: """
        <h1>\(HTMLText.escaped(title))</h1>
        <div class="statement">
        \(statement)
        </div>
        <nav aria-label="Contents"><ul>
        \(contents.joined(separator: "\n"))
        </ul></nav>
        """,
      main: (parts + [pythonSection, Self.sourceSection(sources)]).joined(separator: "\n"),
      footer:
        "<p>Written by upscatter \(HTMLText.escaped(version)). This page is complete in itself and loads nothing.</p>",
      data: "[" + hovers.map(\.json).joined(separator: ",\n") + "]"
    ).text
  }

  private var pythonSection: String {
    """
    <section id="python">
    <h2>The numbers in Python</h2>
    \(snippets.map { "<pre><code>\(HTMLText.escaped($0))</code></pre>" }.joined(separator: "\n"))
    <p>Grids are masses x couplings, 64-bit floats; <code>dict(h5py.File(…).attrs)</code> holds the provenance.</p>
    </section>
    """
  }

  private static func sourceSection(_ sources: [Source]) -> String {
    let rows = sources.map { source in
      "<li>\(HTMLText.escaped(source.name)): \(HTMLText.escaped(source.references.joined(separator: ", ")))</li>"
    }
    return """
      <section id="sources">
      <h2>What to cite</h2>
      <p>Cite the publications whose data and curves are used, and upscatter with its version and plan hash (its
      <code>CITATION.cff</code>).</p>
      <ul>
      \(rows.joined(separator: "\n"))
      </ul>
      </section>
      """
  }
}

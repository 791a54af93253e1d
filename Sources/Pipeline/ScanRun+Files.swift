import Contours
import Foundation
import Reporting

/// The tables, the summary and the plots of a scan, beside its result file.
extension ScanRun {
  func contourEntries(_ contours: [Contour]) -> [ReportSummary.ContourEntry] {
    contours.enumerated().map {
      ReportSummary.ContourEntry(
        file: (contourPath($0) as NSString).lastPathComponent, points: $1.points.count, isClosed: $1.isClosed)
    }
  }

  /// OUTPUT.csv holds the first contour; further ones are numbered from 2.
  private func contourPath(_ index: Int) -> String {
    request.output + (index == 0 ? ".csv" : "-\(index + 1).csv")
  }

  private var limitPath: String { request.output + "-limit.csv" }

  /// Summary and tables; tables that an earlier scan left under this name and this one does not have are removed, so
  /// that all files of a name belong together.
  func writeTexts(
    _ contours: [Contour], limit: [Double?], provenance: Provenance, summary: String
  ) throws -> [String] {
    let earlier = earlierTables()
    var files = [request.output + ".json"]
    try AtomicFile.write(summary, to: files[0])
    // a grid without a contour leaves a table without points
    for (index, contour) in (contours.isEmpty ? [Contour(points: [], isClosed: false)] : contours)
      .enumerated()
    {
      let text = ContourTable.text(
        contour, name: "\(provenance.levelText) contour \(index + 1)", provenance: provenance)
      try AtomicFile.write(text, to: contourPath(index))
      files.append(contourPath(index))
    }
    if request.level.degreesOfFreedom == 1 {
      let name = "\(provenance.levelText) \(provenance.kind) per mass"
      try AtomicFile.write(
        ContourTable.text(m4: request.masses.values, limit: limit, name: name, provenance: provenance),
        to: limitPath)
      files.append(limitPath)
    }
    for path in earlier where !files.contains(path) { unlink(path) }
    return files
  }

  /// Tables of the earlier scan whose summary still lies under this name.
  private func earlierTables() -> [String] {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: request.output + ".json")),
      let summary = try? JSONDecoder().decode(ReportSummary.self, from: data)
    else { return [] }
    let contours = summary.contours.indices.map(contourPath)
    return summary.provenance.degreesOfFreedom == 1 ? contours + [limitPath] : contours
  }

  /// - Parameter massesExcludingZero: at so many masses the shading reaches down to the smallest couplings
  func figure(
    _ contours: [Contour], regions: [Contour], limit: [Double?], provenance: Provenance,
    massesExcludingZero: Int,
    members: [OverlayCurve]
  ) -> ExclusionPlot {
    let remark =
      massesExcludingZero == 0
      ? []
      : [
        "Shaded down to the smallest couplings at \(massesExcludingZero) of \(request.masses.count) masses: the data prefer a signal "
          + "there and disfavour zero too, or the limit lies below the axis."
      ]
    // a scan of one mass has no contour: a short line at its limit
    var (contours, regions) = (contours, regions)
    if request.masses.count == 1, request.level.degreesOfFreedom == 1 {
      let (mass, width) = (request.masses.values[0], 1.05)
      contours = limit.compactMap(\.self).map { d in
        Contour(points: [mass / width, mass * width].map { ContourPoint(m4: $0, d: d) }, isClosed: false)
      }
      regions = []
    }
    return ScanFigure.exclusion(
      title:
        "\(subject.title): \(subject.first.chosen?.title ?? "neutrino dipole portal"), \(provenance.kind)",
      series: [
        ExclusionPlot.Series(
          label: "\(subject.title), \(provenance.levelText)", contours: contours, regions: regions,
          isSensitivity: provenance.kind == "sensitivity")
      ], flavours: [provenance.flavour], m4: request.masses.values, d: request.couplings.values,
      coupling: provenance.coupling, massSymbol: provenance.massSymbol,
      overlaysIn: request.overlays && subject.first.chosen == nil ? request.scale.convention : nil,
      members: members, caption: provenance.captionLines + remark)
  }

  func draw(_ figure: ExclusionPlot) throws -> [String] {
    try request.plots.map { suffix in
      let path = request.output + "." + suffix
      try Gnuplot.render(to: path, style: request.style) { (format, name) throws(ReportError) in
        try figure.script(format: format, output: name)
      }
      return path
    }
  }
}

import Contours
import Experiments
import Foundation
import Rates
import Reporting
import ScanCore
import Statistics

/// The pictures of the validation page, drawn into a folder.
package struct ValidationFigures {
  let backend: any Backend
  let folder: String
  let version: String

  package init(backend: any Backend, folder: String, version: String) {
    self.backend = backend
    self.folder = folder
    self.version = version
  }

  // MARK: - One entry

  /// Expected events, data, and the dipole signal at the limit of a light N.
  package func spectrum(of name: String) throws -> ValidationPage.Figure {
    let spec = try Catalogue.load(name)
    let flavour = spec.source.components.first?.flavour.family ?? "e"
    let analysis = try Validation.analysis(spec, flavour: flavour, masses: [Self.lightMass], backend: backend)
    let limit = try LimitJob(analysis: analysis, backend: backend)
      .run(masses: [Self.lightMass], threshold: Self.threshold())[0].coupling
    let spectrum = try analysis.spectrum(
      channel: spec.channel, m4: Self.lightMass, coupling: limit ?? 1e-7, recoils: [], backend: backend)
    let text = String(format: "d = %.3e GeV^-1, the limit at m4 = %g MeV", limit ?? 1e-7, Self.lightMass)
    let figure = SpectrumFigure.plot(
      spectrum, signal: "dipole", title: spec.title,
      caption: ["Dipole signal of flavour \(flavour): \(text)", "upscatter \(version)"])
    try draw("\(name).svg") { (format, output) throws(ReportError) in
      try figure.script(format: format, output: output)
    }
    let data = spec.channel.observed == nil ? "Expected events" : "Expected events and data"
    return ValidationPage.Figure(
      file: "\(name).svg",
      caption:
        "\(data) of \(spec.title), before the fit (all pulls at zero), with a dipole signal at its limit")
  }

  private static let lightMass = 0.01

  // MARK: - Overviews

  private static let masses = (0..<90).map { pow(10, -2 + 3.75 * Double($0) / 89) }
  /// GeV^-1; the same in all overviews, so that they can be compared. What is weaker is not drawn.
  private static let couplings = 1e-10...1e-4

  /// Limits and sensitivities of all entries whose source holds a flavour, a picture per group of alike entries.
  package func limits(flavour: String, entries: [String]) throws -> [ValidationPage.Figure] {
    let curves = try entries.compactMap { try curve($0, flavour: flavour) }
    let overview = CatalogueOverview(masses: Self.masses, curves: curves)
    return try CatalogueGroup.allCases.filter { !overview.curves(of: $0).isEmpty }
      .map { try picture(of: $0, overview, flavour: flavour) }
  }

  /// nil where the source lacks the flavour.
  private func curve(_ name: String, flavour: String) throws -> CatalogueOverview.Curve? {
    let spec = try Catalogue.load(name)
    guard spec.source.components.contains(where: { $0.flavour.family == flavour }) else { return nil }
    let analysis = try Validation.analysis(spec, flavour: flavour, masses: Self.masses, backend: backend)
    let rows = try LimitJob(analysis: analysis, backend: backend, morphed: true)
      .run(masses: Self.masses, threshold: Self.threshold())
    return CatalogueOverview.Curve(
      name: name, group: CatalogueGroup(spec), isSensitivity: spec.kind == .projection,
      limit: rows.map { row in row.coupling.flatMap { Self.couplings.contains($0) ? $0 : nil } })
  }

  private func picture(
    of group: CatalogueGroup, _ overview: CatalogueOverview, flavour: String
  ) throws -> ValidationPage.Figure {
    let series = overview.curves(of: group).map { curve in
      let points = zip(Self.masses, curve.limit).compactMap { mass, d in
        d.map { ContourPoint(m4: mass, d: $0) }
      }
      return ExclusionPlot.Series(
        label: curve.name, contours: [Contour(points: points, isClosed: false)], regions: [],
        isSensitivity: curve.isSensitivity)
    }
    let what = "Dipole coupling to flavour \(flavour), \(group.title)"
    var figure = ScanFigure.exclusion(
      title: "\(what): limits and sensitivities of upscatter", series: series, flavours: [flavour],
      m4: Self.masses,
      d: [Self.couplings.lowerBound, Self.couplings.upperBound], coupling: .d, overlaysIn: nil,
      caption: [
        "90 % C.L., 1 dof, default variants. Solid: limits from data; dashed: sensitivities of projections; broad grey: "
          + "lowest limit of all entries with data.", "upscatter \(version)",
      ])
    figure.dRange = Self.couplings
    figure.overlays = [
      OverlayCurve(
        label: "all entries, lowest limit",
        points: overview.strongest.map { ContourPoint(m4: $0.m4, d: $0.d) },
        style: .envelope, reference: "")
    ]
    let file = "limits-\(flavour)-\(group.rawValue).svg"
    try draw(file) { (format, output) throws(ReportError) in
      try figure.script(format: format, output: output)
    }
    return ValidationPage.Figure(file: file, caption: "\(what): limits and sensitivities calculated here")
  }

  private static func threshold() throws -> Double {
    try ConfidenceLevel(level: 0.9, degreesOfFreedom: 1).threshold
  }

  private func draw(
    _ file: String, _ script: (PlotCanvas, String) throws(ReportError) -> String
  ) throws {
    let path = folder + "/" + file
    try Gnuplot.render(to: path, script: script)
    try FileManager.default.removeItem(atPath: Gnuplot.scriptPath(path))
  }
}

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
    return ValidationPage.Figure(file: "\(name).svg", caption: "Events of \(spec.title)")
  }

  private static let lightMass = 0.01

  // MARK: - Overviews

  /// What is weaker is not drawn, GeV^-1.
  private static let largestCoupling = 1e-4

  /// Limits (measurements) or sensitivities (projections) of all entries whose source holds a flavour.
  package func limits(
    flavour: String, kind: ExperimentSpec.Kind, entries: [String]
  ) throws -> ValidationPage.Figure {
    let word = kind == .measurement ? "limits" : "sensitivities"
    let masses = (0..<90).map { pow(10, -2 + 3.75 * Double($0) / 89) }
    var series: [ExclusionPlot.Series] = []
    for name in entries {
      let spec = try Catalogue.load(name)
      guard spec.kind == kind, spec.source.components.contains(where: { $0.flavour.family == flavour }) else {
        continue
      }
      let analysis = try Validation.analysis(spec, flavour: flavour, masses: masses, backend: backend)
      let rows = try LimitJob(analysis: analysis, backend: backend, morphed: true)
        .run(masses: masses, threshold: Self.threshold())
      let points = rows.compactMap { row -> ContourPoint? in
        guard let coupling = row.coupling, coupling < Self.largestCoupling else { return nil }
        return ContourPoint(m4: row.m4, d: coupling)
      }
      guard points.count > 1 else { continue }
      series.append(
        ExclusionPlot.Series(
          label: name, contours: [Contour(points: points, isClosed: false)], regions: [],
          isSensitivity: spec.kind == .projection))
    }
    let figure = ScanFigure.exclusion(
      title: "Catalogue: \(word), flavour \(flavour)", series: series, flavour: flavour, m4: masses,
      d: [1e-10, Self.largestCoupling], coupling: .d, overlaysIn: nil,
      caption: ["90 % C.L., 1 dof, default variants", "upscatter \(version)"])
    let file = "\(word)-\(flavour).svg"
    try draw(file) { (format, output) throws(ReportError) in
      try figure.script(format: format, output: output)
    }
    return ValidationPage.Figure(file: file, caption: "Catalogue: \(word), flavour \(flavour)")
  }

  private static func threshold() throws -> Double {
    try ConfidenceLevel(level: 0.9, degreesOfFreedom: 1).threshold
  }

  private func draw(
    _ file: String, _ script: (PlotFormat, String) throws(ReportError) -> String
  ) throws {
    let path = folder + "/" + file
    try Gnuplot.render(to: path, script: script)
    try FileManager.default.removeItem(atPath: Gnuplot.scriptPath(path))
  }
}

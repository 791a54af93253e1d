import Contours
import Experiments
import Foundation
import Reporting
import ScanCore
import Scanning
import Statistics
import Units

/// A whole scan: from an analysis to result file, contours, summary and plots.
package struct ScanRequest: Sendable {
  package var masses: Axis
  /// In the unit of `convention`.
  package var couplings: Axis
  package var convention: CouplingConvention
  package var job: ScanJob
  package var level: ConfidenceLevel
  /// Path without extension; the outputs add theirs.
  package var output: String
  /// Extensions of the plots: svg, png, pdf.
  package var plots: [String]
  package var storePulls: Bool
  package var overlays: Bool
  package var version: String

  package init(
    masses: Axis, couplings: Axis, convention: CouplingConvention, job: ScanJob, level: ConfidenceLevel,
    output: String, plots: [String], storePulls: Bool, overlays: Bool, version: String
  ) {
    self.masses = masses
    self.couplings = couplings
    self.convention = convention
    self.job = job
    self.level = level
    self.output = output
    self.plots = plots
    self.storePulls = storePulls
    self.overlays = overlays
    self.version = version
  }
}

/// What a finished scan left behind.
package struct ScanReport: Sendable {
  package var files: [String]
  package var summary: ScanSummary
  /// Limit per mass in the request's convention, nil where there is none on the axis.
  package var limit: [Double?]
  package var notes: [String]
}

/// Runs a request and writes its outputs.
package struct ScanRun {
  let spec: ExperimentSpec
  let analysis: Analysis
  let backend: any Backend
  let reference: any Backend
  let request: ScanRequest

  package init(
    spec: ExperimentSpec, analysis: Analysis, backend: any Backend, reference: any Backend,
    request: ScanRequest
  ) {
    self.spec = spec
    self.analysis = analysis
    self.backend = backend
    self.reference = reference
    self.request = request
  }

  /// Outputs appear whole or not at all: the result file last of all data, plots after it.
  /// - Parameter progress: points done so far
  package func run(progress: (Int) -> Void) throws -> ScanReport {
    let plan = ScanPlan(
      rates: analysis.signalPlan, likelihood: analysis.likelihood, masses: request.masses.values,
      couplings: request.couplings.values.map(request.convention.toInternal), job: request.job,
      degreesOfFreedom: request.level.degreesOfFreedom)
    var provenance = try provenance()
    let writer = try ResultFileWriter(
      path: request.output + ".h5", m4: plan.masses, d: request.couplings.values,
      coupling: provenance.coupling,
      pullNames: analysis.pullNames, storePulls: request.storePulls)
    var open = try contourBuilder(.open)
    var closed = try contourBuilder(.closed)
    var limit: [Double?] = []
    let columns = plan.couplings.count
    let summary = try ScanDriver(plan: plan, backend: backend, reference: reference)
      .run(progress: progress) { rows in
        try writer.append(rows: rows.range, statistic: rows.statistic, pulls: rows.pulls)
        for (offset, row) in rows.range.enumerated() {
          let values = Array(rows.statistic[offset * columns..<(offset + 1) * columns])
          try open.add(row: row, statistic: values)
          try closed.add(row: row, statistic: values)
          limit.append(
            try interpolatedCrossing(
              d: request.couplings.values, statistic: values, level: request.level.threshold))
        }
      }
    try requireSpotCheck(summary.spotCheck)
    provenance.spotCheckWorst = summary.spotCheck.worstDifference
    provenance.spotCheckPoints = summary.spotCheck.points
    let contours = try open.finish()
    let notes = notes(summary, limit: limit)
    var files = try writeTables(contours, limit: limit, provenance: provenance)
    let json = try JSONText.encode(
      ReportSummary(
        provenance: provenance, m4: plan.masses, d: request.couplings.values, limit: limit,
        contours: contourEntries(contours), notes: notes), name: request.output + ".json")
    try AtomicFile.write(json, to: request.output + ".json")
    let minimum =
      request.level.degreesOfFreedom == 1
      ? summary.minimumStatistic : plan.masses.map { _ in summary.globalMinimum }
    try writer.finish(
      ResultClosing(
        provenance: provenance, minimum: minimum, limit: limit, contours: contours, summary: json))
    files = [request.output + ".h5", request.output + ".json"] + files
    files += try draw(contours, regions: try closed.finish(), provenance: provenance)
    return ScanReport(files: files, summary: summary, limit: limit, notes: notes)
  }

  private func contourBuilder(_ boundary: ContourBuilder.Boundary) throws -> ContourBuilder {
    try ContourBuilder(
      m4: request.masses.values, d: request.couplings.values, level: request.level.threshold,
      boundary: boundary)
  }

  private func provenance() throws -> Provenance {
    Provenance(
      version: request.version, experiments: [spec.title], flavour: analysis.settings.flavour,
      dataSet: analysis.settings.dataSet.rawValue, job: request.job.rawValue,
      mode: analysis.settings.mode.rawValue,
      backend: backend.identity, planHash: try PlanHash.hex(analysis.signalPlan, analysis.likelihood),
      inputHashes: spec.inputDigests, statistic: analysis.settings.statistic.rawValue,
      confidenceLevel: request.level.level, degreesOfFreedom: request.level.degreesOfFreedom,
      level: request.level.threshold, coupling: CouplingLabel(request.convention))
  }

  private func requireSpotCheck(_ check: SpotCheck) throws {
    guard check.passed else {
      throw ScanError(
        "\(backend.identity) and the reference differ by \(check.worstDifference) in the statistic at "
          + "m4 = \(check.worstMass) MeV, d = \(check.worstCoupling) GeV^-1 (tolerance \(check.tolerance)). No result was "
          + "written. Run `upscatter verify`, or scan with --backend reference.")
    }
  }

  private func notes(_ summary: ScanSummary, limit: [Double?]) -> [String] {
    var notes = ["estimated relative quadrature error \(analysis.estimatedError)"]
    if summary.extremePulls > 0 {
      notes.append("\(summary.extremePulls) points have a pull beyond three widths, as far signals do")
    }
    let without = limit.filter { $0 == nil }.count
    if without > 0 { notes.append("\(without) masses have no limit on the coupling axis") }
    return notes
  }

  // MARK: - Files

  private func contourEntries(_ contours: [Contour]) -> [ReportSummary.ContourEntry] {
    contours.enumerated().map {
      ReportSummary.ContourEntry(
        file: (contourPath($0) as NSString).lastPathComponent, points: $1.points.count, isClosed: $1.isClosed)
    }
  }

  /// OUTPUT.csv holds the first contour; further ones are numbered.
  private func contourPath(_ index: Int) -> String {
    request.output + (index == 0 ? ".csv" : "-\(index + 1).csv")
  }

  private func writeTables(
    _ contours: [Contour], limit: [Double?], provenance: Provenance
  ) throws -> [String] {
    var files: [String] = []
    for (index, contour) in contours.enumerated() {
      let text = ContourTable.text(
        contour, name: "\(provenance.levelText) contour \(index + 1)", provenance: provenance)
      try AtomicFile.write(text, to: contourPath(index))
      files.append(contourPath(index))
    }
    if request.level.degreesOfFreedom == 1 {
      let path = request.output + "-limit.csv"
      try AtomicFile.write(
        ContourTable.text(
          m4: request.masses.values, limit: limit,
          name: "\(provenance.levelText) \(provenance.kind) per mass",
          provenance: provenance), to: path)
      files.append(path)
    }
    return files
  }

  private func draw(_ contours: [Contour], regions: [Contour], provenance: Provenance) throws -> [String] {
    if request.plots.isEmpty { return [] }
    let label = "\(spec.title), \(Int((100 * provenance.confidenceLevel).rounded())) %"
    let plot = ScanFigure.exclusion(
      title: "\(spec.title): neutrino dipole portal, \(provenance.kind)",
      series: [
        ExclusionPlot.Series(
          label: label, contours: contours, regions: regions, isSensitivity: provenance.kind == "sensitivity")
      ], flavour: provenance.flavour, m4: request.masses.values, d: request.couplings.values,
      convention: request.convention, caption: provenance.captionLines, overlays: request.overlays)
    var files: [String] = []
    for suffix in request.plots {
      let path = request.output + "." + suffix
      try Gnuplot.render(to: path) { (format, name) throws(ReportError) in
        try plot.script(format: format, output: name)
      }
      files.append(path)
    }
    return files
  }
}

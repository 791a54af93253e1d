import Reporting
import ScanCore
import Statistics

/// What a finished run of toys left behind.
package struct ToyScanReport: Encodable, Sendable {
  package struct Limit: Encodable, Sendable {
    /// MeV
    package var m4: Double
    /// In the unit of the coupling; null where `status` says why.
    @WrittenNull package var d: Double?
    @WrittenNull package var d_asymptotic: Double?
    var status: ToyRowLimit.Status
    var status_asymptotic: ToyRowLimit.Status
  }

  package var files: [String]
  package var notes: [String]
  package var seed: UInt64
  package var ensemble: String
  package var confidence_level: Double
  package var degrees_of_freedom: Int
  package var asymptotic_critical_value: Double
  package var points: Int
  package var toys: Int
  /// Smallest and largest critical value, and coverage of the asymptotic contour, over the grid, with the noise of their toys; of
  /// masses with a signal where each mass is tested alone.
  package var critical_value: [Double]
  package var asymptotic_coverage: [Double]
  /// nil where the contour passes no point that is stated.
  package var contour_coverage: ToyCoverage?
  /// At fixed m4 only.
  package var limit: [Limit]?
  /// Points with the most toys that failed, did not converge or were clipped; empty where none did.
  package var worst_points: [ToyTrouble]
  package var d_unit: String
  package var provenance: FitProvenance
}

extension ToyScan {
  /// Writes OUTPUT.h5, OUTPUT.json, contours as OUTPUT.csv and on, and plots; whole or not at all, each.
  package func write(_ result: ToyScanResult) throws -> ToyScanReport {
    let corrected = result.corrected(level: request.level.threshold)
    let isFixed = request.level.degreesOfFreedom == 1
    let blind = result.rowsWithoutSignal
    let limits = try isFixed ? limits(corrected, withoutSignal: blind) : []
    let wilks = try isFixed ? self.limits(result.observed, withoutSignal: blind) : []
    let contours = try outlines(corrected, limits, .open)
    let asymptotic = try outlines(result.observed, wilks, .open)
    let rows = zip(limits, wilks).enumerated().map { row, found in
      ToyScanReport.Limit(
        m4: request.masses.values[row], d: found.0.coupling, d_asymptotic: found.1.coupling,
        status: found.0.status, status_asymptotic: found.1.status)
    }
    let provenance = FitProvenance(subject, crew.identity, request.scale, version: request.version)
    let tables = contours.indices.map { request.output + ($0 == 0 ? ".csv" : "-\($0 + 1).csv") }
    let maps = request.plots.map { "\(request.output)-coverage.\($0)" }
    let seen = result.verdicts.indices.filter { !isFixed || !blind.contains($0 / result.couplings) }
    let stated = seen.compactMap { result.verdicts[$0].criticalValue?.value }
    let coverage = seen.compactMap { result.verdicts[$0].asymptoticCoverage?.value }
    let report = ToyScanReport(
      files: [request.output + ".h5", request.output + ".json"] + tables
        + request.plots.map { "\(request.output).\($0)" } + maps,
      notes: notes(result, contours), seed: request.seed, ensemble: request.ensemble.rawValue,
      confidence_level: request.level.level, degrees_of_freedom: request.level.degreesOfFreedom,
      asymptotic_critical_value: request.level.threshold, points: result.verdicts.count, toys: result.toys,
      critical_value: [stated.min(), stated.max()].compactMap(\.self),
      asymptotic_coverage: [coverage.min(), coverage.max()].compactMap(\.self),
      contour_coverage: ToyCoverage(result, request), limit: isFixed ? rows : nil,
      worst_points: worstPoints(result),
      d_unit: request.scale.unit, provenance: provenance)
    let summary = try JSONText.encode(report, name: request.output + ".json")
    try resultFile(result, provenance, summary).write(to: request.output + ".h5")
    try AtomicFile.write(summary, to: request.output + ".json")
    for (path, contour) in zip(tables, contours) {
      let text = RegionTable.text(
        [contour], name: "\(levelText) contour corrected by toys",
        entries: provenance.entries + gapNotes(result).map { (name: "note", value: $0) },
        massHead: "\(provenance.massSymbol ?? "m4") [MeV]", couplingHead: provenance.coupling.columnHead)
      try AtomicFile.write(text, to: path)
    }
    if !request.plots.isEmpty {
      let figure = figure(contours, try outlines(corrected, limits, .closed), asymptotic, provenance)
      let map = coverageMap(result, provenance)
      for (index, suffix) in request.plots.enumerated() {
        try Gnuplot.render(to: "\(request.output).\(suffix)", style: request.style) {
          (format, name) throws(ReportError) in
          try figure.script(format: format, output: name)
        }
        try Gnuplot.render(to: maps[index], style: request.style) { (format, name) throws(ReportError) in
          try map.script(format: format, output: name)
        }
      }
    }
    return report
  }

  // MARK: - Files

  private func resultFile(
    _ result: ToyScanResult, _ provenance: FitProvenance, _ summary: String
  ) -> ArrayFile {
    let (m, n) = (result.masses, result.couplings)
    var file = ArrayFile(
      attributes: [("format", "upscatter toys"), ("schema", "1")] + provenance.entries
        + [
          ("seed", "\(request.seed)"), ("ensemble", request.ensemble.rawValue),
          ("confidence_level", "\(request.level.level)"),
          ("degrees_of_freedom", "\(request.level.degreesOfFreedom)"), ("summary", summary),
        ])
    file.add(
      "m4", shape: [m], request.masses.values,
      [("unit", "MeV"), ("description", "mass, rows of the grids")])
    file.add(
      "d", shape: [n], request.couplings.values,
      [
        ("unit", provenance.coupling.unit), ("convention", provenance.coupling.convention),
        ("lagrangian", provenance.coupling.lagrangian), ("description", "coupling, columns of the grids"),
      ])
    let grids: [(name: String, text: String, value: (ToyVerdict) -> Double?)] = [
      ("delta", "Delta chi2 of the data", { $0.observed }),
      ("critical", "quantile of the toys; NaN: nothing is stated", { $0.criticalValue?.value }),
      ("critical_lower", "the true quantile is above it, 84 %", { $0.criticalValue?.lower }),
      (
        "critical_upper", "the true quantile is below it, 84 %; inf: too few toys",
        { $0.criticalValue?.upper }
      ),
      ("p_value", "share of toys with at least the Delta chi2 of the data", { $0.pValue?.value }),
      ("p_value_lower", "Clopper-Pearson, 68.27 %", { $0.pValue?.lower }),
      ("p_value_upper", "Clopper-Pearson, 68.27 %", { $0.pValue?.upper }),
      ("coverage", "share of toys inside the asymptotic contour", { $0.asymptoticCoverage?.value }),
      ("coverage_lower", "Clopper-Pearson, 68.27 %", { $0.asymptoticCoverage?.lower }),
      ("coverage_upper", "Clopper-Pearson, 68.27 %", { $0.asymptoticCoverage?.upper }),
      ("toys", "toys thrown", { Double($0.toys) }),
      ("failed", "toys without a statistic", { Double($0.failed) }),
      ("unconverged", "toys one of whose fits did not converge", { Double($0.unconverged) }),
      ("clipped", "toys whose expectation was set to zero in a bin", { Double($0.clipped) }),
    ]
    for grid in grids {
      file.add(
        grid.name, shape: [m, n], result.values(grid.value),
        [("description", "\(grid.text) [m4][d]"), ("unit", "1")])
    }
    return file
  }
}

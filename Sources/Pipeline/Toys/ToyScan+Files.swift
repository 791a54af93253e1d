import Contours
import Foundation
import Reporting
import ScanCore
import Statistics

/// What a finished run of toys left behind.
package struct ToyScanReport: Encodable, Sendable {
  package struct Limit: Encodable, Sendable {
    /// MeV
    package var m4: Double
    /// In the unit of the coupling; null where the level is not reached on the axis.
    @WrittenNull package var d: Double?
    @WrittenNull package var d_asymptotic: Double?
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
  /// Smallest and largest critical value, and coverage of the asymptotic contour, over the grid.
  package var critical_value: [Double]
  package var asymptotic_coverage: [Double]
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
    let contours = try outlines(corrected, .open)
    let asymptotic = try outlines(result.observed, .open)
    let limits = try request.level.degreesOfFreedom == 1 ? limits(corrected, result.observed) : nil
    let provenance = FitProvenance(subject, backend.identity, request.scale, version: request.version)
    let tables = contours.indices.map { request.output + ($0 == 0 ? ".csv" : "-\($0 + 1).csv") }
    let maps = request.plots.map { "\(request.output)-coverage.\($0)" }
    let stated = result.values { $0.criticalValue?.value }.filter(\.isFinite)
    let coverage = result.values { $0.asymptoticCoverage?.value }.filter(\.isFinite)
    let report = ToyScanReport(
      files: [request.output + ".h5", request.output + ".json"] + tables
        + request.plots.map { "\(request.output).\($0)" } + maps,
      notes: notes(result, contours), seed: request.seed, ensemble: request.ensemble.rawValue,
      confidence_level: request.level.level, degrees_of_freedom: request.level.degreesOfFreedom,
      asymptotic_critical_value: request.level.threshold, points: result.verdicts.count, toys: result.toys,
      critical_value: [stated.min(), stated.max()].compactMap(\.self),
      asymptotic_coverage: [coverage.min(), coverage.max()].compactMap(\.self), limit: limits,
      worst_points: worstPoints(result),
      d_unit: request.scale.unit, provenance: provenance)
    let summary = try JSONText.encode(report, name: request.output + ".json")
    try resultFile(result, provenance, summary).write(to: request.output + ".h5")
    try AtomicFile.write(summary, to: request.output + ".json")
    for (path, contour) in zip(tables, contours) {
      let text = RegionTable.text(
        [contour], name: "\(levelText) contour corrected by toys", entries: provenance.entries,
        massHead: "\(provenance.massSymbol ?? "m4") [MeV]", couplingHead: provenance.coupling.columnHead)
      try AtomicFile.write(text, to: path)
    }
    if !request.plots.isEmpty {
      let figure = try figure(corrected, contours, asymptotic, provenance)
      let map = coverageMap(result, provenance)
      for (index, suffix) in request.plots.enumerated() {
        try Gnuplot.render(to: "\(request.output).\(suffix)") { (format, name) throws(ReportError) in
          try figure.script(format: format, output: name)
        }
        try Gnuplot.render(to: maps[index]) { (format, name) throws(ReportError) in
          try map.script(format: format, output: name)
        }
      }
    }
    return report
  }

  private var levelText: String { "\(NumberWords.short(100 * request.level.level)) % C.L." }

  // MARK: - Contours

  private func outlines(_ values: [Double], _ boundary: ContourBuilder.Boundary) throws -> [Contour] {
    guard request.masses.count > 1 else { return [] }
    var builder = try ContourBuilder(
      m4: request.masses.values, d: request.couplings.values, level: request.level.threshold,
      boundary: boundary)
    for row in 0..<request.masses.count { try builder.add(row: row, statistic: rowValues(values, row)) }
    return try builder.finish()
  }

  private func rowValues(_ values: [Double], _ row: Int) -> [Double] {
    Array(values[row * request.couplings.count..<(row + 1) * request.couplings.count])
  }

  private func limits(_ corrected: [Double], _ observed: [Double]) throws -> [ToyScanReport.Limit] {
    try request.masses.values.enumerated().map { row, mass in
      func limit(_ values: [Double]) throws -> Double? {
        try interpolatedCrossing(
          d: request.couplings.values, statistic: rowValues(values, row), level: request.level.threshold)
      }
      return ToyScanReport.Limit(m4: mass, d: try limit(corrected), d_asymptotic: try limit(observed))
    }
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
    file.add("m4", shape: [m], request.masses.values, [("unit", "MeV")])
    file.add(
      "d", shape: [n], request.couplings.values,
      [
        ("unit", provenance.coupling.unit), ("convention", provenance.coupling.convention),
        ("lagrangian", provenance.coupling.lagrangian),
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
        grid.name, shape: [m, n], result.values(grid.value), [("description", "\(grid.text) [m4][d]")])
    }
    return file
  }

  private func figure(
    _ corrected: [Double], _ contours: [Contour], _ asymptotic: [Contour], _ provenance: FitProvenance
  ) throws -> ExclusionPlot {
    let scope = request.level.degreesOfFreedom == 1 ? "at fixed m4" : "in the plane"
    return ScanFigure.exclusion(
      title: "\(subject.title): critical values from toys",
      series: [
        ExclusionPlot.Series(
          label: "Toys, \(levelText)", contours: contours, regions: try outlines(corrected, .closed),
          isSensitivity: false),
        ExclusionPlot.Series(
          label: "Wilks, \(levelText)", contours: asymptotic, regions: [], isSensitivity: true),
      ], flavours: [provenance.flavour], m4: request.masses.values, d: request.couplings.values,
      coupling: provenance.coupling, massSymbol: provenance.massSymbol, overlaysIn: nil,
      caption: [
        "\(levelText) \(scope); asymptotic Δχ² = \(NumberWords.short(request.level.threshold)).  Toys: pulls \(request.ensemble.rawValue), "
          + "seed \(request.seed).  \(provenance.coupling.lagrangian)",
        "upscatter \(provenance.version), \(provenance.backend)",
      ])
  }

  private func coverageMap(_ result: ToyScanResult, _ provenance: FitProvenance) -> MapPlot {
    MapPlot(
      title: "Coverage of the asymptotic \(levelText) contour", masses: request.masses.values,
      couplings: request.couplings.values, values: result.values { $0.asymptoticCoverage?.value },
      valueTitle: "share of toys inside", coupling: provenance.coupling, flavour: provenance.flavour,
      massLabel: PlaneAxes.massLabel(provenance.massSymbol),
      caption: ["upscatter \(provenance.version), \(provenance.backend)"])
  }
}

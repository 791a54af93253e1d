import Contours
import Experiments
import Foundation
import Hashing
import Reporting
import ScanCore
import Statistics

/// The files of a fit: result file, JSON, outlines and plots.
extension Reconstruction {
  private static func tableEnding(_ prefix: String, _ confidence: Double) -> String {
    "-\(prefix)\(NumberWords.short(100 * confidence)).csv"
  }

  /// What the names of the tables of a level end in.
  package static func tableEndings(_ level: Double, posterior: Bool) -> [String] {
    [tableEnding("", level)] + (posterior ? [tableEnding("posterior-", level)] : [])
  }

  /// Runs the fit and writes `output` with the endings .h5, .json, -LEVEL.csv and those of the plots.
  package func write(to output: String, specs: [ExperimentSpec], plots: [String]) throws -> FitReport {
    let (all, alone) = try run()
    let provenance = provenance(specs)
    let level = { (prefix: String, confidence: Double) in
      output + Self.tableEnding(prefix, confidence)
    }
    func name(_ path: String) -> String { (path as NSString).lastPathComponent }
    let regions = all.levels.map { (level("", $0.region.confidenceLevel), $0.region, $0.contours, false) }
    let credible = all.posteriorLevels.map {
      (level("posterior-", $0.region.confidenceLevel), $0.region, $0.contours, true)
    }
    let tables = regions + credible
    let none = { (_: FitLevel) -> String? in nil }
    var report = FitReport(
      fit: FitReport.Fit(all, request) {
        name(level("", $0.region.confidenceLevel))
      } posteriorFiles: {
        name(level("posterior-", $0.region.confidenceLevel))
      },
      alone: alone.isEmpty ? nil : alone.map { FitReport.Fit($0, request, files: none) { _ in nil } },
      d_unit: provenance.coupling.unit, m4_points: all.plane.masses.count,
      d_points: all.plane.couplings.count,
      estimated_quadrature_error: analyses.map(\.estimatedError).max() ?? 0, provenance: provenance, files: []
    )
    report.files =
      [output + ".h5", output + ".json"] + tables.map(\.0)
      + plots.flatMap { suffix in ["\(output).\(suffix)"] + pullPlots(all, suffix).map { output + $0 } }
    let summary = try JSONText.encode(report, name: output + ".json")
    try resultFile(all, provenance, summary: summary).write(to: output + ".h5")
    try AtomicFile.write(summary, to: output + ".json")
    for (path, region, contours, isPosterior) in tables {
      let percent = NumberWords.short(100 * region.confidenceLevel)
      let what =
        isPosterior
        ? "\(percent) % region of highest posterior density"
        : "\(percent) % C.L. region, profile likelihood, 2 dof, Delta chi2 <= \(NumberWords.short(region.threshold))"
      let text = RegionTable.text(
        contours, name: "\(what), \(region.closes ? "closes" : "does not close: \(region.opening ?? "")")",
        entries: provenance.entries, massHead: "\(provenance.massSymbol ?? "m4") [MeV]",
        couplingHead: provenance.coupling.columnHead)
      try AtomicFile.write(text, to: path)
    }
    if !plots.isEmpty {
      let figure = figure(all, alone, provenance)
      for suffix in plots {
        try Gnuplot.render(to: "\(output).\(suffix)", style: request.style) {
          (format, name) throws(ReportError) in
          try figure.script(format: format, output: name)
        }
        try drawPulls(all, provenance, output: output, suffix: suffix)
      }
    }
    return report
  }

  private func provenance(_ specs: [ExperimentSpec]) -> FitProvenance {
    let first = analyses.first
    var hashes: [String: String] = [:]
    for spec in specs {
      for (file, hash) in spec.inputDigests {
        hashes[specs.count == 1 ? file : "\(spec.name)/\(file)"] = hash
      }
    }
    let plans = analyses.map {
      PlanHash.hex($0.signalPlan, $0.likelihood, pulled: $0.pulled, interaction: $0.interaction)
    }
    let text = plans.joined() + request.shared.sorted().joined(separator: "\n")
    return FitProvenance(
      version: request.version, experiments: specs.map(\.title), sharedPulls: request.shared.sorted(),
      flavour: first?.settings.flavour ?? "", data: dataText,
      statistics: analyses.map(\.settings.statistic.rawValue),
      mode: first?.settings.mode.rawValue ?? "", backend: backend.identity,
      planHash: plans.count == 1 ? plans[0] : SHA256.hexDigest(of: Array(text.utf8)),
      inputHashes: hashes, coupling: request.scale.label, model: first?.chosen?.identity,
      massSymbol: first?.chosen?.mass?.symbol)
  }

  private var dataText: String {
    guard let truth = request.truth else {
      return Set(analyses.map(\.settings.dataSet.rawValue)).sorted().joined(separator: ", ")
    }
    let point =
      "m4 = \(truth.mass) MeV, \(request.scale.symbol) = \(request.scale.fromInternal(truth.coupling)) \(request.scale.unit)"
    return request.toy.map { "toy \($0.number) of seed \($0.seed) thrown at \(point)" }
      ?? "expectation (Asimov) at \(point)"
  }

  private func resultFile(
    _ outcome: FitOutcome, _ provenance: FitProvenance, summary: String
  ) -> ArrayFile {
    let plane = outcome.plane
    let (m, n) = (plane.masses.count, plane.couplings.count)
    var file = ArrayFile(
      attributes: [("format", "upscatter fit"), ("schema", "1")] + provenance.entries
        + [("summary", summary), ("minimum", "\(outcome.best.statistic)")])
    let one = (name: "unit", value: "1")
    let mass = [(name: "unit", value: "MeV"), (name: "description", value: "mass, axis of the plane")]
    file.add("m4", shape: [m], plane.masses, mass)
    let coupling = [
      ("unit", provenance.coupling.unit), ("convention", provenance.coupling.convention),
      ("lagrangian", provenance.coupling.lagrangian), ("description", "coupling, axis of the plane"),
    ].map { (name: $0.0, value: $0.1) }
    file.add("d", shape: [n], plane.couplings.map(request.scale.fromInternal), coupling)
    file.add(
      "delta", shape: [m, n], outcome.delta,
      [("description", "chi2 [m4][d], minimised over the pulls, minus its minimum in the plane"), one])
    file.add(
      "profile_m4", shape: [m], outcome.massProfile,
      [("description", "Delta chi2, minimised over d >= 0"), one])
    file.add(
      "profile_d", shape: [n], outcome.couplingProfile,
      [("description", "Delta chi2, minimised over m4"), one])
    let pulls = plane.model.plan.pulls
    for (k, pull) in pulls.enumerated() {
      let values = stride(from: k, to: plane.pulls.count, by: pulls.count).map { plane.pulls[$0] }
      let name = pull.name.replacingOccurrences(of: "/", with: "_")
      file.add(
        "pulls/\(name)", shape: [m, n], values,
        [("description", "best pull [m4][d], a relative change, or theta in widths"), one])
    }
    if let density = outcome.posteriorDensity {
      let unit = { (y: Double) in request.scale.fromInternal(exp(y)) }
      file.add("posterior/m4", shape: [density.x.count], density.x.map { exp($0) }, mass)
      file.add("posterior/d", shape: [density.y.count], density.y.map(unit), coupling)
      file.add(
        "posterior/density", shape: [density.x.count, density.y.count], density.mass,
        [("description", "probability per cell [m4][d]; cells are equal in log m4 and log d"), one])
    }
    if let chain = outcome.posterior?.chain {
      // about one position per autocorrelation time
      let stride = max(1, Int(outcome.posterior?.diagnosis.autocorrelationTime ?? 1))
      var rows: [Double] = []
      for step in Swift.stride(from: 0, to: chain.steps, by: stride) {
        for walker in 0..<chain.walkers {
          let start = (step * chain.walkers + walker) * chain.dimension
          rows += [exp(chain.positions[start]), request.scale.fromInternal(exp(chain.positions[start + 1]))]
          rows += chain.positions[start + 2..<start + chain.dimension]
        }
      }
      let columns = ["m4", "d"] + pulls.map(\.name)
      let units = ["MeV", provenance.coupling.unit] + pulls.map { _ in "1" }
      file.add(
        "posterior/samples", shape: [rows.count / chain.dimension, chain.dimension], rows,
        [
          ("columns", columns.joined(separator: "\n")), ("unit", units.joined(separator: "\n")),
          ("description", "positions of the sampler; one name and one unit per column"),
        ])
    }
    return file
  }
}

import Foundation
import Reporting
import ScanCore

/// The files of limits.
extension StrengthLimits {
  /// What `write` will leave, in this order.
  package static func files(_ output: String, plots: [String]) -> [String] {
    [output + ".csv", output + ".json"] + plots.map { "\(output).\($0)" }
  }

  /// - Parameters:
  ///   - summary: JSON
  ///   - plots: suffixes; empty unless there is something to draw
  ///   - style: of the plots
  package func write(
    _ result: StrengthLimitResult, to output: String, plots: [String], style: PlotStyle = .light,
    summary: String,
    scale: CouplingScale, version: String
  ) throws {
    let provenance = FitProvenance(subject, backend.identity, scale, version: version)
    let entries =
      provenance.entries + [(name: "method", value: methodText)]
      + result.notes.map { (name: "note", value: $0) }
    try AtomicFile.write(
      ColumnTable.text(
        columns(result.rows, scale), name: "\(levelText) \(subject.kind), \(request.method.title)",
        entries: entries),
      to: output + ".csv")
    try AtomicFile.write(summary, to: output + ".json")
    let figure = figure(result.drawn, provenance, scale)
    for suffix in plots {
      try Gnuplot.render(to: "\(output).\(suffix)", style: style) { (format, name) throws(ReportError) in
        try figure.script(format: format, output: name)
      }
    }
  }

  private var levelText: String { "\(NumberWords.short(100 * request.level.level)) % C.L." }

  /// How limits and bands were made.
  package var methodText: String {
    let limits = "limits: \(request.method.title), \(request.toys == nil ? "asymptotic" : "toys")"
    return request.bands ? "\(limits); expected: \(request.bandToys == nil ? "asymptotic" : "toys")" : limits
  }

  private func columns(_ rows: [StrengthLimitRow], _ scale: CouplingScale) -> [ColumnTable.Column] {
    let own = { (value: Double?) in value.map { scale.fromInternal($0) } }
    var columns: [ColumnTable.Column] = []
    func add(_ head: String, _ value: (StrengthLimitRow) -> Double?) {
      columns.append((head, rows.map(value)))
    }
    func addCoupling(_ name: String, _ value: (StrengthLimitRow) -> Double?) {
      add("\(scale.label.symbol) \(name) [\(scale.label.unit)]") { own(value($0)) }
    }
    if let mass = scale.mass { add("\(mass.symbol) [MeV]") { $0.m4 } }
    addCoupling("limit") { $0.coupling }
    if request.toys != nil {
      addCoupling("limit low") { $0.range?.lowerBound }
      addCoupling("limit high") { $0.range?.upperBound }
    }
    if request.method == .likelihood { addCoupling("lower limit") { $0.lowerCoupling } }
    if request.bands {
      for (index, sigma) in [-2, -1, 0, 1, 2].enumerated() {
        addCoupling("expected \(sigma) sigma") { $0.expected.isEmpty ? nil : $0.expected[index] }
      }
    }
    addCoupling("best fit") { $0.fit.bestCoupling }
    if request.discovery {
      add("q0") { $0.discovery?.statistic }
      add("local significance") { $0.discovery?.significance }
      add("local p-value") { $0.discovery?.pValue }
      if request.toys != nil { add("local p-value from toys") { $0.discovery?.toys?.value } }
    }
    return columns
  }

  private func figure(
    _ rows: [StrengthLimitRow], _ provenance: FitProvenance, _ scale: CouplingScale
  ) -> BandPlot {
    let own = { (value: Double) in scale.fromInternal(value) }
    let data = subject.kind == "limit" ? "Observed" : "Asimov data"
    return BandPlot(
      title: "\(subject.title): \(levelText) upper limit", masses: rows.map(\.m4),
      observed: rows.map { $0.coupling.map(own) }, expected: rows.map { $0.expected.map(own) },
      label: "\(data) (\(request.method == .likelihood ? "Δχ²" : request.method.title))",
      source: "Expected without signal",
      coupling: provenance.coupling, flavour: subject.flavour,
      massLabel: PlaneAxes.massLabel(provenance.massSymbol),
      caption: [
        "\(levelText), \(methodText)"
          + (request.toys == nil && request.bandToys == nil
            ? ""
            : " (seed \(request.seed), pulls "
              + "\(request.ensemble.rawValue))") + ".  \(provenance.coupling.lagrangian)",
        provenance.makerText,
      ])
  }
}

extension FitProvenance {
  /// Of a likelihood of one experiment or of several.
  init(_ subject: ScanSubject, _ backend: BackendIdentity, _ scale: CouplingScale, version: String) {
    self.init(
      version: version, experiments: subject.specs.map(\.title), sharedPulls: subject.sharedPulls ?? [],
      flavour: subject.flavour, data: subject.dataSet,
      statistics: subject.analyses.map(\.settings.statistic.rawValue),
      mode: subject.first.settings.mode.rawValue, backend: backend, planHash: subject.planHash,
      inputHashes: subject.inputHashes, coupling: scale.label, model: subject.first.chosen?.identity,
      massSymbol: subject.first.chosen?.mass?.symbol)
  }
}

import Foundation
import Reporting
import ScanCore
import Statistics

/// Histograms of the toys of single points of a grid, which are thrown again: equal seeds give equal toys.
package struct ToyHistograms {
  private let scan: ToyScan
  /// Row and column of every point.
  private let places: [(row: Int, column: Int)]

  /// - Parameter points: "m4,d" each, in MeV and in the unit of the scan's couplings; the nearest point of the grid is taken
  package init(_ scan: ToyScan, points: [String]) throws(RequestError) {
    self.scan = scan
    var places: [(row: Int, column: Int)] = []
    for text in points {
      let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        .map { Double($0.trimmingCharacters(in: .whitespaces)) }
      guard parts.count == 2, let mass = parts[0], let coupling = parts[1], mass > 0, coupling > 0,
        mass.isFinite, coupling.isFinite
      else {
        throw RequestError(
          "--histogram \(text): a point is a mass in MeV and a coupling in \(scan.request.scale.unit), both above 0, for example 10,1e-6."
        )
      }
      let (masses, couplings) = (scan.request.masses.values, scan.request.couplings.values)
      guard Self.spans(masses, mass), Self.spans(couplings, coupling) else {
        throw RequestError(
          "--histogram \(text): lies outside of the grid. Its points go from \(NumberWords.short(masses.first ?? 0)),"
            + "\(NumberWords.short(couplings.first ?? 0)) to \(NumberWords.short(masses.last ?? 0)),"
            + "\(NumberWords.short(couplings.last ?? 0)); choose one there, or widen --m4 and --d.")
      }
      places.append((Self.nearest(to: mass, in: masses), Self.nearest(to: coupling, in: couplings)))
    }
    self.places = places
  }

  /// What the names of the pictures of so many points end in.
  package static func endings(_ count: Int, plots: [String]) -> [String] {
    (0..<count).flatMap { index in plots.map { "-histogram-\(index + 1).\($0)" } }
  }

  /// Whether a value lies on an axis, or within a tenth of its ends.
  private static func spans(_ axis: [Double], _ value: Double) -> Bool {
    guard let first = axis.first, let last = axis.last else { return false }
    return value > first / 1.1 && value < last * 1.1
  }

  private static func nearest(to value: Double, in axis: [Double]) -> Int {
    axis.indices.min { abs(log(axis[$0] / value)) < abs(log(axis[$1] / value)) } ?? 0
  }

  /// Returns the names of what was drawn.
  package func draw(_ result: ToyScanResult) throws -> [String] {
    guard !places.isEmpty, !scan.request.plots.isEmpty else { return [] }
    let request = scan.request
    let thrower = try scan.thrower()
    var files: [String] = []
    for (number, place) in places.enumerated() {
      let index = place.row * result.couplings + place.column
      let coupling = request.couplings.values[place.column]
      let verdict = result.verdicts[index]
      guard let point = try scan.points(index..<index + 1, thrower).first else { continue }
      let figure = figure(
        try thrower.toys.distribution(of: point.toys, toys: verdict.toys), verdict,
        mass: request.masses.values[place.row],
        coupling: coupling)
      for suffix in request.plots {
        let path = "\(request.output)-histogram-\(number + 1).\(suffix)"
        try Gnuplot.render(to: path, style: request.style) { (format, name) throws(ReportError) in
          try figure.script(format: format, output: name)
        }
        files.append(path)
      }
    }
    return files
  }

  private func figure(
    _ toys: ToyDistribution, _ verdict: ToyVerdict, mass: Double, coupling: Double
  ) -> ToyHistogramPlot {
    let request = scan.request
    let degrees = request.level.degreesOfFreedom
    let point =
      "\(scan.massSymbol) = \(NumberWords.short(mass)) MeV, \(request.scale.symbol) = \(NumberWords.short(coupling)) \(request.scale.unit)"
    func number(_ value: Double) -> String { NumberWords.short(value) }
    var lines = [
      ToyHistogramPlot.Line(
        label: "asymptotic critical value \(number(request.level.threshold))",
        value: request.level.threshold, kind: .asymptotic)
    ]
    if let critical = verdict.criticalValue {
      let text =
        critical.error.isFinite && critical.error > 0
        ? NumberWords.withError(critical.value, critical.error) : number(critical.value)
      lines.append(
        .init(
          label: "critical value of toys \(text)", value: critical.value, kind: .toys))
    }
    lines.append(
      .init(label: "data: \(number(verdict.observed))", value: verdict.observed, kind: .data))
    let coverage =
      verdict.asymptoticCoverage.map {
        "  \(number(100 * $0.value)) % of the toys lie below the asymptotic critical value."
      } ?? ""
    let provenance = FitProvenance(
      scan.subject, scan.crew.identity, request.scale, version: request.version)
    let minimum = degrees == 2 ? "the plane" : "the coupling at the same mass"
    return ToyHistogramPlot(
      title: "\(scan.subject.title): toys of \(point)",
      axis: "Δχ² to the best fit in \(minimum)",
      samples: [
        .init(
          label: "\(toys.count) toys, \(scan.levelText)", values: toys.values.filter(\.isFinite),
          density: .chiSquare(degreesOfFreedom: degrees))
      ], lines: lines, showsTail: true,
      caption: ["Seed \(request.seed), \(request.ensemble.words).\(coverage)", provenance.makerText])
  }
}

import Contours
import Foundation
import Reporting

/// Where two scans of the same grid differ, and by how much: |A - B| / max(1, |B|) of Delta chi2, as spot checks measure it.
package struct DifferenceMap {
  /// Cells of large grids are blocks, with the largest difference in each.
  private static let mostCells = 200

  package let results: (ResultContents, ResultContents)
  /// Middle of the blocks.
  let masses: [Double]
  let couplings: [Double]
  /// Largest difference per block, masses x couplings; infinite where one of two is no number.
  let values: [Double]
  package let points: Int
  /// Points equal to the last bit.
  package let equal: Int
  package let worst: (m4: Double, d: Double, first: Double, second: Double, value: Double)?

  /// - Parameters:
  ///   - first: path of the result to judge
  ///   - second: path of the result to judge it by
  package init(_ first: String, _ second: String) throws {
    let (a, b) = (try ResultFile.read(first), try ResultFile.read(second))
    try Self.check(a, b, first, second)
    let rows = Self.blocks(a.m4.count), columns = Self.blocks(a.d.count)
    var values = [Double](repeating: 0, count: rows.count * columns.count)
    var equal = 0
    var worst: (m4: Double, d: Double, first: Double, second: Double, value: Double)?
    try ResultFile.forEachRow(first, second) { row, ours, theirs in
      let block = row / rows.size * columns.count
      for (column, pair) in zip(ours, theirs).enumerated() {
        let value = Self.difference(pair.0, pair.1)
        if value == 0 { equal += 1 }
        let cell = block + column / columns.size
        values[cell] = max(values[cell], value)
        if value > worst?.value ?? 0 { worst = (a.m4[row], a.d[column], pair.0, pair.1, value) }
      }
    }
    results = (a, b)
    masses = Self.middles(a.m4, rows)
    couplings = Self.middles(a.d, columns)
    self.values = values
    points = a.m4.count * a.d.count
    self.equal = equal
    self.worst = worst
  }

  static func difference(_ a: Double, _ b: Double) -> Double {
    if a == b || a.isNaN && b.isNaN { return 0 }
    let value = abs(a - b) / max(1, abs(b))
    return value.isNaN ? .infinity : value
  }

  /// Size and number of blocks along an axis.
  private static func blocks(_ count: Int) -> (size: Int, count: Int) {
    let size = (count + mostCells - 1) / mostCells
    return (size, (count + size - 1) / size)
  }

  private static func middles(_ axis: [Double], _ blocks: (size: Int, count: Int)) -> [Double] {
    (0..<blocks.count).map { block in
      let (low, high) = (block * blocks.size, min((block + 1) * blocks.size, axis.count) - 1)
      return (axis[low] * axis[high]).squareRoot()
    }
  }

  private static func check(
    _ a: ResultContents, _ b: ResultContents, _ first: String, _ second: String
  ) throws(RequestError) {
    guard a.m4 == b.m4, a.d == b.d else {
      throw RequestError(
        "--difference: \(first) has \(a.m4.count) x \(a.d.count) points from \(NumberWords.short(a.m4.first ?? 0)) MeV, \(second) "
          + "\(b.m4.count) x \(b.d.count) from \(NumberWords.short(b.m4.first ?? 0)) MeV: their grids are not the same. Scan both with "
          + "the same --m4 and --d.")
    }
    let settings = { (result: ResultContents) in
      let from = result.provenance
      return [
        from.experiments.joined(separator: " + "), from.flavour, from.kind, from.statistic,
        from.coupling.convention, from.model ?? "dipole", "\(from.degreesOfFreedom) dof",
        from.dataSet, "shared pulls: \(from.sharedPulls?.joined(separator: ", ") ?? "none")",
        "input files of SHA-256 \(from.inputHashes.values.sorted().map { $0.prefix(8) }.joined(separator: ", "))",
      ]
    }
    for (one, other) in zip(settings(a), settings(b)) where one != other {
      throw RequestError(
        "--difference: \(first) is of \(one) and \(second) of \(other): they need not agree. Compare scans that differ in backend, device "
          + "or precision only.")
    }
  }

  // MARK: - Statements

  /// The same in JSON; `worst` is missing where all are equal.
  package struct Numbers: Encodable {
    package struct Worst: Encodable {
      var m4: Double
      var d: Double
      var delta_chi2: [Double]
      var relative_difference: Double
    }
    var points: Int
    var equal: Int
    var worst: Worst?
  }

  package var numbers: Numbers {
    Numbers(
      points: points, equal: equal,
      worst: worst.map {
        .init(m4: $0.m4, d: $0.d, delta_chi2: [$0.first, $0.second], relative_difference: $0.value)
      })
  }

  private static func maker(_ result: ResultContents) -> String { "\(result.provenance.backend)" }

  /// One line for the person who asked.
  package var summary: String {
    let share = "\(equal) of \(points) points are equal to the last bit"
    guard let worst else { return share }
    let symbols = (results.0.provenance.massSymbol ?? "m4", results.0.provenance.coupling)
    return "\(share); worst relative difference \(String(format: "%.2e", worst.value)) at \(symbols.0) = "
      + "\(NumberWords.short(worst.m4)) MeV, \(symbols.1.symbol) = \(NumberWords.short(worst.d)) \(symbols.1.unit)"
  }

  package func figure(title: String?, version: String) -> DifferencePlot {
    let provenance = results.0.provenance
    let blocks =
      points > masses.count * couplings.count
      ? "  Each cell shows the largest difference of its points." : ""
    return DifferencePlot(
      title: title ?? "\(provenance.experiments.joined(separator: " + ")): difference of two scans",
      masses: masses, couplings: couplings, values: values,
      worst: worst.map { (ContourPoint(m4: $0.m4, d: $0.d), $0.value) }, coupling: provenance.coupling,
      flavour: provenance.flavour, massLabel: PlaneAxes.massLabel(provenance.massSymbol),
      caption: [
        "A: \(Self.maker(results.0)).  B: \(Self.maker(results.1)).  |A − B| / max(1, |B|) of Δχ².\(blocks)",
        "\(summary.replacingOccurrences(of: "1/GeV", with: "GeV^-1")).  upscatter \(version)",
      ])
  }
}

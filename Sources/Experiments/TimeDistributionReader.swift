/// Reads an arrival-time distribution: a table of bins, a Gaussian pulse, or an exponential.
struct TimeDistributionReader {
  let context: LoadContext

  /// - Parameters:
  ///   - column: column of a table when the file need not name it
  ///   - delayed: whether a pulse is followed by muon decay when the file need not say it
  func read(
    _ node: ConfigNode, column: String? = nil, delayed: Bool? = nil
  ) throws(ExperimentError) -> TimeDistributionSpec {
    if case .mapping(let entries) = node.content, entries.contains(where: { $0.key == "table" }) {
      return try table(node, column)
    }
    let choice = try Alternative(node, kinds: ["table", "gaussian-pulse", "exponential"])
    let parameters = try choice.requiredParameters()
    return choice.kind == "exponential" ? try exponential(parameters) : try pulse(parameters, delayed)
  }

  private func exponential(_ node: ConfigNode) throws(ExperimentError) -> TimeDistributionSpec {
    let section = try context.section(node, keys: ["rate"])
    return .exponential(rate: try section.required("rate").quantity(.dimension(.rate), .nonNegative))
  }

  private func pulse(_ node: ConfigNode, _ delayed: Bool?) throws(ExperimentError) -> TimeDistributionSpec {
    let keys = ["center", "width"] + (delayed == nil ? ["delayed"] : [])
    let section = try context.section(node, keys: keys)
    let center = try section.required("center").quantity(.dimension(.time))
    let width = try section.required("width").quantity(.dimension(.time), .positive)
    if let delayed { return .gaussianPulse(center: center, width: width, delayed: delayed) }
    let isDelayed = try section.required("delayed").choice([("yes", true), ("no", false)])
    return .gaussianPulse(center: center, width: width, delayed: isDelayed)
  }

  // MARK: - Table

  private func table(_ node: ConfigNode, _ column: String?) throws(ExperimentError) -> TimeDistributionSpec {
    let section = try context.section(node, keys: ["table"] + (column == nil ? ["column"] : []))
    let table = try context.tables.table(section.required("table"))
    guard let column else { return try histogram(table, section.required("column").text()) }
    return try histogram(table, column)
  }

  private func histogram(_ table: DataTable, _ name: String) throws(ExperimentError) -> TimeDistributionSpec {
    let edges = try contiguousEdges(table)
    let masses = try table.numbers(name, nil, .nonNegative)
    let sum = masses.reduce(0, +)
    guard sum > 0, sum <= 1 + 1e-6 else {
      throw table.position(row: 0, column: name).error(
        found: "a sum of \(sum) in column `\(name)`",
        expected: "fractions that add up to at most one, and not to zero",
        cure: "Give the fraction of all arrivals in each bin.")
    }
    return .histogram(edges: edges, masses: sum > 1 ? masses.map { $0 / sum } : masses)
  }

  /// Edges of bins that ascend and touch.
  private func contiguousEdges(_ table: DataTable) throws(ExperimentError) -> [Double] {
    let lows = try table.numbers("time_low", .dimension(.time), .any)
    let highs = try table.numbers("time_high", .dimension(.time), .any)
    for row in lows.indices {
      guard highs[row] > lows[row] else {
        throw table.position(row: row, column: "time_high").error(
          found: "an upper edge of \(highs[row]) us", expected: "more than the lower edge \(lows[row]) us",
          cure: "Correct the bin.")
      }
      guard row == 0 || nearlyEqual(lows[row], highs[row - 1]) else {
        throw table.position(row: row, column: "time_low").error(
          found: "a lower edge of \(lows[row]) us",
          expected: "the upper edge \(highs[row - 1]) us of the bin before",
          cure: "Close the gap or remove the overlap.")
      }
    }
    return [lows[0]] + highs
  }
}

/// Equal but for rounding of the printed digits.
func nearlyEqual(_ a: Double, _ b: Double) -> Bool {
  abs(a - b) <= max(1e-9 * max(abs(a), abs(b)), 1e-15)
}

/// Reads numbers per bin: a plain list, or a column of a table whose rows name the edges of their bins.
struct BinnedReader {
  let context: LoadContext
  let axes: ChannelAxes
  /// What events may be.
  var domain = NumberDomain.nonNegative

  /// Events per used bin, energy-major.
  func events(_ node: ConfigNode) throws(ExperimentError) -> [Double] { try numbers(node, domain) }

  /// Numbers per used bin, energy-major.
  func numbers(_ node: ConfigNode, _ domain: NumberDomain) throws(ExperimentError) -> [Double] {
    let all = try values(
      node, count: axes.energyBins * axes.timeBins, withTimes: axes.hasTimeAxis, domain)
    return Array(all.dropFirst(axes.skippedEnergyBins * axes.timeBins))
  }

  /// Weights of all energy bins, also of those that are skipped.
  func energyWeights(_ node: ConfigNode) throws(ExperimentError) -> [Double] {
    let weights = try values(node, count: axes.energyBins, withTimes: false, .nonNegative)
    guard weights.dropFirst(axes.skippedEnergyBins).contains(where: { $0 > 0 }) else {
      throw node.error(
        found: "weights that are all zero", expected: "a positive weight in a used bin",
        cure: "Correct the shape.")
    }
    return weights
  }

  /// Numbers with a unit of all energy bins, also of those that are skipped; one alone holds for every bin.
  func energyQuantities(_ node: ConfigNode, _ kind: QuantityKind) throws(ExperimentError) -> [Double] {
    if case .scalar = node.content {
      return [Double](repeating: try node.quantity(kind, .nonNegative), count: axes.energyBins)
    }
    return try values(node, count: axes.energyBins, withTimes: false, .nonNegative, kind)
  }

  private func values(
    _ node: ConfigNode, count: Int, withTimes: Bool, _ domain: NumberDomain, _ kind: QuantityKind? = nil
  ) throws(ExperimentError) -> [Double] {
    if case .list(let items) = node.content {
      guard items.count == count else {
        throw node.error(expected: "\(count) numbers, one per bin", cure: "Give one number for each bin.")
      }
      var values: [Double] = []
      for item in items {
        if let kind {
          values.append(try item.quantity(kind, domain))
        } else {
          values.append(try item.number(domain))
        }
      }
      return values
    }
    let section = try context.section(node, keys: ["table", "column"])
    let table = try context.tables.table(section.required("table"))
    let values = try table.numbers(section.required("column").text(), kind, domain)
    try checkEdges(table, withTimes: withTimes)
    guard values.count == count else {
      let last = table.rows[table.rows.count - 1][0].position
      throw last.error(
        found: "\(values.count) rows", expected: "\(count), one per bin of the channel",
        cure: "Add the missing rows or remove the surplus.")
    }
    return values
  }

  // MARK: - Edges

  private func checkEdges(_ table: DataTable, withTimes: Bool) throws(ExperimentError) {
    let energyKind = QuantityKind.reconstructed(unit: axes.energyUnit)
    let times = withTimes ? axes.timeBins : 1
    if axes.energyUnit == "bin" {
      try check(table, "bin", nil) { $0 / times < axes.energyBins ? Double($0 / times + 1) : nil }
    } else {
      try check(table, "energy_low", energyKind) {
        $0 / times < axes.energyBins ? axes.energyEdges[$0 / times] : nil
      }
      try check(table, "energy_high", energyKind) {
        $0 / times < axes.energyBins ? axes.energyEdges[$0 / times + 1] : nil
      }
    }
    guard withTimes else { return }
    try check(table, "time_low", .dimension(.time)) { axes.timeEdges[$0 % times] }
    try check(table, "time_high", .dimension(.time)) { axes.timeEdges[$0 % times + 1] }
  }

  /// Rows beyond the bins are left to the check of their number.
  private func check(
    _ table: DataTable, _ column: String, _ kind: QuantityKind?, expected: (Int) -> Double?
  ) throws(ExperimentError) {
    for (row, value) in try table.numbers(column, kind, .any).enumerated() {
      guard let wanted = expected(row), !nearlyEqual(value, wanted) else { continue }
      throw table.position(row: row, column: column).error(
        found: "\(value) in column `\(column)`",
        expected: kind == nil
          ? "\(wanted), the analysis bin of row \(row + 1)"
          : "\(wanted), the edge of bin \(row + 1) of the channel",
        cure: "List the bins in order, energy first, time fastest, with the edges of the channel.")
    }
  }
}

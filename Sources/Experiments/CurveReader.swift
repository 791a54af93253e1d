/// Reads curves from tables: quenching factors, efficiencies, response matrices.
struct CurveReader {
  let context: LoadContext
  /// Every node ends a window of the recoil integral.
  private static let maximumNodes = 2000

  /// The curve in `table:` of the section, from two columns of that table.
  /// - Parameters:
  ///   - abscissa: name and kind of the column that must ascend
  ///   - ordinate: name and domain of the other, without unit
  func read(
    _ node: ConfigNode, abscissa: (name: String, kind: QuantityKind),
    ordinate: (name: String, domain: NumberDomain)
  ) throws(ExperimentError) -> TabulatedCurve {
    let section = try context.section(node, keys: ["table"])
    let table = try context.tables.table(section.required("table"))
    return TabulatedCurve(
      nodes: try nodes(table, abscissa.name, abscissa.kind),
      values: try table.numbers(ordinate.name, nil, ordinate.domain))
  }

  /// A column of numbers that are not negative and ascend, at least two.
  private func nodes(
    _ table: DataTable, _ name: String, _ kind: QuantityKind
  ) throws(ExperimentError) -> [Double] {
    let nodes = try table.numbers(name, kind, .nonNegative)
    for row in nodes.indices.dropFirst() where nodes[row] <= nodes[row - 1] {
      throw table.position(row: row, column: name).error(
        found: "\(nodes[row]) after \(nodes[row - 1]) in column `\(name)`", expected: "numbers that ascend",
        cure: "Sort the rows, each node once.")
    }
    guard nodes.count <= Self.maximumNodes else {
      throw table.position(row: Self.maximumNodes, column: name).error(
        found: "\(nodes.count) rows", expected: "at most \(Self.maximumNodes)", cure: "Thin the table out.")
    }
    guard nodes.count >= 2 else {
      throw table.position(row: 0, column: name).error(
        found: "one row", expected: "two or more, to interpolate between", cure: "Add the other nodes.")
    }
    return nodes
  }

  // MARK: - Curves over the recoil

  private static let recoil = (name: "recoil", kind: QuantityKind.dimension(.energy))

  /// `recoil [keV]`, `factor`: E_ee = factor(T) T.
  func quenching(_ node: ConfigNode) throws(ExperimentError) -> TabulatedCurve {
    try read(node, abscissa: Self.recoil, ordinate: ("factor", .nonNegative))
  }

  /// `none`, `{ table }` for all recoils, or `{ nuclear, electron }` with `none` or `{ table }` each.
  func recoilEfficiency(_ node: ConfigNode) throws(ExperimentError) -> RecoilEfficiencySpec {
    if case .mapping(let entries) = node.content, entries.contains(where: { $0.key == "table" }) {
      let curve = try efficiency(node, over: Self.recoil)
      return RecoilEfficiencySpec(nuclear: curve, electron: curve)
    }
    if case .scalar("none") = node.content { return .unity }
    guard case .mapping = node.content else {
      throw node.error(
        expected: "`none`, `{ table: FILE }` or `{ nuclear: ..., electron: ... }`", cure: "Write one of them."
      )
    }
    let section = try context.section(node, keys: ["nuclear", "electron"])
    return RecoilEfficiencySpec(
      nuclear: try optionalEfficiency(section.required("nuclear")),
      electron: try optionalEfficiency(section.required("electron")))
  }

  private func optionalEfficiency(_ node: ConfigNode) throws(ExperimentError) -> TabulatedCurve? {
    if case .scalar("none") = node.content { return nil }
    return try efficiency(node, over: Self.recoil)
  }

  /// A curve of probabilities, one of them above zero at least.
  func efficiency(
    _ node: ConfigNode, over abscissa: (name: String, kind: QuantityKind)
  ) throws(ExperimentError) -> TabulatedCurve {
    let curve = try read(node, abscissa: abscissa, ordinate: ("efficiency", .probability))
    guard curve.values.contains(where: { $0 > 0 }) else {
      throw node.error(
        found: "an efficiency that is zero everywhere", expected: "a positive value",
        cure: "Correct the table.")
    }
    return curve
  }

  // MARK: - Response matrices

  /// `recoil [keV]`, `bin_1`, ..., `bin_N`: probability of each analysis bin.
  func matrix(_ node: ConfigNode, bins: Int) throws(ExperimentError) -> ResponseMatrixSpec {
    let table = try context.tables.table(node)
    let recoils = try nodes(table, Self.recoil.name, Self.recoil.kind)
    var columns: [[Double]] = []
    for bin in 1...bins { columns.append(try table.numbers("bin_\(bin)", nil, .probability)) }
    if let surplus = table.columns.first(where: { $0.name == "bin_\(bins + 1)" }) {
      throw surplus.position.error(
        found: "a column `\(surplus.name)`", expected: "\(bins) bins, as in `channel.energy.bins`",
        cure: "Correct the number of bins.")
    }
    for row in recoils.indices {
      let sum = columns.reduce(0) { $0 + $1[row] }
      guard sum <= 1 + 1e-6 else {
        throw table.position(row: row, column: Self.recoil.name).error(
          found: "probabilities that add up to \(sum)", expected: "at most one over all bins",
          cure: "Give the probability of each bin; weights of several runs must share one exposure.")
      }
    }
    let probabilities = recoils.indices.flatMap { row in columns.map { $0[row] } }
    guard probabilities.contains(where: { $0 > 0 }) else {
      throw node.error(
        found: "a matrix of zeros", expected: "a positive probability",
        cure: "Correct the table, or write `none`.")
    }
    return ResponseMatrixSpec(recoils: recoils, probabilities: probabilities)
  }
}

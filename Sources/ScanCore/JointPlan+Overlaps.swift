extension JointPlan {
  /// How alike the rows of a search are, rows x rows of the templates: sum over bins of s s'/max(mu, 1) or s s'/V with mu at
  /// q = 0, zero outside the search; nil where every row has to be fitted [UPS-38].
  package func overlaps(_ templates: [Double], for search: JointSearch) -> [Double]? {
    guard search.strength == nil, scalesSignalUniformly, search.rows.count > 1 else { return nil }
    let bins = binCount
    let rows = templates.count / bins
    let expected = expectation(
      factors: pulls.map { _ in 1 }, signal: [Double](repeating: 0, count: bins), strength: 0)
    let weights = (0..<bins).map { variance[$0] > 0 ? 1 / variance[$0] : 1 / max(expected[$0], 1) }
    var overlaps = [Double](repeating: 0, count: rows * rows)
    for row in search.rows {
      let weighted = (0..<bins).map { weights[$0] * templates[row * bins + $0] }
      for other in search.rows.lowerBound...row {
        var sum = 0.0
        for b in 0..<bins { sum += weighted[b] * templates[other * bins + b] }
        overlaps[row * rows + other] = sum
        overlaps[other * rows + row] = sum
      }
    }
    return overlaps
  }
}

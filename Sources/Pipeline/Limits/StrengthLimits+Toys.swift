import ScanCore
import Statistics

/// Limits and p-values from toys.
extension StrengthLimits {
  /// Toys that tell the error of p-values at the limit from nothing.
  package static let fewestBeyond = 5.0

  func addToys(_ rows: inout [StrengthLimitRow], _ templates: Templates) throws {
    guard let toys = request.toys else { return }
    begin("limits from toys")
    let fit = templates.fit
    let found = rows.indices.filter { rows[$0].coupling != nil }
    let starts = found.compactMap { index in
      rows[index].coupling.map {
        ToyLimits.Start(
          row: index, best: fit.strength(of: rows[index].fit.bestCoupling), guess: fit.strength(of: $0))
      }
    }
    let limits = try ToyLimits(
      templates.model, data: templates.data,
      quantity: request.method == .cls ? .cls : .pValue(request.method.statistic), level: request.level.level,
      toys: toys, seed: request.seed, ensemble: request.ensemble
    ).limits(starts)
    let couplings = { (range: ClosedRange<Double>) in
      fit.coupling(ofStrength: range.lowerBound)...fit.coupling(ofStrength: range.upperBound)
    }
    for (index, limit) in zip(found, limits) {
      rows[index].coupling = limit.upper.map { fit.coupling(ofStrength: $0.strength) }
      rows[index].range = limit.upper?.range.map(couplings)
      rows[index].lowerCoupling = limit.lower.map { fit.coupling(ofStrength: $0.strength) }
      rows[index].lowerRange = limit.lower?.range.map(couplings)
      rows[index].notes.removeAll { $0 == LimitJob.zeroExcluded }
      rows[index].notes += notes(limit)
    }
  }

  private func notes(_ limit: ToyLimit) -> [String] {
    if let problem = limit.problem { return ["no limit from toys: \(problem)"] }
    var notes = limit.lower == nil ? [] : [LimitJob.zeroExcluded]
    let ends = [limit.upper, limit.lower].compactMap(\.self)
    if ends.contains(where: { $0.range == nil }) {
      notes.append("toys do not decide: their p-value does not fall across the limit; ask for more --toys")
    } else if ends.contains(where: { end in end.range.map { $0.upperBound > 1.5 * end.strength } == true }) {
      notes.append("toys hardly decide: the error is more than half of the strength; ask for more --toys")
    }
    return notes
  }

  // MARK: - Discovery

  /// Fills every row, and returns the farthest of all from no signal.
  func addDiscovery(
    _ rows: inout [StrengthLimitRow], _ templates: Templates
  ) throws -> StrengthDiscovery? {
    begin("discovery")
    let model = templates.model
    let seen = try templates.rows.filter { try model.naturalScale(row: $0) != nil }
    guard !seen.isEmpty else { return nil }
    var found: [Discovery] = []
    for row in seen { found += try model.discovery(rows: row..<row + 1, data: templates.data) }
    for (row, discovery) in zip(seen, found) {
      rows[row].discovery = statement(discovery, templates, rows[row].m4)
    }
    guard let overall = try model.discovery(rows: templates.rows, data: templates.data).first else {
      return nil
    }
    var best = statement(overall, templates, rows[overall.best.row].m4)
    guard let toys = request.toys else { return best }
    let background = try model.fits([JointPoint(set: 0, row: 0, strength: 0)], data: templates.data)
    let factors = background.first?.factors ?? model.nominalFactors
    func verdicts(_ tested: [Int], _ observed: [Double], search: Range<Int>?) throws -> [ToyVerdict] {
      try AdaptiveToys(
        model, seed: request.seed, ensemble: request.ensemble, statistic: .discovery, search: search,
        settings: .fixed(toys)
      ).run(
        tested.map { ToyPoint(key: 0, row: $0, strength: 0, factors: factors) }, observed: observed,
        level: request.level.level)
    }
    for (row, verdict) in zip(seen, try verdicts(seen, found.map(\.statistic), search: nil)) {
      rows[row].discovery?.toys = verdict.pValue
      if let problem = verdict.problem { rows[row].notes.append("no p-value from toys: \(problem)") }
    }
    let global = try verdicts([overall.best.row], [overall.statistic], search: templates.rows).first
    (best.toys, best.problem) = (global?.pValue, global?.problem)
    return best
  }

  private func statement(
    _ discovery: Discovery, _ templates: Templates, _ m4: Double
  ) -> StrengthDiscovery {
    StrengthDiscovery(
      m4: m4, coupling: templates.fit.coupling(ofStrength: discovery.best.strength),
      statistic: discovery.statistic, significance: discovery.significance, pValue: discovery.pValue)
  }
}

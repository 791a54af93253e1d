import ScanCore

/// A joint plan with the points, searches and toys at which backends are compared.
package struct JointVerificationCase: Sendable {
  package var name: String
  package var plan: JointPlan
  /// rows x bins, signal events at q = 1
  package var templates: [Double]
  package var data: JointData
  package var points: [JointPoint]
  package var searches: [JointSearch]
  package var batches: [ToyBatch]
  /// Backends of less precision are not compared.
  package var isForDouble = false

  package init(
    name: String, plan: JointPlan, templates: [Double], data: JointData, points: [JointPoint],
    searches: [JointSearch], batches: [ToyBatch]
  ) {
    self.name = name
    self.plan = plan
    self.templates = templates
    self.data = data
    self.points = points
    self.searches = searches
    self.batches = batches
  }

  /// One data set of several.
  func data(_ set: Int) -> JointData {
    let (bins, pulls) = (plan.binCount, plan.pullCount)
    return JointData(
      observed: Array(data.observed[set * bins..<(set + 1) * bins]),
      centres: data.centres.isEmpty ? [] : Array(data.centres[set * pulls..<(set + 1) * pulls]))
  }

  /// Events that enter the statistic of a data set at a row and strength, in absolute value.
  func events(set: Int, row: Int, strength: Double) -> Double {
    let bins = plan.binCount
    let observed = data.observed[set * bins..<(set + 1) * bins]
    return Self.total(observed) + expectedEvents(row: row, strength: strength)
  }

  func expectedEvents(row: Int, strength: Double) -> Double {
    let bins = plan.binCount
    let signal = Self.total(templates[row * bins..<(row + 1) * bins])
    return Self.total(plan.rest[...]) + plan.pulls.reduce(0) { $0 + Self.total($1.events[...]) }
      + abs(strength) * signal
  }

  private static func total(_ events: ArraySlice<Double>) -> Double { events.reduce(0) { $0 + abs($1) } }
}

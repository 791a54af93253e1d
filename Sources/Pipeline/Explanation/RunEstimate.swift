import ScanCore

/// How long a run will take, stage by stage, from short runs of the same kind that were timed on this machine.
package struct RunEstimate: Encodable, Sendable {
  package struct Stage: Encodable, Sendable {
    package var name: String
    package var seconds: Double
    /// How the number was got: "measured", or "12 and 24 of 2000 masses timed".
    package var basis: String
  }

  package private(set) var stages: [Stage] = []
  package private(set) var seconds = 0.0

  package init() {}

  package mutating func add(_ name: String, seconds: Double, basis: String) {
    stages.append(Stage(name: name, seconds: seconds, basis: basis))
    self.seconds += seconds
  }

  /// A stage whose time grows with a count, from two samples of it.
  package mutating func add(
    _ name: String, _ samples: [StageSample], to count: Int, unit: String
  ) {
    let counts = samples.map { "\($0.count)" }.joined(separator: " and ")
    add(
      name, seconds: StageSample.extrapolated(samples, to: count),
      basis: "\(counts) of \(count) \(unit) timed")
  }
}

/// So many parts of a stage took so long.
package struct StageSample: Sendable {
  package var count: Int
  package var seconds: Double

  package init(count: Int, seconds: Double) {
    self.count = count
    self.seconds = seconds
  }

  /// Seconds that `count` parts take: the line through the last two samples, neither falling nor below zero at none, and never
  /// less than the last of them in proportion to what it did less.
  package static func extrapolated(_ samples: [StageSample], to count: Int) -> Double {
    guard let last = samples.last, last.count > 0 else { return 0 }
    guard let first = samples.dropLast().last, first.count < last.count else {
      return last.seconds * Double(count) / Double(last.count)
    }
    let slope = (last.seconds - first.seconds) / Double(last.count - first.count)
    let largest = last.seconds / Double(last.count)  // nothing fixed
    let rate = min(max(slope, 0), largest)
    return last.seconds + rate * Double(count - last.count)
  }
}

/// How much samples may cost.
package enum SampleBudget {
  /// A sample that took so long, and visibly longer than the one before, is large enough to go by; seconds.
  package static let enough = 0.25
  private static let visibly = 1.5
  /// Samples end where they have taken so long together, but not before there are two; seconds.
  package static let most = 4.0

  /// Makes samples of growing size until one is large enough or everything is in it; returns the last two.
  /// - Parameter take: a sample of a size, how long it took, and whether a larger size would have no more in it
  package static func grow<Sample>(
    from size: Int, take: (Int) throws -> (sample: Sample, seconds: Double, isWhole: Bool)
  ) throws -> [Sample] {
    var samples: [Sample] = []
    var (size, spent, before) = (size, 0.0, Double.infinity)
    while true {
      let (sample, seconds, isWhole) = try take(size)
      samples = samples.suffix(1) + [sample]
      spent += seconds
      let isEnough = seconds >= max(enough, visibly * before) || spent >= most
      if isWhole || isEnough && samples.count > 1 { return samples }
      before = samples.count > 1 ? seconds : .infinity  // the first one warms up
      size *= seconds < enough ? 4 : 2
    }
  }
}

extension Axis {
  /// At most `count` values, evenly spread over the axis, the ends among them.
  func thinned(to count: Int) -> Axis {
    guard count < values.count else { return self }
    let last = values.count - 1
    let chosen = count < 2 ? [last / 2] : (0..<count).map { $0 * last / (count - 1) }
    return Axis(values: chosen.map { values[$0] }, unit: unit, spacing: .list)
  }
}

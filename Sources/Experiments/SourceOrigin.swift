/// Which part of `source` a flux component came from, and how long that part shone.
package struct SourceOriginSpec: Codable, Hashable, Sendable {
  /// Key below `source`: "reactor".
  package var section: String
  /// Seconds; nil for sources that are given by fluence or by protons.
  package var seconds: Double?

  /// - Parameter timeKey: key of the section that holds the live time, if it has one
  init(_ section: String, _ node: ConfigNode, timeKey: String?) throws(ExperimentError) {
    self.section = section
    seconds = try timeKey.flatMap { node.child($0) }.map { (time) throws(ExperimentError) in
      try time.quantity(.dimension(.time), .positive) * 1e-6
    }
  }
}

extension SourceSpec {
  /// Seconds that every part of the source shone; nil where a part has no time of its own, or they differ.
  package var seconds: Double? {
    let times = Set(components.map { $0.origin?.seconds })
    guard times.count == 1, let only = times.first else { return nil }
    return only
  }
}

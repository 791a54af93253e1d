/// Which part of `source` a flux component came from, and how long that part shone.
package struct SourceOriginSpec: Codable, Hashable, Sendable {
  /// Key below `source`: "reactor".
  package var section: String
  /// Seconds; nil for sources that are given by fluence or by protons.
  package var seconds: Double?
  /// Where its distance from the detector stands ("source.reactor.flux.thermal-power.baseline"), and that in cm; nil where the
  /// file gives none.
  package var baseline: Baseline?
  /// On the target of a beam; nil for other sources.
  package var protons: Double?

  package struct Baseline: Codable, Hashable, Sendable {
    package var path: String
    package var centimetres: Double
  }

  /// - Parameter timeKey: key of the section that holds the live time, if it has one
  init(_ section: String, _ node: ConfigNode, timeKey: String?) throws(ExperimentError) {
    self.section = section
    seconds = try timeKey.flatMap { node.child($0) }.map { (time) throws(ExperimentError) in
      try time.quantity(.dimension(.time), .positive) * 1e-6
    }
    protons = try node.child("protons-on-target").map { (protons) throws(ExperimentError) in
      try protons.number(.positive)
    }
    baseline = try Self.baseline(node, path: "source.\(section)")
  }

  private static func baseline(_ node: ConfigNode, path: String) throws(ExperimentError) -> Baseline? {
    for keys in [["baseline"], ["flux", "thermal-power", "baseline"]] {
      guard let length = keys.reduce(node, { $0?.child($1) }) else { continue }
      let centimetres = try length.quantity(.dimension(.length), .positive)
      return Baseline(path: ([path] + keys).joined(separator: "."), centimetres: centimetres)
    }
    return nil
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

/// Reads `systematics.signal`: width, scope and named parts of the normalisation of the signal [UPS-46].
struct SignalPullReader {
  let context: LoadContext
  /// Names that pulls of the file have already.
  let taken: [String]

  struct SignalPull {
    var width: Double?
    var scope: SystematicsSpec.SignalPullScope
    var parts: [SystematicsSpec.SignalPart]
  }

  /// What widths may miss the total by: digits of the file, not physics.
  private static let slack = 1e-9

  func read(_ node: ConfigNode) throws(ExperimentError) -> SignalPull {
    let section = try context.section(node, keys: ["width", "scope", "parts"])
    let scope: SystematicsSpec.SignalPullScope =
      try section.required("scope").choice([.signalAndStandardModel, .standardModel])
    let width = try section.required("width").widthOrNone()
    guard let parts = section["parts"] else { return SignalPull(width: width, scope: scope, parts: []) }
    return SignalPull(width: width, scope: scope, parts: try self.parts(parts, total: width))
  }

  private func parts(
    _ node: ConfigNode, total: Double?
  ) throws(ExperimentError) -> [SystematicsSpec.SignalPart] {
    guard case .mapping(let entries) = node.content, !entries.isEmpty else {
      throw node.error(
        expected: "a mapping of names to relative widths",
        cure: "Write for example `parts: { sns-flux: 10 % }`, or leave `parts` out.")
    }
    guard let total else {
      throw node.error(
        found: "parts of a signal pull with `width: none`", expected: "a width that holds them",
        cure: "Give the width, or leave `parts` out.")
    }
    var parts: [SystematicsSpec.SignalPart] = []
    for entry in entries {
      try PullName.check(entry, taken: taken)
      parts.append(SystematicsSpec.SignalPart(name: entry.key, width: try entry.value.relativeWidth()))
    }
    let sum = parts.reduce(0) { $0 + $1.width * $1.width }.squareRoot()
    guard sum <= total * (1 + Self.slack) else {
      throw node.error(
        found: "parts that add up to \(Self.percent(sum)) in quadrature",
        expected: "at most the width of the signal, \(Self.percent(total))",
        cure: "Correct a part, or widen the signal.")
    }
    return parts
  }

  private static func percent(_ value: Double) -> String {
    let percent = (value * 1e6).rounded() / 1e4
    return percent == percent.rounded() ? "\(Int(percent)) %" : "\(percent) %"
  }
}

/// Names of pulls that experiment files choose.
enum PullName {
  /// Throws for a name that is empty, has other characters than letters, digits, dashes and dots, or belongs to another pull.
  static func check(_ entry: ConfigNode.Entry, taken: [String]) throws(ExperimentError) {
    let allowed = entry.key.utf8.allSatisfy { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
        true
      default: false
      }
    }
    guard allowed, !entry.key.isEmpty else {
      throw entry.keyPosition.error(
        found: "the pull name \(Spelling.excerpt(entry.key))", expected: "letters, digits, dashes and dots",
        cure: "Rename the pull.")
    }
    guard entry.key != "signal", !taken.contains(entry.key) else {
      throw entry.keyPosition.error(
        found: "the pull name `\(entry.key)`", expected: "a name that no other pull has",
        cure: "Rename it: `signal`, its parts and the backgrounds name their own pulls.")
    }
  }
}

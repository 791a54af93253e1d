import ScanCore

/// Names of channels, samples and parameters in a workspace: ASCII letters, digits, `.`, `-` and `_`, each once.
struct WorkspaceNames {
  let channels: [String]
  /// Of the parameters, one per pull of the plan.
  let pulls: [String]

  static let parameterOfInterest = "mu"
  static let signal = "signal"
  static let rest = "rest"

  init(_ plan: JointPlan) {
    channels = Self.distinct(plan.blocks.map(\.name), taken: [])
    pulls = Self.distinct(plan.pulls.map(\.name), taken: [Self.parameterOfInterest, "lumi"])
  }

  /// The sample that the pulls at `indices` scale.
  func sample(_ indices: [Int]) -> String {
    "pulled_" + indices.map { pulls[$0] }.joined(separator: "_")
  }

  private static func distinct(_ names: [String], taken: Set<String>) -> [String] {
    var taken = taken
    return names.map { name in
      let plain = ascii(name)
      var candidate = plain
      var number = 2
      while !taken.insert(candidate).inserted {
        candidate = "\(plain)_\(number)"
        number += 1
      }
      return candidate
    }
  }

  static func ascii(_ name: String) -> String {
    let kept = name.unicodeScalars.map { scalar in
      let isPlain = scalar.isASCII && scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
      return isPlain || "._-".unicodeScalars.contains(scalar) ? String(scalar) : "_"
    }.joined()
    return kept.isEmpty ? "unnamed" : kept
  }
}

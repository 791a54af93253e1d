import Experiments
import ScanCore

/// The pulls of an experiment by name.
package struct Shareable: Sendable {
  package let name: String
  /// Of the signal normalisation.
  package let parts: [String]
  /// The signal as a whole, backgrounds and their shapes; the Gaussian statistic holds the latter in its covariance.
  package let pulls: [String]

  package init(_ spec: ExperimentSpec, _ settings: AnalysisSettings) {
    let systematics = spec.systematics
    name = spec.name
    parts = systematics.signalParts.map(\.name)
    let backgrounds = spec.channel.backgrounds.map(\.name).filter {
      systematics.backgroundWidths[$0] != nil && !systematics.freeBackgrounds.contains($0)
    }
    pulls =
      (systematics.signalWidth == nil ? [] : ["signal"])
      + (settings.statistic == .gaussian ? [] : backgrounds + systematics.shapePulls.map(\.name))
  }

  /// Names that several experiments have, with these experiments, in the order they first appear.
  package static func common(
    _ lists: [(experiment: String, pulls: [String])]
  ) -> [(pull: String, experiments: [String])] {
    var seen: Set<String> = []
    return lists.flatMap(\.pulls).filter { seen.insert($0).inserted }.compactMap { pull in
      let owners = lists.filter { $0.pulls.contains(pull) }.map(\.experiment)
      return owners.count > 1 ? (pull, owners) : nil
    }
  }

  /// "They have: A (flux; signal, steady-state), B (signal)."
  package static func listing(_ experiments: [Shareable]) -> String {
    let texts = experiments.map { "\($0.name): \(($0.parts + $0.pulls).joined(separator: ", "))" }
    return "They have: \(texts.joined(separator: "; "))."
  }
}

// MARK: - What is shared

extension Shareable {
  /// Names of the pulls that several experiments shall have in common.
  /// - Parameter share: names with commas between them, `all` or `none`
  package static func names(
    _ share: String, among experiments: [Shareable]
  ) throws(RequestError) -> Set<String> {
    if experiments.count < 2 {
      throw RequestError("--share \(share): one experiment has nothing to share. Leave --share out.")
    }
    if share == "none" { return [] }
    if share == "all" {
      let common = Self.common(experiments.map { ($0.name, $0.parts) })
      guard common.isEmpty else { return Set(common.map(\.pull)) }
      throw RequestError(
        "--share all: no two of these experiments name the same part of their signal (`systematics.signal.parts`). "
          + listing(experiments))
    }
    let common = Set(Self.common(experiments.map { ($0.name, $0.parts + $0.pulls) }).map(\.pull))
    var names: Set<String> = []
    for name in share.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard common.contains(name) else {
        throw RequestError(
          "--share \(name): no two of these experiments have a pull of this name. "
            + "\(Spelling.suggestion(for: name, among: common.sorted()))\(listing(experiments))"
        )
      }
      names.insert(name)
    }
    return names
  }
}

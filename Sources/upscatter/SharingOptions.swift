import ArgumentParser
import Experiments
import Pipeline
import ScanCore

/// `--share`: which pulls several experiments have in common.
struct SharingOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Pulls that several experiments have in common: names, all or none.",
      discussion:
        "Names are those of `systematics.signal.parts`, or of pulls. all: every part that several experiments name alike."
    ))
  var share: String?

  /// The names chosen; says which parts could be shared where nothing was chosen.
  func names(among experiments: [Shareable]) throws(RequestError) -> Set<String> {
    guard let share else {
      let common = Shareable.common(experiments.map { ($0.name, $0.parts) })
      if !common.isEmpty {
        let parts = common.map { "\($0.pull) (\($0.experiments.joined(separator: ", ")))" }
        note(
          "note: not shared, though experiments name it alike: \(parts.joined(separator: "; ")). --share NAME or all makes one pull of "
            + "each, --share none is what happens now.")
      }
      return []
    }
    if experiments.count < 2 {
      throw RequestError("--share \(share): one experiment has nothing to share. Leave --share out.")
    }
    if share == "none" { return [] }
    if share == "all" {
      let common = Shareable.common(experiments.map { ($0.name, $0.parts) })
      guard common.isEmpty else { return Set(common.map(\.pull)) }
      throw RequestError(
        "--share all: no two of these experiments name the same part of their signal (`systematics.signal.parts`). "
          + Shareable.listing(experiments))
    }
    let common = Set(Shareable.common(experiments.map { ($0.name, $0.parts + $0.pulls) }).map(\.pull))
    var names: Set<String> = []
    for name in share.split(separator: ",", omittingEmptySubsequences: false).map(String.init) {
      guard common.contains(name) else {
        throw RequestError(
          "--share \(name): no two of these experiments have a pull of this name. "
            + "\(Spelling.suggestion(for: name, among: common.sorted()))\(Shareable.listing(experiments))"
        )
      }
      names.insert(name)
    }
    return names
  }
}

/// The pulls of an experiment by name.
struct Shareable {
  let name: String
  /// Of the signal normalisation.
  let parts: [String]
  /// The signal as a whole, backgrounds and their shapes; the Gaussian statistic holds the latter in its covariance.
  let pulls: [String]

  init(_ spec: ExperimentSpec, _ settings: AnalysisSettings) {
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
  static func common(
    _ lists: [(experiment: String, pulls: [String])]
  ) -> [(pull: String, experiments: [String])] {
    var seen: Set<String> = []
    return lists.flatMap(\.pulls).filter { seen.insert($0).inserted }.compactMap { pull in
      let owners = lists.filter { $0.pulls.contains(pull) }.map(\.experiment)
      return owners.count > 1 ? (pull, owners) : nil
    }
  }

  /// "They have: A (flux; signal, steady-state), B (signal)."
  static func listing(_ experiments: [Shareable]) -> String {
    let texts = experiments.map { "\($0.name): \(($0.parts + $0.pulls).joined(separator: ", "))" }
    return "They have: \(texts.joined(separator: "; "))."
  }
}

import ArgumentParser
import Pipeline

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
    return try Shareable.names(share, among: experiments)
  }
}

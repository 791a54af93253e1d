import ArgumentParser
import CShims
import Checkpoints
import Foundation
import Pipeline
import ScanCore
import Scanning

/// `--resume`, `--restart`, `--shard`: what becomes of a run that does not come to its end in one process.
struct RunStateOptions: ParsableArguments {
  @Flag(help: "Go on with a run that was interrupted (OUTPUT.state); begin where there is none.")
  var resume = false
  @Flag(help: "Throw away what an interrupted run has left, and begin anew.")
  var restart = false
  @Option(
    help: ArgumentHelp(
      "i/n: compute only part i of n and leave it in OUTPUT.shard-i-of-n.state, for `upscatter merge`."),
    transform: { text in
      guard let shard = Shard(text) else {
        throw ValidationError(
          "--shard \(text): must be i/n with i from 1 to n, such as 3/8 for the third of eight parts.")
      }
      return shard
    })
  var shard: Shard?

  func validate() throws {
    if resume && restart {
      throw ValidationError("--resume and --restart contradict each other: go on, or begin anew?")
    }
  }

  private var opening: RunState.Opening { resume ? .resume : restart ? .restart : .begin }

  /// Refuses more parts than there is work.
  /// - Parameter unit: "masses"
  func requireShares(of total: Int, unit: String) throws(RequestError) {
    guard let shard, shard.count > total else { return }
    throw RequestError(
      "--shard \(shard): the grid has only \(total) \(unit). Divide it into at most \(total) parts.")
  }

  /// The file in which the run of this output is kept until it is complete.
  func path(_ output: String) -> String {
    output + (shard.map { ".shard-\($0.index)-of-\($0.count)" } ?? "") + ".state"
  }

  /// What `--explain` says about the part that --shard is of the whole.
  var explained: [String] {
    shard.map { ["points, time and memory are those of all \($0.count) shards; \($0) computes one of them"] }
      ?? []
  }

  func open(_ output: String, identity: RunIdentity, total: Int) throws(StateError) -> RunState {
    let state = try RunState.open(
      path(output), identity: identity, arguments: commandArguments, shard: shard, total: total,
      opening: opening)
    if resume && state.wasEmpty { note("note: \(state.path) held nothing; everything is computed.") }
    return state
  }
}

/// Keeps runs and other merges from the files of an output until it is discarded.
func outputLock(_ output: String) throws(StateError) -> RunState {
  try RunState.open(
    output + ".state", identity: RunIdentity(kind: "merge", settings: []), arguments: ["merge"], total: 0,
    opening: .begin)
}

/// The words of this command after the program's name, with those a configuration file added.
var commandArguments: [String] { Configuration.expanded ?? Array(CommandLine.arguments.dropFirst()) }

/// Runs `body` while Ctrl-C and SIGTERM are only noted; a run that they stopped ends the program as they would have, with a
/// word about what was kept.
func stoppable<T>(_ state: RunState?, _ body: (_ isStopped: @escaping () -> Bool) throws -> T) throws -> T {
  cshims_note_signals()
  defer { cshims_default_signals() }
  do {
    return try body { cshims_noted_signal() != 0 }
  } catch is ScanStopped {
    let signal = cshims_noted_signal()
    state?.close()
    note("upscatter: interrupted. \(state?.afterword ?? "Nothing was finished yet, and nothing is left.")")
    throw ExitCode(128 + signal)
  } catch {
    state?.close()
    if let words = state?.afterword { note("note: \(words) --restart throws it away.") }
    throw error
  }
}

extension RunState {
  /// What to do with it once it is closed, for who stopped the run; nil where nothing is left.
  fileprivate var afterword: String? {
    guard isKept else { return nil }
    return
      "What was finished\(hasFailed ? " before the last of it could not be saved" : "") is kept in \(path). Go on with `\(command) --resume`."
  }
}

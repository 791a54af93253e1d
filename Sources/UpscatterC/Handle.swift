import CUpscatter
import Synchronization
import UpscatterKit

/// What a handle stands for: experiments, choices, and the analysis once it is needed.
final class Handle: Sendable {
  struct State: Sendable {
    var choices = Choices()
    /// nil after a change of the choices
    var analysis: Analysis?
    var pulls: [Grid.Pull]?
  }

  let experiments: [Experiment]
  private let state = Mutex(State())

  init(_ experiments: [Experiment]) { self.experiments = experiments }

  func set(_ key: String, _ value: String?) throws {
    try state.withLock { state in
      var choices = state.choices
      try choices.set(key, to: value)
      state = State(choices: choices)
    }
  }

  /// With the choices as they are now.
  func analysis() throws -> Analysis {
    try state.withLock { state in
      if let analysis = state.analysis { return analysis }
      let made = try Analysis(
        experiments, settings: state.choices.settings, backend: try state.choices.backend())
      state.analysis = made
      return made
    }
  }

  func pulls() throws -> [Grid.Pull] {
    let analysis = try analysis()
    if let known = state.withLock({ $0.pulls }) { return known }
    let pulls = try analysis.pulls()
    // choices may have changed meanwhile
    state.withLock { state in
      if state.analysis?.settings == analysis.settings { state.pulls = pulls }
    }
    return pulls
  }

  func experiment(_ index: Int) throws -> Experiment {
    guard experiments.indices.contains(index) else {
      throw Failure(
        Int(UPSCATTER_USAGE),
        "experiment \(UInt(bitPattern: index)): the analysis has \(experiments.count). Give an index from 0 to "
          + "\(experiments.count - 1).")
    }
    return experiments[index]
  }
}

// MARK: - Handles of the caller

/// Handles are numbers dressed as pointers: they are looked up and never followed, so that a stale one is an error.
private struct Registry: Sendable {
  var handles: [UInt: Handle] = [:]
  var latest: UInt = 0
}

private let registry = Mutex(Registry())

func register(_ handle: Handle) -> OpaquePointer? {
  registry.withLock { registry in
    registry.latest += 1
    registry.handles[registry.latest] = handle
    return OpaquePointer(bitPattern: registry.latest)
  }
}

func handle(_ pointer: OpaquePointer?) throws -> Handle {
  guard let found = registry.withLock({ $0.handles[UInt(bitPattern: pointer)] }) else { throw notAHandle }
  return found
}

func remove(_ pointer: OpaquePointer?) throws {
  guard registry.withLock({ $0.handles.removeValue(forKey: UInt(bitPattern: pointer)) }) != nil else {
    throw notAHandle
  }
}

private var notAHandle: Failure {
  Failure(
    Int(UPSCATTER_BAD_HANDLE),
    "This is no handle of an analysis, or it was freed. Pass what upscatter_open gave, and free it once.")
}

/// How an element, or the merge, is.
package enum ElementState: Hashable, Sendable {
  /// Has not begun, and nobody has been asked to begin it.
  case notStarted
  /// In the queue, with the reason the scheduler gives.
  case waiting(String)
  case running(String)
  case done
  /// Ended or vanished, with what is known.
  case failed(String)

  /// From all that is known of one element.
  /// - Parameters:
  ///   - mark: the element's last word
  ///   - entry: in the queue; nil if it is not there
  ///   - account: its state in the accounts
  ///   - submitted: whether it has a job
  init(mark: String?, entry: SlurmClient.QueueEntry?, account: String?, submitted: Bool) {
    let words = mark?.split(separator: " ", maxSplits: 1).map(String.init) ?? []
    let ended = words.first == "ended" ? words.last.flatMap { Int($0) } : nil
    switch entry?.state {
    case "PENDING", "REQUEUED", "REQUEUE_HOLD", "SUSPENDED", "CONFIGURING":
      self = .waiting(entry?.reason ?? "")
    case "RUNNING", "COMPLETING", "SIGNALING", "STAGE_OUT":
      // the script has spoken its last word a moment before Slurm knows
      self =
        ended == 0
        ? .done : .running(words.first == "began" ? words.dropFirst().joined() : "")
    default:
      if ended == 0 {
        self = .done
      } else if let ended {
        self = .failed(Self.meaning(of: ended))
      } else if let verdict = entry?.state ?? account {
        let reason = entry?.reason ?? ""
        self = verdict == "COMPLETED" ? .done : .failed(verdict + (reason.isEmpty ? "" : " (\(reason))"))
      } else if !submitted {
        self = Self.withoutScheduler(words)
      } else if words.first == "stopped" {
        self = .failed("stopped by a signal")
      } else {
        self = .failed(
          mark == nil
            ? "never began, no longer in the queue" : "ended without a word: killed, or its node was lost")
      }
    }
  }

  /// Without a scheduler the last word is all there is.
  private static func withoutScheduler(_ words: [String]) -> ElementState {
    switch words.first {
    case nil: .notStarted
    case "began": .running(words.dropFirst().joined())
    default: .failed("stopped by a signal")
    }
  }

  private static func meaning(of status: Int) -> String {
    let text =
      switch status {
      case 1: "a check failed"
      case 64: "wrong usage"
      case 65: "bad experiment or state"
      case 69: "backend or device not available"
      case 70: "internal error"
      case 73: "output cannot be written"
      case 126, 127: "the program was not found on the node"
      case 129...192: "signal \(status - 128)"
      default: ""
      }
    return "exit status \(status)" + (text.isEmpty ? "" : ", \(text)")
  }

  package var isFailed: Bool { if case .failed = self { true } else { false } }
  package var isDone: Bool { self == .done }
  package var isAlive: Bool {
    switch self {
    case .waiting, .running: true
    default: false
    }
  }

  /// One word.
  package var name: String {
    switch self {
    case .notStarted: "not started"
    case .waiting: "waiting"
    case .running: "running"
    case .done: "done"
    case .failed: "failed"
    }
  }

  /// The rest, may be empty.
  package var detail: String {
    switch self {
    case .notStarted, .done: ""
    case .waiting(let text), .running(let text), .failed(let text): text
    }
  }
}

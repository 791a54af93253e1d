/// Why jobs could not be submitted, or what is known of them not be read.
package struct SubmissionError: Error, CustomStringConvertible {
  package enum Kind: Sendable {
    /// No scheduler on this machine.
    case noScheduler
    /// The scheduler was asked and said no.
    case refused
    /// A folder of jobs that is missing or not ours.
    case badFolder
    /// A folder that is there already, or cannot be made.
    case cannotWrite
  }
  package var kind: Kind
  package var message: String
  init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
  package var description: String { message }
}

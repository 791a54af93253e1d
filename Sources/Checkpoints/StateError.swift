/// What is wrong with the state of a run: the file, what was found, and the cure, in one paragraph.
package struct StateError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    /// Another process works on the same output.
    case inUse
    /// An interrupted run is there, and nobody said what to do with it.
    case exists
    /// The state is of another calculation.
    case different
    /// Truncated, altered or not a state.
    case damaged
    /// No space, no permission.
    case cannotWrite
    /// States that should make one result do not: some are missing or incomplete.
    case incomplete
  }
  package var kind: Kind
  package var message: String

  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }

  package var description: String { message }
}

/// Something in an experiment file that can be meant but as a rule is a slip.
package struct ExperimentWarning: Codable, Hashable, Sendable, CustomStringConvertible {
  /// "file:line:column"
  package var place: String
  /// One or two sentences: what, with its value, and the cure.
  package var message: String

  package var description: String { "\(place): warning: \(message)" }
}

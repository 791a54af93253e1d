/// What a workspace holds that cannot be taken, or what a model has that a workspace cannot hold: culprit, value, range and
/// cure in one paragraph.
package struct ExchangeError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    /// The file is no workspace, contradicts itself, or has modifiers that are not taken.
    case badWorkspace
    /// The model or the request does not fit into a workspace.
    case notExpressible
  }
  package var kind: Kind
  package var message: String
  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
  package var description: String { message }
}

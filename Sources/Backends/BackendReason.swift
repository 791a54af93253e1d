/// Why a backend was chosen, in one sentence.
package struct BackendReason: Hashable, Sendable, CustomStringConvertible {
  package var description: String
  /// Nothing to wonder about: it was asked for, or there is no GPU and the CPU computes.
  package var isExpected: Bool

  package init(_ description: String, isExpected: Bool) {
    self.description = description
    self.isExpected = isExpected
  }

  static func asked(_ description: String) -> Self { Self(description, isExpected: true) }
  static func found(_ description: String) -> Self { Self(description, isExpected: false) }
}

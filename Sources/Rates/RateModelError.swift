/// An experiment that cannot be turned into rates. One paragraph: what is wrong, where, and the cure.
package struct RateModelError: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}

/// An optional number that JSON states as null rather than leaving its key out.
@propertyWrapper
package struct WrittenNull: Encodable, Sendable {
  package var wrappedValue: Double?

  package init(wrappedValue: Double?) { self.wrappedValue = wrappedValue }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

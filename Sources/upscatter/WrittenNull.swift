/// An optional number that JSON states as null rather than leaving its key out.
@propertyWrapper
struct WrittenNull: Encodable {
  var wrappedValue: Double?

  init(wrappedValue: Double?) { self.wrappedValue = wrappedValue }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(wrappedValue)
  }
}

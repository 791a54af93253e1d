/// Numbers a key accepts. Beyond 1e60 in size nothing is accepted: sums and squares must stay finite.
enum NumberDomain {
  case any, nonNegative, positive, fraction, probability

  private static let largest = 1e60

  func contains(_ value: Double) -> Bool {
    guard abs(value) <= Self.largest else { return false }
    return switch self {
    case .any: true
    case .nonNegative: value >= 0
    case .positive: value > 0
    case .fraction: value > 0 && value <= 1
    case .probability: value >= 0 && value <= 1
    }
  }

  var words: String {
    switch self {
    case .any: "of ordinary size"
    case .nonNegative: "zero or greater"
    case .positive: "greater than zero"
    case .fraction: "greater than zero, at most one"
    case .probability: "from zero to one"
    }
  }
}

/// The finite decimal number written in `text`, nil for anything else: no NaN, infinity, hexadecimal or
/// underscore.
func parseNumber(_ text: some StringProtocol) -> Double? {
  let isDecimal = text.utf8.allSatisfy { byte in
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }
  guard isDecimal, text.utf8.count <= 64, let value = Double(text), value.isFinite else { return nil }
  return value
}

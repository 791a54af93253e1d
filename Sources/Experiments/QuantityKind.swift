import Units

/// What a number with a unit measures: a dimension of `Units`, or one of the few that only experiment files
/// have.
enum QuantityKind: Hashable {
  case dimension(PhysicalDimension)
  /// MeV^-power, for power 2 and above
  case perEnergy(power: Int)
  /// energy as reconstructed, in the unit of the channel
  case reconstructed(unit: String)
  /// inverse of that
  case perReconstructed(unit: String)

  /// The number in internal units.
  func value(of text: String) throws(QuantityError) -> Double {
    if case .dimension(let dimension) = self { return try Self.parse(text, dimension) }
    let parts = text.split(separator: " ", maxSplits: 1)
    guard let first = parts.first, let number = parseNumber(first) else { throw wrongUnit }
    let value = try number / divisor(of: parts.count > 1 ? String(parts[1]) : "")
    guard value.isFinite else { throw wrongUnit }
    return value
  }

  private static func parse(_ text: String, _ dimension: PhysicalDimension) throws(QuantityError) -> Double {
    do throws(UnitError) {
      return try parseQuantity(text, as: dimension)
    } catch {
      throw QuantityError(expected: QuantityKind.dimension(dimension).words, cure: error.cure)
    }
  }

  /// What a number in this unit is divided by.
  private func divisor(of unit: String) throws(QuantityError) -> Double {
    switch self {
    case .reconstructed(let own) where unit == own: return 1
    case .perReconstructed(let own) where unit == "/\(own)" || unit == "1/\(own)": return 1
    case .perEnergy(let power):
      guard let slash = unit.firstIndex(of: "/"), slash == unit.startIndex || unit[..<slash] == "1",
        unit.hasSuffix("^\(power)")
      else { throw wrongUnit }
      let name = unit[unit.index(after: slash)...].prefix { $0 != "^" }
      guard let one = try? parseQuantity("1 \(name)", as: .energy) else { throw wrongUnit }
      return (0..<power).reduce(1.0) { product, _ in product * one }
    default: throw wrongUnit
    }
  }

  private var wrongUnit: QuantityError {
    QuantityError(expected: words, cure: "Write for example `\(example)`.")
  }
}

/// A text that is not a quantity of the wanted kind.
struct QuantityError: Error {
  var expected: String
  var cure: String
}

// MARK: - Words

extension QuantityKind {
  /// "a mass (unit: kg, g, mg, t, kt)".
  var words: String {
    switch self {
    case .dimension(let dimension): "\(dimension.name) (\(dimension.acceptedUnits))"
    case .perEnergy(let power): "a number with an energy unit to the power -\(power)"
    case .reconstructed(let unit): "a reconstructed energy (unit: \(unit), as the channel)"
    case .perReconstructed(let unit): "an inverse reconstructed energy (unit: /\(unit), as the channel)"
    }
  }

  var example: String {
    switch self {
    case .dimension(let dimension): dimension.example
    case .perEnergy(let power): "0.5 /MeV^\(power)"
    case .reconstructed(let unit): "60 \(unit)"
    case .perReconstructed(let unit): "0.28 /\(unit)"
    }
  }

  /// A unit this kind accepts.
  var exampleUnit: String {
    if case .dimension(let dimension) = self { return dimension.internalUnit }
    return String(example.split(separator: " ").last ?? "")
  }
}

extension UnitError {
  /// What is wrong, and a text that would do.
  var cure: String {
    let example = "Write for example `\(dimension.example)`."
    return switch problem {
    case .notANumber: "The text does not begin with a decimal number. \(example)"
    case .notFinite: "The number is not finite. \(example)"
    case .missingUnit: "The unit is missing. \(example)"
    case .unknownUnit(let unit): "`\(unit)` is not a unit of it. \(example)"
    }
  }
}

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
  /// events per mass, energy and time; counts / (kg keV d)
  case eventRate

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
    case .eventRate: return try rateDivisor(of: unit)
    default: throw wrongUnit
    }
  }

  /// "counts/(kg keV d)", "/(kg keV d)" or "/kg/keV/d", with a unit of mass, energy and time each, in any order: how many
  /// kg keV d one such unit is.
  private func rateDivisor(of unit: String) throws(QuantityError) -> Double {
    guard let slash = unit.firstIndex(of: "/"),
      ["", "1", "count", "counts", "event", "events"].contains(
        unit[..<slash].trimmingCharacters(in: .whitespaces))
    else { throw wrongUnit }
    var below = unit[unit.index(after: slash)...].trimmingCharacters(in: .whitespaces)
    if below.hasPrefix("("), below.hasSuffix(")") { below = String(below.dropFirst().dropLast()) }
    let names = below.split(whereSeparator: { $0 == " " || $0 == "/" || $0 == "*" })
    var product = 1.0
    var missing: [(dimension: PhysicalDimension, inOurs: Double)] = [
      (.mass, 1), (.energyInKeV, 1), (.time, 1 / 8.64e10),  // internal: kg, keV, us
    ]
    for name in names {
      let sizes = missing.map { try? parseQuantity("1 \(name)", as: $0.dimension) }
      guard let index = sizes.firstIndex(where: { $0 != nil }), let size = sizes[index] else {
        throw wrongUnit
      }
      product *= size * missing.remove(at: index).inOurs
    }
    guard missing.isEmpty else { throw wrongUnit }
    return product
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
    case .eventRate: "a rate per mass, energy and time (unit: counts/(kg keV d), or with g, t, eV, h, y, ...)"
    }
  }

  var example: String {
    switch self {
    case .dimension(let dimension): dimension.example
    case .perEnergy(let power): "0.5 /MeV^\(power)"
    case .reconstructed(let unit): "60 \(unit)"
    case .perReconstructed(let unit): "0.28 /\(unit)"
    case .eventRate: "10 counts/(kg keV d)"
    }
  }

  /// A unit this kind accepts.
  var exampleUnit: String {
    if case .dimension(let dimension) = self { return dimension.internalUnit }
    return String(example.split(separator: " ", maxSplits: 1).last ?? "")
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

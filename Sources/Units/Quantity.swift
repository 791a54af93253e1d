/// A number with its unit, as written in an experiment file or on the command line.
package struct Quantity: Hashable, Sendable {
  /// The number as written, before conversion.
  package let number: Double
  /// The unit as written; empty for a plain number.
  package let unit: String
  package let dimension: PhysicalDimension
  /// The value in the internal unit of the dimension.
  package let value: Double

  /// Parses "14.6 kg", "0.125us", "12 %": a decimal number, optional blanks, a unit of the dimension.
  package init(_ text: String, as dimension: PhysicalDimension) throws(UnitError) {
    let (numeral, unit) = Self.split(text)
    guard let number = Double(numeral) else {
      throw UnitError(text: text, dimension: dimension, problem: .notANumber)
    }
    guard let definition = dimension.units.first(where: { $0.spellings.contains(unit) }) else {
      throw UnitError(
        text: text, dimension: dimension, problem: unit.isEmpty ? .missingUnit : .unknownUnit(unit))
    }
    let value = number * definition.multiplier / definition.divisor
    guard value.isFinite else { throw UnitError(text: text, dimension: dimension, problem: .notFinite) }
    self.number = number
    self.unit = unit
    self.dimension = dimension
    self.value = value
  }

  /// The longest leading decimal number and the rest, blanks trimmed. Names such as "nan" and hexadecimal numbers yield
  /// an empty or partial numeral and are refused later.
  private static func split(_ text: String) -> (numeral: String, unit: String) {
    let characters = Array(text.unicodeScalars)
    var start = 0
    while start < characters.count, isBlank(characters[start]) { start += 1 }
    var end = start
    while end < characters.count, isNumeral(characters, end, start: start) { end += 1 }
    var tail = characters[end...]
    while let first = tail.first, isBlank(first) { tail.removeFirst() }
    while let last = tail.last, isBlank(last) { tail.removeLast() }
    return (string(characters[start..<end]), string(tail))
  }

  private static func isNumeral(_ text: [Unicode.Scalar], _ index: Int, start: Int) -> Bool {
    switch text[index] {
    case "0"..."9", ".": return true
    case "+", "-": return index == start || isExponentMark(text, index - 1, start: start)
    case "e", "E": return isExponentMark(text, index, start: start)
    default: return false
    }
  }

  /// Whether an e at `index` begins an exponent: digits before, a digit (or sign and digit) after.
  private static func isExponentMark(_ text: [Unicode.Scalar], _ index: Int, start: Int) -> Bool {
    guard index > start, text[index] == "e" || text[index] == "E" else { return false }
    var next = index + 1
    if next < text.count, text[next] == "+" || text[next] == "-" { next += 1 }
    return next < text.count && ("0"..."9").contains(text[next])
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

  private static func string(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}

/// The value of `text` in the internal unit of the dimension: kg, cm, MeV, microseconds, fm, g/mol (see
/// `PhysicalDimension`). The unit is required unless the dimension is a plain number.
package func parseQuantity(
  _ text: String, as dimension: PhysicalDimension
) throws(UnitError) -> Double {
  try Quantity(text, as: dimension).value
}

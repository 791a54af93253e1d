/// Why a text is not a quantity of the wanted dimension.
package struct UnitError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What is wrong with the text.
  package enum Problem: Hashable, Sendable {
    case notANumber
    case notFinite
    case missingUnit
    case unknownUnit(String)
  }

  /// The text as it was given.
  package let text: String
  package let dimension: PhysicalDimension
  package let problem: Problem

  package init(text: String, dimension: PhysicalDimension, problem: Problem) {
    self.text = text
    self.dimension = dimension
    self.problem = problem
  }

  /// One sentence that names the value, what was expected, and an example that would be accepted.
  package var description: String {
    let expected = "\(dimension.name) (\(dimension.acceptedUnits)), for example \"\(dimension.example)\""
    switch problem {
    case .notANumber:
      return "\"\(text)\" does not begin with a decimal number; expected \(expected)."
    case .notFinite:
      return "\"\(text)\" is not a finite number; expected \(expected)."
    case .missingUnit:
      return "\"\(text)\" has no unit; expected \(expected)."
    case .unknownUnit(let unit):
      return "\"\(text)\": \"\(unit)\" is not a unit accepted here; expected \(expected)."
    }
  }
}

import Foundation

/// Numbers for people.
package enum NumberWords {
  /// Up to so many digits: "12.5", "3.2e+23".
  package static func short(_ value: Double, digits: Int = 4) -> String {
    String(format: "%.\(digits)g", value)
  }

  /// "3.70 ± 0.15": two digits of the error, and the value to the same place.
  /// - Parameter error: above zero
  package static func withError(_ value: Double, _ error: Double) -> String {
    let places = max(0, 1 - Int(floor(log10(error))))
    return String(format: "%.\(places)f ± %.\(places)f", value, error)
  }

  /// "5 %".
  package static func percent(_ part: Double) -> String { "\(String(format: "%.3g", 100 * part)) %" }

  /// An energy (MeV) in the unit that suits its size: "2.96 eV", "1.2 keV".
  package static func energy(_ value: Double) -> String {
    switch value {
    case ..<1e-3: "\(short(1e6 * value)) eV"
    case ..<1: "\(short(1e3 * value)) keV"
    default: "\(short(value)) MeV"
    }
  }
}

import Foundation

/// Four significant digits, for people: "2.706", "1.3e-11".
func shortNumber(_ value: Double) -> String { String(format: "%.4g", value) }

/// A size for people: "3.2 TB" (powers of 1000).
func sizeText(_ bytes: Double) -> String {
  var value = bytes
  for unit in ["B", "kB", "MB", "GB", "TB"] {
    if value < 1000 { return String(format: value < 10 && unit != "B" ? "%.1f %@" : "%.0f %@", value, unit) }
    value /= 1000
  }
  return String(format: "%.1f PB", value)
}

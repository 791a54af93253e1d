import Foundation

/// One axis of a figure: where a value lies, and what is written along it.
struct SVGAxis {
  struct Tic: Equatable {
    var value: Double
    /// SVG markup; nil for a small tic.
    var label: String?
  }

  var range: ClosedRange<Double>
  var isLogarithmic: Bool
  /// Ends in the units of the picture.
  var start: Double
  var end: Double
  /// 10 with an exponent in place of plain numbers.
  var usesPowers = false

  /// In the units of the picture, also of values beyond the ends.
  func position(_ value: Double) -> Double {
    let (low, high) = (scaled(range.lowerBound), scaled(range.upperBound))
    return start + (scaled(value) - low) / (high - low) * (end - start)
  }

  private func scaled(_ value: Double) -> Double { isLogarithmic ? log10(value) : value }

  var tics: [Tic] { isLogarithmic ? logarithmicTics : linearTics }

  // MARK: - Logarithmic

  private var logarithmicTics: [Tic] {
    let low = Int(floor(log10(range.lowerBound) + 1e-9))
    let high = Int(ceil(log10(range.upperBound) - 1e-9))
    let decades = (low...max(low, high)).count { contains(power($0)) }
    let labels = decades >= 2 ? [] : LogarithmicTics.values(range)
    let every = max(1, decades / 12)
    var tics: [Tic] = labels.map { Tic(value: $0, label: label($0)) }
    for exponent in low...max(low, high) {
      for digit in 1...9 {
        let value = Double(digit) * power(exponent)
        guard contains(value), !labels.contains(where: { abs($0 / value - 1) < 1e-9 }) else { continue }
        let named = decades >= 2 && digit == 1 && exponent % every == 0
        tics.append(Tic(value: value, label: named ? label(value) : nil))
      }
    }
    return tics
  }

  private func power(_ exponent: Int) -> Double { pow(10, Double(exponent)) }

  private func contains(_ value: Double) -> Bool {
    value >= range.lowerBound * (1 - 1e-9) && value <= range.upperBound * (1 + 1e-9)
  }

  private func label(_ value: Double) -> String {
    guard usesPowers else { return shortNumber(value) }
    let exponent = Int(floor(log10(value) + 1e-9))
    let mantissa = shortNumber(value / power(exponent))
    let sign = exponent < 0 ? "−" : ""
    let raised = "10<tspan dy=\"-6\" font-size=\"75%\">\(sign)\(abs(exponent))</tspan>"
    return mantissa == "1" ? raised : "\(mantissa)·\(raised)"
  }

  // MARK: - Linear

  private var linearTics: [Tic] {
    LinearTics.values(range, steps: 6).map {
      let text = shortNumber($0)
      return Tic(value: $0, label: text.hasPrefix("-") ? "−" + text.dropFirst() : text)
    }
  }
}

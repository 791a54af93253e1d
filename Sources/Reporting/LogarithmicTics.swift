import Foundation

/// Labels of a logarithmic axis that holds fewer than two powers of ten, where gnuplot would set one or none.
enum LogarithmicTics {
  private static let fewest = 3
  private static let most = 8

  /// - Parameters:
  ///   - axis: "x" or "y"
  ///   - powers: 2·10^{-7} in place of 2e-7
  /// - Returns: no command where powers of ten do
  static func commands(_ axis: String, _ range: ClosedRange<Double>, powers: Bool) -> [String] {
    let decades =
      ceil(
        log10(range.lowerBound) - 1e-9)...max(
        ceil(log10(range.lowerBound) - 1e-9), floor(log10(range.upperBound) + 1e-9))
    if decades.upperBound - decades.lowerBound >= 1 { return [] }
    let labels = values(range).map { "\(label($0, powers: powers)) \($0)" }
    return ["set \(axis)tics (\(labels.joined(separator: ", ")))"]
  }

  /// Multiples of one, two or five times a power of ten, the coarsest of which there are enough.
  static func values(_ range: ClosedRange<Double>) -> [Double] {
    var exponent = floor(log10(range.upperBound))
    while exponent > log10(range.upperBound) - 6 {
      for step in [5.0, 2, 1] {
        let (first, last) = (
          (range.lowerBound / (step * pow(10, exponent)) - 1e-9).rounded(.up),
          (range.upperBound / (step * pow(10, exponent)) + 1e-9).rounded(.down)
        )
        let count = last - first + 1
        guard count >= Double(fewest) else { continue }
        let every = (count / Double(most)).rounded(.up)
        return stride(from: first, through: last, by: every).map { $0 * step * pow(10, exponent) }
          .filter { $0 > 0 }
      }
      exponent -= 1
    }
    return [range.lowerBound, range.upperBound]
  }

  private static func label(_ value: Double, powers: Bool) -> String {
    guard powers else { return "'\(String(format: "%.4g", value))'" }
    let exponent = floor(log10(value) + 1e-9)
    let mantissa = String(format: "%.4g", value / pow(10, exponent))
    return mantissa == "1" ? "'10^{\(Int(exponent))}'" : "'\(mantissa)·10^{\(Int(exponent))}'"
  }
}

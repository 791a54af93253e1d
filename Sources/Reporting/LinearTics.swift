import Foundation

/// Labels of a linear axis: multiples of one, two or five times a power of ten.
enum LinearTics {
  /// Ascending, inside the range, with at most so many steps across it.
  static func values(_ range: ClosedRange<Double>, steps: Double) -> [Double] {
    let rough = (range.upperBound - range.lowerBound) / steps
    let decade = pow(10, floor(log10(rough)))
    let step = [1.0, 2, 5, 10].map { $0 * decade }.first { $0 >= rough } ?? rough
    let first = (range.lowerBound / step - 1e-9).rounded(.up)
    let last = (range.upperBound / step + 1e-9).rounded(.down)
    return stride(from: first, through: last, by: 1).map { $0 * step + 0 }  // no -0
  }
}

/// Labels of an axis of very small or large values: short numbers, the power of ten in the axis's name.
struct ScaledTics {
  /// Of ten; 0 for none.
  let exponent: Int
  private let values: [Double]

  init(_ range: ClosedRange<Double>, steps: Double) {
    let largest = max(abs(range.lowerBound), abs(range.upperBound))
    exponent = (0.01..<1e4).contains(largest) ? 0 : Int(floor(log10(largest) + 1e-9))
    values = LinearTics.values(range, steps: steps)
  }

  private func text(_ value: Double) -> String {
    String(format: "%.6g", value / pow(10, Double(exponent))).replacingOccurrences(of: "-", with: "−")
  }

  /// Label that takes most room.
  func widest(size: Double) -> String {
    values.map(text).max { TextWidth.of($0, size: size) < TextWidth.of($1, size: size) } ?? ""
  }

  /// - Parameter axis: "x" or "y"
  func command(_ axis: String) -> String {
    "set \(axis)tics (\(values.map { "'\(text($0))' \($0)" }.joined(separator: ", ")))"
  }

  /// The name of an axis with the power of ten before its unit: "d  [10^{-6} GeV^{-1}]".
  func title(_ name: String) -> String {
    guard exponent != 0 else { return name }
    let power = "10^{\(exponent)}"
    guard let bracket = name.firstIndex(of: "[") else { return "\(name)  [\(power)]" }
    return name[...bracket] + power + " " + name[name.index(after: bracket)...]
  }
}

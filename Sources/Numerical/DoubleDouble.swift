/// An unevaluated sum of two doubles, about 32 decimal digits: enough to compute quadrature nodes and weights to the
/// last bit of a double. Products use the exact remainder of a fused multiply-add (Dekker, Numer. Math. 18 (1971) 224).
struct DoubleDouble: Sendable {
  var high: Double
  var low: Double

  init(_ high: Double, _ low: Double = 0) {
    self.high = high
    self.low = low
  }

  var value: Double { high + low }

  /// Exact sum of two doubles.
  private static func exactSum(_ a: Double, _ b: Double) -> DoubleDouble {
    let sum = a + b
    let back = sum - a
    return DoubleDouble(sum, (a - (sum - back)) + (b - back))
  }

  static func + (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let high = exactSum(a.high, b.high)
    let low = exactSum(a.low, b.low)
    let first = exactSum(high.high, high.low + low.high)
    return exactSum(first.high, first.low + low.low)
  }

  static prefix func - (a: DoubleDouble) -> DoubleDouble { DoubleDouble(-a.high, -a.low) }

  static func - (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble { a + (-b) }

  static func * (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let product = a.high * b.high
    let remainder = (-product).addingProduct(a.high, b.high)
    return exactSum(product, remainder + (a.high * b.low + a.low * b.high))
  }

  static func * (a: Double, b: DoubleDouble) -> DoubleDouble { DoubleDouble(a) * b }

  static func / (a: DoubleDouble, b: DoubleDouble) -> DoubleDouble {
    let first = a.high / b.high
    let rest = a - first * b
    let second = rest.high / b.high
    let third = (rest - second * b).high / b.high
    return exactSum(first, second) + DoubleDouble(third)
  }
}

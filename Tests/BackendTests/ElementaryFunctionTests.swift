import CPUKernelsBaseline
import Foundation
import Testing

/// The C library's own functions are within 0.52 units of the true value in double precision, 0.001 in 80 bits.
@Suite("Own exp and ln")
struct ElementaryFunctionTests {
  private func probe(_ x: [Double]) -> (exponentials: [Double], logarithms: [Double]) {
    var exponentials = x
    var logarithms = x
    x.withUnsafeBufferPointer { source in
      exponentials.withUnsafeMutableBufferPointer { e in
        logarithms.withUnsafeMutableBufferPointer { l in
          if let source = source.baseAddress, let e = e.baseAddress, let l = l.baseAddress {
            probeElementary(source, count: x.count, exponentials: e, logarithms: l)
          }
        }
      }
    }
    return (exponentials, logarithms)
  }

  /// Arguments of a row of the table in docs/verification.md, and what is allowed there, in units in the last place.
  struct Range: Sendable, CustomTestStringConvertible {
    var from: Double
    var to: Double
    var allowed: Double
    /// Spread evenly in x, or in ln x.
    var isLogarithmic = false
    var testDescription: String { "\(from) to \(to)" }

    var arguments: [Double] {
      (0..<200_000).map {
        let t = (Double($0) + 0.5 + 0.4 * sin(Double($0))) / 200_000
        if !isLogarithmic { return from + t * (to - from) }
        // shifted off exp(a double), whose logarithm would need no rounding
        return exp(log(from) + t * (log(to) - log(from))) * (1 - 0.01 * t * pow(sin(7 * Double($0)), 2))
      }
    }
  }

  /// Largest error in units in the last place of the true value, which comes in more digits where the machine has them.
  private func worst(_ found: [Double], _ x: [Double], _ function: (Reference) -> Reference) -> Double {
    zip(found, x).map { value, x in
      let exact = function(Reference(x))
      return Double(abs(Reference(value) - exact)) / Double(exact).ulp
    }.max() ?? .infinity
  }

  @Test(
    "exp, range by range",
    arguments: [
      Range(from: -708, to: -40, allowed: 1.4), Range(from: -40, to: -1, allowed: 1.4),
      Range(from: -1, to: 1, allowed: 1.4), Range(from: 1, to: 40, allowed: 1.4),
      Range(from: 40, to: 708, allowed: 1.4),
    ])
  func exponential(range: Range) {
    let x = range.arguments
    let error = worst(probe(x).exponentials, x) { exp($0) }
    #expect(error <= range.allowed, "\(error)")
  }

  @Test(
    "ln, range by range",
    arguments: [
      Range(from: 2.3e-308, to: 1e-10, allowed: 2, isLogarithmic: true),
      Range(from: 1e-10, to: 0.5, allowed: 2, isLogarithmic: true), Range(from: 0.5, to: 0.99, allowed: 2),
      Range(from: 0.99, to: 1.01, allowed: 2), Range(from: 1 - 1e-6, to: 1 + 1e-6, allowed: 2),
      Range(from: 1.01, to: 2, allowed: 2), Range(from: 2, to: 1e10, allowed: 2, isLogarithmic: true),
      Range(from: 1e10, to: 1.7e308, allowed: 2, isLogarithmic: true),
    ])
  func logarithm(range: Range) {
    let x = range.arguments
    let error = worst(probe(x).logarithms, x) { log($0) }
    #expect(error <= range.allowed, "\(error)")
  }
}

#if arch(x86_64)
  private typealias Reference = Float80
#else
  private typealias Reference = Double
#endif

import CPUKernelsBaseline
import Foundation
import Testing

@Suite("Own exp and ln")
struct ElementaryFunctionTests {
  /// Largest error against the C library (itself within 0.52 ulp) in units in the last place.
  private func worst(_ x: [Double]) -> (exponential: Double, logarithm: Double) {
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
    let ulps = { (found: Double, expected: Double) in abs(found - expected) / expected.ulp }
    return (
      zip(exponentials, x).map { ulps($0, exp($1)) }.max() ?? .infinity,
      zip(logarithms, x).map { ulps($0, log($1)) }.max() ?? .infinity
    )
  }

  @Test("exp stays within 1.4 ulp of the C library between -700 and 700")
  func exponential() {
    let x = (0..<80_000).map { -700 + 1400 * Double($0) / 80_000 + 1e-3 * sin(Double($0)) }
    var exponentials = x
    var unused = x
    x.withUnsafeBufferPointer { source in
      exponentials.withUnsafeMutableBufferPointer { e in
        unused.withUnsafeMutableBufferPointer { l in
          if let source = source.baseAddress, let e = e.baseAddress, let l = l.baseAddress {
            probeElementary(source, count: x.count, exponentials: e, logarithms: l)
          }
        }
      }
    }
    let error = zip(exponentials, x).map { abs($0 - exp($1)) / exp($1).ulp }.max() ?? .infinity
    #expect(error <= 1.4)
  }

  @Test("exp and ln stay within 1.4 and 2 ulp of the C library over the arguments of the kernels")
  func kernelRange() {
    let x = (0..<80_000).map { exp(-6 + 12 * Double($0) / 80_000) }
    let error = worst(x)
    #expect(error.exponential <= 1.4)
    #expect(error.logarithm <= 2)
  }

  @Test("ln keeps its relative accuracy beside one, where the statistic lives")
  func besideOne() {
    let x = (0..<8_000).map { 1 + (Double($0) - 3_999.5) * 1e-9 }
    #expect(worst(x).logarithm <= 2)
  }
}

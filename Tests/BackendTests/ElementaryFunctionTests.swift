import CPUKernelsBaseline
import Foundation
import Testing

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

  /// Largest difference from the C library (itself within 0.52 ulp) in units in the last place.
  private func worst(_ found: [Double], _ x: [Double], _ library: (Double) -> Double) -> Double {
    zip(found, x).map { abs($0 - library($1)) / library($1).ulp }.max() ?? .infinity
  }

  @Test("exp stays within 1.4 ulp of the C library between -700 and 700")
  func exponential() {
    let x = (0..<80_000).map { -700 + 1400 * Double($0) / 80_000 + 1e-3 * sin(Double($0)) }
    #expect(worst(probe(x).exponentials, x, exp) <= 1.4)
  }

  @Test("exp and ln stay within 1.4 and 2 ulp of the C library over the arguments of the kernels")
  func kernelRange() {
    let x = (0..<80_000).map { exp(-6 + 12 * Double($0) / 80_000) }
    let found = probe(x)
    #expect(worst(found.exponentials, x, exp) <= 1.4)
    #expect(worst(found.logarithms, x, log) <= 2)
  }

  @Test("ln keeps its relative accuracy beside one, where the statistic lives")
  func besideOne() {
    let x = (0..<8_000).map { 1 + (Double($0) - 3_999.5) * 1e-9 }
    #expect(worst(probe(x).logarithms, x, log) <= 2)
  }
}

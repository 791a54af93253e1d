import Statistics
import Testing

@Suite struct PullChiSquareTests {
  /// r^T (diag s^2 + w^2 t t^T)^-1 r by the Sherman-Morrison formula, from scratch.
  private func covarianceForm(_ n: [Double], _ t: [Double], _ s: [Double], _ w: Double) -> Double {
    let r = zip(n, t).map { $0 - $1 }
    func inner(_ a: [Double], _ b: [Double]) -> Double {
      a.indices.reduce(0) { $0 + a[$1] * b[$1] / (s[$1] * s[$1]) }
    }
    return inner(r, r) - w * w * inner(r, t) * inner(r, t) / (1 + w * w * inner(t, t))
  }

  @Test("the profiled chi2 equals its covariance form", arguments: [0.01, 0.05, 0.3, 2])
  func covariance(width: Double) throws {
    let n = [19.0, 20, 21, 13, 40, 53]
    let t = [26.1, 18.8, 20.1, 18.0, 34.3, 41.1]
    let s = n.map { $0.squareRoot() }
    let found = try pullChiSquare(observed: n, prediction: t, uncertainties: s, width: width)
    #expect(isClose(found.value, covarianceForm(n, t, s, width), relative: 1e-13))
  }

  @Test("moving the pull off its minimum raises chi2", arguments: [-0.01, 0.01])
  func minimum(shift: Double) throws {
    let (n, t, s, width) = ([12.0, 30, 7], [15.0, 22, 9], [3.5, 5.5, 2.6], 0.2)
    let found = try pullChiSquare(observed: n, prediction: t, uncertainties: s, width: width)
    let pull = found.pull + shift
    let moved = n.indices.reduce((pull / width) * (pull / width)) {
      $0 + ((n[$1] - t[$1] * (1 + pull)) / s[$1]) * ((n[$1] - t[$1] * (1 + pull)) / s[$1])
    }
    #expect(moved > found.value)
  }

  @Test("lengths, widths and uncertainties out of domain are errors")
  func domain() {
    func attempt(_ n: [Double], _ t: [Double], _ s: [Double], _ w: Double) throws {
      _ = try pullChiSquare(observed: n, prediction: t, uncertainties: s, width: w)
    }
    #expect(throws: StatisticsError.self) { try attempt([1], [1, 2], [1], 0.1) }
    #expect(throws: StatisticsError.self) { try attempt([1], [1], [0], 0.1) }
    #expect(throws: StatisticsError.self) { try attempt([1], [1], [1], 0) }
    #expect(throws: StatisticsError.self) { try attempt([.nan], [1], [1], 0.1) }
  }
}

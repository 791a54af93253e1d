import ScanCore

/// Floating-point operations of the minimisation kernels, counted in `PoissonProfile.swift` and `GaussianProfile.swift`
/// line by line: a fused multiply-add counts two, every other + - * / max one, loads and integer work nothing. Left out
/// are the integrals, the 4 x 4 solution and the start of each point, so that a fraction of the peak is never overstated.
struct OperationCount {
  /// per bin and Newton sweep
  let sweep: Int
  /// per bin in the final statistic, without and with observed events (the logarithm)
  let statistic: Int
  let logarithm: Int

  init(statistic kind: StatisticKind, pullCount: Int) {
    switch (kind, pullCount) {
    case (.poisson, 0...1): (sweep, statistic, logarithm) = (13, 10, 33)
    case (.poisson, _): (sweep, statistic, logarithm) = (49, 16, 33)
    case (.gaussian, _): (sweep, statistic, logarithm) = (11, 10, 0)
    }
  }

  /// - Parameter sweeps: per point
  func perPoint(_ plan: LikelihoodPlan, sweeps: Double) -> Double {
    let filled = plan.observed.count { $0 > 0 }
    return sweeps * Double(sweep * plan.binCount) + Double(statistic * plan.binCount)
      + (plan.statistic == .poisson ? Double(logarithm * filled) : 0)
  }
}

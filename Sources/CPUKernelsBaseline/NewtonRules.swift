/// When Newton steps are cut, searched and done: the same for every statistic, as in Kernels/src/newton.clh.
enum NewtonRules {
  static var maximumSteps: Int { 96 }
  /// From this step on, steps with a decrement that rounding cannot blur are halved until the statistic falls.
  static var firstSearchedStep: Int { 8 }
  static var searchedDecrement: Double { 1e-5 }
  static var maximumHalvings: Int { 40 }
  /// Rounding of the statistic, in units of itself and the counts.
  static var statisticNoise: Double { 1e-14 }
  static var smallestRatio: Double { 1e-300 }
  /// Expected events below this count as this much: no bin divides by zero.
  static var smallestExpectation: Double { 1e-30 }
  /// What a step may leave of the statistic for it to be the last.
  static var remainderTolerance: Double { 1e-13 }
  /// Above this square of the largest relative change of a factor a step is never the last.
  static var largestLastShift: Double { 0.01 }

  /// Whether a full step is the last one: no factor, so no mu, changes by more than the root of `shift`, so the Hessian
  /// hardly does, and the step leaves shift * decrement of the statistic.
  @inline(__always) static func isLast(_ shift: F64x8, _ decrement: F64x8) -> F64x8.Mask {
    (shift < F64x8(largestLastShift)) & (shift * decrement < F64x8(remainderTolerance))
  }
}

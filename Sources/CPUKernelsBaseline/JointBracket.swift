import CVec

/// Fourfold strengths tried, from one event of signal on.
private let maximumGrowths = 50
private let maximumCuts = 200
/// Relative width of the bracket at the end.
private let bracketTolerance = 1e-13

/// Fits of the strength where each experiment scales the signal with a pull of its own: chi2 is not convex, and far inside an
/// excluded region factors and strength move along a narrow bent valley. What Newton steps do not finish is done by a bracket
/// in the strength alone, with the factors at their minimum. The order of operations is that of Kernels/src/joint_bracket.clh.
extension JointFit {
  /// Newton steps from the factors and the strength in `scratch.factors`, which then hold the minimum.
  /// - Returns: chi2 and the lanes that converged
  @inline(__always) func minimise(fitsStrength: Bool, active: F64x8.Mask) -> Minimum {
    if !fitsStrength { return newton(fitsStrength: false, active: active) }
    if !plan.scalesSignalUniformly { return minimiseOwnSignals(active: active) }
    let f = scratch.factors
    let block = plan.block(0)
    f[vector: pulls] = f[vector: pulls] * scale(block, f)
    let found = JointFit(plan, scratch, isLinear: true).newton(fitsStrength: true, active: active)
    f[vector: pulls] = f[vector: pulls] / scale(block, f)
    return found
  }

  @inline(never) func minimiseOwnSignals(active: F64x8.Mask) -> Minimum {
    let found = newton(fitsStrength: true, active: active)
    let left = active & !found.converged
    if !left.any { return found }
    let again = bracketedStrength(left)
    return (again.statistic, found.converged | again.converged, found.sweeps + again.sweeps)
  }

  /// The root of the slope of chi2 in the strength, which at fitted factors is that of the profiled chi2: a bracket by growing
  /// fourfold, then cut by secants that halve the slope of the end they keep.
  private func bracketedStrength(_ active: F64x8.Mask) -> Minimum {
    let f = scratch.factors
    let zero = F64x8(0)
    let half = F64x8(0.5)
    var converged = !active
    var sweeps = 0
    let total = signalTotal()
    for k in 0..<pulls {
      f[vector: k] = select(active, max(F64x8(1), F64x8(plan.pull(k)[1])), f[vector: k])
    }
    func slope(_ strength: F64x8, _ lanes: F64x8.Mask) -> F64x8 {
      f[vector: pulls] = select(lanes, strength, f[vector: pulls])
      let fit = newton(fitsStrength: false, active: lanes)
      converged = (lanes & fit.converged) | (!lanes & converged)
      sweeps += fit.sweeps
      curvature(fitsStrength: true)
      return scratch.gradient[vector: pulls]
    }
    var low = zero
    var lowSlope = slope(zero, active)
    let rises = active & (lowSlope < zero) & (zero < total)
    var high = F64x8(1) / total
    var highSlope = lowSlope
    var grows = rises
    var step = 0
    while grows.any && step < maximumGrowths {
      let found = slope(high, grows)
      highSlope = select(grows, found, highSlope)
      grows = grows & (highSlope < zero)
      low = select(grows, high, low)
      lowSlope = select(grows, highSlope, lowSlope)
      high = select(grows, F64x8(4) * high, high)
      step += 1
    }
    converged = converged & !grows
    var open = rises & !grows & (zero < highSlope)
    step = 0
    while open.any && step < maximumCuts {
      let cut = low - lowSlope * (high - low) / (highSlope - lowSlope)
      let next = select((low < cut) & (cut < high), cut, half * (low + high))
      open = open & (low < next) & (next < high)
      if !open.any { break }
      let found = slope(next, open)
      let isLow = open & (found < zero)
      let isHigh = open & (zero < found)
      low = select(isLow, next, low)
      high = select(isHigh, next, high)
      lowSlope = select(isLow, found, select(isHigh, half * lowSlope, lowSlope))
      highSlope = select(isHigh, found, select(isLow, half * highSlope, highSlope))
      open = (isLow | isHigh) & (F64x8(bracketTolerance) * high < high - low)
      step += 1
    }
    return (finalStatistic(f), converged, sweeps)
  }
}

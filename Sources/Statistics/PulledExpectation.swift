import ScanCore

/// Expected events of one point with their derivatives, in the form the minimiser needs [UPS-20]:
///
///     mu = fixed + f_0 scaled + sum_{k >= 1} f_k D_k
///     d mu / d theta_k = d fixed / d theta_k + f_0 d scaled / d theta_k
///
/// Parameters that move a background only are linear in `fixed`.
///
/// Buffers are made once and filled for point after point.
struct PulledExpectation {
  let bins: Int
  let parameters: Int
  private(set) var fixed: [Double]
  private(set) var scaled: [Double]
  /// parameters x bins
  private(set) var fixedSlopes: [Double]
  private(set) var scaledSlopes: [Double]
  private let plan: PulledLikelihoodPlan
  private var weights: [Double] = []
  private var slopes: [Double] = []

  init(plan: PulledLikelihoodPlan) {
    self.plan = plan
    bins = plan.linear.binCount
    parameters = plan.parameterCount
    fixed = [Double](repeating: 0, count: bins)
    scaled = fixed
    fixedSlopes = [Double](repeating: 0, count: bins * parameters)
    scaledSlopes = fixedSlopes
  }

  /// - Parameters:
  ///   - signal, standardModel: one request of `LoadedPulledRates.evaluate`
  ///   - theta: the parameters of the request
  mutating func fill(
    signal: UnsafeBufferPointer<Double>, standardModel: UnsafeBufferPointer<Double>,
    theta: ArraySlice<Double>,
    couplingSquare q: Double
  ) {
    for bin in 0..<bins {
      fixed[bin] = plan.constant[bin]
      scaled[bin] = 0
    }
    for index in fixedSlopes.indices {
      fixedSlopes[index] = 0
      scaledSlopes[index] = 0
    }
    let first = plan.rateParameterCount
    for (k, shape) in plan.backgroundShapes.enumerated() {
      let value = theta[theta.startIndex + first + k]
      for bin in 0..<bins {
        fixed[bin] += value * shape[bin]
        fixedSlopes[(first + k) * bins + bin] = shape[bin]
      }
    }
    add(standardModel, plan.standardModelFold, theta, scale: 1, isScaled: plan.scalesStandardModel)
    if q > 0 { add(signal, plan.signalFold, theta, scale: q, isScaled: plan.linear.firstPullScalesSignal) }
  }

  private mutating func add(
    _ rates: UnsafeBufferPointer<Double>, _ fold: PulledFold, _ theta: ArraySlice<Double>, scale: Double,
    isScaled: Bool
  ) {
    fold.read(at: fold.moves ? theta[theta.startIndex + fold.parameter] : 0, &weights, &slopes)
    let block = RateBlock(
      rates: rates, fold: fold, scale: scale, parameters: plan.rateParameterCount)
    if isScaled {
      block.add(weights, slopes, to: &scaled, &scaledSlopes)
    } else {
      block.add(weights, slopes, to: &fixed, &fixedSlopes)
    }
  }
}

/// Rates of one request with their derivatives, on their way into the bins of the likelihood.
private struct RateBlock {
  let rates: UnsafeBufferPointer<Double>
  let fold: PulledFold
  let scale: Double
  let parameters: Int

  /// - Parameters:
  ///   - weights, slopes: of the fold at theta
  ///   - derivatives: parameters x bins
  func add(
    _ weights: [Double], _ slopes: [Double], to events: inout [Double], _ derivatives: inout [Double]
  ) {
    let shape = fold.nominal
    let (energyBins, timeBins) = (shape.energyBins, shape.timeBins)
    let block = shape.componentCount * energyBins
    let bins = energyBins * timeBins
    for c in 0..<shape.componentCount {
      for i in 0..<energyBins {
        let rate = scale * rates[c * energyBins + i]
        for j in 0..<timeBins { events[i * timeBins + j] += rate * weights[c * timeBins + j] }
        for k in 0..<parameters {
          let slope = scale * rates[(k + 1) * block + c * energyBins + i]
          if slope == 0 { continue }
          let row = k * bins + i * timeBins
          for j in 0..<timeBins { derivatives[row + j] += slope * weights[c * timeBins + j] }
        }
        if fold.moves {
          let row = fold.parameter * bins + i * timeBins
          for j in 0..<timeBins { derivatives[row + j] += rate * slopes[c * timeBins + j] }
        }
      }
    }
  }
}

extension PulledFold {
  /// Weights and their derivatives at theta: the cubic between the two knots around it.
  func read(at theta: Double, _ values: inout [Double], _ derivatives: inout [Double]) {
    let count = nominal.weights.count
    if values.count != count { values = [Double](repeating: 0, count: count) }
    if derivatives.count != count { derivatives = values }
    guard moves else {
      values = nominal.weights
      return
    }
    let position = (theta - firstKnot) / knotStep
    let knot = Int(min(max(position.rounded(.down), 0), Double(knotCount - 2)))
    let t = position - Double(knot)
    let (left, right) = (knot * count, (knot + 1) * count)
    for index in 0..<count {
      let (w0, w1) = (weights[left + index], weights[right + index])
      let (s0, s1) = (knotStep * slopes[left + index], knotStep * slopes[right + index])
      // cubic a + b t + c t^2 + d t^3 with the values and slopes of both knots
      let c = 3 * (w1 - w0) - 2 * s0 - s1
      let d = 2 * (w0 - w1) + s0 + s1
      values[index] = w0 + t * (s0 + t * (c + t * d))
      derivatives[index] = (s0 + t * (2 * c + t * 3 * d)) / knotStep
    }
  }
}

import CVec

/// The packed pulled plan as the kernels see it (layout: `PackedPulledPlan`), rows padded to whole vectors.
package struct PulledPlanView {
  let rates: PlanView
  let integers: UnsafePointer<Int32>
  let reals: UnsafePointer<Double>
  let parameterCount: Int
  let largestCurveStride: Int

  /// - Parameters:
  ///   - rates: the packed rate plan, with the row length of the smearing tables
  ///   - integers: sixteen per channel
  ///   - reals: curves and smearing tables
  package init(
    rates: PlanView, integers: UnsafePointer<Int32>, reals: UnsafePointer<Double>, parameterCount: Int,
    largestCurveStride: Int
  ) {
    self.rates = rates
    self.integers = integers
    self.reals = reals
    self.parameterCount = parameterCount
    self.largestCurveStride = largestCurveStride
  }

  /// Doubles of scratch that `evaluatePulledRateRow` needs.
  package var scratchCount: Int {
    sumCount + rates.channelComponents * 8 * (3 + parameterCount) + 8 * largestCurveStride + 7 * 8 + 13 * 8
      + 16 * 8
  }
  var sumCount: Int { (1 + parameterCount) * rates.componentCount * rates.binStride }
}

/// One call evaluates one request (m4, theta): expected events per component and bin, then their derivatives with
/// respect to each theta, `out[(1 + parameterCount) * componentCount * binCount]` [UPS-19]. Lanes run over quadrature nodes
/// for integrand and visible energy, over curves for their lookup and over bins for the fold.
package func evaluatePulledRateRow(
  _ plan: PulledPlanView, mass m4: Double, theta: UnsafePointer<Double>, out: UnsafeMutablePointer<Double>,
  scratch: UnsafeMutablePointer<Double>
) {
  let rates = plan.rates
  for i in 0..<plan.sumCount { scratch[i] = 0 }
  for n in 0..<rates.channelCount {
    let channel = PulledChannel(plan, index: n, theta: theta, scratch: scratch)
    channel.add(m4: m4)
  }
  let scale = rates.reals[0]
  for row in 0..<(1 + plan.parameterCount) * rates.componentCount {
    for j in 0..<rates.binCount {
      out[row * rates.binCount + j] = scratch[row * rates.binStride + j] * scale
    }
  }
}

/// One channel of a request, with its part of the scratch.
private struct PulledChannel {
  let rates: PlanView
  let channel: UnsafePointer<Int32>
  let constants: UnsafePointer<Double>
  /// Output row of each component, eight apart.
  let outputs: UnsafePointer<Int32>
  let pulled: UnsafePointer<Int32>
  let curves: UnsafePointer<Double>
  let smearing: UnsafePointer<Double>
  let theta: UnsafePointer<Double>
  /// How many parameters move the visible energy, and which.
  let movingCount: Int
  let moving: UnsafePointer<Int32>
  let degree: Int
  let count: Int
  /// quantities x components x bins
  let sums: UnsafeMutablePointer<Double>
  /// components x 8: weight times inner integral
  let shares: UnsafeMutablePointer<Double>
  /// components x (2 + moving parameters) x 8: the shares times what multiplies S or dS/du in events, in the derivative
  /// of each moving parameter, and in that of the factor
  let pulledShares: UnsafeMutablePointer<Double>
  let curveValues: UnsafeMutablePointer<Double>
  /// 7 x 8: weights of the curves
  let lagrange: UnsafeMutablePointer<Double>
  /// 13 x 8: weights of the smearing table (and rows), then those of its derivative
  let smearingWeights: UnsafeMutablePointer<Double>
  /// 16 x 8: eight bins of S, then of dS/du, at eight nodes
  let responses: UnsafeMutablePointer<Double>

  @inline(__always) init(
    _ plan: PulledPlanView, index: Int, theta: UnsafePointer<Double>, scratch: UnsafeMutablePointer<Double>
  ) {
    rates = plan.rates
    channel = rates.integers + 8 + index * 10
    constants = rates.reals + Int(channel[8])
    outputs = rates.integers + Int(channel[3]) + 3 + Int(channel[4]) * 8
    pulled = plan.integers + index * 16
    curves = plan.reals + Int(pulled[0])
    smearing = plan.reals + Int(pulled[5])
    self.theta = theta
    movingCount = Int(pulled[2])
    moving = pulled + 8
    degree = Int(pulled[3])
    count = Int(channel[5])
    sums = scratch
    shares = sums + plan.sumCount
    pulledShares = shares + rates.channelComponents * 8
    curveValues = pulledShares + rates.channelComponents * 8 * (2 + plan.parameterCount)
    lagrange = curveValues + 8 * plan.largestCurveStride
    smearingWeights = lagrange + 7 * 8
    responses = smearingWeights + 13 * 8
  }

  @inline(__always) func add(m4: Double) {
    forEachPanel(rates, channel, m4: m4) { panel in
      panel.forEachNodes(rates, channel, shares: shares) { v in
        lagrangeWeights(
          v, first: constants[4], inverseStep: constants[5], rowCount: Int(channel[2]), into: lagrange)
        interpolateCurves()
        moveShares()
        fold()
      }
    }
  }

  // MARK: - Curves

  /// Curve rows at the eight nodes, lanes over curves.
  @inline(__always) private func interpolateCurves() {
    let stride = Int(pulled[1])
    for lane in 0..<8 {
      let first = curves + (Int(lagrange[48 + lane]) - 2) * stride
      var j = 0
      while j < stride {
        weighted(first + j, stride, lagrange, lane).store(to: curveValues + lane * stride + j)
        j += 8
      }
    }
  }

  /// One curve at the eight nodes.
  @inline(__always) private func curve(_ index: Int) -> F64x8 {
    let stride = Int(pulled[1])
    let p = curveValues + index
    return F64x8(
      SIMD8(
        p[0], p[stride], p[2 * stride], p[3 * stride], p[4 * stride], p[5 * stride], p[6 * stride],
        p[7 * stride]))
  }

  /// Visible energy and factor at the nodes, weights of the smearing table there, and the shares they give.
  @inline(__always) private func moveShares() {
    var x = curve(0)
    for m in 0..<movingCount { x = fma(F64x8(theta[Int(moving[m])]), curve(1 + m), x) }
    let inverse = smearingWeights(at: x)
    let argument = F64x8(degree > 0 ? theta[Int(pulled[4])] : 0)
    var factor = curve(1 + movingCount + degree)
    var slope = F64x8(0)
    var n = degree - 1
    while n >= 0 {
      slope = fma(slope, argument, factor)
      factor = fma(factor, argument, curve(1 + movingCount + n))
      n -= 1
    }
    let quantities = 2 + movingCount
    for c in 0..<count {
      let share = F64x8(load: shares + c * 8)
      let target = pulledShares + c * quantities * 8
      let events = share * factor
      events.store(to: target)
      for m in 0..<movingCount { (events * (curve(1 + m) * inverse)).store(to: target + (1 + m) * 8) }
      (share * slope).store(to: target + (1 + movingCount) * 8)
    }
  }

  /// Six-point weights of the smearing table and of its derivative at visible energies x; returns du/dx in grid steps,
  /// zero where the position is held at an end of the table.
  @inline(__always) private func smearingWeights(at x: F64x8) -> F64x8 {
    let rowCount = Double(pulled[6])
    let step = F64x8(smearing[1])
    let known = F64x8(1e-30) < x
    let u = log(select(known, x, F64x8(1)))
    let lowest = F64x8(2)
    let highest = F64x8(rowCount - 3)
    let z = select(known, (u - F64x8(smearing[0])) * step, F64x8(0))
    let outside = (z < lowest) | (highest < z)
    let held = min(max(z, lowest), highest)
    let row = min(floor(held), F64x8(rowCount - 4))
    let w = smearingWeights
    let c = held - row
    sixPointWeights(c, into: w)
    row.store(to: w + 48)
    let a = c + F64x8(2)
    let b = c + F64x8(1)
    let d = c - F64x8(1)
    let e = c - F64x8(2)
    let g = c - F64x8(3)
    let ab = a * b
    let cd = c * d
    let eg = e * g
    let abSlope = a + b
    let cdSlope = c + d
    let egSlope = e + g
    let high = cd * eg
    let highSlope = fma(cdSlope, eg, cd * egSlope)
    let outer = ab * eg
    let outerSlope = fma(abSlope, eg, ab * egSlope)
    let low = ab * cd
    let lowSlope = fma(abSlope, cd, ab * cdSlope)
    (fma(b, highSlope, high) * F64x8(-1.0 / 120)).store(to: w + 56)
    (fma(a, highSlope, high) * F64x8(1.0 / 24)).store(to: w + 64)
    (fma(d, outerSlope, outer) * F64x8(-1.0 / 12)).store(to: w + 72)
    (fma(c, outerSlope, outer) * F64x8(1.0 / 12)).store(to: w + 80)
    (fma(g, lowSlope, low) * F64x8(-1.0 / 24)).store(to: w + 88)
    (fma(e, lowSlope, low) * F64x8(1.0 / 120)).store(to: w + 96)
    return select(outside, F64x8(0), step / select(known, x, F64x8(1)))
  }

  // MARK: - Fold

  /// Adds eight nodes to the sums, node after node, lanes over bins.
  @inline(__always) private func fold() {
    let stride = rates.binStride
    var j = 0
    while j < stride {
      for lane in 0..<8 {
        let row = smearing + 2 + (Int(smearingWeights[48 + lane]) - 2) * stride + j
        weighted(row, stride, smearingWeights, lane).store(to: responses + lane * 8)
        if movingCount > 0 {
          weighted(row, stride, smearingWeights + 56, lane).store(to: responses + 64 + lane * 8)
        }
      }
      for c in 0..<count where isFirst(c) { addQuantities(of: c, bins: j) }
      j += 8
    }
  }

  /// Events and derivatives of the output row of component c, eight bins.
  @inline(__always) private func addQuantities(of c: Int, bins j: Int) {
    let quantity = rates.componentCount * rates.binStride
    let sum = sums + Int(outputs[c * 8]) * rates.binStride + j
    let share = pulledShares + c * (2 + movingCount) * 8
    let factorShare = share + (1 + movingCount) * 8
    let factorParameter = degree > 0 ? Int(pulled[4]) : -1
    var isDone = degree == 0
    accumulate(sum, c, (share, responses), nil)
    for m in 0..<movingCount {
      let parameter = Int(moving[m])
      let both = parameter == factorParameter
      if both { isDone = true }
      accumulate(
        sum + (1 + parameter) * quantity, c, (share + (1 + m) * 8, responses + 64),
        both ? (factorShare, responses) : nil)
    }
    if !isDone { accumulate(sum + (1 + factorParameter) * quantity, c, (factorShare, responses), nil) }
  }

  /// True unless an earlier component of the channel adds to the same output row.
  @inline(__always) private func isFirst(_ c: Int) -> Bool {
    for m in 0..<c where outputs[m * 8] == outputs[c * 8] { return false }
    return true
  }

  private typealias Term = (share: UnsafeMutablePointer<Double>, value: UnsafeMutablePointer<Double>)

  /// Node after node, component c and then those after it that share its output row, one or two terms of each.
  @inline(__always) private func accumulate(
    _ sum: UnsafeMutablePointer<Double>, _ c: Int, _ first: Term, _ second: Term?
  ) {
    var s = F64x8(load: sum)
    let next = (2 + movingCount) * 8
    for lane in 0..<8 {
      var m = c
      while m < count {
        if outputs[m * 8] == outputs[c * 8] {
          let offset = (m - c) * next + lane
          s = fma(F64x8(first.share[offset]), F64x8(load: first.value + lane * 8), s)
          if let second { s = fma(F64x8(second.share[offset]), F64x8(load: second.value + lane * 8), s) }
        }
        m += 1
      }
    }
    s.store(to: sum)
  }
}

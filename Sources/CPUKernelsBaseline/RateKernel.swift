import CVec

/// The packed rate plan as the kernels see it (layout: `PackedRatePlan`), with response rows padded to whole vectors.
package struct PlanView {
  let integers: UnsafePointer<Int32>
  let reals: UnsafePointer<Double>
  /// numbers per response row, a multiple of eight
  let binStride: Int

  package init(integers: UnsafePointer<Int32>, reals: UnsafePointer<Double>, binStride: Int) {
    self.integers = integers
    self.reals = reals
    self.binStride = binStride
  }
  @inline(__always) func integer(_ index: Int) -> Int { Int(integers[index]) }
  package var binCount: Int { integer(1) }
  package var componentCount: Int { integer(2) }
  var channelCount: Int { integer(3) }
  /// doubles of scratch that `evaluateRateRow` needs
  package var scratchCount: Int { componentCount * binStride + channelComponents * 8 + 7 * 8 }
  var channelComponents: Int { integer(6) }
}

/// Smallest neutrino energy and the coefficients of 1, w, w^2 with w = 1 - E_min/E: T (A + B/E + C/E^2) =
/// h0 + h1 w + h2 w^2 [UPS-3, UPS-4, UPS-8]. Eight recoils at once.
struct Expansion {
  var eMin, h0, h1, h2: F64x8

  @inline(__always) static func dipole(_ t: F64x8, mass: Double, m4: Double, process: Int32) -> Expansion {
    let k = F64x8((m4 * m4) / (mass + mass))
    let m = F64x8(mass)
    let x = k / t
    let oneX = F64x8(1) + x
    let p = sqrt(t * (t + F64x8(mass + mass)))
    let sum = t + p
    let inverse = F64x8(1) / (oneX * (m + sum))
    let h0: F64x8
    let g: F64x8
    switch process {
    case 0:
      h0 = (m + k) * inverse
      g = ((m - t) * x) * inverse
    case 2:
      h0 = fma(F64x8(0.5), t, m) * inverse
      g = fma(m, x, -(F64x8(0.5) * t)) * inverse
    default:  // arXiv:2406.07477 as printed: C = (M-T) x (1-x)/2, for comparison only
      g = -((((m - t) * x) * inverse) * ((F64x8(1) - x) / oneX))
      h0 = (m * oneX) * inverse - g
    }
    return Expansion(eMin: (F64x8(0.5) * oneX) * sum, h0: h0, h1: (t + t) / sum + (g + g), h2: -g)
  }

  @inline(__always) static func contact(
    _ t: F64x8, mass: Double, m4: Double, coefficients c: UnsafePointer<Double>
  ) -> Expansion {
    let sum = t + sqrt(t * (t + F64x8(mass + mass)))
    let x = F64x8((m4 * m4) / (mass + mass)) / t
    let eMin = (F64x8(0.5) * (F64x8(1) + x)) * sum
    let inverse = F64x8(1) / eMin
    let beta = (F64x8(c[1]) * t) * inverse
    let gamma = (fma(fma(F64x8(c[4]), t, F64x8(c[3])), t, F64x8(c[2])) * inverse) * inverse
    return Expansion(
      eMin: eMin, h0: F64x8(c[0]) + beta + gamma, h1: -(beta + (gamma + gamma)), h2: gamma)
  }

  @inline(__always) func bracket(at e: F64x8) -> F64x8 {
    let w = F64x8(1) - eMin / e
    return fma(fma(h2, w, h1), w, h0)
  }
}

@inline(__always) func horner(_ c: UnsafePointer<Double>, degree: Int, _ t: F64x8) -> F64x8 {
  var sum = F64x8(c[degree])
  var n = degree - 1
  while n >= 0 {
    sum = fma(sum, t, F64x8(c[n]))
    n -= 1
  }
  return sum
}

// MARK: - Recoil limits [UPS-2]

/// Largest recoil at neutrino energy e; the same order of operations as `largest_recoil` of the OpenCL kernels.
@inline(__always) func largestRecoil(_ e: Double, _ mass: Double, _ m4: Double) -> Double {
  let m4Squared = m4 * m4
  let twoM = mass + mass
  let minus = fma(twoM, e - m4, -m4Squared)
  let plus = fma(twoM, e + m4, -m4Squared)
  let product = minus * plus
  let root = (product > 0 ? product : 0).squareRoot()
  let numerator = fma(e, root, fma(twoM * e, e, -(m4Squared * (mass + e))))
  return numerator / (2 * (mass * fma(2, e, mass)))
}

@inline(__always) func smallestRecoil(_ e: Double, _ mass: Double, _ m4: Double, _ largest: Double) -> Double
{
  let m4Squared = m4 * m4
  return (m4Squared / (4 * (mass * fma(2, e, mass)))) * (m4Squared / largest)
}

// MARK: - Double integral

/// One call evaluates one mass: expected events per component and bin, `out[componentCount * binCount]` [UPS-10].
/// Lanes run over quadrature nodes for the integrand and over bins for the fold.
package func evaluateRateRow(
  _ plan: PlanView, mass m4: Double, out: UnsafeMutablePointer<Double>, scratch: UnsafeMutablePointer<Double>
) {
  let sums = scratch
  for i in 0..<plan.componentCount * plan.binStride { sums[i] = 0 }
  let workspace = scratch + plan.componentCount * plan.binStride
  for n in 0..<plan.channelCount {
    addChannel(plan, channel: plan.integers + 8 + n * 10, m4: m4, sums: sums, workspace: workspace)
  }
  let scale = plan.reals[0]
  for c in 0..<plan.componentCount {
    for j in 0..<plan.binCount { out[c * plan.binCount + j] = sums[c * plan.binStride + j] * scale }
  }
}

private func addChannel(
  _ plan: PlanView, channel: UnsafePointer<Int32>, m4: Double, sums: UnsafeMutablePointer<Double>,
  workspace: UnsafeMutablePointer<Double>
) {
  let group = plan.integers + Int(channel[3])
  let constants = plan.reals + Int(channel[8])
  let count = Int(channel[5])
  let shares = workspace
  let lagrange = workspace + plan.channelComponents * 8
  forEachPanel(plan, channel, m4: m4) { panel in
    panel.forEachNodes(plan, channel, shares: shares) { v in
      lagrangeWeights(
        v, first: constants[4], inverseStep: constants[5], rowCount: Int(channel[2]), into: lagrange)
      fold(plan, channel, group, count: count, shares: shares, lagrange: lagrange, sums: sums)
    }
  }
}

/// Calls `body` for every panel of a channel: a run of recoils on which E_min stays inside one segment, clipped to the
/// window of the response.
@inline(__always) func forEachPanel(
  _ plan: PlanView, _ channel: UnsafePointer<Int32>, m4: Double, _ body: (Panel) -> Void
) {
  let group = plan.integers + Int(channel[3])
  let edges = plan.reals + Int(group[1])
  let mass = plan.reals[Int(channel[8])]
  let heavy = channel[0] == 1 ? 0 : m4
  let threshold = fma(heavy, heavy / (mass + mass), heavy)
  for k in 0..<Int(group[0]) {
    let low = edges[k]
    let high = edges[k + 1]
    if !(high > threshold) { continue }
    let upperOfHigh = largestRecoil(high, mass, heavy)
    let lowerOfHigh = smallestRecoil(high, mass, heavy, upperOfHigh)
    var branches = 1
    var ends = (lowerOfHigh, upperOfHigh, 0.0, 0.0)
    if low > threshold {
      let upperOfLow = largestRecoil(low, mass, heavy)
      let lowerOfLow = smallestRecoil(low, mass, heavy, upperOfLow)
      branches = 2
      ends = (lowerOfHigh, lowerOfLow, upperOfLow, upperOfHigh)
    }
    for branch in 0..<branches {
      let panel = Panel(
        plan, channel, heavy: heavy, segment: k, lower: branch == 0 ? ends.0 : ends.2,
        upper: branch == 0 ? ends.1 : ends.3)
      if panel.lower < panel.upper { body(panel) }
    }
  }
}

/// Recoils [lower, upper] on which E_min stays inside one segment, for Gauss-Legendre in ln T.
struct Panel {
  let heavy: Double
  let segment: Int
  let lower: Double
  let upper: Double

  @inline(__always) init(
    _ plan: PlanView, _ channel: UnsafePointer<Int32>, heavy: Double, segment: Int, lower: Double,
    upper: Double
  ) {
    let constants = plan.reals + Int(channel[8])
    self.heavy = heavy
    self.segment = segment
    self.lower = lower > constants[1] ? lower : constants[1]
    self.upper = upper < constants[2] ? upper : constants[2]
  }

  /// Calls `body(v)` for every eight nodes, after weight times inner integral of each component went into `shares`
  /// (components x 8).
  @inline(__always) func forEachNodes(
    _ plan: PlanView, _ channel: UnsafePointer<Int32>, shares: UnsafeMutablePointer<Double>,
    _ body: (F64x8) -> Void
  ) {
    let constants = plan.reals + Int(channel[8])
    let mass = constants[0]
    let reference = constants[3]
    var ends = SIMD8<Double>(repeating: lower)
    ends[1] = upper
    let logs = log(F64x8(ends) / F64x8(reference)).v
    let halfWidth = F64x8(0.5 * (logs[1] - logs[0]))
    let middle = F64x8(0.5 * (logs[1] + logs[0]))
    let order = Int(channel[6])
    let rule = plan.reals + Int(channel[7])
    let group = plan.integers + Int(channel[3])
    let edges = plan.reals + Int(group[1])
    let edge = F64x8(edges[segment + 1])
    let inverseWidth = F64x8(1 / (edges[segment + 1] - edges[segment]))
    let count = Int(channel[5])

    var i = 0
    while i < order {
      let v = fma(halfWidth, F64x8(load: rule + i), middle)
      let weight = halfWidth * F64x8(load: rule + order + i)
      let t = F64x8(reference) * exp(v)
      let h =
        channel[0] == 1 || channel[0] == 4
        ? Expansion.contact(t, mass: mass, m4: heavy, coefficients: constants + 6)
        : Expansion.dipole(t, mass: mass, m4: heavy, process: channel[0])
      let localT = (edge - h.eMin) * inverseWidth
      for n in 0..<count {
        let component = group + 3 + (Int(channel[4]) + n) * 8
        let inner =
          plan.integers[0] == 0
          ? innerMoments(plan, component, segment, localT, h)
          : innerQuadrature(plan, component, edges, segment, Int(group[0]), h)
        (weight * inner).store(to: shares + n * 8)
      }
      body(v)
      i += 8
    }
  }
}

/// Six-point Lagrange weights of eight abscissae, then the rows of the stencils' third points, into `l` (7 x 8).
@inline(__always) func lagrangeWeights(
  _ v: F64x8, first: Double, inverseStep: Double, rowCount: Int, into l: UnsafeMutablePointer<Double>
) {
  let z = (v - F64x8(first)) * F64x8(inverseStep)
  let row = min(max(floor(z), F64x8(2)), F64x8(Double(rowCount - 4)))
  sixPointWeights(z - row, into: l)
  row.store(to: l + 48)
}

/// Lagrange weights at c, counted from the third of six points (6 x 8).
@inline(__always) func sixPointWeights(_ c: F64x8, into l: UnsafeMutablePointer<Double>) {
  let a = c + F64x8(2)
  let b = c + F64x8(1)
  let d = c - F64x8(1)
  let e = c - F64x8(2)
  let g = c - F64x8(3)
  let ab = a * b
  let cd = c * d
  let eg = e * g
  (((b * cd) * eg) * F64x8(-1.0 / 120)).store(to: l)
  (((a * cd) * eg) * F64x8(1.0 / 24)).store(to: l + 8)
  (((ab * d) * eg) * F64x8(-1.0 / 12)).store(to: l + 16)
  (((ab * c) * eg) * F64x8(1.0 / 12)).store(to: l + 24)
  (((ab * cd) * g) * F64x8(-1.0 / 24)).store(to: l + 32)
  (((ab * cd) * e) * F64x8(1.0 / 120)).store(to: l + 40)
}

/// Eight columns of a table at one node: six rows, from `row` on, times their weights.
@inline(__always) func weighted(
  _ row: UnsafePointer<Double>, _ stride: Int, _ l: UnsafePointer<Double>, _ lane: Int
) -> F64x8 {
  var w = F64x8(l[lane]) * F64x8(load: row)
  w = fma(F64x8(l[8 + lane]), F64x8(load: row + stride), w)
  w = fma(F64x8(l[16 + lane]), F64x8(load: row + 2 * stride), w)
  w = fma(F64x8(l[24 + lane]), F64x8(load: row + 3 * stride), w)
  w = fma(F64x8(l[32 + lane]), F64x8(load: row + 4 * stride), w)
  return fma(F64x8(l[40 + lane]), F64x8(load: row + 5 * stride), w)
}

/// Adds eight nodes to the sums, node after node: response row times share, lanes over bins. Pairs of components keep
/// their sums in registers while the nodes pass.
@inline(__always) private func fold(
  _ plan: PlanView, _ channel: UnsafePointer<Int32>, _ group: UnsafePointer<Int32>, count: Int,
  shares: UnsafePointer<Double>, lagrange l: UnsafePointer<Double>, sums: UnsafeMutablePointer<Double>
) {
  let stride = plan.binStride
  let values = plan.reals + Int(channel[1])
  let first = group + 3 + Int(channel[4]) * 8
  if sharesOutputs(first, count) {
    return foldInMemory(values, first, stride: stride, count: count, shares: shares, lagrange: l, sums: sums)
  }
  var j = 0
  while j < stride {
    var n = 0
    while n < count {
      let sum0 = sums + Int(first[n * 8]) * stride + j
      let share0 = shares + n * 8
      if n + 1 < count {
        let sum1 = sums + Int(first[(n + 1) * 8]) * stride + j
        var s0 = F64x8(load: sum0)
        var s1 = F64x8(load: sum1)
        for lane in 0..<8 {
          let w = response(values, l, lane, stride, j)
          s0 = fma(F64x8(share0[lane]), w, s0)
          s1 = fma(F64x8(share0[8 + lane]), w, s1)
        }
        s0.store(to: sum0)
        s1.store(to: sum1)
      } else {
        var s0 = F64x8(load: sum0)
        for lane in 0..<8 { s0 = fma(F64x8(share0[lane]), response(values, l, lane, stride, j), s0) }
        s0.store(to: sum0)
      }
      n += 2
    }
    j += 8
  }
}

/// True when two components of the channel add to the same output row: then their sums cannot live apart.
@inline(__always) private func sharesOutputs(_ first: UnsafePointer<Int32>, _ count: Int) -> Bool {
  for n in 1..<Swift.max(count, 1) {
    for m in 0..<n where first[n * 8] == first[m * 8] { return true }
  }
  return false
}

private func foldInMemory(
  _ values: UnsafePointer<Double>, _ first: UnsafePointer<Int32>, stride: Int, count: Int,
  shares: UnsafePointer<Double>, lagrange l: UnsafePointer<Double>, sums: UnsafeMutablePointer<Double>
) {
  for lane in 0..<8 {
    var j = 0
    while j < stride {
      let w = response(values, l, lane, stride, j)
      for n in 0..<count {
        let sum = sums + Int(first[n * 8]) * stride + j
        fma(F64x8(shares[n * 8 + lane]), w, F64x8(load: sum)).store(to: sum)
      }
      j += 8
    }
  }
}

/// Eight bins of the response at one node.
@inline(__always) private func response(
  _ values: UnsafePointer<Double>, _ l: UnsafePointer<Double>, _ lane: Int, _ stride: Int, _ j: Int
) -> F64x8 {
  weighted(values + (Int(l[48 + lane]) - 2) * stride + j, stride, l, lane)
}

// MARK: - Inner integral

/// From the threshold moments H_0, H_1, H_2 of the component [UPS-8].
@inline(__always) private func innerMoments(
  _ plan: PlanView, _ component: UnsafePointer<Int32>, _ segment: Int, _ t: F64x8, _ h: Expansion
) -> F64x8 {
  let degree = Int(component[1])
  let moments = plan.reals + Int(component[2]) + segment * 3 * (degree + 1)
  let m0 = horner(moments, degree: degree, t)
  let m1 = horner(moments + (degree + 1), degree: degree, t)
  let m2 = horner(moments + 2 * (degree + 1), degree: degree, t)
  return fma(h.h2, m2, fma(h.h1, m1, h.h0 * m0))
}

/// By quadrature: spectrum pieces above E_min, then lines.
private func innerQuadrature(
  _ plan: PlanView, _ component: UnsafePointer<Int32>, _ edges: UnsafePointer<Double>, _ segment: Int,
  _ segments: Int, _ h: Expansion
) -> F64x8 {
  let nodes = plan.reals + plan.integer(5)
  let order = plan.integer(4)
  let degree = Int(component[3])
  var total = F64x8(0)
  for j in segment..<segments {
    let upper = F64x8(edges[j + 1])
    let lower = j == segment ? h.eMin : F64x8(edges[j])
    let width = upper - lower
    let inverseWidth = F64x8(1 / (edges[j + 1] - edges[j]))
    let spectrum = plan.reals + Int(component[4]) + j * (degree + 1)
    var sum = F64x8(0)
    for i in 0..<order {
      let e = fma(width, F64x8(nodes[i]), lower)
      let phi = horner(spectrum, degree: degree, (upper - e) * inverseWidth)
      sum = fma(F64x8(nodes[order + i]) * phi, h.bracket(at: e), sum)
    }
    total = fma(width, sum, total)
  }
  let lines = Int(component[5])
  let line = plan.reals + Int(component[6])
  for l in 0..<lines where line[l] >= edges[segment + 1] {
    total = fma(F64x8(line[lines + l]), h.bracket(at: F64x8(line[l])), total)
  }
  return total
}

import CVec

/// Where the signal of a likelihood bin comes from: points that share a row's template, or eight points with rates of
/// their own (component, energy bin, lane) folded over time.
protocol SignalSource {
  func signal(_ bin: Int) -> F64x8
  /// The sum over bins.
  var total: F64x8 { get }
}

struct TemplateSignal: SignalSource {
  let row: UnsafePointer<Double>
  let total: F64x8

  @inline(__always) init(row: UnsafePointer<Double>, bins: Int) {
    var sum = 0.0
    for b in 0..<bins { sum = sum + row[b] }
    self.row = row
    total = F64x8(sum)
  }
  @inline(__always) func signal(_ bin: Int) -> F64x8 { F64x8(row[bin]) }
}

struct VectorSignal: SignalSource {
  let lanes: UnsafePointer<Double>  // bins x 8
  let total: F64x8

  @inline(__always) init(lanes: UnsafePointer<Double>, bins: Int) {
    var sum = F64x8(0)
    for b in 0..<bins { sum = sum + F64x8(load: lanes + b * 8) }
    self.lanes = lanes
    total = sum
  }
  @inline(__always) func signal(_ bin: Int) -> F64x8 { F64x8(load: lanes + bin * 8) }
}

/// Results of eight points.
struct ProfileVector {
  var statistic: F64x8
  var factors: Factors
  var converged: SIMD8<Int64>
  /// Newton sweeps over the bins.
  var sweeps: Int
}

/// The factors f = 1 + eta of the four pulls.
struct Factors {
  var f0, f1, f2, f3: F64x8
}

let headerNumbers = 8
let binNumbers = 8
/// Factors 1 + eta stay at or above this.
let lowestFactor = 1e-6

extension ChainGroup {
  @inline(__always) func column(_ lane: Int, _ step: Int) -> Int { first + lane * length + step }
}

/// Profiles the points of a group that share the row's signal template [UPS-12], [UPS-13].
package func profileTemplateChains(
  _ template: UnsafePointer<Double>, _ row: ProfileRow, _ group: ChainGroup
) -> ChainOutcome {
  let source = TemplateSignal(row: template, bins: row.bins)
  var walker = ChainWalker()
  for step in 0..<group.length { walker.advance(source, row, group, step: step) }
  return walker.outcome
}

/// The same with the double integrals redone at every point: nothing factored. `scratch` holds the rates of eight points
/// (8 x components x energy bins), the signals of a vector (bins x 8) and the workspace of `evaluateRateRow`, in this
/// order.
package func profilePointwiseChains(
  _ tables: RateTables, mass: Double, fold: UnsafePointer<Double>, timeBins: Int,
  scratch: UnsafeMutablePointer<Double>, _ row: ProfileRow, _ group: ChainGroup
) -> ChainOutcome {
  let plan = PlanView(integers: tables.integers, reals: tables.reals, binStride: tables.binStride)
  let components = plan.componentCount
  let energyBins = plan.binCount
  let values = components * energyBins
  let signals = scratch + 8 * values
  let workspace = signals + 8 * row.bins
  var walker = ChainWalker()
  for step in 0..<group.length {
    for lane in 0..<8 { evaluateRateRow(plan, mass: mass, out: scratch + lane * values, scratch: workspace) }
    for i in 0..<energyBins {
      for j in 0..<timeBins {
        var sum = F64x8(0)
        for c in 0..<components {
          var lanes = SIMD8<Double>()
          for lane in 0..<8 { lanes[lane] = scratch[lane * values + c * energyBins + i] }
          sum = fma(F64x8(lanes), F64x8(fold[c * timeBins + j]), sum)
        }
        sum.store(to: signals + (i * timeBins + j) * 8)
      }
    }
    walker.advance(VectorSignal(lanes: signals, bins: row.bins), row, group, step: step)
  }
  return walker.outcome
}

/// Carries eight chains along their columns, each point starting where its left neighbours point to: the last factors found, from which the next start is extrapolated.
struct ChainWalker {
  /// Factors of the last three points, newest first; the first factor over its closed-form start.
  private var last, before, third: Factors
  private(set) var outcome = ChainOutcome(unconverged: 0, sweeps: 0)

  init() {
    let one = F64x8(1)
    last = Factors(f0: one, f1: one, f2: one, f3: one)
    before = last
    third = last
  }

  @inline(__always) mutating func advance(
    _ source: some SignalSource, _ row: ProfileRow, _ group: ChainGroup, step: Int
  ) {
    var lanes = SIMD8<Double>()
    for lane in 0..<8 {
      lanes[lane] = row.couplingSquares[Swift.min(group.column(lane, step), row.columns - 1)]
    }
    let result: ProfileVector
    if row.poisson {
      let problem = PoissonProblem(source, row, q: F64x8(lanes))
      let base = problem.startingFactor()
      let start = next(base: base, step: step)
      result = row.pullCount > 1 ? problem.minimised(from: start) : problem.minimisedOverFirst(from: start)
      remember(result.factors, base: base)
    } else {
      result = minimiseGaussian(source, row.likelihood, bins: row.bins, q: F64x8(lanes))
    }
    store(result, row, group, step: step)
  }

  /// Through the last three points (fewer at the head of a chain), within a factor of ten of the last one.
  @inline(__always) private func next(base: F64x8, step: Int) -> Factors {
    Factors(
      f0: max(base * extrapolated(last.f0, before.f0, third.f0, step), F64x8(lowestFactor)),
      f1: max(extrapolated(last.f1, before.f1, third.f1, step), F64x8(lowestFactor)),
      f2: max(extrapolated(last.f2, before.f2, third.f2, step), F64x8(lowestFactor)),
      f3: max(extrapolated(last.f3, before.f3, third.f3, step), F64x8(lowestFactor)))
  }

  @inline(__always) private func extrapolated(_ a: F64x8, _ b: F64x8, _ c: F64x8, _ step: Int) -> F64x8 {
    if step < 2 { return a }
    let value = step == 2 ? (a + a) - b : fma(F64x8(3), a - b, c)
    return min(max(value, F64x8(0.1) * a), F64x8(10) * a)
  }

  @inline(__always) private mutating func remember(_ f: Factors, base: F64x8) {
    third = before
    before = last
    last = Factors(f0: f.f0 / base, f1: f.f1, f2: f.f2, f3: f.f3)
  }

  @inline(__always) private mutating func store(
    _ result: ProfileVector, _ row: ProfileRow, _ group: ChainGroup, step: Int
  ) {
    let one = F64x8(1)
    let f = result.factors
    let (e0, e1, e2, e3) = (f.f0 - one, f.f1 - one, f.f2 - one, f.f3 - one)
    for lane in 0..<8 {
      let column = group.column(lane, step)
      if column >= row.columns { break }
      row.statistic[column] = result.statistic.v[lane]
      if result.converged[lane] == 0 { outcome.unconverged += 1 }
      outcome.sweeps += result.sweeps
      let pulls = row.pulls + column * row.pullCount
      if row.pullCount > 0 { pulls[0] = e0.v[lane] }
      if row.pullCount > 1 { pulls[1] = e1.v[lane] }
      if row.pullCount > 2 { pulls[2] = e2.v[lane] }
      if row.pullCount > 3 { pulls[3] = e3.v[lane] }
    }
  }
}

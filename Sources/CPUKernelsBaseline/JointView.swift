import CVec

/// A packed joint plan (layout: `PackedJointPlan` of ScanCore).
struct JointView {
  let tables: JointTables

  init(_ tables: JointTables) { self.tables = tables }

  @inline(__always) var bins: Int { Int(tables.integers[0]) }
  @inline(__always) var pulls: Int { Int(tables.integers[1]) }
  @inline(__always) var blocks: Int { Int(tables.integers[2]) }
  @inline(__always) var hasShapes: Bool { tables.integers[3] & 1 != 0 }
  @inline(__always) var scalesSignalUniformly: Bool { tables.integers[3] & 2 != 0 }
  /// A Poisson bin without background: no strength may jump to zero.
  @inline(__always) var hasBareBins: Bool { tables.integers[3] & 4 != 0 }

  /// v, lowest factor, width of a throw, probability below the lowest factor
  @inline(__always) func pull(_ k: Int) -> UnsafePointer<Double> { tables.reals + 4 * k }
  @inline(__always) var rest: UnsafePointer<Double> { tables.reals + 4 * pulls }
  @inline(__always) var inverseVariance: UnsafePointer<Double> { rest + bins }
  @inline(__always) var deviation: UnsafePointer<Double> { rest + 2 * bins }

  @inline(__always) func block(_ index: Int) -> JointBlockView {
    let header = tables.integers + 4 + 8 * index
    let active = Int(header[3])
    let stride = (active + 3) / 4 * 4
    let reals = tables.reals + Int(header[5])
    let events = reals + 1 + active
    return JointBlockView(
      first: Int(header[0]), bins: Int(header[1]), isGaussian: header[2] != 0, active: active,
      pulls: tables.integers + Int(header[4]), scalesSignal: header[6] != 0, rho: reals[0],
      shares: reals + 1, events: events, eventStride: stride,
      products: events + Int(header[1]) * stride,
      productStride: (active * (active + 1) / 2 + 3) / 4 * 4)
  }
}

/// The bins of one experiment.
struct JointBlockView {
  let first, bins: Int
  let isGaussian: Bool
  /// number of pulls that act here, and which
  let active: Int
  let pulls: UnsafePointer<Int32>
  let scalesSignal: Bool
  let rho: Double
  /// kappa per active pull
  let shares: UnsafePointer<Double>
  /// bins x eventStride: D
  let events: UnsafePointer<Double>
  let eventStride: Int
  /// bins x productStride: D_k D_l, l <= k
  let products: UnsafePointer<Double>
  let productStride: Int
}

/// Working memory of eight fits: vectors of eight lanes, one after the other.
struct JointScratch {
  /// Doubles needed.
  static func count(bins: Int, pulls: Int, active: Int, rows: Int) -> Int {
    let unknowns = pulls + 1
    let sums = active * 2 + active * (active + 1) / 2 + 24
    return 8 * (7 * bins + 9 * unknowns + 2 + 2 * unknowns * unknowns + sums + rows)
  }

  let counts, inverseCounts, signal, slope, weight, weightedSignal: UnsafeMutablePointer<Double>
  /// f per pull, with the strength behind them
  let factors, centres, gradient, step, best, start: UnsafeMutablePointer<Double>
  /// factors and strength where every row of a search begins
  let beginning: UnsafeMutablePointer<Double>
  /// one vector each: what an expectation below zero costs in a bin without events, and the lowest of these
  let stiffness, deficit: UnsafeMutablePointer<Double>
  /// second derivatives of strength and factors that only their product has
  let cross: UnsafeMutablePointer<Double>
  let hessian, lower: UnsafeMutablePointer<Double>
  let sums: UnsafeMutablePointer<Double>
  /// per row: alive or not
  let rows: UnsafeMutablePointer<Double>
  let trial: UnsafeMutablePointer<Double>

  init(_ base: UnsafeMutablePointer<Double>, bins: Int, pulls: Int, active: Int) {
    var next = base
    func take(_ vectors: Int) -> UnsafeMutablePointer<Double> {
      defer { next += 8 * vectors }
      return next
    }
    let unknowns = pulls + 1
    counts = take(bins)
    inverseCounts = take(bins)
    signal = take(bins)
    slope = take(bins)
    weight = take(bins)
    weightedSignal = take(bins)
    trial = take(bins)
    factors = take(unknowns)
    centres = take(unknowns)
    gradient = take(unknowns)
    step = take(unknowns)
    best = take(unknowns)
    start = take(2 * unknowns)
    beginning = take(unknowns)
    stiffness = take(1)
    deficit = take(1)
    cross = take(unknowns)
    hessian = take(unknowns * unknowns)
    lower = take(unknowns * unknowns)
    sums = take(active * 2 + active * (active + 1) / 2 + 24)
    rows = next
  }
}

extension UnsafeMutablePointer<Double> {
  /// Vector of eight lanes at an index.
  @inline(__always) subscript(vector index: Int) -> F64x8 {
    get { F64x8(load: self + 8 * index) }
    nonmutating set { newValue.store(to: self + 8 * index) }
  }
}

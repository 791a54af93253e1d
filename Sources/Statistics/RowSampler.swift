import ScanCore

/// What evaluates the statistic of a tile: a likelihood on given templates, or everything redone at every point.
enum RowEvaluator {
  case profile(any LoadedProfile)
  case pointwise(any LoadedPointwise)
}

/// Evaluates the profiled statistic of several rows (one mass each) at couplings of their own, one tile per call.
struct RowSampler {
  /// Per bin, what the natural scale of q is measured by.
  let variances: [Double]
  let evaluator: RowEvaluator
  /// MeV
  let masses: [Double]
  /// rows x bins, events at q = 1
  let templates: [Double]

  func template(_ row: Int) -> ArraySlice<Double> {
    templates[row * variances.count..<(row + 1) * variances.count]
  }

  /// The statistic of `rows` at `couplingSquares`, which has the same number of values for every row.
  func evaluate(rows: [Int], couplingSquares: [[Double]]) throws(BackendError) -> [[Double]] {
    let columns = couplingSquares.first?.count ?? 0
    if columns == 0 { return rows.map { _ in [] } }
    let tile = Tile(
      masses: rows.map { masses[$0] }, couplingSquares: couplingSquares.flatMap { $0 }, columns: columns)
    let result =
      switch evaluator {
      case .profile(let profile): try profile.evaluate(tile, templates: rows.flatMap { template($0) })
      case .pointwise(let pointwise): try pointwise.evaluate(tile)
      }
    guard result.unconverged == 0 else {
      throw BackendError(
        .unconverged,
        "The pulls of \(result.unconverged) points between m4 = \(tile.masses.first ?? 0) and "
          + "\(tile.masses.last ?? 0) MeV did not converge, so no minimum or limit is stated. Run with --backend "
          + "reference, and report the case.")
    }
    let values = result.statistic
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw BackendError(
        .deviceFailure,
        "The test statistic at m4 = \(tile.masses[index / columns]) MeV, q = \(tile.couplingSquares[index]) is "
          + "\(values[index]). Run `upscatter verify`, and choose another backend or double precision.")
    }
    return rows.indices.map { Array(values[$0 * columns..<($0 + 1) * columns]) }
  }

  /// The coupling square at which the signal of a row is about as large as its statistical fluctuation,
  /// (sum s^2/variance)^-1/2; nil for a row without signal.
  func naturalScale(_ row: Int) -> Double? {
    var information = 0.0
    for (signal, variance) in zip(template(row), variances) { information += signal * signal / variance }
    let scale = 1 / information.squareRoot()
    return scale.isFinite && scale > 0 ? scale : nil
  }
}

/// The statistic of one row where it has been evaluated, in ascending order of q.
///
/// The profiled statistic is quasi-convex in q: mu is linear in the pulls and in q, or in f_0 = 1 + eta_0 and f_0 q when
/// the first pull scales the signal, the statistic is convex in those, and minimising over pulls keeps its sublevel
/// sets intervals. So it has one minimum, and a level above it is crossed upwards once. Non-linear pulls do not promise
/// that, and break it only where they run far from their centre; nor do several experiments with signal pulls of their own,
/// which break it where they prefer different signals.
struct SampledCurve {
  private(set) var couplingSquares: [Double] = []
  private(set) var statistic: [Double] = []

  mutating func insert(_ q: Double, _ value: Double) {
    let index = couplingSquares.firstIndex { $0 >= q } ?? couplingSquares.count
    if index < couplingSquares.count && couplingSquares[index] == q { return }
    couplingSquares.insert(q, at: index)
    statistic.insert(value, at: index)
  }

  /// Index of the least value; the first of several.
  var best: Int {
    statistic.indices.reduce(0) { statistic[$1] < statistic[$0] ? $1 : $0 }
  }
}

import Reporting
import ScanCore
import Statistics

/// Throws toys over the plane and compares them with the data [UPS-41].
package struct ToyScan {
  let subject: ScanSubject
  let joint: JointAnalysis
  package let crew: RunCrew
  let request: ToyScanRequest

  package init(_ subject: ScanSubject, crew: RunCrew, request: ToyScanRequest) throws {
    self.subject = subject
    joint = try subject.jointAnalysis()
    self.crew = crew
    self.request = request
  }

  /// The one that throws and fits.
  private var backend: any Backend { crew.devices.first ?? crew.spare }
  private var pointCount: Int { request.masses.count * request.couplings.count }

  /// Throws where a point means more events than can be thrown, and where no point states anything.
  /// - Parameters:
  ///   - store: holds the toys of points that are finished
  ///   - watch: who waits
  package func run(store: (any TileStore)? = nil, watch: ToyWatch = ToyWatch()) throws -> ToyScanResult {
    let thrower = try thrower()
    let kept = try KeptToys(store)
    var verdicts: [ToyVerdict] = []
    try run(0..<pointCount, thrower, kept, watch) { points, toys in
      verdicts += zip(points, toys).map { point, toys in
        thrower.toys.verdict(
          point.toys, observed: point.observed, toys, level: request.level.level,
          asymptotic: request.level.threshold)
      }
    }
    let (rows, model) = (request.masses.values.indices, thrower.toys.model)
    let result = ToyScanResult(
      verdicts: verdicts, masses: request.masses.count, couplings: request.couplings.count,
      minima: try rows.map { row in
        try model.best(JointSearch(rows: row..<row + 1), data: joint.data).first?.statistic ?? .infinity
      },
      rowsWithoutSignal: try rows.filter { try model.naturalScale(row: $0) == nil })
    try requireStatement(result)
    return result
  }

  /// Throws the toys of some points for `store` alone: a shard of the run.
  package func run(points: Range<Int>, store: any TileStore, watch: ToyWatch) throws {
    try run(points, thrower(), KeptToys(store), watch) { _, _ in }
  }

  // MARK: - Steps

  /// The model, its toys, and what is tested.
  struct Thrower {
    var toys: AdaptiveToys
    var strengths: [Double]
    var search: Range<Int>?
  }

  /// A point of the grid and the statistic of the data there.
  struct TestedPoint {
    var toys: ToyPoint
    var observed: Double
  }

  func thrower() throws -> Thrower {
    let fit = try FitModel(joint, data: joint.data, on: backend)
    let model = try JointModel(
      plan: joint.plan, joint: fit.loaded, templates: fit.templates(request.masses.values))
    let strengths = request.couplings.values.map { fit.strength(of: request.scale.toInternal($0)) }
    try requireThrowable(model, strengths)
    let search = request.level.degreesOfFreedom == 2 ? request.masses.values.indices : nil
    return Thrower(
      toys: try AdaptiveToys(
        model, seed: request.seed, ensemble: request.ensemble, statistic: .deltaChiSquare, search: search,
        settings: request.settings), strengths: strengths, search: search)
  }

  func points(_ range: Range<Int>, _ thrower: Thrower) throws -> [TestedPoint] {
    let columns = request.couplings.count
    let hypotheses = range.map {
      JointHypothesis(row: $0 / columns, strength: thrower.strengths[$0 % columns])
    }
    let observed = try thrower.toys.model.observed(
      .deltaChiSquare, hypotheses, data: joint.data, search: thrower.search)
    return zip(range, observed).map { TestedPoint(toys: $1.toyPoint(key: UInt64($0)), observed: $1.value) }
  }

  /// Tile by tile, those of the store first looked up there.
  private func run(
    _ range: Range<Int>, _ thrower: Thrower, _ kept: KeptToys, _ watch: ToyWatch,
    take: ([TestedPoint], [ToyDistribution]) throws -> Void
  ) throws {
    var state = AdaptiveToys.Progress(pointsDone: 0, points: range.count, toysThrown: 0)
    for tile in kept.tiles(of: range, most: request.settings.pointsPerTile) {
      let points = try points(tile, thrower)
      if let toys = try kept.toys(of: tile) {
        state.pointsDone += tile.count
        state.toysThrown += toys.reduce(0) { $0 + $1.toys }
        try watch.note(state)
        try take(points, toys)
        continue
      }
      let toys = try thrower.toys.distributions(
        points.map(\.toys), observed: points.map(\.observed), level: request.level.level, &state,
        progress: watch.note)
      try kept.save(toys, of: tile)
      try take(points, toys)
    }
  }

  private func requireThrowable(_ model: JointModel, _ strengths: [Double]) throws {
    guard let strength = strengths.max(), let coupling = request.couplings.values.last else { return }
    for (row, mass) in request.masses.values.enumerated() {
      let mean = try model.largestMean(row: row, strength: strength, factors: [])
      guard mean <= ToySettings.largestMean else {
        throw RequestError(
          "--d \(coupling) at \(massSymbol) = \(NumberWords.short(mass)) MeV: "
            + TooManyEvents.text(mean, of: request.scale))
      }
    }
  }

  private func requireStatement(_ result: ToyScanResult) throws(FitError) {
    guard let problems = result.problems, problems.count == result.verdicts.count else { return }
    throw FitError(
      "None of the \(problems.count) points states anything, so there is no corrected contour, and nothing was written. The first point: "
        + problems.first)
  }

  var massSymbol: String { request.scale.mass?.symbol ?? "m4" }
}

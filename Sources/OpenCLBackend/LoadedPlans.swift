import ScanCore
import Synchronization

/// A rate plan on a device.
final class OpenCLRates: LoadedRates {
  private let runner: Mutex<KernelRunner>
  private let valuesPerMass: Int
  private let limit: Int

  init(_ runner: sending KernelRunner, valuesPerMass: Int, limit: Int) {
    self.runner = Mutex(runner)
    self.valuesPerMass = valuesPerMass
    self.limit = limit
  }

  func evaluate(masses: [Double]) throws(BackendError) -> [Double] {
    try checkMasses(masses)
    let rowsPerPart = try rows(perPartOf: valuesPerMass, limit: limit)
    return try runner.withLock { runner throws(BackendError) in
      var events: [Double] = []
      events.reserveCapacity(masses.count * valuesPerMass)
      for start in stride(from: 0, to: masses.count, by: rowsPerPart) {
        let part = Array(masses[start..<min(start + rowsPerPart, masses.count)])
        try runner.set(0, part.count)
        try runner.upload(3, part, "the masses")
        try runner.reserve(4, numbers: part.count * valuesPerMass)
        try runner.launch(items: part.count)
        events += try runner.read(4, numbers: part.count * valuesPerMass)
      }
      return events
    }
  }
}

/// A likelihood plan on a device.
final class OpenCLProfile: LoadedProfile {
  private let runner: Mutex<KernelRunner>
  private let plan: LikelihoodPlan
  private let limit: Int

  init(_ runner: sending KernelRunner, plan: LikelihoodPlan, limit: Int) {
    self.runner = Mutex(runner)
    self.plan = plan
    self.limit = limit
  }

  func evaluate(_ tile: Tile, templates: [Double]) throws(BackendError) -> ProfileResult {
    try plan.check(tile, templates: templates)
    let bins = plan.binCount
    let widest = max(bins, tile.columns * max(1, plan.pullCount))
    let rowsPerPart = try rows(perPartOf: widest, limit: limit)
    return try runner.withLock { runner throws(BackendError) in
      var result = ProfileResult(statistic: [], pulls: [], unconverged: 0)
      for start in stride(from: 0, to: tile.rows, by: rowsPerPart) where tile.columns > 0 {
        let part = tile.rows(start..<min(start + rowsPerPart, tile.rows))
        try runner.upload(
          2, Array(templates[start * bins..<(start + part.rows) * bins]), "the signal templates")
        try runner.profile(part, couplings: 4, outputs: 5, pullCount: plan.pullCount, into: &result)
      }
      return result
    }
  }
}

/// Both plans on a device, for the fused kernel.
final class OpenCLPointwise: LoadedPointwise {
  private let runner: Mutex<KernelRunner>
  private let pullCount: Int
  private let limit: Int

  init(_ runner: sending KernelRunner, pullCount: Int, limit: Int) {
    self.runner = Mutex(runner)
    self.pullCount = pullCount
    self.limit = limit
  }

  func evaluate(_ tile: Tile) throws(BackendError) -> ProfileResult {
    try tile.check()
    let rowsPerPart = try rows(perPartOf: tile.columns * max(1, pullCount), limit: limit)
    return try runner.withLock { runner throws(BackendError) in
      var result = ProfileResult(statistic: [], pulls: [], unconverged: 0)
      for start in stride(from: 0, to: tile.rows, by: rowsPerPart) where tile.columns > 0 {
        let part = tile.rows(start..<min(start + rowsPerPart, tile.rows))
        try runner.upload(4, part.masses, "the masses")
        try runner.profile(part, couplings: 7, outputs: 8, pullCount: pullCount, into: &result)
      }
      return result
    }
  }
}

// MARK: - Shared by the plans

extension KernelRunner {
  /// Runs a statistic kernel on one part of a tile and appends what it finds. Statistic, pulls and flags are the
  /// arguments `outputs`, `outputs + 1` and `outputs + 2`.
  fileprivate func profile(
    _ part: Tile, couplings: Int, outputs: Int, pullCount: Int, into result: inout ProfileResult
  ) throws(BackendError) {
    try set(0, part.count)
    try set(1, part.columns)
    try upload(couplings, part.couplingSquares, "the coupling squares")
    try reserve(outputs, numbers: part.count)
    try reserve(outputs + 1, numbers: part.count * pullCount)
    try reserve(outputs + 2, flags: part.count)
    try launch(items: part.count)
    result.statistic += try read(outputs, numbers: part.count)
    result.pulls += try read(outputs + 1, numbers: part.count * pullCount)
    result.unconverged += try read(outputs + 2, flags: part.count).count { $0 == 0 }
  }
}

extension Tile {
  fileprivate func rows(_ range: Range<Int>) -> Tile {
    Tile(
      masses: Array(masses[range]),
      couplingSquares: Array(couplingSquares[range.lowerBound * columns..<range.upperBound * columns]),
      columns: columns)
  }
}

/// How many rows fit into one set of buffers, at least one.
func rows(perPartOf numbersPerRow: Int, limit: Int) throws(BackendError) -> Int {
  guard numbersPerRow <= limit else {
    throw BackendError(
      .outOfMemory,
      "One mass needs \(numbersPerRow) numbers in one buffer, but the OpenCL device allows \(limit). Use fewer "
        + "couplings per tile, another device, or --backend simd.")
  }
  return limit / max(1, numbersPerRow)
}

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
      try runner.requireFinite(events)
      return events
    }
  }
}

/// A likelihood plan on a device.
final class OpenCLProfile: LoadedProfile {
  private let pipeline: Mutex<ProfilePipeline>
  private let plan: LikelihoodPlan
  private let limit: Int

  init(_ pipeline: sending ProfilePipeline, plan: LikelihoodPlan, limit: Int) {
    self.pipeline = Mutex(pipeline)
    self.plan = plan
    self.limit = limit
  }

  func evaluate(_ tile: Tile, templates: [Double]) throws(BackendError) -> ProfileResult {
    try plan.check(tile, templates: templates)
    return try pipeline.withLock { pipeline throws(BackendError) in
      try pipeline.evaluate(tile, rowInput: templates, limit: limit)
    }
  }
}

/// Both plans on a device, for the fused kernel.
final class OpenCLPointwise: LoadedPointwise {
  private let pipeline: Mutex<ProfilePipeline>
  private let limit: Int

  init(_ pipeline: sending ProfilePipeline, limit: Int) {
    self.pipeline = Mutex(pipeline)
    self.limit = limit
  }

  func evaluate(_ tile: Tile) throws(BackendError) -> ProfileResult {
    try tile.check()
    return try pipeline.withLock { pipeline throws(BackendError) in
      try pipeline.evaluate(tile, rowInput: tile.masses, limit: limit)
    }
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

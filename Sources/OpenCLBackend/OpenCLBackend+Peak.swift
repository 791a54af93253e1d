import ScanCore

extension OpenCLBackend: PeakProbing {
  /// The best of several launches that fill the device, in the precision of the sums.
  package func measurePeak() throws(BackendError) -> DevicePeak {
    DevicePeak(
      operationsPerSecond: max(try multiplyAddRate(chains: 16), try multiplyAddRate(chains: 6)),
      bytesPerSecond: try triadRate())
  }

  private static let repeats = 8
  /// What one launch shall take at least: long beside the cost of a launch, short beside a watchdog.
  private static let leastSeconds = 0.02
  private static let mostRounds = 1 << 24

  private func probe(_ kernel: String, _ options: [String] = []) throws(BackendError) -> KernelRunner {
    try runner(
      "peak.cl", kernel: kernel, options: layout.buildOptions(precision) + options,
      localSize: device.kind == .gpu ? 256 : 16)
  }

  private func multiplyAddRate(chains: Int) throws(BackendError) -> Double {
    let runner = try probe("probe_multiply_add", ["-DCHAINS=\(chains)"])
    let groups = device.computeUnits * (device.kind == .gpu ? 32 : 4)
    let items = groups * runner.localSize
    let lanes = layout.lanes(precision)
    try runner.reserve(1, numbers: items * lanes)
    var rounds = 128
    var seconds = 0.0
    repeat {  // an interrupted launch must not pass for a long one
      rounds *= 2
      try runner.set(0, rounds)
      seconds = min(try runner.seconds(items: items), try runner.seconds(items: items))
    } while seconds < Self.leastSeconds && rounds < Self.mostRounds
    for _ in 2..<Self.repeats { seconds = min(seconds, try runner.seconds(items: items)) }
    let sums = try runner.read(1, numbers: items * lanes)
    guard sums.allSatisfy({ $0.isFinite && $0 > 0 }) else { throw wrongNumbers("probe_multiply_add") }
    return Double(2 * chains) * Double(lanes) * Double(items) * Double(rounds) / max(seconds, 1e-9)
  }

  /// Arrays of 4 million numbers each on CPUs, 32 million on GPUs, whose second-level caches hold tens of megabytes.
  private func triadRate() throws(BackendError) -> Double {
    let runner = try probe("probe_triad")
    let lanes = layout.lanes(precision)
    let group = runner.localSize * lanes
    let wanted = device.kind == .gpu ? 1 << 25 : 1 << 22
    let count = max(1, min(wanted, limit) / group) * group
    for argument in 1...3 { try runner.reserve(argument, numbers: count) }
    try runner.set(0, 1)
    _ = try runner.seconds(items: count / lanes)
    try runner.set(0, 0)
    var seconds = Double.infinity
    for _ in 0..<Self.repeats { seconds = min(seconds, try runner.seconds(items: count / lanes)) }
    guard try runner.read(1, numbers: group).allSatisfy({ $0 == 2 }) else {
      throw wrongNumbers("probe_triad")
    }
    return Double(3 * count * precision.accum.rawValue) / max(seconds, 1e-9)
  }

  private func wrongNumbers(_ kernel: String) -> BackendError {
    BackendError(
      .deviceFailure,
      "OpenCL device \"\(device.name)\" computes wrong numbers in \(kernel). Run `upscatter verify`; update the driver or "
        + "choose another device with --device.")
  }
}

extension KernelRunner {
  /// Runs the kernel once over `items`, a multiple of the local size; seconds from launch to end.
  fileprivate func seconds(items: Int) throws(BackendError) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    let event = try enqueue(global: (items, 1), local: (columns: localSize, rows: 1), after: [])
    try wait(for: [("clEnqueueNDRangeKernel", event)], on: context.device.name)
    return (clock.now - start) / .seconds(1)
  }
}

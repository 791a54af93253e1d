import Foundation
import ScanCore

/// OpenCL on one device, in double, mixed or single precision.
package struct OpenCLBackend: Backend {
  package let device: OpenCLDevice
  package let precision: Precision
  private let context: DeviceContext
  private let library: KernelLibrary
  let layout: KernelLayout
  private let cache: CacheFolder?
  private let recorder = TimingRecorder()
  private var localSizes: [Int]?
  private var patience = LocalSizeTuner.longJobSeconds
  /// Numbers one buffer may hold: what the device allocates in one piece, an eighth of its memory, and the 32-bit
  /// indices of the kernels.
  private(set) var limit: Int

  /// - Parameters:
  ///   - device: index, part of a name, `gpu` or `cpu`; nil takes the first GPU, else the first device
  ///   - precision: what the kernels compute in
  package init(device: String? = nil, precision: Precision = .double) throws(BackendError) {
    try self.init(OpenCLPlatforms.select(device, precision: precision), precision: precision)
  }

  package init(_ device: OpenCLDevice, precision: Precision) throws(BackendError) {
    try self.init(device, precision: precision, library: .embedded)
  }

  /// With other kernel texts (to see what happens when they do not build), layout or cache than it would take.
  ///
  /// - Parameter context: programs and buffers; nil takes the one of the process
  init(
    _ device: OpenCLDevice, precision: Precision, library: KernelLibrary, layout: KernelLayout? = nil,
    cache: CacheFolder? = .ofProcess, context: DeviceContext? = nil
  ) throws(BackendError) {
    self.device = device
    self.precision = precision
    self.library = library
    self.cache = cache
    let override = ProcessInfo.processInfo.environment["UPSCATTER_OPENCL_LAYOUT"]
    if let layout {
      self.layout = layout
    } else {
      self.layout = try .preferred(on: device, override: override)
    }
    if let context { self.context = context } else { self.context = try DeviceContext.shared(for: device) }
    let bytes = min(device.maximumAllocationBytes, device.memoryBytes / 8)
    limit = max(1, min(bytes / MemoryLayout<Double>.stride, Int(Int32.max)))
  }

  /// The same backend with another wait before work-group sizes are tried, or only these sizes, for tests.
  func tuning(patience: Double? = nil, localSizes: [Int]? = nil) -> OpenCLBackend {
    var copy = self
    if let patience { copy.patience = patience }
    copy.localSizes = localSizes
    return copy
  }

  /// The same backend with smaller buffers, for tests that large jobs are cut without a trace.
  func withPartLimit(_ numbers: Int) -> OpenCLBackend {
    var copy = self
    copy.limit = numbers
    return copy
  }

  package var identity: BackendIdentity {
    BackendIdentity(
      backend: "opencl", device: device.name, driver: "\(device.platform), driver \(device.driver)",
      precision: precision)
  }

  /// Enough points to keep every compute unit busy for several launches.
  package var preferredTilePoints: Int {
    max(16384, device.computeUnits * (device.kind == .gpu ? 16384 : 8192))
  }

  // MARK: - Loading

  package func load(_ plan: RatePlan) throws(BackendError) -> any LoadedRates {
    let plan = try plan.validated()
    let layout = layout == .lanes ? layout : .plain
    let runner = try runner(
      "rates.cl", kernel: "evaluate_rates", options: shape(of: plan) + layout.buildOptions(precision),
      localSize: layout == .lanes ? 1 : 32)
    try RateArguments(ints: 1, reals: 2, binAlignment: layout.lanes(precision)).upload(plan, to: runner)
    return OpenCLRates(runner, valuesPerMass: plan.valuesPerMass, limit: limit)
  }

  package func load(_ plan: LikelihoodPlan) throws(BackendError) -> any LoadedProfile {
    let plan = try plan.validated()
    let packed = PackedLikelihood(plan).reals
    let local = LocalMemory(shared: packed.count, perRow: plan.binCount, perItem: 0)
    let arguments = ProfilePipeline.Arguments(
      rowInput: 3, numbersPerRow: plan.binCount, rowInputName: "the signal templates", couplings: 5,
      outputs: 6)
    let pipeline = try pipeline(
      "profile.cl", kernel: "profile_points", options: shape(of: plan), local, arguments, plan.pullCount
    ) { runner throws(BackendError) in try runner.upload(4, packed, "the numbers of the likelihood") }
    return OpenCLProfile(pipeline, plan: plan, limit: limit)
  }

  package func load(
    _ rates: RatePlan, _ likelihood: LikelihoodPlan
  ) throws(BackendError) -> any LoadedPointwise {
    let rates = try rates.validated()
    let likelihood = try likelihood.validated()
    try likelihood.checkCompatible(with: rates)
    let packed = PackedLikelihood(likelihood).reals
    let local = LocalMemory(shared: packed.count, perRow: 0, perItem: rates.valuesPerMass | 1)
    let arguments = ProfilePipeline.Arguments(
      rowInput: 5, numbersPerRow: 1, rowInputName: "the masses", couplings: 8, outputs: 9)
    let pipeline = try pipeline(
      "pointwise.cl", kernel: "pointwise_points", options: shape(of: rates) + shape(of: likelihood), local,
      arguments,
      likelihood.pullCount
    ) { runner throws(BackendError) in
      try RateArguments(ints: 3, reals: 4, binAlignment: layout.lanes(precision)).upload(rates, to: runner)
      try runner.upload(6, likelihood.fold.weights, "the weights of the fold")
      try runner.upload(7, packed, "the numbers of the likelihood")
    }
    return OpenCLPointwise(pipeline, limit: limit)
  }

  func shape(of plan: RatePlan) -> [String] {
    [
      "-DCOMPONENTS=\(plan.componentCount)", "-DENERGY_BINS=\(plan.binCount)",
      "-DCHANNEL_COMPONENTS=\(max(1, plan.channels.map(\.componentCount).max() ?? 1))",
    ]
  }

  private func shape(of plan: LikelihoodPlan) -> [String] {
    [
      "-DTIME_BINS=\(plan.fold.timeBins)", "-DBINS=\(plan.binCount)", "-DPULLS=\(plan.pullCount)",
      "-DGAUSSIAN=\(plan.statistic == .gaussian ? 1 : 0)",
    ]
  }

  /// - Parameter other: computes in another precision than the backend's
  func runner(
    _ file: String, kernel: String, options: [String], localSize: Int, precision other: Precision? = nil
  ) throws(BackendError) -> KernelRunner {
    let precision = other ?? precision
    let text = try library.expanded(file)
    let allOptions = (precision.buildOptions(on: device) + options).joined(separator: " ")
    let program = try context.program(file, source: text, options: allOptions)
    return try KernelRunner(
      program, kernel: kernel, on: context, precision: precision, preferredLocalSize: localSize,
      timings: recorder)
  }

  /// A statistic kernel made ready: the layout that fits the device, the work-group sizes that fit the layout.
  ///
  /// - Parameter upload: puts the plan's tables on the device
  private func pipeline(
    _ file: String, kernel: String, options: [String], _ local: LocalMemory,
    _ arguments: ProfilePipeline.Arguments, _ pullCount: Int,
    upload: (KernelRunner) throws(BackendError) -> Void
  ) throws(BackendError) -> ProfilePipeline {
    let perItem = local.perItem > 0
    func fits(_ size: Int) -> Bool {
      local.bytes(rows: 1, items: size, precision) <= device.localMemoryBytes
    }
    let layout = layout == .staged && !fits(32) ? .plain : layout
    let sizes = (localSizes ?? layout.localSizes(pointwise: perItem)).filter { layout != .staged || fits($0) }
    let runner = try runner(
      file, kernel: kernel, options: options + layout.buildOptions(precision), localSize: sizes.max() ?? 1)
    try upload(runner)
    let candidates = sizes.filter { $0 <= runner.localSize }
    let store = cache.map(TuningStore.init)
    let tuner = LocalSizeTuner(
      candidates: candidates.isEmpty ? [runner.localSize] : candidates,
      stored: store?.size(device, kernel, precision, layout), patience: patience
    ) { size, rate in store?.store(size, itemsPerSecond: rate, device, kernel, precision, layout) }
    return try ProfilePipeline(
      runner, arguments: arguments, pullCount: pullCount, chainsPerItem: layout.lanes(precision),
      localMemory: layout == .staged ? local : nil, tuner: tuner)
  }

  // MARK: - What was measured

  /// What the device spent on the plans of this backend so far.
  package var timings: DeviceTimings { recorder.timings }

  package func resetTimings() { recorder.reset() }

  /// Work-group sizes found for this device in earlier runs.
  package static func tunedSizes(of device: OpenCLDevice) -> [TunedSize] {
    CacheFolder.ofProcess.map { TuningStore(folder: $0).all(for: device) } ?? []
  }
}

/// Where a kernel takes the two buffers of a rate plan.
private struct RateArguments {
  let ints: Int
  let reals: Int
  /// whole vectors per response row
  let binAlignment: Int

  func upload(_ plan: RatePlan, to runner: KernelRunner) throws(BackendError) {
    let packed = PackedRatePlan(plan, binAlignment: binAlignment)
    try runner.upload(ints, packed.integers)
    try runner.upload(reals, packed.reals, "the tables of the rate plan")
  }
}

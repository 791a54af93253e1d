import ScanCore

/// OpenCL on one device, in double, mixed or single precision.
package struct OpenCLBackend: Backend {
  package let device: OpenCLDevice
  package let precision: Precision
  private let context: DeviceContext
  private let library: KernelLibrary
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

  /// With kernel texts other than the embedded ones, for tests of what happens when they do not build.
  init(_ device: OpenCLDevice, precision: Precision, library: KernelLibrary) throws(BackendError) {
    self.device = device
    self.precision = precision
    self.library = library
    context = try DeviceContext.shared(for: device)
    let bytes = min(device.maximumAllocationBytes, device.memoryBytes / 8)
    limit = max(1, min(bytes / MemoryLayout<Double>.stride, Int(Int32.max)))
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
    max(16384, device.computeUnits * (device.kind == .gpu ? 4096 : 8192))
  }

  // MARK: - Loading

  package func load(_ plan: RatePlan) throws(BackendError) -> any LoadedRates {
    let plan = try plan.validated()
    let runner = try runner(
      "rates.cl", kernel: "evaluate_rates", options: shape(of: plan), localSize: device.kind == .gpu ? 32 : 4)
    try RateArguments(ints: 1, reals: 2).upload(plan, to: runner)
    return OpenCLRates(runner, valuesPerMass: plan.valuesPerMass, limit: limit)
  }

  package func load(_ plan: LikelihoodPlan) throws(BackendError) -> any LoadedProfile {
    let plan = try plan.validated()
    let runner = try runner(
      "profile.cl", kernel: "profile_\(plan.statistic.rawValue)", options: shape(of: plan), localSize: 64)
    try runner.upload(3, PackedLikelihood(plan).reals, "the numbers of the likelihood")
    return OpenCLProfile(runner, plan: plan, limit: limit)
  }

  package func load(
    _ rates: RatePlan, _ likelihood: LikelihoodPlan
  ) throws(BackendError) -> any LoadedPointwise {
    let rates = try rates.validated()
    let likelihood = try likelihood.validated()
    try likelihood.checkCompatible(with: rates)
    let runner = try runner(
      "pointwise.cl", kernel: "pointwise_\(likelihood.statistic.rawValue)",
      options: shape(of: rates) + shape(of: likelihood), localSize: device.kind == .gpu ? 64 : 16)
    try RateArguments(ints: 2, reals: 3).upload(rates, to: runner)
    try runner.upload(5, likelihood.fold.weights, "the weights of the fold")
    try runner.upload(6, PackedLikelihood(likelihood).reals, "the numbers of the likelihood")
    return OpenCLPointwise(runner, pullCount: likelihood.pullCount, limit: limit)
  }

  func shape(of plan: RatePlan) -> [String] {
    ["-DCOMPONENTS=\(plan.componentCount)", "-DENERGY_BINS=\(plan.binCount)"]
  }

  private func shape(of plan: LikelihoodPlan) -> [String] {
    ["-DTIME_BINS=\(plan.fold.timeBins)", "-DBINS=\(plan.binCount)", "-DPULLS=\(plan.pullCount)"]
  }

  func runner(
    _ file: String, kernel: String, options: [String], localSize: Int
  ) throws(BackendError) -> KernelRunner {
    let text = try library.expanded(file)
    let allOptions = (precision.buildOptions(on: device) + options).joined(separator: " ")
    let program = try context.program(file, source: text, options: allOptions)
    return try KernelRunner(
      program, kernel: kernel, on: context, precision: precision, preferredLocalSize: localSize)
  }
}

/// Where a kernel takes the two buffers of a rate plan.
private struct RateArguments {
  let ints: Int
  let reals: Int

  func upload(_ plan: RatePlan, to runner: KernelRunner) throws(BackendError) {
    let packed = PackedRatePlan(plan)
    try runner.upload(ints, packed.integers)
    try runner.upload(reals, packed.reals, "the tables of the rate plan")
  }
}

import ScanCore
import Synchronization

extension OpenCLBackend {
  package func load(_ plan: JointPlan) throws(BackendError) -> any LoadedJoint {
    OpenCLJoint(JointKernels(self, try plan.validated()))
  }

  /// Local memory would hold too little of a fit: a work-item uses lanes on CPUs, nothing of the kind elsewhere.
  private var jointLayout: KernelLayout { layout == .lanes ? .lanes : .plain }

  func jointRunner(
    _ name: String, _ packed: PackedJointPlan
  ) throws(BackendError) -> JointRunner {
    let runner = try runner(
      "joint.cl", kernel: name, options: jointLayout.buildOptions(precision),
      localSize: layout == .lanes ? 1 : 64)
    return try JointRunner(runner, packed, lanes: jointLayout.lanes(precision), .fits, limit: limit)
  }

  /// Toys are the same in every precision: thrown in double, then rounded to that of their fits.
  /// - Parameter width: of the counts and centres
  func throwingRunner(
    _ packed: PackedJointPlan, _ width: ElementWidth
  ) throws(BackendError) -> JointRunner {
    guard device.supportsDouble else {
      throw BackendError(
        .unsupportedPlan,
        "OpenCL device \"\(device.name)\" has no 64-bit floating point, in which toys are thrown: use another device or "
          + "--backend simd.")
    }
    let options = jointLayout.buildOptions(.double) + ["-DTHROWN_BITS=\(width.rawValue * 8)"]
    let runner = try runner(
      "toys.cl", kernel: "throw_toys", options: options, localSize: layout == .lanes ? 1 : 64,
      precision: .double)
    return try JointRunner(runner, packed, lanes: jointLayout.lanes(.double), .throwing, limit: limit)
  }
}

/// The kernels of one joint plan, each built when it is first used.
final class JointKernels {
  let plan: JointPlan
  let backend: OpenCLBackend
  private let packed: PackedJointPlan
  private var runners: [String: JointRunner] = [:]

  init(_ backend: OpenCLBackend, _ plan: JointPlan) {
    self.backend = backend
    self.plan = plan
    packed = PackedJointPlan(plan)
  }

  func fit(_ name: String) throws(BackendError) -> JointRunner {
    if let known = runners[name] { return known }
    let made = try backend.jointRunner(name, packed)
    runners[name] = made
    return made
  }

  func throwing(_ width: ElementWidth) throws(BackendError) -> JointRunner {
    let name = "throw_toys \(width)"
    if let known = runners[name] { return known }
    let made = try backend.throwingRunner(packed, width)
    runners[name] = made
    return made
  }

  /// Data sets, points or toys whose buffers the device takes at once, each of so many numbers.
  func count(perPartOf numbers: Int) throws(BackendError) -> Int {
    guard numbers <= backend.limit else {
      throw BackendError(
        .outOfMemory,
        "A joint plan of \(plan.binCount) bins needs \(numbers) numbers in one buffer, but the OpenCL device allows "
          + "\(backend.limit). Use another device or --backend simd.")
    }
    return min(backend.limit / max(1, numbers), 1 << 20)
  }
}

/// A joint plan on a device [UPS-36].
final class OpenCLJoint: LoadedJoint {
  private let kernels: Mutex<JointKernels>

  init(_ kernels: sending JointKernels) { self.kernels = Mutex(kernels) }

  func profile(
    _ points: [JointPoint], data: JointData, templates: [Double]
  ) throws(BackendError) -> ProfileResult {
    try kernels.withLock { kernels throws(BackendError) in
      try kernels.profile(points, data: data, templates: templates)
    }
  }

  func minima(
    _ search: JointSearch, data: JointData, templates: [Double]
  ) throws(BackendError) -> JointMinima {
    try kernels.withLock { kernels throws(BackendError) in
      try kernels.minima(search, data: data, templates: templates)
    }
  }

  func toys(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> ToyResult {
    try kernels.withLock { kernels throws(BackendError) in
      try kernels.toys(batch, templates: templates)
    }
  }

  func thrown(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> JointData {
    try kernels.withLock { kernels throws(BackendError) in
      try kernels.thrown(batch, templates: templates)
    }
  }
}

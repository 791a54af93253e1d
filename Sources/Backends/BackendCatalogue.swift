import OpenCLBackend
import ReferenceBackend
import SIMDBackend
import ScanCore

/// All backends of the program, and the choice among them.
package enum BackendCatalogue {
  /// Throws when a device computes wrong numbers.
  package typealias SelfCheck = (any Backend) throws(BackendError) -> Void

  /// A backend and one sentence that says why it was chosen.
  package typealias Selection = (backend: any Backend, reason: BackendReason)

  /// The backend asked for. What was named and cannot be met is an error, never replaced by something else.
  ///
  /// - Parameters:
  ///   - choice: `auto` takes a GPU that passes `selfCheck`, else `simd`
  ///   - device: OpenCL device (index, part of its name, gpu, cpu); belongs to `opencl`, which it selects under `auto`
  ///   - precision: mixed and single exist on OpenCL only
  ///   - workers: threads of `simd`; nil takes one per usable core
  ///   - selfCheck: what a GPU has to pass before `auto` takes it
  package static func make(
    choice: BackendChoice, device: String? = nil, precision: Precision = .double, workers: Int? = nil,
    selfCheck: SelfCheck = DeviceSelfCheck.run
  ) throws(BackendError) -> Selection {
    switch choice {
    case .auto where device == nil:
      return try automatic(
        OpenCLPlatforms.devices.filter { $0.kind == .gpu }, precision: precision, workers: workers,
        selfCheck: selfCheck)
    case .auto:
      return (try OpenCLBackend(device: device, precision: precision), .asked("opencl: a device was named."))
    case .opencl:
      return (try OpenCLBackend(device: device, precision: precision), .asked("opencl: asked for by name."))
    case .simd:
      try requireHostRequest(choice, device, precision)
      return (try CPUBackend(workers: workers), .asked("simd: asked for by name."))
    case .reference:
      try requireHostRequest(choice, device, precision)
      return (ReferenceBackend(), .asked("reference: asked for by name."))
    }
  }

  private static func requireHostRequest(
    _ choice: BackendChoice, _ device: String?, _ precision: Precision
  ) throws(BackendError) {
    if let device {
      throw BackendError(
        .unavailable,
        "--device \(device) names an OpenCL device, but --backend \(choice.rawValue) does not use OpenCL. Leave one of "
          + "the two out, or choose --backend opencl.")
    }
    guard precision == .double else {
      throw BackendError(
        .unavailable,
        "--precision \(precision.rawValue) does not exist on the \(choice.rawValue) backend, which computes in double. "
          + "Choose --precision double or --backend opencl.")
    }
  }

  // MARK: - auto

  /// The first of `gpus` that computes correctly, else the CPU.
  static func automatic(
    _ gpus: [OpenCLDevice], precision: Precision, workers: Int?, selfCheck: SelfCheck
  ) throws(BackendError) -> Selection {
    var refusals: [String] = []
    for device in gpus {
      do throws(BackendError) {
        let backend = try OpenCLBackend(device, precision: precision)
        try selfCheck(backend)
        return (backend, .found("opencl: GPU \"\(device.name)\" is present and passes the self-check."))
      } catch {
        refusals.append("GPU \"\(device.name)\" was not taken: \(error.message)")
      }
    }
    let why = refusals.isEmpty ? "no OpenCL GPU was found." : refusals.joined(separator: " ")
    guard precision == .double else { return try withoutGPU(precision, why) }
    return (
      try CPUBackend(workers: workers), BackendReason("simd: \(why)", isExpected: refusals.isEmpty)
    )
  }

  /// Mixed and single precision exist on OpenCL only: without a GPU another OpenCL device computes them.
  private static func withoutGPU(_ precision: Precision, _ why: String) throws(BackendError) -> Selection {
    guard
      let device = OpenCLPlatforms.devices.first(where: {
        $0.kind != .gpu && $0.precisions.contains(precision)
      })
    else {
      throw BackendError(
        .unavailable,
        "--precision \(precision.rawValue) needs an OpenCL device, and none can be used: \(why) Choose --precision double "
          + "or install an OpenCL driver (on Debian or Ubuntu `apt install pocl-opencl-icd`).")
    }
    let backend = try OpenCLBackend(device, precision: precision)
    return (
      backend,
      .found("opencl on \"\(device.name)\": \(precision.rawValue) precision needs OpenCL, and \(why)")
    )
  }
}

import OpenCLBackend
import ReferenceBackend
import SIMDBackend
import ScanCore

/// Whether a backend can run here: one row of `upscatter devices`.
package struct BackendAvailability: Hashable, Sendable {
  /// "reference", "simd" or "opencl"
  package let backend: String
  package let isAvailable: Bool
  package let precisions: [Precision]
  /// What it would run on, or why it cannot run.
  package let detail: String
}

extension BackendCatalogue {
  /// All backends of this machine: `reference`, `simd`, then one row per OpenCL device (or one that says why there is
  /// none). Starts nothing but the workers of `simd`, for a moment.
  package static func availability(workers: Int? = nil) -> [BackendAvailability] {
    [reference, simd(workers: workers)] + opencl
  }

  private static var reference: BackendAvailability {
    let identity = ReferenceBackend().identity
    return BackendAvailability(
      backend: identity.backend, isAvailable: true, precisions: [.double], detail: identity.device)
  }

  private static func simd(workers: Int?) -> BackendAvailability {
    do throws(BackendError) {
      let backend = try CPUBackend(workers: workers)
      return BackendAvailability(
        backend: "simd", isAvailable: true, precisions: [.double],
        detail: "\(backend.identity.device); \(backend.topology)")
    } catch {
      return BackendAvailability(backend: "simd", isAvailable: false, precisions: [], detail: error.message)
    }
  }

  private static var opencl: [BackendAvailability] {
    let devices = OpenCLPlatforms.devices
    guard !devices.isEmpty else {
      let why = OpenCLPlatforms.noDevice.message
      return [BackendAvailability(backend: "opencl", isAvailable: false, precisions: [], detail: why)]
    }
    let refused = OpenCLPlatforms.problems.map {
      BackendAvailability(backend: "opencl", isAvailable: false, precisions: [], detail: $0)
    }
    return devices.map {
      BackendAvailability(
        backend: "opencl", isAvailable: $0.compilerAvailable, precisions: $0.precisions,
        detail: $0.compilerAvailable ? "\($0)\(tuned($0))" : "\($0): the driver has no kernel compiler")
    } + refused
  }

  /// Work-group sizes that earlier long jobs found for a device; empty where there are none.
  private static func tuned(_ device: OpenCLDevice) -> String {
    let sizes = OpenCLBackend.tunedSizes(of: device)
    guard !sizes.isEmpty else { return "" }
    return "; tuned work-groups: "
      + sizes.map { "\($0.kernel) \($0.precision.rawValue) \($0.localSize)" }.joined(separator: ", ")
  }
}

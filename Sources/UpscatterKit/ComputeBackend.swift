internal import Backends
internal import ScanCore

/// Who computes. In double precision `simd` and `opencl` give the same bits; `reference` agrees with them to 1e-12
/// (docs/decisions/0002-same-bits.md, docs/backends.md).
public struct ComputeBackend: Hashable, Sendable {
  /// Floating-point types of integrands and sums.
  public enum Precision: String, Hashable, Sendable, CaseIterable {
    /// 64 bit throughout.
    case double
    /// 32-bit integrands and 64-bit sums; OpenCL only.
    case mixed
    /// 32 bit throughout; OpenCL only.
    case single
  }

  let choice: BackendChoice
  let device: String?
  let precision: Precision
  let workers: Int?

  /// A GPU that passes a self-check where there is one, else ``simd``, in double precision.
  public static let automatic = ComputeBackend(choice: .auto, device: nil, precision: .double, workers: nil)

  /// Plain loops in double precision: slow, there to be compared with.
  public static let reference = ComputeBackend(
    choice: .reference, device: nil, precision: .double, workers: nil)

  /// Lanes and threads of the CPU, one thread per usable core, double precision.
  public static let simd = simd(workers: nil)

  /// Lanes and threads of the CPU, double precision.
  ///
  /// - Parameter workers: number of threads, 1 to 4096; nil takes one per usable core
  public static func simd(workers: Int?) -> ComputeBackend {
    ComputeBackend(choice: .simd, device: nil, precision: .double, workers: workers)
  }

  /// OpenCL kernels.
  ///
  /// - Parameters:
  ///   - device: index or part of the name as `upscatter devices` prints it, "cpu" or "gpu"; nil takes the first one
  ///   - precision: a device without 64-bit numbers takes ``Precision/single`` only
  public static func opencl(device: String? = nil, precision: Precision = .double) -> ComputeBackend {
    ComputeBackend(choice: .opencl, device: device, precision: precision, workers: nil)
  }

  /// Returns a backend by its name, as the command line takes it.
  ///
  /// - Parameters:
  ///   - name: "auto", "reference", "simd" or "opencl"
  ///   - device: OpenCL device; nil for none in particular
  ///   - precision: of an OpenCL device
  ///   - workers: threads of `simd`; nil takes one per usable core
  /// - Throws: ``UpscatterError`` of kind `usage` for an unknown name
  public static func named(
    _ name: String, device: String? = nil, precision: Precision = .double, workers: Int? = nil
  ) throws(UpscatterError) -> ComputeBackend {
    guard let choice = BackendChoice(rawValue: name) else {
      let names = BackendChoice.allCases.map(\.rawValue).joined(separator: ", ")
      throw UpscatterError(.usage, "--backend \(name): unknown backend; choose one of \(names).")
    }
    return ComputeBackend(choice: choice, device: device, precision: precision, workers: workers)
  }

  /// The backend made ready, and why it was chosen where that may surprise.
  func make() throws -> (backend: any Backend, remark: String?) {
    if let workers, !(1...4096).contains(workers) {
      throw UpscatterError(
        .usage,
        "--workers \(workers): must lie between 1 and 4096. Leave it out to take one per usable core.")
    }
    let (backend, reason) = try BackendCatalogue.make(
      choice: choice, device: device, precision: precision.kind, workers: workers)
    return (backend, reason.isExpected ? nil : "\(reason)")
  }
}

extension ComputeBackend.Precision {
  fileprivate var kind: ScanCore.Precision {
    switch self {
    case .double: .double
    case .mixed: .mixed
    case .single: .single
    }
  }
}

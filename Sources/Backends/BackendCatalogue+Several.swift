import OpenCLBackend
import ScanCore

extension BackendCatalogue {
  /// The backends that shall share a scan, and one sentence for each (or for what was not taken) that says why.
  ///
  /// - Parameters:
  ///   - choices: in the order they are to be listed; `auto` takes every GPU that passes `selfCheck`, else `simd`
  ///   - devices: OpenCL devices (indices, parts of names, gpu, cpu, all); belong to `opencl`, which they select under
  ///     `auto`
  ///   - precision: mixed and single exist on OpenCL only
  ///   - workers: threads of `simd`; nil takes one per usable core
  package static func makeSeveral(
    choices: [BackendChoice], devices: [String] = [], precision: Precision = .double, workers: Int? = nil,
    selfCheck: SelfCheck = DeviceSelfCheck.run
  ) throws(BackendError) -> (backends: [any Backend], reasons: [BackendReason]) {
    if choices == [.auto], devices.isEmpty {
      return try automaticSeveral(
        OpenCLPlatforms.devices.filter { $0.kind == .gpu }, precision: precision, workers: workers,
        selfCheck: selfCheck)
    }
    var backends: [any Backend] = []
    var reasons: [BackendReason] = []
    let usesOpenCL = choices.contains(.opencl) || choices.contains(.auto)
    for choice in choices {
      if choice == .opencl || choice == .auto {
        for device in try OpenCLPlatforms.selectSeveral(devices, precision: precision) {
          backends.append(try OpenCLBackend(device, precision: precision))
          reasons.append(.asked("opencl: device \(device.index) \"\(device.name)\" was asked for."))
        }
      } else {
        // a device in the list belongs to opencl, if that is in the list too
        let stray = usesOpenCL || devices.isEmpty ? nil : devices.joined(separator: ",")
        let (backend, reason) = try make(
          choice: choice, device: stray, precision: precision, workers: workers, selfCheck: selfCheck)
        backends.append(backend)
        reasons.append(reason)
      }
    }
    return (backends, reasons)
  }

  /// Every one of `gpus` that computes correctly, else what `automatic` takes. In mixed and single precision only GPUs
  /// like the first are taken: others round differently.
  static func automaticSeveral(
    _ gpus: [OpenCLDevice], precision: Precision, workers: Int?, selfCheck: SelfCheck
  ) throws(BackendError) -> (backends: [any Backend], reasons: [BackendReason]) {
    var backends: [any Backend] = []
    var reasons: [BackendReason] = []
    for device in gpus {
      do throws(BackendError) {
        let backend = try OpenCLBackend(device, precision: precision)
        try selfCheck(backend)
        if precision != .double, let first = backends.first, first.identity != backend.identity {
          reasons.append(
            .found(
              "GPU \"\(device.name)\" was not taken: in \(precision.rawValue) precision it may round differently."
            ))
          continue
        }
        backends.append(backend)
        reasons.append(.found("opencl: GPU \"\(device.name)\" is present and passes the self-check."))
      } catch {
        reasons.append(.found("GPU \"\(device.name)\" was not taken: \(error.message)"))
      }
    }
    if !backends.isEmpty { return (backends, reasons) }
    let (backend, reason) = try automatic([], precision: precision, workers: workers, selfCheck: selfCheck)
    return ([backend], reasons + [reason])
  }
}

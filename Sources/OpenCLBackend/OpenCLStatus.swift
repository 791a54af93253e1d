import COpenCL
import ScanCore

/// Throws what went wrong when `code` is not CL_SUCCESS. C results are silently discardable: every call goes
/// through here.
func check(_ call: String, _ code: cl_int, on device: String) throws(BackendError) {
  guard code != CL_SUCCESS else { return }
  throw OpenCLStatus(code: code).error(in: call, on: device)
}

/// A handle from a creating call, or the error it reports.
func checked<Kind: HandleKind>(
  _ call: String, on device: String, _ create: (UnsafeMutablePointer<cl_int>) -> OpaquePointer?
) throws(BackendError) -> Handle<Kind> {
  var code: cl_int = CL_SUCCESS
  let raw = create(&code)
  try check(call, code, on: device)
  guard let raw else { throw nothing(from: call, on: device) }
  return Handle(raw, on: device)
}

/// A call that claims to have worked and gives nothing.
func nothing(from call: String, on device: String) -> BackendError {
  BackendError(
    .deviceFailure,
    "\(call) on OpenCL device \"\(device)\" returned nothing and no error code. \(OpenCLStatus.driverCure)")
}

/// An OpenCL error code with its name, meaning and cure.
struct OpenCLStatus {
  let code: cl_int

  var kind: BackendError.Kind {
    switch code {
    case CL_MEM_OBJECT_ALLOCATION_FAILURE, CL_OUT_OF_HOST_MEMORY, CL_INVALID_BUFFER_SIZE: .outOfMemory
    case CL_DEVICE_NOT_AVAILABLE, CL_DEVICE_NOT_FOUND, Self.platformNotFound: .unavailable
    default: .deviceFailure
    }
  }

  /// CL_PLATFORM_NOT_FOUND_KHR: the loader runs but finds no driver.
  static let platformNotFound: cl_int = -1001

  func error(in call: String, on device: String) -> BackendError {
    BackendError(kind, "\(call) failed on OpenCL device \"\(device)\": \(name) (\(code)). \(cure)")
  }

  private var cure: String {
    switch kind {
    case .outOfMemory:
      "The device has too little free memory: close other programs that use it, make the tiles smaller, or choose "
        + "--backend simd."
    case .unavailable:
      "Check with `upscatter devices` (or clinfo) that the driver works, or choose --backend simd."
    default: Self.driverCure
    }
  }

  static let driverCure =
    "The device or its driver gave up (a reset, a watchdog or too large a kernel); run again, look at the system "
    + "log (dmesg), or choose --backend simd."

  private var name: String {
    switch code {
    case CL_DEVICE_NOT_FOUND: "CL_DEVICE_NOT_FOUND"
    case CL_DEVICE_NOT_AVAILABLE: "CL_DEVICE_NOT_AVAILABLE"
    case CL_COMPILER_NOT_AVAILABLE: "CL_COMPILER_NOT_AVAILABLE"
    case CL_MEM_OBJECT_ALLOCATION_FAILURE: "CL_MEM_OBJECT_ALLOCATION_FAILURE"
    case CL_OUT_OF_RESOURCES: "CL_OUT_OF_RESOURCES"
    case CL_OUT_OF_HOST_MEMORY: "CL_OUT_OF_HOST_MEMORY"
    case CL_BUILD_PROGRAM_FAILURE: "CL_BUILD_PROGRAM_FAILURE"
    case CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST: "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST"
    case CL_INVALID_VALUE: "CL_INVALID_VALUE"
    case CL_INVALID_BUFFER_SIZE: "CL_INVALID_BUFFER_SIZE"
    case CL_INVALID_BUILD_OPTIONS: "CL_INVALID_BUILD_OPTIONS"
    case CL_INVALID_KERNEL_NAME: "CL_INVALID_KERNEL_NAME"
    case CL_INVALID_KERNEL_ARGS: "CL_INVALID_KERNEL_ARGS"
    case CL_INVALID_ARG_SIZE: "CL_INVALID_ARG_SIZE"
    case CL_INVALID_WORK_GROUP_SIZE: "CL_INVALID_WORK_GROUP_SIZE"
    case CL_INVALID_COMMAND_QUEUE: "CL_INVALID_COMMAND_QUEUE"
    case Self.platformNotFound: "CL_PLATFORM_NOT_FOUND_KHR"
    default: "OpenCL error"
    }
  }
}

import COpenCL
import ScanCore

/// One OpenCL device as its driver describes it.
package struct OpenCLDevice: Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable { case gpu, cpu, accelerator }

  /// Position in `OpenCLPlatforms.devices`; what `--device 0` means.
  package let index: Int
  package let name: String
  package let vendor: String
  /// Driver version.
  package let driver: String
  /// Name and version of the platform (the driver package) the device belongs to.
  package let platform: String
  package let platformVersion: String
  package let kind: Kind
  package internal(set) var supportsDouble: Bool
  /// Whether 32-bit division and square root can be correctly rounded, as bit parity in single precision needs.
  package let roundsSingleCorrectly: Bool
  package let memoryBytes: Int
  /// Largest single buffer.
  package let maximumAllocationBytes: Int
  package let computeUnits: Int
  /// Local memory of one work-group.
  package internal(set) var localMemoryBytes: Int
  package let maximumWorkGroupSize: Int
  package let compilerAvailable: Bool
  let id: DeviceID

  init(index: Int, id: DeviceID, platform: String, platformVersion: String) {
    self.index = index
    self.id = id
    self.platform = platform
    self.platformVersion = platformVersion
    name = id.text(CL_DEVICE_NAME)
    vendor = id.text(CL_DEVICE_VENDOR)
    driver = id.text(CL_DRIVER_VERSION)
    let type = id.number(CL_DEVICE_TYPE, cl_device_type.self)
    // a simulator may claim to be everything: what also runs on the CPU is no GPU
    kind =
      type & cl_device_type(CL_DEVICE_TYPE_CPU) != 0
      ? .cpu : type & cl_device_type(CL_DEVICE_TYPE_GPU) != 0 ? .gpu : .accelerator
    supportsDouble = id.number(CL_DEVICE_DOUBLE_FP_CONFIG, cl_device_fp_config.self) != 0
    let single = id.number(CL_DEVICE_SINGLE_FP_CONFIG, cl_device_fp_config.self)
    roundsSingleCorrectly = single & cl_device_fp_config(CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0
    memoryBytes = Int(clamping: id.number(CL_DEVICE_GLOBAL_MEM_SIZE, cl_ulong.self))
    maximumAllocationBytes = Int(clamping: id.number(CL_DEVICE_MAX_MEM_ALLOC_SIZE, cl_ulong.self))
    computeUnits = max(1, Int(id.number(CL_DEVICE_MAX_COMPUTE_UNITS, cl_uint.self)))
    localMemoryBytes = Int(clamping: id.number(CL_DEVICE_LOCAL_MEM_SIZE, cl_ulong.self))
    maximumWorkGroupSize = max(1, id.number(CL_DEVICE_MAX_WORK_GROUP_SIZE, Int.self))
    compilerAvailable = id.number(CL_DEVICE_COMPILER_AVAILABLE, cl_bool.self) != 0
  }

  /// Precisions the device can compute in; double and mixed need 64-bit floating point.
  package var precisions: [Precision] { supportsDouble ? [.double, .mixed, .single] : [.single] }

  package var description: String {
    "\(index): \(name) (\(kind.rawValue), \(computeUnits) compute units, \(memoryBytes >> 20) MiB, "
      + "\(supportsDouble ? "fp64" : "no fp64"); \(platform), driver \(driver))"
  }
}

/// A device id. Ids of root devices live as long as the process and are not released.
struct DeviceID: @unchecked Sendable {
  let raw: cl_device_id

  /// An integer property; zero when the driver does not know it.
  func number<T: FixedWidthInteger>(_ parameter: Int32, _: T.Type) -> T {
    var value: T = 0
    let code = clGetDeviceInfo(raw, cl_device_info(parameter), MemoryLayout<T>.size, &value, nil)
    return code == CL_SUCCESS ? value : 0
  }

  func text(_ parameter: Int32) -> String {
    infoText { clGetDeviceInfo(raw, cl_device_info(parameter), $0, $1, $2) }
  }
}

/// Reads a text property by the two calls OpenCL wants: first its length, then its bytes; "" when it has none.
func infoText(_ query: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> cl_int) -> String {
  var length = 0
  guard query(0, nil, &length) == CL_SUCCESS, length > 0 else { return "" }
  var bytes = [UInt8](repeating: 0, count: length)
  guard query(length, &bytes, nil) == CL_SUCCESS else { return "" }
  let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}

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

  /// - Throws: what the driver does not tell about the device
  init(index: Int, id: DeviceID, platform: String, platformVersion: String) throws(BackendError) {
    self.index = index
    self.id = id
    self.platform = platform
    self.platformVersion = platformVersion
    let name = try id.text(CL_DEVICE_NAME, "its name", platform)
    self.name = name
    vendor = try id.text(CL_DEVICE_VENDOR, "its vendor", name)
    driver = try id.text(CL_DRIVER_VERSION, "its driver", name)
    func number<T: FixedWidthInteger>(_ parameter: Int32, _ what: String, _: T.Type) throws(BackendError) -> T
    {
      try id.number(parameter, what, name)
    }
    let type = try number(CL_DEVICE_TYPE, "its type", cl_device_type.self)
    // a simulator may claim to be everything: what also runs on the CPU is no GPU
    kind =
      type & cl_device_type(CL_DEVICE_TYPE_CPU) != 0
      ? .cpu : type & cl_device_type(CL_DEVICE_TYPE_GPU) != 0 ? .gpu : .accelerator
    // a driver without 64-bit numbers may not know the question
    let double: cl_device_fp_config? = try? id.number(CL_DEVICE_DOUBLE_FP_CONFIG, "64-bit numbers", name)
    supportsDouble = double ?? 0 != 0
    let single = try number(CL_DEVICE_SINGLE_FP_CONFIG, "32-bit numbers", cl_device_fp_config.self)
    roundsSingleCorrectly = single & cl_device_fp_config(CL_FP_CORRECTLY_ROUNDED_DIVIDE_SQRT) != 0
    memoryBytes = Int(clamping: try number(CL_DEVICE_GLOBAL_MEM_SIZE, "its memory", cl_ulong.self))
    maximumAllocationBytes = Int(
      clamping: try number(CL_DEVICE_MAX_MEM_ALLOC_SIZE, "its largest buffer", cl_ulong.self))
    // products of these with sizes of jobs stay far from overflow
    computeUnits = min(
      max(1, Int(try number(CL_DEVICE_MAX_COMPUTE_UNITS, "its compute units", cl_uint.self))), 1 << 20)
    localMemoryBytes = Int(
      clamping: try number(CL_DEVICE_LOCAL_MEM_SIZE, "its local memory", cl_ulong.self))
    maximumWorkGroupSize = max(1, try number(CL_DEVICE_MAX_WORK_GROUP_SIZE, "its work-groups", Int.self))
    compilerAvailable = try number(CL_DEVICE_COMPILER_AVAILABLE, "its compiler", cl_bool.self) != 0
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

  /// An integer property.
  /// - Parameters:
  ///   - what: the property in words
  ///   - device: who it is about, for the error
  func number<T: FixedWidthInteger>(
    _ parameter: Int32, _ what: String, _ device: String
  ) throws(BackendError) -> T {
    var value: T = 0
    let code = clGetDeviceInfo(raw, cl_device_info(parameter), MemoryLayout<T>.size, &value, nil)
    try check("clGetDeviceInfo (\(what))", code, on: device)
    return value
  }

  func text(_ parameter: Int32, _ what: String, _ device: String) throws(BackendError) -> String {
    let text = infoText { clGetDeviceInfo(raw, cl_device_info(parameter), $0, $1, $2) }
    guard let text else { throw nothing(from: "clGetDeviceInfo (\(what))", on: device) }
    return text
  }
}

/// Bytes of a text or a binary that are asked of a driver at most: a larger answer is an error of the driver.
let mostInformation = 256 << 20

/// Reads a text property by the two calls OpenCL wants: first its length, then its bytes; nil when the driver gives none.
func infoText(_ query: (Int, UnsafeMutableRawPointer?, UnsafeMutablePointer<Int>?) -> cl_int) -> String? {
  var length = 0
  guard query(0, nil, &length) == CL_SUCCESS, length > 0, length <= mostInformation else { return nil }
  var bytes = [UInt8](repeating: 0, count: length)
  guard query(length, &bytes, nil) == CL_SUCCESS else { return nil }
  let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  let words = text.split(whereSeparator: \.isWhitespace)
  return words.isEmpty ? nil : words.joined(separator: " ")
}

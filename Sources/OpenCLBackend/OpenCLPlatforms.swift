import COpenCL
import ScanCore

/// The OpenCL devices of this machine.
package enum OpenCLPlatforms {
  /// All devices in the order their drivers report them; empty without a driver or a device. Asked once per
  /// process: some loaders and drivers do not survive a first call from several threads at a time.
  package static let devices: [OpenCLDevice] = discover()

  /// The device a person means.
  ///
  /// - Parameters:
  ///   - selector: nil (first GPU, else the first device), `gpu`, `cpu`, an index, or part of a name
  ///   - precision: what it has to compute in
  package static func select(_ selector: String?, precision: Precision) throws(BackendError) -> OpenCLDevice {
    try select(selector, precision: precision, from: devices)
  }

  static func select(
    _ selector: String?, precision: Precision, from devices: [OpenCLDevice]
  ) throws(BackendError) -> OpenCLDevice {
    guard !devices.isEmpty else { throw noDevice }
    let candidates = matches(selector, in: devices)
    guard let first = candidates.first else {
      throw BackendError(
        .unknownDevice,
        "No OpenCL device matches \"\(selector ?? "")\". Give its index, part of its name, gpu or cpu; this machine has "
          + "\(listing(devices)).")
    }
    guard let device = candidates.first(where: { $0.precisions.contains(precision) }) else {
      throw BackendError(
        .unavailable,
        "OpenCL device \"\(first.name)\" has no 64-bit floating point, which \(precision.rawValue) precision needs. "
          + "Choose --precision single, another device, or --backend simd.")
    }
    return device
  }

  static func matches(_ selector: String?, in devices: [OpenCLDevice]) -> [OpenCLDevice] {
    guard let selector else {
      return devices.filter { $0.kind == .gpu } + devices.filter { $0.kind != .gpu }
    }
    let wanted = selector.lowercased()
    if let index = Int(wanted) { return devices.filter { $0.index == index } }
    if let kind = OpenCLDevice.Kind(rawValue: wanted) { return devices.filter { $0.kind == kind } }
    guard !wanted.isEmpty else { return [] }
    return devices.filter { "\($0.name) \($0.vendor) \($0.platform)".lowercased().contains(wanted) }
  }

  package static let noDevice = BackendError(
    .unavailable,
    "No OpenCL device was found on this machine: the loader knows no driver, or the driver no device. Install one "
      + "(on Debian or Ubuntu `apt install pocl-opencl-icd` for the CPU, the vendor's package for a GPU; "
      + "OCL_ICD_VENDORS must not point elsewhere), or choose --backend simd.")

  private static func listing(_ devices: [OpenCLDevice]) -> String {
    devices.map { "\($0.index) \"\($0.name)\" (\($0.kind.rawValue))" }.joined(separator: ", ")
  }

  // MARK: - Discovery

  private static func discover() -> [OpenCLDevice] {
    var devices: [OpenCLDevice] = []
    for platform in handles({ clGetPlatformIDs($0, $1, $2) }) {
      let name = infoText { clGetPlatformInfo(platform, cl_platform_info(CL_PLATFORM_NAME), $0, $1, $2) }
      let version = infoText {
        clGetPlatformInfo(platform, cl_platform_info(CL_PLATFORM_VERSION), $0, $1, $2)
      }
      let all = cl_device_type(CL_DEVICE_TYPE_ALL)
      for id in handles({ clGetDeviceIDs(platform, all, $0, $1, $2) }) {
        devices.append(
          OpenCLDevice(index: devices.count, id: DeviceID(raw: id), platform: name, platformVersion: version))
      }
    }
    return devices
  }

  /// Ids by the two calls OpenCL wants. An error means there are none: without a driver the loader answers
  /// CL_PLATFORM_NOT_FOUND_KHR, a platform without devices CL_DEVICE_NOT_FOUND.
  private static func handles(
    _ query: (cl_uint, UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<cl_uint>?) -> cl_int
  ) -> [OpaquePointer] {
    var count: cl_uint = 0
    guard query(0, nil, &count) == CL_SUCCESS, count > 0 else { return [] }
    var ids = [OpaquePointer?](repeating: nil, count: Int(count))
    guard query(count, &ids, nil) == CL_SUCCESS else { return [] }
    return ids.compactMap(\.self)
  }
}

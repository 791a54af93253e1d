import COpenCL
import ScanCore

/// The OpenCL devices of this machine.
package enum OpenCLPlatforms {
  /// All devices in the order their drivers report them; empty without a driver or a device. Asked once per
  /// process: some loaders and drivers do not survive a first call from several threads at a time.
  package static var devices: [OpenCLDevice] { found.devices }

  /// What drivers refused when they were asked for their devices, one sentence each. Such devices are left out.
  package static var problems: [String] { found.problems }

  private static let found = discover()

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

  package static var noDevice: BackendError {
    if !problems.isEmpty {
      return BackendError(.unavailable, "No OpenCL device can be used. " + problems.joined(separator: " "))
    }
    return BackendError(
      .unavailable,
      "No OpenCL device was found on this machine: the loader knows no driver, or the driver no device. Install one "
        + "(on Debian or Ubuntu `apt install pocl-opencl-icd` for the CPU, the vendor's package for a GPU; "
        + "OCL_ICD_VENDORS must not point elsewhere), or choose --backend simd.")
  }

  private static func listing(_ devices: [OpenCLDevice]) -> String {
    devices.map { "\($0.index) \"\($0.name)\" (\($0.kind.rawValue))" }.joined(separator: ", ")
  }

  // MARK: - Discovery

  /// What the drivers of this machine answered.
  private struct Discovery: Sendable {
    var devices: [OpenCLDevice] = []
    var problems: [String] = []

    /// What `query` returns; an error becomes a problem and nil.
    mutating func attempt<T>(_ query: () throws(BackendError) -> T) -> T? {
      do throws(BackendError) { return try query() } catch {
        problems.append(error.message)
        return nil
      }
    }
  }

  private static func discover() -> Discovery {
    do throws(BackendError) {
      return try BoundedCall.run("The search for OpenCL devices", on: "any") { search() }
    } catch {
      return Discovery(problems: [error.message])
    }
  }

  private static func search() -> Discovery {
    var found = Discovery()
    let platforms = found.attempt { () throws(BackendError) in
      try handles("clGetPlatformIDs", of: "any", absent: OpenCLStatus.platformNotFound) {
        clGetPlatformIDs($0, $1, $2)
      }
    }
    for platform in platforms ?? [] { add(platform, to: &found) }
    return found
  }

  private static func add(_ platform: OpaquePointer, to found: inout Discovery) {
    let name = infoText { clGetPlatformInfo(platform, cl_platform_info(CL_PLATFORM_NAME), $0, $1, $2) }
    let version = infoText {
      clGetPlatformInfo(platform, cl_platform_info(CL_PLATFORM_VERSION), $0, $1, $2)
    }
    guard let name, let version else {
      let what = "clGetPlatformInfo (name and version)"
      return found.problems.append(nothing(from: what, on: name ?? "any").message)
    }
    let all = cl_device_type(CL_DEVICE_TYPE_ALL)
    let ids = found.attempt { () throws(BackendError) in
      try handles("clGetDeviceIDs", of: name, absent: CL_DEVICE_NOT_FOUND) {
        clGetDeviceIDs(platform, all, $0, $1, $2)
      }
    }
    for id in ids ?? [] {
      let index = found.devices.count
      let device = found.attempt { () throws(BackendError) in
        try OpenCLDevice(
          index: index, id: DeviceID(raw: id), platform: name, platformVersion: version)
      }
      if let device { found.devices.append(device) }
    }
  }

  /// More platforms or devices than any machine has: a larger answer is an error of the driver.
  private static let mostHandles: cl_uint = 4096

  /// Ids by the two calls OpenCL wants; none when the answer is `absent`.
  private static func handles(
    _ call: String, of owner: String, absent: cl_int,
    _ query: (cl_uint, UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<cl_uint>?) -> cl_int
  ) throws(BackendError) -> [OpaquePointer] {
    var count: cl_uint = 0
    let code = query(0, nil, &count)
    if code == absent || (code == CL_SUCCESS && count == 0) { return [] }
    try check(call, code, on: owner)
    guard count <= mostHandles else { throw nothing(from: call, on: owner) }
    var ids = [OpaquePointer?](repeating: nil, count: Int(count))
    try check(call, query(count, &ids, nil), on: owner)
    return ids.compactMap(\.self)
  }
}

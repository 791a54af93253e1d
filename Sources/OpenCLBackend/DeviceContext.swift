import COpenCL
import ScanCore
import Synchronization

/// An OpenCL context on one device and the programs built in it.
final class DeviceContext: Sendable {
  let device: OpenCLDevice
  let handle: Handle<ContextKind>
  private let programs = Mutex<[ProgramKey: Handle<ProgramKind>]>([:])

  private struct ProgramKey: Hashable {
    let source: String
    let options: String
  }

  private let cache: ProgramCache?

  /// - Parameter cache: where program binaries are kept; nil builds from source every time
  init(_ device: OpenCLDevice, cache: CacheFolder?) throws(BackendError) {
    self.device = device
    self.cache = cache.map(ProgramCache.init)
    handle = try checked("clCreateContext", on: device.name) { code in
      var id: cl_device_id? = device.id.raw
      return clCreateContext(nil, 1, &id, nil, nil, code)
    }
  }

  private static let contexts = Mutex<[Int: DeviceContext]>([:])

  /// The context of a device: one per process, so that programs are built once.
  static func shared(for device: OpenCLDevice) throws(BackendError) -> DeviceContext {
    try contexts.withLock { known throws(BackendError) in
      if let context = known[device.index] { return context }
      let context = try DeviceContext(device, cache: .ofProcess)
      known[device.index] = context
      return context
    }
  }

  /// The program for a source text and options, built on first use.
  func program(_ name: String, source: String, options: String) throws(BackendError) -> Handle<ProgramKind> {
    try programs.withLock { programs throws(BackendError) in
      let key = ProgramKey(source: source, options: options)
      if let program = programs[key] { return program }
      let program = try cachedOrBuilt(name, source, options)
      programs[key] = program
      return program
    }
  }

  private func cachedOrBuilt(
    _ name: String, _ source: String, _ options: String
  ) throws(BackendError) -> Handle<ProgramKind> {
    guard let cache else { return try build(name, source, options) }
    let key = ProgramCache.key(source: source, options: options, device: device)
    if let binary = cache.binary(for: key), let program = load(binary, options) { return program }
    let program = try build(name, source, options)
    if let binary = binary(of: program) { cache.store(binary, for: key) }
    return program
  }

  /// A program from a binary of an earlier run; nil when the driver does not take it.
  private func load(_ binary: [UInt8], _ options: String) -> Handle<ProgramKind>? {
    var id: cl_device_id? = device.id.raw
    var status: cl_int = CL_SUCCESS
    var code: cl_int = CL_SUCCESS
    let raw = binary.withUnsafeBufferPointer { bytes in
      var pointer = bytes.baseAddress
      var length = bytes.count
      return clCreateProgramWithBinary(handle.raw, 1, &id, &length, &pointer, &status, &code)
    }
    guard let raw else { return nil }
    let program = Handle<ProgramKind>(raw, on: device.name)
    guard code == CL_SUCCESS, status == CL_SUCCESS,
      (try? compile(program, options)) == CL_SUCCESS
    else { return nil }
    return program
  }

  /// The binary of a built program; nil when the driver gives none.
  private func binary(of program: Handle<ProgramKind>) -> [UInt8]? {
    var length = 0
    let size = MemoryLayout<Int>.size
    guard
      clGetProgramInfo(program.raw, cl_program_info(CL_PROGRAM_BINARY_SIZES), size, &length, nil)
        == CL_SUCCESS,
      length > 0, length <= mostInformation
    else { return nil }
    var bytes = [UInt8](repeating: 0, count: length)
    let code = bytes.withUnsafeMutableBufferPointer { buffer in
      var pointer = buffer.baseAddress
      return clGetProgramInfo(
        program.raw, cl_program_info(CL_PROGRAM_BINARIES), MemoryLayout<UnsafeMutablePointer<UInt8>?>.size,
        &pointer,
        nil)
    }
    return code == CL_SUCCESS ? bytes : nil
  }

  private func compile(
    _ program: Handle<ProgramKind>, _ options: String
  ) throws(BackendError) -> cl_int {
    try BoundedCall.run("clBuildProgram", on: device.name) { [id = device.id] in
      var raw: cl_device_id? = id.raw
      return clBuildProgram(program.raw, 1, &raw, options, nil, nil)
    }
  }

  private func build(_ name: String, _ source: String, _ options: String) throws(BackendError) -> Handle<
    ProgramKind
  > {
    guard device.compilerAvailable else {
      throw BackendError(
        .unavailable,
        "OpenCL device \"\(device.name)\" has no kernel compiler. Install the complete driver, choose another device "
          + "with --device, or use --backend simd.")
    }
    var text = source
    let program: Handle<ProgramKind> = try checked("clCreateProgramWithSource", on: device.name) { code in
      text.withUTF8 { utf8 in
        utf8.withMemoryRebound(to: CChar.self) { characters in
          var pointer = characters.baseAddress
          var length = characters.count
          return clCreateProgramWithSource(handle.raw, 1, &pointer, &length, code)
        }
      }
    }
    let code = try compile(program, options)
    guard code == CL_SUCCESS else {
      let log = buildLog(of: program)
      throw BuildFailure(name: name, code: code, log: log, options: options, device: device).error
    }
    return program
  }

  /// The compiler's messages, with line ends.
  private func buildLog(of program: Handle<ProgramKind>) -> String {
    let parameter = cl_program_build_info(CL_PROGRAM_BUILD_LOG)
    var length = 0
    guard clGetProgramBuildInfo(program.raw, device.id.raw, parameter, 0, nil, &length) == CL_SUCCESS,
      length > 0, length <= mostInformation
    else { return "" }
    var bytes = [UInt8](repeating: 0, count: length)
    guard clGetProgramBuildInfo(program.raw, device.id.raw, parameter, length, &bytes, nil) == CL_SUCCESS
    else { return "" }
    return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }
}

/// A kernel text the driver refuses.
private struct BuildFailure {
  let name: String
  let code: cl_int
  let log: String
  let options: String
  let device: OpenCLDevice

  var error: BackendError {
    BackendError(
      .buildFailure,
      "The driver of OpenCL device \"\(device.name)\" (\(device.platform), driver \(device.driver)) cannot build "
        + "\(name): \(excerpt). Options: \(options). Update the driver, choose another device with --device, or use "
        + "--backend simd.")
  }

  /// The lines of the log that name an error, else its first lines.
  private var excerpt: String {
    let lines = log.split(separator: "\n").map { $0.trimmingSpaces }.filter { !$0.isEmpty }
    let errors = lines.filter { $0.lowercased().contains("error") }
    let chosen = (errors.isEmpty ? lines : errors).prefix(3)
    return chosen.isEmpty ? "no build log, error code \(code)" : chosen.joined(separator: "; ")
  }
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return start[...last]
  }
}

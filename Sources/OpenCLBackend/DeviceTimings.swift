import COpenCL
import Synchronization

/// Seconds a device spent, summed over commands from the driver's profiling events. Uploads, kernels and downloads
/// overlap, so their sum may exceed the elapsed time.
package struct DeviceTimings: Codable, Hashable, Sendable {
  package var uploadSeconds = 0.0
  package var kernelSeconds = 0.0
  package var downloadSeconds = 0.0
  package var launches = 0
  package init() {}
}

/// What a command did, for the sum it belongs to.
enum CommandKind: Sendable { case upload, kernel, download }

/// Sums of one backend, shared by the plans it loaded.
final class TimingRecorder: Sendable {
  private let sums = Mutex(DeviceTimings())

  var timings: DeviceTimings { sums.withLock { $0 } }

  func reset() { sums.withLock { $0 = DeviceTimings() } }

  /// Adds a finished command; returns its seconds, nil where the driver does not say.
  @discardableResult
  func note(_ event: Handle<EventKind>, _ kind: CommandKind) -> Double? {
    guard let seconds = Self.seconds(of: event) else { return nil }
    sums.withLock { sums in
      switch kind {
      case .upload: sums.uploadSeconds += seconds
      case .kernel:
        sums.kernelSeconds += seconds
        sums.launches += 1
      case .download: sums.downloadSeconds += seconds
      }
    }
    return seconds
  }

  private static func seconds(of event: Handle<EventKind>) -> Double? {
    var start: cl_ulong = 0
    var end: cl_ulong = 0
    let size = MemoryLayout<cl_ulong>.size
    guard
      clGetEventProfilingInfo(event.raw, cl_profiling_info(CL_PROFILING_COMMAND_START), size, &start, nil)
        == CL_SUCCESS,
      clGetEventProfilingInfo(event.raw, cl_profiling_info(CL_PROFILING_COMMAND_END), size, &end, nil)
        == CL_SUCCESS, end >= start
    else { return nil }
    return 1e-9 * Double(end - start)
  }
}

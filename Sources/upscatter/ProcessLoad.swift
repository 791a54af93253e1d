import Foundation

/// The processor time this process used, all threads together. Says nothing of work on a GPU.
struct ProcessLoad {
  /// What this process may run on.
  static let cores = ProcessInfo.processInfo.activeProcessorCount

  private static func usage() -> rusage? {
    var usage = rusage()
    #if os(Linux)
      let own = __rusage_who_t(RUSAGE_SELF.rawValue)
    #else
      let own = RUSAGE_SELF
    #endif
    return getrusage(own, &usage) == 0 ? usage : nil
  }

  /// Seconds of user and system time since the start; nil where the system does not tell.
  static func seconds() -> Double? {
    guard let usage = usage() else { return nil }
    return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + 1e-6 * Double($1.tv_usec) }
  }

  /// Largest resident memory so far, bytes; 0 where the system does not tell.
  static var largestMemory: Double {
    guard let usage = usage() else { return 0 }
    #if os(Linux)
      return 1024 * Double(usage.ru_maxrss)
    #else
      return Double(usage.ru_maxrss)
    #endif
  }

  /// "1.9 of 2 cores": the mean between two readings.
  static func text(used: Double, over seconds: Double) -> String {
    String(format: "%.1f of \(cores) core\(cores == 1 ? "" : "s")", used / max(seconds, 1e-9))
  }
}

/// What a device can do at most, measured by a small built-in probe: the yardstick of `benchmark`.
package struct DevicePeak: Codable, Hashable, Sendable {
  /// Operations per second of independent fused multiply-adds in registers (two operations each), in the precision of
  /// the backend's sums, all units busy.
  package var operationsPerSecond: Double
  /// Bytes per second of a[i] = b[i] + s c[i] on arrays far larger than the caches, 24 bytes per element in double.
  package var bytesPerSecond: Double
  package init(operationsPerSecond: Double, bytesPerSecond: Double) {
    self.operationsPerSecond = operationsPerSecond
    self.bytesPerSecond = bytesPerSecond
  }
}

/// A backend that can measure what its device can do.
package protocol PeakProbing {
  func measurePeak() throws(BackendError) -> DevicePeak
}

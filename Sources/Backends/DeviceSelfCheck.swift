import ReferenceBackend
import ScanCore
import Verification

/// A few milliseconds of work that a device has to get right before `auto` takes it.
package enum DeviceSelfCheck {
  /// Throws unless `backend` agrees with the reference, within the tolerance of its precision, on a small built-in case:
  /// rates [UPS-10], profile [UPS-12] and both fused.
  package static func run(_ backend: any Backend) throws(BackendError) {
    let reports = compareBackends(
      reference: ReferenceBackend(), candidates: [backend], cases: [AwkwardPlans.selfCheck])
    guard let failure = reports.first(where: { !$0.passed }) else { return }
    throw BackendError(
      .deviceFailure,
      "\(backend.identity) fails the self-check: \(failure). Update its driver or choose --backend simd.")
  }
}

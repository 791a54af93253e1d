import Experiments
import ScanCore

/// Identity of a calculation: SHA-256 of its plans in the packed form that kernels read (`PackedRatePlan`,
/// `PackedLikelihood`), little-endian, with what that form leaves out.
package enum PlanHash {
  package static func hex(_ rates: RatePlan, _ likelihood: LikelihoodPlan) -> String {
    var bytes: [UInt8] = []
    append(rates, to: &bytes)
    append(likelihood, to: &bytes)
    return SHA256.hexDigest(of: bytes)
  }

  private static func append(_ plan: RatePlan, to bytes: inout [UInt8]) {
    let packed = PackedRatePlan(plan)
    append([plan.referenceCoupling, plan.tolerance, plan.estimatedError], to: &bytes)
    append(packed.reals, to: &bytes)
    append(packed.integers.map { UInt64(bitPattern: Int64($0)) }, to: &bytes)
  }

  private static func append(_ plan: LikelihoodPlan, to bytes: inout [UInt8]) {
    let shape = [
      plan.statistic == .poisson ? 0 : 1, plan.fold.componentCount, plan.fold.energyBins, plan.fold.timeBins,
      plan.pullCount,
    ]
    append(shape.map { UInt64($0) }, to: &bytes)
    append(plan.fold.weights, to: &bytes)
    append(PackedLikelihood(plan).reals, to: &bytes)
  }

  private static func append(_ numbers: [Double], to bytes: inout [UInt8]) {
    append(numbers.map(\.bitPattern), to: &bytes)
  }

  /// The count, then the words.
  private static func append(_ words: [UInt64], to bytes: inout [UInt8]) {
    for word in [UInt64(words.count)] + words {
      withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
  }
}

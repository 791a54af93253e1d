import Experiments
import Foundation
import ScanCore

/// Identity of a calculation: SHA-256 of its plans in a canonical form.
package enum PlanHash {
  package static func hex(
    _ rates: RatePlan, _ likelihood: LikelihoodPlan, pulled: PulledLikelihoodPlan? = nil
  ) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    var data = try encoder.encode(rates) + encoder.encode(likelihood)
    if let pulled { data += try encoder.encode(pulled) }
    return SHA256.hexDigest(of: data)
  }
}

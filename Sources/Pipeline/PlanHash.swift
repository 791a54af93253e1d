import Foundation
import Hashing
import ScanCore

/// Identity of a calculation: SHA-256 of its plans in a canonical form.
package enum PlanHash {
  package static func hex(_ rates: RatePlan, _ likelihood: LikelihoodPlan) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(rates) + encoder.encode(likelihood)
    return SHA256.hexDigest(of: data)
  }
}

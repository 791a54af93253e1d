import Foundation
import ScanCore

/// chi2 of one data set under a joint plan at given factors and signal: nothing is minimised [UPS-36].
package struct JointDensity: Sendable {
  package let plan: JointPlan
  private let observed: [Double]
  private let centres: [Double]
  /// sum of 2 [n ln n - n] over the Poisson bins with events
  private let saturated: Double

  /// - Parameter data: its first set is taken
  package init(plan: JointPlan, data: JointData) throws(StatisticsError) {
    try requireDomain(
      data.observed.count >= plan.binCount
        && (data.centres.isEmpty || data.centres.count >= plan.pullCount),
      "The data have \(data.observed.count) bins and \(data.centres.count) centres",
      "\(plan.binCount) and \(plan.pullCount), or no centres")
    self.plan = plan
    observed = Array(data.observed.prefix(plan.binCount))
    centres =
      data.centres.isEmpty ? plan.pulls.map { _ in 1 } : Array(data.centres.prefix(plan.pullCount))
    saturated = zip(observed, plan.variance).reduce(0) {
      $1.1 == 0 && $1.0 > 0 ? $0 + 2 * ($1.0 * log($1.0) - $1.0) : $0
    }
  }

  /// - Parameters:
  ///   - pulls: eta_k = f_k - 1
  ///   - signal: events per bin at the strength that is meant
  /// - Returns: infinity where a normalisation lies below its floor or a Poisson bin expects less than nothing
  package func chiSquare(pulls: some Collection<Double>, signal: [Double]) -> Double {
    let pulls = Array(pulls)
    var sum = saturated
    for (k, pull) in plan.pulls.enumerated() {
      let factor = 1 + pulls[k]
      if pull.isNormalisation && factor < JointPlan.lowestFactor { return .infinity }
      sum += (factor - centres[k]) * (factor - centres[k]) / (pull.width * pull.width)
    }
    for block in plan.blocks {
      var scale = 1.0
      for k in pulls.indices { scale += block.signalShares[k] * pulls[k] }
      for b in block.bins {
        var mu = plan.rest[b] + scale * signal[b]
        for k in pulls.indices { mu += (1 + pulls[k]) * plan.pulls[k].events[b] }
        let n = observed[b]
        if plan.variance[b] > 0 {
          sum += (n - mu) * (n - mu) / plan.variance[b]
        } else {
          if mu < 0 { return .infinity }
          let mu = max(mu, JointPlan.smallestExpectation)
          sum += 2 * (n > 0 ? mu - n * log(mu) : mu)
        }
      }
    }
    return sum
  }
}

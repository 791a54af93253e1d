import Hashing
import ScanCore

/// Identity of a calculation: SHA-256 of its plans in the packed form that kernels read (`PackedRatePlan`,
/// `PackedLikelihood`), little-endian, with what that form leaves out.
package enum PlanHash {
  package static func hex(
    _ rates: RatePlan, _ likelihood: LikelihoodPlan, pulled: PulledLikelihoodPlan? = nil,
    interaction: InteractionModel? = nil
  ) -> String {
    var bytes: [UInt8] = []
    append(rates, to: &bytes)
    append(likelihood, to: &bytes)
    if let pulled { append(pulled, to: &bytes) }
    if let interaction {
      bytes += Array(interaction.interaction.identity.utf8)
      append([interaction.sign] + (interaction.standardModel ?? []), to: &bytes)
      for (plan, fold) in interaction.firstPlans {
        append(plan, to: &bytes)
        append(fold.weights, to: &bytes)
      }
    }
    return SHA256.hexDigest(of: bytes)
  }

  /// Of a joint likelihood, its data and the plans of its members.
  package static func hex(_ plan: JointPlan, _ data: JointData, members: [String]) -> String {
    var bytes = members.flatMap { Array($0.utf8) }
    append(plan.rest, to: &bytes)
    append(plan.variance, to: &bytes)
    for pull in plan.pulls {
      bytes += Array("\(pull.name)\n".utf8)
      append([pull.isNormalisation, pull.isConstrained].map { $0 ? UInt64(1) : 0 }, to: &bytes)
      append([pull.width] + pull.events, to: &bytes)
    }
    for block in plan.blocks {
      append([UInt64(block.bins.lowerBound), UInt64(block.bins.upperBound)], to: &bytes)
      append(block.signalShares, to: &bytes)
    }
    append(data.observed, to: &bytes)
    append(data.centres, to: &bytes)
    return SHA256.hexDigest(of: bytes)
  }

  private static func append(_ plan: PulledLikelihoodPlan, to bytes: inout [UInt8]) {
    append(plan.linear, to: &bytes)
    for shape in plan.backgroundShapes { append(shape, to: &bytes) }
    for (rates, fold) in [(plan.signal, plan.signalFold), (plan.standardModel, plan.standardModelFold)] {
      append(rates.rates, to: &bytes)
      for response in rates.responses {
        append(response.visibleEnergy + response.factor, to: &bytes)
        append(
          [response.factorDegree, response.factorParameter, response.smearing].map { UInt64($0) }, to: &bytes)
      }
      for table in rates.smearings { append([table.firstLog, table.logStep] + table.values, to: &bytes) }
      append(fold.weights, to: &bytes)
      append([fold.firstKnot, fold.knotStep] + fold.slopes, to: &bytes)
      append([fold.parameter, rates.parameterCount].map { UInt64($0) }, to: &bytes)
    }
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

import ScanCore
import Scanning

extension Benchmark {
  /// Toys of the analysis alone, thrown and fitted: profiled at the tested point, then minimised over pulls, strength and all
  /// of `masses` [UPS-36, UPS-37].
  /// - Parameters:
  ///   - masses: MeV, of the global fit
  ///   - couplings: GeV^-1, each tested at masses spread over the axis
  ///   - toys: per point
  package func measureGlobalFits(
    masses: [Double], couplings: [Double], toys: Int, repeats: Int
  ) throws -> BenchmarkRow {
    let joint = try JointAnalysis([analysis])
    let templates = try joint.templates(masses: masses, on: backend)
    let points = couplings.enumerated().map { index, coupling in
      let unit = coupling / joint.referenceCoupling
      let row = (2 * index + 1) * masses.count / (2 * couplings.count)
      return ToyPoint(key: UInt64(index), row: row, strength: unit * unit, factors: [])
    }
    let batch = ToyBatch(
      seed: 1, ensemble: .constraints, toys: 0..<toys, points: points,
      search: JointSearch(rows: 0..<masses.count))
    let loaded = try backend.load(joint.plan)
    let found = try loaded.toys(batch, templates: templates)
    let error = try verifyToys(found, batch, joint.plan, templates)
    let seconds = try Self.time(repeats) { _ = try loaded.toys(batch, templates: templates) }
    return row(
      .globalFits, joint.plan.pullCount, seconds, points: batch.toyCount, integralRows: 0, sweeps: 0,
      operations: 0, error)
  }

  /// A wrong result is never timed: the first toy of every point again on the reference, which fits every row.
  private func verifyToys(
    _ found: ToyResult, _ batch: ToyBatch, _ plan: JointPlan, _ templates: [Double]
  ) throws -> Double {
    var sample = batch
    sample.toys = batch.toys.lowerBound..<batch.toys.lowerBound + 1
    let expected = try reference.load(plan).toys(sample, templates: templates)
    var worst = 0.0
    for index in batch.points.indices {
      let toy = index * batch.toys.count
      for (a, b) in [
        (expected.tested[index], found.tested[toy]), (expected.minimum[index], found.minimum[toy]),
      ] {
        let difference = abs(a - b) / max(1, abs(a))
        worst = difference.isNaN ? .infinity : max(worst, difference)
      }
    }
    let tolerance = backend.identity.precision.statisticTolerance
    let unconverged = found.unconverged.reduce(0, +)
    // as toys are judged elsewhere: one in a thousand
    guard worst <= tolerance, unconverged * 1000 <= batch.toyCount else {
      throw ScanError(
        "\(backend.identity) is wrong by \(worst) (tolerance \(tolerance)) in the fits of toys, \(unconverged) of "
          + "\(batch.toyCount) toys did not converge; nothing was timed. Run `upscatter verify` to find where."
      )
    }
    return worst
  }
}

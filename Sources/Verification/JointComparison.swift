import ScanCore

/// Returns reports as `compareBackends` does, for joint likelihoods and toys [UPS-36, UPS-37].
/// - Parameters:
///   - reference: in double precision
///   - candidates: judged by the tolerance of their precision; those in double precision also by equal bits
///   - cases: `AwkwardJointPlans.all`, or plans of experiments
package func compareJoint(
  reference: any Backend, candidates: [any Backend], cases: [JointVerificationCase]
) -> [ComparisonReport] {
  cases.flatMap { item -> [ComparisonReport] in
    do throws(BackendError) {
      let expected = try JointResults(item, on: reference)
      let able = candidates.filter { !item.isForDouble || $0.identity.precision == .double }
      return compare(able, with: expected, item)
    } catch {
      return [failure(item, reference.identity, reference.identity, error)]
    }
  }
}

/// Everything one backend says about one case.
struct JointResults {
  let identity: BackendIdentity
  let profile: ProfileResult
  /// per search
  let minima: [JointMinima]
  /// per batch
  let thrown: [JointData]
  /// nil where the device cannot throw in its precision
  let toys: [ToyResult]
  /// Some points, data sets and toys alone.
  let singleProfiles: [Int: ProfileResult]
  let singleMinima: [Int: JointMinima]
  let singleToys: [Int: ToyResult]

  init(_ item: JointVerificationCase, on backend: any Backend) throws(BackendError) {
    identity = backend.identity
    let loaded = try backend.load(item.plan)
    let templates = item.templates
    profile = try loaded.profile(item.points, data: item.data, templates: templates)
    let (points, pulls) = (item.points.count, item.plan.pullCount)
    guard profile.statistic.count == points, profile.pulls.count == points * pulls else {
      throw BackendError(.deviceFailure, "\(identity) returned a joint profile of the wrong shape.")
    }
    minima = try item.searches.map { search throws(BackendError) in
      try loaded.minima(search, data: item.data, templates: templates)
    }
    thrown = try item.batches.map { batch throws(BackendError) in
      try loaded.thrown(batch, templates: templates)
    }
    toys = try item.batches.map { batch throws(BackendError) in
      try loaded.toys(batch, templates: templates)
    }
    var profiles: [Int: ProfileResult] = [:]
    for index in Set([0, points / 2, points - 1]) {
      profiles[index] = try loaded.profile([item.points[index]], data: item.data, templates: templates)
    }
    singleProfiles = profiles
    var alone: [Int: JointMinima] = [:]
    for (set, search) in item.searches.prefix(1).flatMap({ search in (0..<3).map { ($0, search) } }) {
      alone[set] = try loaded.minima(search, data: item.data(set), templates: templates)
    }
    singleMinima = alone
    var single: [Int: ToyResult] = [:]
    for (index, batch) in item.batches.enumerated() {
      var batch = batch
      batch.toys = batch.toys.upperBound - 1..<batch.toys.upperBound
      single[index] = try loaded.toys(batch, templates: templates)
    }
    singleToys = single
  }
}

private func compare(
  _ candidates: [any Backend], with expected: JointResults, _ item: JointVerificationCase
) -> [ComparisonReport] {
  var reports: [ComparisonReport] = []
  var firstDouble: JointResults?
  for backend in candidates {
    do throws(BackendError) {
      let found = try JointResults(item, on: backend)
      reports += JointJudge(item: item, found: found, expected: expected).reports
      guard found.identity.precision == .double else { continue }
      if let other = firstDouble {
        reports += JointJudge(item: item, found: found, expected: other).bits
      } else {
        firstDouble = found
      }
    } catch {
      reports.append(failure(item, expected.identity, backend.identity, error))
    }
  }
  return reports
}

private func failure(
  _ item: JointVerificationCase, _ reference: BackendIdentity, _ candidate: BackendIdentity,
  _ error: BackendError
) -> ComparisonReport {
  var report = ComparisonReport(
    name: item.name, job: .jointProfile, reference: reference, candidate: candidate)
  report.problems = [error.message]
  return report
}

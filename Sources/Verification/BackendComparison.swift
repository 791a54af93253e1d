import ScanCore

/// Returns one report per case, job and candidate, each naming the worst point; and, for every pair of candidates in
/// double precision, whether they give the same bits.
/// - Parameters:
///   - reference: in double precision
///   - candidates: judged by the tolerance of their precision
///   - cases: `AwkwardPlans.all`, or plans of an experiment
package func compareBackends(
  reference: any Backend, candidates: [any Backend], cases: [VerificationCase]
) -> [ComparisonReport] {
  cases.flatMap { item -> [ComparisonReport] in
    do throws(BackendError) {
      let expected = try CaseResults(item, on: reference, templates: nil)
      return compare(candidates, with: expected, item)
    } catch {
      return [failure(item, .rates, reference.identity, reference.identity, error)]
    }
  }
}

/// Returns true if every report passed and there is at least one.
package func allPassed(_ reports: [ComparisonReport]) -> Bool {
  !reports.isEmpty && reports.allSatisfy(\.passed)
}

// MARK: - Running

/// Everything one backend says about one case.
private struct CaseResults {
  let identity: BackendIdentity
  let rates: [Double]
  /// Folded from the reference's rates, so that `profile` is judged apart from `rates`.
  let templates: [Double]
  let profile: ProfileResult
  let pointwise: ProfileResult
  /// Some rows of the tile evaluated one by one, and some points one by one.
  let singleRows: [Int: ProfileResult]
  let singlePoints: [Int: Double]

  init(_ item: VerificationCase, on backend: any Backend, templates given: [Double]?) throws(BackendError) {
    identity = backend.identity
    rates = try backend.load(item.rates).evaluate(masses: item.masses)
    let perMass = item.rates.valuesPerMass
    guard rates.count == item.masses.count * perMass else {
      throw BackendError(
        .deviceFailure,
        "\(identity) returned \(rates.count) event numbers for \(item.masses.count) masses of \(perMass).")
    }
    let folded = rates
    templates =
      given
      ?? item.masses.indices.flatMap { item.likelihood.fold.fold(folded[$0 * perMass..<($0 + 1) * perMass]) }
    let loaded = try backend.load(item.likelihood)
    profile = try loaded.evaluate(item.tile, templates: templates)
    pointwise = try backend.load(item.rates, item.likelihood).evaluate(item.tile)
    singleRows = try Self.rows(item, loaded, templates)
    singlePoints = try Self.points(item, loaded, templates)
  }

  private static func rows(
    _ item: VerificationCase, _ loaded: any LoadedProfile, _ templates: [Double]
  ) throws(BackendError) -> [Int: ProfileResult] {
    let tile = item.tile
    let bins = item.likelihood.binCount
    var result: [Int: ProfileResult] = [:]
    for row in Set([0, tile.rows / 2, tile.rows - 1]) {
      let single = Tile(
        masses: [tile.masses[row]],
        couplingSquares: Array(tile.couplingSquares[row * tile.columns..<(row + 1) * tile.columns]),
        columns: tile.columns)
      result[row] = try loaded.evaluate(
        single, templates: Array(templates[row * bins..<(row + 1) * bins]))
    }
    return result
  }

  private static func points(
    _ item: VerificationCase, _ loaded: any LoadedProfile, _ templates: [Double]
  ) throws(BackendError) -> [Int: Double] {
    let tile = item.tile
    let bins = item.likelihood.binCount
    var result: [Int: Double] = [:]
    // spread so that they meet every place in a chain
    for point in Set((0..<32).map { $0 * (tile.count - 1) / 31 }) {
      let row = point / tile.columns
      let single = Tile(
        masses: [tile.masses[row]], couplingSquares: [tile.couplingSquares[point]], columns: 1)
      let template = Array(templates[row * bins..<(row + 1) * bins])
      result[point] = try loaded.evaluate(single, templates: template).statistic.first ?? .nan
    }
    return result
  }
}

private func compare(
  _ candidates: [any Backend], with expected: CaseResults, _ item: VerificationCase
) -> [ComparisonReport] {
  var reports: [ComparisonReport] = []
  var firstDouble: CaseResults?
  for backend in candidates {
    do throws(BackendError) {
      let found = try CaseResults(item, on: backend, templates: expected.templates)
      reports += judge(found, against: expected, item)
      guard found.identity.precision == .double else { continue }
      if let other = firstDouble {
        reports += compareBits(found, with: other, item)
      } else {
        firstDouble = found
      }
    } catch {
      reports.append(failure(item, .rates, expected.identity, backend.identity, error))
    }
  }
  return reports
}

private func failure(
  _ item: VerificationCase, _ job: ComparisonReport.Job, _ reference: BackendIdentity,
  _ candidate: BackendIdentity,
  _ error: BackendError
) -> ComparisonReport {
  var report = ComparisonReport(name: item.name, job: job, reference: reference, candidate: candidate)
  report.problems = [error.message]
  return report
}

// MARK: - Judging

private func judge(
  _ found: CaseResults, against expected: CaseResults, _ item: VerificationCase
) -> [ComparisonReport] {
  let tolerance = ComparisonTolerance(found.identity.precision)
  var rates = report(.rates, found, expected, item)
  let perMass = item.rates.valuesPerMass
  let largestOfCase = expected.rates.reduce(0) { max($0, abs($1)) }
  for row in item.masses.indices {
    let values = row * perMass..<(row + 1) * perMass
    let largest = expected.rates[values].reduce(0) { max($0, abs($1)) }
    for index in values {
      let (a, b) = (expected.rates[index], found.rates[index])
      let allowed = max(
        tolerance.countRelative * max(abs(a), abs(b)), tolerance.countOfLargest * largest,
        tolerance.countOfCase * largestOfCase)
      rates.add(a, b, allowed: allowed, at: countPoint(item, index))
    }
  }
  return [
    rates,
    judge(.profile, found, found.profile, expected, expected.profile, tolerance, item),
    judge(.pointwise, found, found.pointwise, expected, expected.pointwise, tolerance, item),
    judgeTiling(found, item),
    judgeStart(found, expected, tolerance, item),
  ]
}

private func judge(
  _ job: ComparisonReport.Job, _ candidate: CaseResults, _ found: ProfileResult, _ reference: CaseResults,
  _ expected: ProfileResult, _ tolerance: ComparisonTolerance, _ item: VerificationCase
) -> ComparisonReport {
  var report = report(job, candidate, reference, item)
  let tile = item.tile
  let pulls = item.likelihood.pullCount
  guard found.statistic.count == tile.count, found.pulls.count == tile.count * pulls else {
    report.problems.append("The result has the wrong shape.")
    return report
  }
  if found.unconverged > 0 { report.problems.append("\(found.unconverged) points did not converge.") }
  for point in 0..<tile.count {
    let (a, b) = (expected.statistic[point], found.statistic[point])
    let events = eventsAt(point, reference.templates, item)
    let allowed = tolerance.statistic * max(1, abs(a)) + tolerance.statisticPerEvent * events
    report.add(a, b, allowed: allowed, at: pointName(item, point))
    for k in 0..<pulls {
      report.add(
        expected.pulls[point * pulls + k], found.pulls[point * pulls + k],
        allowed: tolerance.pull * item.likelihood.pullWidths[k], at: pointName(item, point) + ", pull \(k)")
    }
  }
  return report
}

/// Observed plus expected events that enter the statistic of a point.
private func eventsAt(_ point: Int, _ templates: [Double], _ item: VerificationCase) -> Double {
  let bins = item.likelihood.binCount
  let row = point / item.couplingSquares.count
  let signal = total(templates[row * bins..<(row + 1) * bins])
  let q = item.couplingSquares[point % item.couplingSquares.count]
  return total(item.likelihood.observed[...]) + total(item.likelihood.base[...]) + q * signal
}

/// Bins mixed by a covariance may be negative.
private func total(_ events: ArraySlice<Double>) -> Double { events.reduce(0) { $0 + abs($1) } }

private func judgeTiling(_ found: CaseResults, _ item: VerificationCase) -> ComparisonReport {
  var report = report(.tiling, found, found, item)
  let columns = item.tile.columns
  for (row, single) in found.singleRows.sorted(by: { $0.key < $1.key }) {
    guard single.statistic.count == columns else {
      report.problems.append("A single row returned \(single.statistic.count) numbers instead of \(columns).")
      continue
    }
    for column in 0..<columns {
      let point = row * columns + column
      report.addBits(found.profile.statistic[point], single.statistic[column], at: pointName(item, point))
    }
  }
  return report
}

/// Points of a row start where their neighbours point to; alone they start afresh, and must end at the same minimum.
private func judgeStart(
  _ found: CaseResults, _ expected: CaseResults, _ tolerance: ComparisonTolerance, _ item: VerificationCase
) -> ComparisonReport {
  var report = report(.start, found, found, item)
  for (point, alone) in found.singlePoints.sorted(by: { $0.key < $1.key }) {
    let within = found.profile.statistic[point]
    let events = eventsAt(point, expected.templates, item)
    let allowed = tolerance.statistic * max(1, abs(within)) + tolerance.statisticPerEvent * events
    report.add(within, alone, allowed: allowed, at: pointName(item, point))
  }
  return report
}

private func compareBits(
  _ found: CaseResults, with other: CaseResults, _ item: VerificationCase
) -> [ComparisonReport] {
  var rates = report(.rateBits, found, other, item)
  for index in other.rates.indices {
    rates.addBits(other.rates[index], found.rates[index], at: countPoint(item, index))
  }
  var reports = [rates]
  let pulls = item.likelihood.pullCount
  for (job, a, b) in [
    (ComparisonReport.Job.profileBits, other.profile, found.profile),
    (.pointwiseBits, other.pointwise, found.pointwise),
  ] {
    var report = report(job, found, other, item)
    for index in a.statistic.indices {
      report.addBits(a.statistic[index], b.statistic[index], at: pointName(item, index))
    }
    for index in a.pulls.indices {
      report.addBits(
        a.pulls[index], b.pulls[index], at: pointName(item, index / pulls) + ", pull \(index % pulls)")
    }
    reports.append(report)
  }
  return reports
}

// MARK: - Names and sums

private func report(
  _ job: ComparisonReport.Job, _ found: CaseResults, _ expected: CaseResults, _ item: VerificationCase
) -> ComparisonReport {
  ComparisonReport(name: item.name, job: job, reference: expected.identity, candidate: found.identity)
}

private func countPoint(_ item: VerificationCase, _ index: Int) -> String {
  let perMass = item.rates.valuesPerMass
  let (mass, rest) = (item.masses[index / perMass], index % perMass)
  return "m4 = \(mass) MeV, component \(rest / item.rates.binCount), bin \(rest % item.rates.binCount)"
}

private func pointName(_ item: VerificationCase, _ point: Int) -> String {
  let columns = item.couplingSquares.count
  let q = item.couplingSquares[point % columns]
  let coupling = item.rates.referenceCoupling * q.squareRoot()
  return "m4 = \(item.masses[point / columns]) MeV, d = \(coupling) GeV^-1 (q = \(q))"
}

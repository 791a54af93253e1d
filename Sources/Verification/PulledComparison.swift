import ScanCore

/// Returns reports as `compareBackends` does, for rates with non-linear pulls.
/// - Parameters:
///   - reference: in double precision
///   - candidates: judged by the tolerance of their precision; those in double precision also by equal bits
///   - cases: `AwkwardPulledPlans.all`, or plans of an experiment
package func comparePulledRates(
  reference: any Backend, candidates: [any Backend], cases: [PulledVerificationCase]
) -> [ComparisonReport] {
  cases.flatMap { item -> [ComparisonReport] in
    do throws(BackendError) {
      let expected = try PulledResults(item, on: reference)
      return compare(candidates, with: expected, item)
    } catch {
      return [failure(item, reference.identity, reference.identity, error)]
    }
  }
}

/// Everything one backend says about one case.
private struct PulledResults {
  let identity: BackendIdentity
  let values: [Double]
  /// Some requests, evaluated one by one.
  let single: [Int: [Double]]

  init(_ item: PulledVerificationCase, on backend: any Backend) throws(BackendError) {
    identity = backend.identity
    let loaded = try backend.load(item.plan)
    values = try loaded.evaluate(masses: item.masses, pulls: item.pulls)
    guard values.count == item.masses.count * item.plan.valuesPerRequest else {
      throw BackendError(
        .deviceFailure,
        "\(identity) returned \(values.count) numbers for \(item.masses.count) requests of "
          + "\(item.plan.valuesPerRequest).")
    }
    var single: [Int: [Double]] = [:]
    for request in [0, item.masses.count / 2, item.masses.count - 1] {
      single[request] = try loaded.evaluate(
        masses: [item.masses[request]], pulls: item.pulls(of: request))
    }
    self.single = single
  }
}

private func compare(
  _ candidates: [any Backend], with expected: PulledResults, _ item: PulledVerificationCase
) -> [ComparisonReport] {
  var reports: [ComparisonReport] = []
  var firstDouble: PulledResults?
  for backend in candidates {
    do throws(BackendError) {
      let found = try PulledResults(item, on: backend)
      reports += [judge(found, against: expected, item), judgeCutting(found, item)]
      guard found.identity.precision == .double else { continue }
      if let other = firstDouble {
        var bits = report(.pulledRateBits, found, other, item)
        for index in other.values.indices {
          bits.addBits(other.values[index], found.values[index], at: pointName(item, index))
        }
        reports.append(bits)
      } else {
        firstDouble = found
      }
    } catch {
      reports.append(failure(item, expected.identity, backend.identity, error))
    }
  }
  return reports
}

/// Events within the tolerance of their component's total; derivatives within that of the larger of this total and the
/// sum of their absolute values.
private func judge(
  _ found: PulledResults, against expected: PulledResults, _ item: PulledVerificationCase
) -> ComparisonReport {
  let tolerance = ComparisonTolerance(found.identity.precision)
  var report = report(.pulledRates, found, expected, item)
  let rates = item.plan.rates
  let bins = rates.binCount
  let largestOfCase = expected.values.reduce(0) { max($0, abs($1)) }
  for start in stride(from: 0, to: expected.values.count, by: item.plan.valuesPerRequest) {
    for component in 0..<rates.componentCount {
      func row(_ quantity: Int) -> Range<Int> {
        let first = start + (quantity * rates.componentCount + component) * bins
        return first..<first + bins
      }
      func total(_ quantity: Int) -> Double { expected.values[row(quantity)].reduce(0) { $0 + abs($1) } }
      for quantity in 0...item.plan.parameterCount {
        let scale = max(total(0), total(quantity))
        for index in row(quantity) {
          let (a, b) = (expected.values[index], found.values[index])
          let allowed = max(
            tolerance.countRelative * max(abs(a), abs(b)), tolerance.countOfLargest * scale,
            tolerance.countOfCase * largestOfCase)
          report.add(a, b, allowed: allowed, at: pointName(item, index))
        }
      }
    }
  }
  return report
}

private func judgeCutting(_ found: PulledResults, _ item: PulledVerificationCase) -> ComparisonReport {
  var report = report(.tiling, found, found, item)
  let count = item.plan.valuesPerRequest
  for (request, values) in found.single.sorted(by: { $0.key < $1.key }) {
    guard values.count == count else {
      report.problems.append("A single request returned \(values.count) numbers instead of \(count).")
      continue
    }
    for index in 0..<count {
      let whole = request * count + index
      report.addBits(found.values[whole], values[index], at: pointName(item, whole))
    }
  }
  return report
}

private func failure(
  _ item: PulledVerificationCase, _ reference: BackendIdentity, _ candidate: BackendIdentity,
  _ error: BackendError
) -> ComparisonReport {
  var report = ComparisonReport(
    name: item.name, job: .pulledRates, reference: reference, candidate: candidate)
  report.problems = [error.message]
  return report
}

private func report(
  _ job: ComparisonReport.Job, _ found: PulledResults, _ expected: PulledResults,
  _ item: PulledVerificationCase
) -> ComparisonReport {
  ComparisonReport(name: item.name, job: job, reference: expected.identity, candidate: found.identity)
}

private func pointName(_ item: PulledVerificationCase, _ index: Int) -> String {
  let rates = item.plan.rates
  let (request, rest) = index.quotientAndRemainder(dividingBy: item.plan.valuesPerRequest)
  let (quantity, place) = rest.quotientAndRemainder(dividingBy: rates.valuesPerMass)
  let what = quantity == 0 ? "events" : "derivative to parameter \(quantity - 1)"
  return "m4 = \(item.masses[request]) MeV, pulls \(item.pulls(of: request)), \(what), component "
    + "\(place / rates.binCount), bin \(place % rates.binCount)"
}

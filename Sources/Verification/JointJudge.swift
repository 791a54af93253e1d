import ScanCore

/// Compares what two backends say about a joint plan.
struct JointJudge {
  let item: JointVerificationCase
  let found: JointResults
  let expected: JointResults

  /// By the tolerance of the candidate's precision.
  var reports: [ComparisonReport] { [profile, minima, thrown, toys, cutting] }

  /// Bit by bit.
  var bits: [ComparisonReport] {
    var profile = report(.jointProfileBits)
    add(found.profile.statistic, expected.profile.statistic, to: &profile, "statistic")
    add(found.profile.pulls, expected.profile.pulls, to: &profile, "pulls")
    for (index, (a, b)) in zip(found.minima, expected.minima).enumerated() {
      add(a.statistic, b.statistic, to: &profile, "minimum, search \(index)")
      add(a.strength, b.strength, to: &profile, "strength, search \(index)")
      add(a.pulls, b.pulls, to: &profile, "pulls, search \(index)")
      add(a.row.map(Double.init), b.row.map(Double.init), to: &profile, "row, search \(index)")
    }
    var toys = report(.toyBits)
    for (index, (a, b)) in zip(found.thrown, expected.thrown).enumerated() {
      add(a.observed, b.observed, to: &toys, "counts, batch \(index)")
      add(a.centres, b.centres, to: &toys, "centres, batch \(index)")
    }
    for (index, (a, b)) in zip(found.toys, expected.toys).enumerated() {
      add(a, b, to: &toys, "batch \(index)")
    }
    return [profile, toys]
  }

  // MARK: - Within tolerances

  private var tolerance: ComparisonTolerance { ComparisonTolerance(found.identity.precision) }

  private func allowed(_ statistic: Double, events: Double) -> Double {
    tolerance.statistic * max(1, abs(statistic)) + tolerance.statisticPerEvent * events
  }

  private var profile: ComparisonReport {
    var report = report(.jointProfile)
    if found.profile.unconverged > 0 {
      report.problems.append("\(found.profile.unconverged) points did not converge.")
    }
    let pulls = item.plan.pullCount
    for (index, point) in item.points.enumerated() {
      let a = expected.profile.statistic[index]
      let events = item.events(set: point.set, row: point.row, strength: point.strength)
      report.add(a, found.profile.statistic[index], allowed: allowed(a, events: events), at: name(point))
      for k in 0..<pulls {
        report.add(
          expected.profile.pulls[index * pulls + k], found.profile.pulls[index * pulls + k],
          allowed: tolerance.pull * item.plan.pulls[k].width, at: name(point) + ", pull \(k)")
      }
    }
    return report
  }

  private var minima: ComparisonReport {
    var report = report(.jointMinima)
    for (index, (a, b)) in zip(expected.minima, found.minima).enumerated() {
      guard a.statistic.count == b.statistic.count else {
        report.problems.append("Search \(index) has \(b.statistic.count) minima for \(a.statistic.count).")
        continue
      }
      if b.unconverged > 0 { report.problems.append("\(b.unconverged) data sets did not converge.") }
      for set in a.statistic.indices {
        let events = item.events(set: set, row: a.row[set], strength: a.strength[set])
        report.add(
          a.statistic[set], b.statistic[set], allowed: allowed(a.statistic[set], events: events),
          at: "search \(index), data set \(set)")
      }
    }
    return report
  }

  /// Counts are whole numbers, the same in every precision: only Gaussian bins and centres may differ, by rounding.
  private var thrown: ComparisonReport {
    var report = report(.thrown)
    let tolerance = ComparisonTolerance(.double).countRelative
    for (index, (a, b)) in zip(expected.thrown, found.thrown).enumerated() {
      for (kind, x, y) in [("count", a.observed, b.observed), ("centre", a.centres, b.centres)] {
        guard x.count == y.count else {
          report.problems.append("Batch \(index) has \(y.count) \(kind)s instead of \(x.count).")
          continue
        }
        for place in x.indices {
          report.add(
            x[place], y[place], allowed: tolerance * max(1, abs(x[place])),
            at: "batch \(index), \(kind) \(place)")
        }
      }
    }
    return report
  }

  private var toys: ComparisonReport {
    var report = report(.toys)
    let bins = item.plan.binCount
    for (index, (a, b)) in zip(expected.toys, found.toys).enumerated() {
      guard a.tested.count == b.tested.count, a.minimum.count == b.minimum.count else {
        report.problems.append("Batch \(index) has \(b.tested.count) toys instead of \(a.tested.count).")
        continue
      }
      if a.clipped != b.clipped { report.problems.append("Batch \(index) is clipped elsewhere.") }
      if b.unconverged.contains(where: { $0 > 0 }) {
        report.problems.append("Batch \(index): \(b.unconverged) toys did not converge.")
      }
      let batch = item.batches[index]
      for toy in a.tested.indices {
        let point = batch.points[toy / batch.toys.count]
        let thrown = expected.thrown[index].observed[toy * bins..<(toy + 1) * bins].reduce(0) { $0 + abs($1) }
        for (kind, x, y, row, q) in [
          ("tested", a.tested[toy], b.tested[toy], point.testedRow, point.testedStrength),
          ("minimum", a.minimum[toy], b.minimum[toy], Int(a.bestRow[toy]), a.bestStrength[toy]),
        ] {
          let events = thrown + item.expectedEvents(row: row, strength: q)
          report.add(x, y, allowed: allowed(x, events: events), at: "batch \(index), toy \(toy), \(kind)")
        }
      }
    }
    return report
  }

  /// Points, data sets and toys alone give the same bits as among others.
  private var cutting: ComparisonReport {
    var report = report(.tiling, against: found)
    let pulls = item.plan.pullCount
    for (index, single) in found.singleProfiles.sorted(by: { $0.key < $1.key }) {
      add(single.statistic, [found.profile.statistic[index]], to: &report, "point \(index)")
      let whole = Array(found.profile.pulls[index * pulls..<(index + 1) * pulls])
      add(single.pulls, whole, to: &report, "pulls of point \(index)")
    }
    for (set, single) in found.singleMinima.sorted(by: { $0.key < $1.key }) {
      add(single.statistic, [found.minima[0].statistic[set]], to: &report, "minimum of data set \(set)")
      add(single.strength, [found.minima[0].strength[set]], to: &report, "strength of data set \(set)")
    }
    for (index, single) in found.singleToys.sorted(by: { $0.key < $1.key }) {
      let toys = item.batches[index].toys.count
      func last(_ values: [Double]) -> [Double] {
        stride(from: toys - 1, to: values.count, by: toys).map { values[$0] }
      }
      let whole = found.toys[index]
      add(single.tested, last(whole.tested), to: &report, "tested, batch \(index)")
      add(single.minimum, last(whole.minimum), to: &report, "minimum, batch \(index)")
      add(single.bestStrength, last(whole.bestStrength), to: &report, "strength, batch \(index)")
    }
    return report
  }

  // MARK: - Names and sums

  private func report(
    _ job: ComparisonReport.Job, against other: JointResults? = nil
  ) -> ComparisonReport {
    ComparisonReport(
      name: item.name, job: job, reference: (other ?? expected).identity, candidate: found.identity)
  }

  private func add(_ a: [Double], _ b: [Double], to report: inout ComparisonReport, _ what: String) {
    guard a.count == b.count else {
      report.problems.append("\(what): \(a.count) numbers for \(b.count).")
      return
    }
    for index in a.indices { report.addBits(b[index], a[index], at: "\(what), \(index)") }
  }

  private func add(_ a: ToyResult, _ b: ToyResult, to report: inout ComparisonReport, _ what: String) {
    add(a.tested, b.tested, to: &report, "tested, \(what)")
    add(a.minimum, b.minimum, to: &report, "minimum, \(what)")
    add(a.bestStrength, b.bestStrength, to: &report, "strength, \(what)")
    add(a.bestRow.map(Double.init), b.bestRow.map(Double.init), to: &report, "row, \(what)")
    if a.clipped != b.clipped || a.unconverged != b.unconverged {
      report.problems.append("\(what): clipped or unconverged toys differ.")
    }
  }

  private func name(_ point: JointPoint) -> String {
    "data set \(point.set), row \(point.row), q = \(point.strength)"
  }
}

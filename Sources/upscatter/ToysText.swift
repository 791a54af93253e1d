import Pipeline

/// What `toys` prints of its numbers for people.
struct ToysText {
  let lines: [String]

  init(_ report: ToyScanReport) {
    var lines: [String] = []
    let mass = report.provenance.massSymbol ?? "m4"
    if let low = report.critical_value.first, let high = report.critical_value.last {
      lines.append(
        "critical values \(short(low)) to \(short(high)) over the grid, with the noise of the toys (asymptotic "
          + "\(short(report.asymptotic_critical_value)))")
    }
    if let low = report.asymptotic_coverage.first, let high = report.asymptotic_coverage.last {
      lines.append(
        "share of toys inside the asymptotic contour: \(short(100 * low)) to \(short(100 * high)) % over the grid"
      )
    }
    if let coverage = report.contour_coverage {
      let least = coverage.minimum
      lines.append(
        "along that contour (\(coverage.stated) of \(coverage.points) grid points next to it): \(short(100 * coverage.mean)) +- "
          + "\(NumberWords.short(100 * coverage.error, digits: 2)) % on average")
      lines.append(
        "the lowest of them: \(short(100 * least.value)) % (\(short(100 * least.lower)) to \(short(100 * least.upper)) %, \(least.toys) toys) at "
          + "\(mass) = \(short(least.m4)) MeV, \(short(least.d)) \(report.d_unit)")
    } else {
      lines.append("the asymptotic contour passes no grid point that toys state: no coverage along it")
    }
    for limit in report.limit ?? [] {
      lines.append(
        "\(mass) = \(short(limit.m4)) MeV: \(limit.text(asymptotic: false)) (asymptotic: \(limit.text(asymptotic: true))) [\(report.d_unit)]"
      )
    }
    self.lines = lines
  }
}

private func short(_ value: Double) -> String { NumberWords.short(value) }

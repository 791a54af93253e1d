import Pipeline

extension ExperimentSummary {
  /// "NAME: good", and how many warnings there are.
  func verdict(_ name: String) -> String {
    switch warnings.count {
    case 0: "\(name): good"
    case 1: "\(name): good, 1 warning"
    default: "\(name): good, \(warnings.count) warnings"
    }
  }

  /// What `experiments check` prints of a sound experiment.
  func text(calling name: String) -> String {
    let blocks = [
      ("source", fluxLines), ("exposure", [exposure]), ("recoils", recoils.map(\.line)), ("channel", [bins]),
      ("events", eventLines), ("pulls", pulls.isEmpty ? ["none"] : pulls),
    ]
    var lines = ["\(title) (\(kind), \(statistic) statistic)"]
    for (head, body) in blocks {
      for (index, line) in body.enumerated() {
        lines.append("  " + column(index == 0 ? head : "", 10) + line)
      }
    }
    return (lines + warnings.map(\.description) + [verdict(name)]).joined(separator: "\n")
  }

  private func number(_ value: Double) -> String { NumberWords.short(value) }

  private var fluxLines: [String] {
    fluxes.map { flux in
      let rate = flux.flux.map { "\(number($0)) /cm^2/s" } ?? "no live time"
      return column(flux.label, 18) + column(flux.flavour, 8) + column(rate, 20)
        + "\(number(flux.fluence)) /cm^2 over the exposure"
    }
  }

  private var exposure: String {
    let mass = "\(number(massKilograms)) kg"
    guard let days = liveTimeDays else { return "\(mass); the source has no live time of its own" }
    let product = NumberWords.short(massKilograms * days, digits: 6)
    return "\(mass) x \(NumberWords.short(days, digits: 6)) d = \(product) kg d"
  }

  private var bins: String {
    let range =
      energyUnit == "bin"
      ? "\(energyBins) bins of a response matrix"
      : "\(energyBins) energy bins, \(number(energyRange[0])) to \(number(energyRange[1])) \(energyUnit)"
    return timeBins > 1 ? "\(range), x \(timeBins) time bins" : range
  }

  private var eventLines: [String] {
    var lines = standardModel.map { column("\($0.process) \($0.component)", 30) + number($0.total) }
    lines.append(column("Standard Model", 30) + number(standardModelTotal))
    lines += backgrounds.map { column("background \($0.name)", 30) + number($0.total) }
    if !backgrounds.isEmpty { lines.append(column("expected in all", 30) + number(expected)) }
    lines.append(
      column("observed", 30)
        + (observed.map { number($0) + (hasUncertainties ? " (with uncertainties of their own)" : "") }
          ?? "no counts"))
    if let chiSquare {
      lines.append(
        column("chi2 without signal", 30) + number(chiSquare) + " for \(energyBins * timeBins) bins")
    }
    return lines
  }
}

extension ExperimentSummary.Recoils {
  fileprivate var line: String {
    let start = column(kind, 10)
    let floor = "floor \(NumberWords.energy(floor))"
    guard let seenFrom else {
      return start + "none is selected with 1 % (at most \(NumberWords.percent(largestAcceptance))); \(floor)"
    }
    let half = halfSeenFrom.map { "50 % from \(NumberWords.energy($0))" } ?? "never 50 %"
    return start + "1 % selected from \(NumberWords.energy(seenFrom)), \(half); \(floor)"
  }
}

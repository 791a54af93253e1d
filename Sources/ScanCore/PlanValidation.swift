/// What every backend checks before it touches a plan: shapes, index ranges, finite numbers, domains.
///
/// A plan is a file format as much as a value (it is `Codable` and replayable), so nothing here may trap.
extension RatePlan {
  /// The plan itself if every table has the announced shape and every number lies in its domain [UPS-10].
  package func validated() throws(BackendError) -> RatePlan {
    try checkSizes()
    try checkScalars()
    for (index, rule) in recoilRules.enumerated() {
      try rule.check("recoil rule \(index)", within: -1...1)
    }
    if mode == .quadrature { try energyRule.check("energy rule", within: 0...1) }
    for (index, table) in responses.enumerated() {
      try table.check("response table \(index)", binCount: binCount)
    }
    for (index, group) in fluxGroups.enumerated() {
      try group.check("flux group \(index)", mode: mode, componentCount: componentCount)
    }
    for (index, channel) in channels.enumerated() { try check(channel, "channel \(index)") }
    return self
  }

  private func checkSizes() throws(BackendError) {
    try requirePlan(binCount >= 1, "the bin count is \(binCount)", "one or more")
    try requirePlan(componentCount >= 1, "the component count is \(componentCount)", "one or more")
    try requirePlan(!channels.isEmpty, "the plan has no channel", "one or more")
    let numbers = responses.reduce(0) { $0 + $1.values.count }
    let limit = 1 << 27  // offsets into packed and padded tables are 32-bit
    try requirePlan(numbers < limit, "the response tables hold \(numbers) numbers", "fewer than \(limit)")
  }

  private func checkScalars() throws(BackendError) {
    let scalars = [
      ("event scale", eventScale), ("reference coupling", referenceCoupling), ("tolerance", tolerance),
      ("estimated error", estimatedError),
    ]
    for (name, value) in scalars {
      try requirePlan(value.isFinite && value >= 0, "the \(name) is \(value)", "a finite number >= 0")
    }
  }

  private func check(_ channel: RateChannel, _ name: String) throws(BackendError) {
    try requirePlan(
      channel.targetMass.isFinite && channel.targetMass > 0,
      "\(name): the target mass is \(channel.targetMass) MeV",
      "a finite number > 0")
    try requirePlan(
      channel.contact.count == 5 && channel.contact.allSatisfy(\.isFinite),
      "\(name): the contact coefficients are \(channel.contact)", "five finite numbers")
    try requireIndex(channel.response, in: responses.count, "\(name): response table")
    try requireIndex(channel.recoilRule, in: recoilRules.count, "\(name): recoil rule")
    try requireIndex(channel.fluxGroup, in: fluxGroups.count, "\(name): flux group")
    let available = fluxGroups[channel.fluxGroup].components.count
    try requirePlan(
      channel.firstComponent >= 0 && channel.componentCount >= 1
        && channel.componentCount <= available - channel.firstComponent,
      "\(name): components \(channel.firstComponent) plus \(channel.componentCount) more",
      "a range inside 0 ..< \(available)")
  }
}

extension QuadratureRule {
  fileprivate func check(_ name: String, within range: ClosedRange<Double>) throws(BackendError) {
    try requirePlan(
      !nodes.isEmpty && nodes.count == weights.count,
      "the \(name) has \(nodes.count) nodes and \(weights.count) weights",
      "as many weights as nodes, at least one")
    try requirePlan(
      nodes.allSatisfy(range.contains), "the \(name) has a node outside its interval",
      "nodes in [\(range.lowerBound), \(range.upperBound)]")
    try requireFinite(weights, "the weights of the \(name)")
  }
}

extension ResponseTable {
  fileprivate func check(_ name: String, binCount: Int) throws(BackendError) {
    let ordered = lowerRecoil > 0 && lowerRecoil < upperRecoil && upperRecoil.isFinite
    try requirePlan(
      ordered, "\(name): the recoil window is [\(lowerRecoil), \(upperRecoil)] MeV", "0 < lower < upper")
    try requirePlan(
      referenceRecoil.isFinite && referenceRecoil > 0,
      "\(name): the reference recoil is \(referenceRecoil) MeV",
      "a finite number > 0")
    try requirePlan(
      firstLog.isFinite && logStep.isFinite && logStep > 0,
      "\(name): the grid starts at \(firstLog) with step \(logStep)", "a finite start and a step > 0")
    try requirePlan(
      rowCount >= 6, "\(name): it has \(rowCount) rows", "six or more, for six-point interpolation")
    try requirePlan(
      values.count.isMultiple(of: binCount) && values.count / binCount == rowCount,
      "\(name): it holds \(values.count) values", "\(rowCount) rows of \(binCount) bins")
    try requireFinite(values, name)
  }
}

extension FluxGroup {
  fileprivate func check(_ name: String, mode: IntegralMode, componentCount: Int) throws(BackendError) {
    try requirePlan(
      energyEdges.count >= 2, "\(name): it has \(energyEdges.count) energy edges", "two or more")
    try requireFinite(energyEdges, "the energy edges of \(name)")
    let ascending = zip(energyEdges, energyEdges.dropFirst()).allSatisfy { $0 < $1 }
    try requirePlan(
      ascending && energyEdges[0] >= 0, "\(name): the energy edges \(energyEdges.prefix(4))... do not ascend",
      "strictly ascending edges >= 0 MeV")
    for (index, component) in components.enumerated() {
      let name = "\(name), component \(index)"
      try requireIndex(component.output, in: componentCount, "\(name): output row")
      try component.checkPolynomials(name, segments: segmentCount, mode: mode)
      try component.checkLines(name, edges: energyEdges)
    }
  }
}

extension FluxComponent {
  /// The table of the other mode may be left out, the one in use must be complete.
  fileprivate func checkPolynomials(_ name: String, segments: Int, mode: IntegralMode) throws(BackendError) {
    let degrees = 0...64
    try requirePlan(
      degrees.contains(momentDegree) && degrees.contains(spectrumDegree),
      "\(name): the polynomial degrees are \(momentDegree) and \(spectrumDegree)", "degrees from 0 to 64")
    let wantedMoments = segments * 3 * (momentDegree + 1)
    let wantedSpectrum = segments * (spectrumDegree + 1)
    try requirePlan(
      moments.count == wantedMoments || (mode == .quadrature && moments.isEmpty),
      "\(name): it holds \(moments.count) moment coefficients", "\(wantedMoments)")
    try requirePlan(
      spectrum.count == wantedSpectrum || (mode == .moments && spectrum.isEmpty),
      "\(name): it holds \(spectrum.count) spectrum coefficients", "\(wantedSpectrum)")
    try requireFinite(moments, "the moments of \(name)")
    try requireFinite(spectrum, "the spectrum of \(name)")
  }

  fileprivate func checkLines(_ name: String, edges: [Double]) throws(BackendError) {
    try requirePlan(
      lineEnergies.count == lineWeights.count,
      "\(name): it has \(lineEnergies.count) line energies and \(lineWeights.count) weights",
      "as many weights")
    try requireFinite(lineWeights, "the line weights of \(name)")
    for energy in lineEnergies {
      try requirePlan(
        edges.contains(energy), "\(name): the line at \(energy) MeV is not an edge of its group",
        "an edge at every line energy")
    }
  }
}

// MARK: - Likelihood

extension LikelihoodPlan {
  /// The plan itself if shapes agree, everything is finite and in the domain of [UPS-12] or [UPS-13].
  package func validated() throws(BackendError) -> LikelihoodPlan {
    try fold.check()
    try requirePlan(
      observed.count == fold.binCount && base.count == fold.binCount,
      "there are \(observed.count) observed and \(base.count) base values",
      "\(fold.binCount) bins as in the fold")
    try checkEvents(observed, "the observed events", slack: 0)
    try checkEvents(base, "the base prediction")
    try checkPulls()
    switch statistic {
    case .poisson: try checkPoisson()
    case .gaussian: try checkGaussian()
    }
    return self
  }

  /// Events are not negative; under the Gaussian statistic bins may be differences, or mixed by a covariance [UPS-25].
  private func checkEvents(
    _ values: [Double], _ name: String, slack: Double = interpolationSlack
  ) throws(BackendError) {
    switch statistic {
    case .poisson: try requireNonNegative(values, name, slack: slack)
    case .gaussian: try requireFinite(values, name)
    }
  }

  private func checkPulls() throws(BackendError) {
    let most = Self.maximumPulls
    try requirePlan(pullCount <= most, "there are \(pullCount) pulls", "at most \(most)")
    try requirePlan(
      pullTemplates.count == pullCount && pullTemplates.allSatisfy { $0.count == binCount },
      "there are \(pullTemplates.count) pull templates for \(pullCount) pulls",
      "one per pull with \(binCount) bins")
    for (index, width) in pullWidths.enumerated() {
      try requirePlan(
        width.isFinite && width > 0, "the width of pull \(index) is \(width)", "a finite number > 0")
      try checkEvents(pullTemplates[index], "the template of pull \(index)")
    }
    if statistic == .gaussian { return }
    let slack = interpolationSlack * (base.max() ?? 0)
    for bin in 0..<binCount {
      let pulled = pullTemplates.reduce(0) { $0 + $1[bin] }
      try requirePlan(
        pulled <= base[bin] + slack, "bin \(bin): the pull templates sum to \(pulled)",
        "at most the base prediction of \(base[bin])")
    }
  }

  private func checkPoisson() throws(BackendError) {
    try requirePlan(variance.isEmpty, "the Poisson plan carries \(variance.count) variances", "none")
    for bin in 0..<binCount where observed[bin] > 0 {
      try requirePlan(
        base[bin] > 0, "bin \(bin): \(observed[bin]) events are observed where the base prediction is zero",
        "a base prediction > 0 wherever events are observed; merge the bin with a neighbour or add its background"
      )
    }
  }

  private func checkGaussian() throws(BackendError) {
    try requirePlan(pullCount <= 1, "the Gaussian statistic has \(pullCount) pulls", "none or one")
    try requirePlan(variance.count == binCount, "there are \(variance.count) variances", "\(binCount)")
    for bin in 0..<binCount {
      try requirePlan(
        variance[bin].isFinite && variance[bin] > 0, "bin \(bin): the variance is \(variance[bin])",
        "a finite number > 0; bins without events need the Poisson statistic")
    }
  }

  /// Checks that rates of `rates` can be folded into this likelihood.
  package func checkCompatible(with rates: RatePlan) throws(BackendError) {
    try requirePlan(
      rates.componentCount == fold.componentCount && rates.binCount == fold.energyBins,
      "the rates have \(rates.componentCount) components of \(rates.binCount) bins",
      "\(fold.componentCount) components of \(fold.energyBins) bins, as in the fold of the likelihood")
  }

  /// Checks a tile and the signal templates of its rows.
  package func check(_ tile: Tile, templates: [Double]) throws(BackendError) {
    try tile.check()
    try requirePlan(
      templates.count == tile.rows * binCount, "there are \(templates.count) template values",
      "\(tile.rows) rows of \(binCount) bins")
    try checkEvents(templates, "the signal templates")
  }
}

extension ComponentFold {
  func check() throws(BackendError) {
    try requirePlan(
      componentCount >= 1 && energyBins >= 1 && timeBins >= 1,
      "the fold has \(componentCount) components, \(energyBins) energy bins and \(timeBins) time bins",
      "one or more of each")
    let wanted = componentCount * timeBins
    try requirePlan(weights.count == wanted, "the fold holds \(weights.count) weights", "\(wanted)")
    try requireNonNegative(weights, "the weights of the fold")
  }
}

extension Tile {
  /// Checks masses (finite, >= 0 MeV) and coupling squares (finite, >= 0).
  package func check() throws(BackendError) {
    try checkMasses(masses)
    try requireNonNegative(couplingSquares, "the coupling squares of the tile")
  }
}

/// Checks that heavy-neutrino masses are finite and >= 0 MeV.
package func checkMasses(_ masses: [Double]) throws(BackendError) {
  try requireNonNegative(masses, "the heavy-neutrino masses (MeV)")
}

// MARK: - Requirements

func requirePlan(
  _ holds: Bool, _ found: @autoclosure () -> String, _ wanted: @autoclosure () -> String
) throws(BackendError) {
  if holds { return }
  throw BackendError(
    .unsupportedPlan, "The plan cannot be evaluated: \(found()), but it takes \(wanted()). Rebuild the plan.")
}

func requireIndex(_ index: Int, in count: Int, _ name: String) throws(BackendError) {
  try requirePlan(
    index >= 0 && index < count, "\(name) \(index) does not exist", "an index in 0 ..< \(count)")
}

func requireFinite(_ values: [Double], _ name: String) throws(BackendError) {
  guard let index = values.firstIndex(where: { !$0.isFinite }) else { return }
  try requirePlan(false, "\(name): element \(index) is \(values[index])", "finite numbers")
}

/// Six-point interpolation of steep responses may undershoot zero by this fraction of the largest element.
private let interpolationSlack = 1e-9

func requireNonNegative(_ values: [Double], _ name: String, slack: Double = 0) throws(BackendError) {
  try requireFinite(values, name)
  let lowest = slack == 0 ? 0 : -slack * (values.max() ?? 0)
  guard let index = values.firstIndex(where: { $0 < lowest }) else { return }
  try requirePlan(false, "\(name): element \(index) is \(values[index])", "numbers >= 0")
}

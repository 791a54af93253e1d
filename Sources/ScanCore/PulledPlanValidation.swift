/// What every backend checks before it touches a plan with non-linear pulls; nothing here may trap (`PlanValidation`).
extension PulledRatePlan {
  /// The plan itself if the rate plan is good and every table of the pulls has the announced shape and finite numbers in
  /// their domain [UPS-19].
  package func validated() throws(BackendError) -> PulledRatePlan {
    _ = try rates.validated()
    let most = Self.maximumParameters
    try requirePlan(
      (0...most).contains(parameterCount), "there are \(parameterCount) parameters", "from 0 to \(most)")
    try requirePlan(
      responses.count == rates.responses.count,
      "there are \(responses.count) pulled responses for \(rates.responses.count) response tables",
      "one per table")
    try checkSize()
    for (index, table) in smearings.enumerated() {
      try table.check("smearing table \(index)", binCount: rates.binCount)
    }
    for (index, response) in responses.enumerated() {
      try response.check(
        "pulled response \(index)", rowCount: rates.responses[index].rowCount, parameterCount: parameterCount)
      try requireIndex(response.smearing, in: smearings.count, "pulled response \(index): smearing table")
    }
    return self
  }

  private func checkSize() throws(BackendError) {
    let curves = responses.reduce(0) { $0 + $1.visibleEnergy.count + $1.factor.count }
    let numbers = smearings.reduce(curves) { $0 + $1.values.count }
    let limit = 1 << 27  // offsets into packed and padded tables are 32-bit
    try requirePlan(
      numbers < limit, "the tables of the pulls hold \(numbers) numbers", "fewer than \(limit)")
  }

  /// Checks requests: masses (finite, >= 0 MeV), as many parameter sets, |theta| <= `largestPull`.
  package func check(masses: [Double], pulls: [Double]) throws(BackendError) {
    try checkMasses(masses)
    try requirePlan(
      pulls.count == masses.count * parameterCount,
      "there are \(pulls.count) parameter values for \(masses.count) masses",
      "\(parameterCount) values per mass")
    let largest = Self.largestPull
    guard let index = pulls.firstIndex(where: { !(abs($0) <= largest) }) else { return }
    try requirePlan(
      false,
      "request \(index / parameterCount): parameter \(index % parameterCount) is \(pulls[index]) widths",
      "values in [-\(largest), \(largest)]")
  }
}

extension PulledResponse {
  fileprivate func check(_ name: String, rowCount: Int, parameterCount: Int) throws(BackendError) {
    let most = PulledRatePlan.maximumFactorDegree
    try requirePlan(
      (0...most).contains(factorDegree), "\(name): the degree of the factor is \(factorDegree)",
      "a degree from 0 to \(most)")
    if factorDegree > 0 {
      try requireIndex(factorParameter, in: parameterCount, "\(name): parameter of the factor")
    }
    try requirePlan(
      visibleEnergy.count == rowCount * (1 + parameterCount),
      "\(name): it holds \(visibleEnergy.count) visible energies",
      "\(rowCount) rows of \(1 + parameterCount)")
    try requirePlan(
      factor.count == rowCount * (factorDegree + 1), "\(name): it holds \(factor.count) factors",
      "\(rowCount) rows of \(factorDegree + 1)")
    try requireFinite(factor, "the factors of \(name)")
    let largest = PulledRatePlan.largestVisibleEnergy
    guard let index = visibleEnergy.firstIndex(where: { !(abs($0) <= largest) }) else { return }
    try requirePlan(
      false, "\(name): visible energy \(index) is \(visibleEnergy[index]) MeV",
      "numbers within \(largest) MeV")
  }
}

extension SmearingTable {
  fileprivate func check(_ name: String, binCount: Int) throws(BackendError) {
    try requirePlan(
      rowCount >= 6, "\(name): it has \(rowCount) rows", "six or more, for six-point interpolation")
    let range = Self.logRange
    let last = firstLog + logStep * Double(rowCount - 1)
    try requirePlan(
      logStep >= Self.smallestLogStep && range.contains(firstLog) && range.contains(last),
      "\(name): the grid runs in ln(x/MeV) from \(firstLog) to \(last) with step \(logStep)",
      "a grid inside [\(range.lowerBound), \(range.upperBound)] with a step of \(Self.smallestLogStep) or more"
    )
    try requirePlan(
      values.count.isMultiple(of: binCount) && values.count / binCount == rowCount,
      "\(name): it holds \(values.count) values", "\(rowCount) rows of \(binCount) bins")
    try requireFinite(values, name)
  }
}

extension PulledFold {
  /// The fold itself if its knots have the announced shape, lie around theta = 0 and its parameter is one of
  /// `parameterCount` [UPS-19].
  package func validated(parameterCount: Int) throws(BackendError) -> PulledFold {
    try nominal.check()
    if !moves { return self }
    try requireIndex(parameter, in: parameterCount, "the parameter of the fold:")
    let each = nominal.weights.count
    try requirePlan(
      weights.count.isMultiple(of: each) && knotCount >= 2 && slopes.count == weights.count,
      "the pulled fold holds \(weights.count) weights and \(slopes.count) slopes",
      "as many of each, two or more times \(each)")
    try requireFinite(weights, "the weights of the pulled fold")
    try requireFinite(slopes, "the slopes of the pulled fold")
    let last = firstKnot + knotStep * Double(knotCount - 1)
    try requirePlan(
      knotStep > 0 && knotStep.isFinite && firstKnot.isFinite && firstKnot <= -PulledRatePlan.largestPull
        && last >= PulledRatePlan.largestPull,
      "the knots of the pulled fold run from \(firstKnot) to \(last)",
      "ascending knots over \(-PulledRatePlan.largestPull) to \(PulledRatePlan.largestPull)")
    let center = Int((-firstKnot / knotStep).rounded())
    try requirePlan(
      center < knotCount && Array(weights[center * each..<(center + 1) * each]) == nominal.weights,
      "the pulled fold at theta = 0 differs from the nominal fold", "a knot with the nominal weights there")
    return self
  }
}

extension PulledLikelihoodPlan {
  /// The plan itself if its parts are good and fit together: a Poisson statistic, both rate plans with the same
  /// parameters, both folds onto the bins of the observation [UPS-20].
  package func validated() throws(BackendError) -> PulledLikelihoodPlan {
    _ = try linear.validated()
    try requirePlan(
      linear.statistic == .poisson, "the statistic is \(linear.statistic.rawValue)", "Poisson")
    try requirePlan(
      linear.fold == signalFold.nominal, "the pulled fold of the signal differs from that of the likelihood",
      "the same fold at theta = 0")
    try requirePlan(
      constant.count == linear.binCount, "there are \(constant.count) constant events",
      "\(linear.binCount) bins")
    try requireNonNegative(constant, "the constant events")
    let most = Self.maximumParameters
    try requirePlan(
      rateParameterCount >= 0 && parameterCount <= most,
      "there are \(parameterCount) parameters, \(backgroundShapes.count) of them background shapes",
      "at most \(most), background shapes among them")
    for (index, shape) in backgroundShapes.enumerated() {
      try requirePlan(
        shape.count == linear.binCount, "background shape \(index) has \(shape.count) bins",
        "\(linear.binCount)")
      try requireFinite(shape, "background shape \(index)")
    }
    try check(signal, signalFold, "signal")
    try check(standardModel, standardModelFold, "Standard Model")
    return self
  }

  private func check(_ plan: PulledRatePlan, _ fold: PulledFold, _ name: String) throws(BackendError) {
    if rateParameterCount > 0 { _ = try plan.validated() } else { _ = try plan.rates.validated() }
    try requirePlan(
      plan.parameterCount == rateParameterCount, "the \(name) rates have \(plan.parameterCount) parameters",
      "\(rateParameterCount) as in the likelihood")
    _ = try fold.validated(parameterCount: rateParameterCount)
    let shape = fold.nominal
    try requirePlan(
      shape.componentCount == plan.rates.componentCount && shape.energyBins == plan.rates.binCount,
      "the \(name) rates have \(plan.rates.componentCount) components of \(plan.rates.binCount) bins",
      "\(shape.componentCount) components of \(shape.energyBins) bins, as in their fold")
    try requirePlan(
      shape.energyBins == linear.fold.energyBins && shape.timeBins == linear.fold.timeBins,
      "the fold of the \(name) has \(shape.energyBins) x \(shape.timeBins) bins",
      "\(linear.fold.energyBins) x \(linear.fold.timeBins), as in the likelihood")
  }
}

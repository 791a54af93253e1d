/// What every backend checks before it touches a joint plan, its data and its toys.
extension JointPlan {
  /// The plan itself if shapes agree and every number lies in its domain [UPS-36].
  package func validated() throws(BackendError) -> JointPlan {
    try requirePlan(binCount >= 1 && binCount < 1 << 20, "there are \(binCount) bins", "1 to 1048575")
    try requirePlan(
      variance.count == binCount, "there are \(variance.count) variances", "one per bin, \(binCount)")
    try requireFinite(rest, "the events that no pull moves")
    try requireNonNegative(variance, "the variances")
    try requirePlan(
      pullCount <= Self.maximumPulls, "there are \(pullCount) pulls", "at most \(Self.maximumPulls)")
    for (index, pull) in pulls.enumerated() { try check(pull, index) }
    try checkBlocks()
    return self
  }

  private func check(_ pull: JointPull, _ index: Int) throws(BackendError) {
    try requirePlan(
      pull.events.count == binCount, "pull \(pull.name) has \(pull.events.count) bins", "\(binCount)")
    try requirePlan(
      pull.width.isFinite && pull.width > 0, "the width of pull \(pull.name) is \(pull.width)",
      "a finite number > 0")
    try requireFinite(pull.events, "the events of pull \(pull.name)")
    guard pull.isNormalisation else { return }
    for bin in 0..<binCount where variance[bin] == 0 {
      try requirePlan(
        pull.events[bin] >= 0, "pull \(pull.name) has \(pull.events[bin]) events in Poisson bin \(bin)",
        "numbers >= 0 for a normalisation")
    }
  }

  private func checkBlocks() throws(BackendError) {
    var next = 0
    for block in blocks {
      try requirePlan(
        block.bins.lowerBound == next && !block.bins.isEmpty,
        "block \(block.name) has the bins \(block.bins)", "bins from \(next) on, without a gap")
      next = block.bins.upperBound
      try requirePlan(
        block.signalShares.count == pullCount,
        "block \(block.name) has \(block.signalShares.count) signal shares",
        "one per pull, \(pullCount)")
      try requireFinite(block.signalShares, "the signal shares of block \(block.name)")
      let gaussian = block.bins.count { variance[$0] > 0 }
      try requirePlan(
        gaussian == 0 || gaussian == block.bins.count,
        "block \(block.name) has \(gaussian) Gaussian bins of \(block.bins.count)", "bins of one kind")
    }
    try requirePlan(next == binCount, "the blocks end at bin \(next)", "the last bin, \(binCount)")
  }

  /// Number of data sets.
  package func check(_ data: JointData) throws(BackendError) -> Int {
    let sets = data.observed.count / binCount
    try requirePlan(
      data.observed.count == sets * binCount, "there are \(data.observed.count) observed values",
      "a multiple of the \(binCount) bins")
    try requirePlan(
      data.centres.isEmpty || data.centres.count == sets * pullCount,
      "there are \(data.centres.count) centres", "\(sets) sets of \(pullCount) pulls")
    try requireFinite(data.observed, "the observed values")
    try requireFinite(data.centres, "the centres")
    for bin in 0..<binCount where variance[bin] == 0 {
      for set in 0..<sets {
        let n = data.observed[set * binCount + bin]
        try requirePlan(n >= 0, "set \(set): Poisson bin \(bin) holds \(n) events", "numbers >= 0")
      }
    }
    return sets
  }

  /// Number of rows.
  package func check(templates: [Double]) throws(BackendError) -> Int {
    let rows = templates.count / binCount
    try requirePlan(
      templates.count == rows * binCount, "there are \(templates.count) template values",
      "a multiple of the \(binCount) bins")
    try requireFinite(templates, "the signal templates")
    return rows
  }

  package func check(_ points: [JointPoint], sets: Int, rows: Int) throws(BackendError) {
    for point in points {
      try requireIndex(point.set, in: sets, "data set")
      try requireIndex(point.row, in: rows, "signal template")
      try requirePlan(point.strength.isFinite, "a strength is \(point.strength)", "a finite number")
    }
  }

  package func check(_ search: JointSearch, rows: Int) throws(BackendError) {
    try requirePlan(
      search.rows.lowerBound >= 0 && search.rows.upperBound <= rows && !search.rows.isEmpty,
      "the search covers the rows \(search.rows)", "rows inside 0 ..< \(rows)")
    if let strength = search.strength {
      try requirePlan(strength.isFinite, "the strength of the search is \(strength)", "a finite number")
    }
  }

  package func check(_ batch: ToyBatch, rows: Int) throws(BackendError) {
    try requirePlan(
      batch.toys.lowerBound >= 0 && batch.toys.upperBound <= Int(UInt32.max),
      "the toys are \(batch.toys)", "numbers in 0 ..< \(UInt32.max)")
    if let search = batch.search { try check(search, rows: rows) }
    for point in batch.points {
      try requireIndex(point.row, in: rows, "signal template")
      try requireIndex(point.testedRow, in: rows, "signal template")
      try requirePlan(
        point.strength.isFinite && point.testedStrength.isFinite,
        "a toy has the strengths \(point.strength) and \(point.testedStrength)", "finite numbers")
      let needed = batch.ensemble == .constraints ? 0 : pullCount
      try requirePlan(
        point.factors.count == pullCount || (needed == 0 && point.factors.isEmpty),
        "a toy has \(point.factors.count) factors", "one per pull, \(pullCount)")
      try requireFinite(point.factors, "the factors of a toy")
    }
  }
}

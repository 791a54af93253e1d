import ScanCore

extension JointKernels {
  /// - Returns: as `LoadedJoint.profile`
  func profile(
    _ points: [JointPoint], data: JointData, templates: [Double]
  ) throws(BackendError) -> ProfileResult {
    let sets = try plan.check(data)
    try plan.check(points, sets: sets, rows: try plan.check(templates: templates))
    var result = ProfileResult(statistic: [], pulls: [], unconverged: 0)
    guard !points.isEmpty else { return result }
    let runner = try fit("joint_profile")
    let kernel = runner.kernel
    _ = try count(perPartOf: data.observed.count)
    try upload(templates, to: runner)
    try upload(data, sets: 0..<sets, to: runner)
    let unknowns = plan.pullCount + 1
    let perPart = try count(perPartOf: unknowns)
    for start in stride(from: 0, to: points.count, by: perPart) {
      let part = points[start..<min(start + perPart, points.count)]
      try kernel.upload(9, part.map { Int32($0.set) })
      try kernel.upload(10, part.map { Int32($0.row) })
      try kernel.upload(11, part.map(\.strength), "the strengths of the points")
      try kernel.reserve(12, numbers: part.count)
      try kernel.reserve(13, numbers: part.count * unknowns)
      try kernel.reserve(14, flags: part.count)
      try runner.launch(part.count, searching: 0)
      result.statistic += try kernel.read(12, numbers: part.count)
      result.pulls += pulls(try kernel.read(13, numbers: part.count * unknowns), of: part.count)
      for flag in try kernel.read(14, flags: part.count) {
        result.sweeps += Int(abs(flag))
        if flag <= 0 { result.unconverged += 1 }
      }
    }
    return result
  }

  /// - Returns: as `LoadedJoint.minima`
  func minima(
    _ search: JointSearch, data: JointData, templates: [Double]
  ) throws(BackendError) -> JointMinima {
    let sets = try plan.check(data)
    try plan.check(search, rows: try plan.check(templates: templates))
    var result = JointMinima(statistic: [], row: [], strength: [], pulls: [], unconverged: 0)
    guard sets > 0 else { return result }
    let runner = try fit("joint_minima")
    let kernel = runner.kernel
    try upload(templates, to: runner)
    try upload(search, templates, to: kernel, 9)
    let unknowns = plan.pullCount + 1
    let perPart = try count(perPartOf: max(plan.binCount, unknowns))
    for start in stride(from: 0, to: sets, by: perPart) {
      let part = start..<min(start + perPart, sets)
      try upload(data, sets: part, to: runner)
      try kernel.reserve(11, numbers: part.count)
      try kernel.reserve(12, numbers: part.count * unknowns)
      try kernel.reserve(13, flags: part.count)
      try kernel.reserve(14, flags: part.count)
      try runner.launch(part.count, searching: search.rows.count)
      result.statistic += try kernel.read(11, numbers: part.count)
      let found = try kernel.read(12, numbers: part.count * unknowns)
      result.pulls += pulls(found, of: part.count)
      result.strength += found[(plan.pullCount * part.count)...]
      result.row += try kernel.read(13, flags: part.count).map(Int.init)
      result.unconverged += try kernel.read(14, flags: part.count).count { $0 < 0 }
    }
    return result
  }

  // MARK: - Numbers to and from the device

  func upload(_ templates: [Double], to runner: JointRunner) throws(BackendError) {
    _ = try count(perPartOf: templates.count)
    try runner.kernel.upload(3, templates, "the signal templates")
  }

  private func upload(_ data: JointData, sets: Range<Int>, to runner: JointRunner) throws(BackendError) {
    let (bins, pulls) = (plan.binCount, plan.pullCount)
    try runner.kernel.upload(
      4, Array(data.observed[sets.lowerBound * bins..<sets.upperBound * bins]), "the observed events")
    let centres =
      data.centres.isEmpty
      ? [Double](repeating: 1, count: sets.count * pulls)
      : Array(data.centres[sets.lowerBound * pulls..<sets.upperBound * pulls])
    try runner.kernel.upload(5, centres, "the centres of the constraints")
  }

  /// What a minimum is taken over, at `argument` and the next; nil: over the strength of the tested row of each toy.
  func upload(
    _ search: JointSearch?, _ templates: [Double], to kernel: KernelRunner, _ argument: Int
  ) throws(BackendError) {
    let overlaps = search.flatMap { plan.overlaps(templates, for: $0) }
    _ = try count(perPartOf: 1 + (overlaps?.count ?? 0))
    try kernel.upload(
      argument,
      [
        search.map { Int32($0.rows.lowerBound) } ?? -1, Int32(search?.rows.count ?? 1),
        search?.strength == nil ? 1 : 0, overlaps == nil ? 0 : 1, Int32(templates.count / plan.binCount),
      ])
    try kernel.upload(argument + 1, [search?.strength ?? 0] + (overlaps ?? []), "the overlaps of the signals")
  }

  /// eta, pulls of a point together, from f, points of a pull together.
  private func pulls(_ unknowns: [Double], of points: Int) -> [Double] {
    (0..<points).flatMap { point in (0..<plan.pullCount).map { unknowns[$0 * points + point] - 1 } }
  }
}

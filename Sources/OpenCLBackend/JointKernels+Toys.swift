import ScanCore

extension JointKernels {
  /// - Returns: as `LoadedJoint.toys`
  func toys(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> ToyResult {
    try plan.check(batch, rows: try plan.check(templates: templates))
    let points = batch.points.count
    var result = ToyResult(
      tested: [], minimum: [], bestRow: [], bestStrength: [],
      unconverged: [Int](repeating: 0, count: points), clipped: [Int](repeating: 0, count: points))
    guard batch.toyCount > 0 else { return result }
    let thrower = try self.thrower(batch, templates, backend.precision.real)
    let runner = try fit("joint_toys")
    let kernel = runner.kernel
    try upload(templates, to: runner)
    try upload(batch.search, templates, to: kernel, 12)
    let perPoint = batch.toys.count
    let perPart = try count(perPartOf: max(plan.binCount, plan.pullCount + 1))
    for start in stride(from: 0, to: batch.toyCount, by: perPart) {
      let part = start..<min(start + perPart, batch.toyCount)
      try throwToys(part, thrower, backend.precision.real)
      try kernel.share(4, of: thrower.kernel, 13)
      try kernel.share(5, of: thrower.kernel, 14)
      try kernel.share(9, of: thrower.kernel, 15)
      let tested = part.map { batch.points[$0 / perPoint] }
      try kernel.upload(10, tested.map { Int32($0.testedRow) })
      try kernel.upload(11, tested.map(\.testedStrength), "the tested strengths")
      for argument in 14...16 { try kernel.reserve(argument, numbers: part.count) }
      for argument in 17...18 { try kernel.reserve(argument, flags: part.count) }
      try runner.launch(part.count, searching: batch.search?.rows.count ?? 1)
      result.tested += try kernel.read(14, numbers: part.count)
      result.minimum += try kernel.read(15, numbers: part.count)
      result.bestStrength += try kernel.read(16, numbers: part.count)
      result.bestRow += try kernel.read(17, flags: part.count)
      let flags = try kernel.read(18, flags: part.count)
      let clipped = try thrower.kernel.read(16, flags: part.count)
      for (index, toy) in part.enumerated() {
        if flags[index] < 0 { result.unconverged[toy / perPoint] += 1 }
        if clipped[index] != 0 { result.clipped[toy / perPoint] += 1 }
      }
    }
    return result
  }

  /// - Returns: as `LoadedJoint.thrown`, in double precision whatever the backend's
  func thrown(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> JointData {
    try plan.check(batch, rows: try plan.check(templates: templates))
    var data = JointData(observed: [])
    guard batch.toyCount > 0 else { return data }
    let thrower = try self.thrower(batch, templates, .double)
    let perPart = try count(perPartOf: max(plan.binCount, plan.pullCount + 1))
    for start in stride(from: 0, to: batch.toyCount, by: perPart) {
      let part = start..<min(start + perPart, batch.toyCount)
      try throwToys(part, thrower, .double)
      data.observed += try thrower.kernel.read(13, numbers: part.count * plan.binCount)
      data.centres += try thrower.kernel.read(14, numbers: part.count * plan.pullCount)
    }
    return data
  }

  // MARK: - Throwing

  /// The kernel that throws, with seed and truths on the device.
  private func thrower(
    _ batch: ToyBatch, _ templates: [Double], _ width: ElementWidth
  ) throws(BackendError) -> JointRunner {
    let runner = try throwing(width)
    let kernel = runner.kernel
    try upload(templates, to: runner)
    let unknowns = plan.pullCount + 1
    _ = try count(perPartOf: batch.points.count * max(3, unknowns) + 2)
    let ensemble =
      switch batch.ensemble {
      case .constraints: 0
      case .profiled: 1
      case .fixed: 2
      }
    try kernel.set(8, batch.toys.count)
    try kernel.set(9, batch.toys.lowerBound)
    try kernel.set(10, ensemble)
    func halves(_ number: UInt64) -> [Int32] {
      [Int32(truncatingIfNeeded: number), Int32(truncatingIfNeeded: number >> 32)]
    }
    try kernel.upload(
      11, batch.points.reduce(into: halves(batch.seed)) { $0 += halves($1.key) + [Int32($1.row)] })
    // points whose factors are all drawn may come without
    let ones = [Double](repeating: 1, count: plan.pullCount)
    try kernel.upload(
      12, batch.points.flatMap { [$0.strength] + ($0.factors.isEmpty ? ones : $0.factors) },
      "the truths of the toys")
    return runner
  }

  /// Throws toys `part`, counted through all points, into arguments 13 to 16 of `runner`.
  private func throwToys(
    _ part: Range<Int>, _ runner: JointRunner, _ width: ElementWidth
  ) throws(BackendError) {
    let kernel = runner.kernel
    try kernel.set(7, part.lowerBound)
    try kernel.reserveMemory(13, bytes: part.count * plan.binCount * width.rawValue)
    for argument in 14...15 {
      try kernel.reserveMemory(argument, bytes: part.count * plan.pullCount * width.rawValue)
    }
    try kernel.reserve(16, flags: part.count)
    try runner.launch(part.count, searching: 0)
  }
}

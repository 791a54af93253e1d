import COpenCL
import ScanCore

/// Runs a statistic kernel over the rows of a tile, part by part: while the device computes one part, the results of
/// the one before travel back and the numbers of the next travel there, on queues of their own.
final class ProfilePipeline {
  /// Arguments of the kernel and the numbers behind them.
  struct Arguments {
    /// templates, or masses
    let rowInput: Int
    let numbersPerRow: Int
    let rowInputName: String
    let couplings: Int
    /// statistic; pulls and flags follow, then local memory
    let outputs: Int
  }

  private let runner: KernelRunner
  private let context: DeviceContext
  private let precision: Precision
  private let arguments: Arguments
  private let pullCount: Int
  private let chainsPerItem: Int
  private let localMemory: LocalMemory?
  private let uploads: CommandQueue
  private let downloads: CommandQueue
  private let sets = [PartBuffers(), PartBuffers()]
  private var tuner: LocalSizeTuner

  init(
    _ runner: KernelRunner, arguments: Arguments, pullCount: Int, chainsPerItem: Int,
    localMemory: LocalMemory?,
    tuner: LocalSizeTuner
  ) throws(BackendError) {
    self.runner = runner
    context = runner.context
    precision = runner.precision
    self.arguments = arguments
    self.pullCount = pullCount
    self.chainsPerItem = chainsPerItem
    self.localMemory = localMemory
    self.tuner = tuner
    uploads = try CommandQueue(context)
    downloads = try CommandQueue(context)
  }

  /// - Parameters:
  ///   - rowInput: rows x numbersPerRow
  ///   - limit: numbers one buffer may hold
  func evaluate(_ tile: Tile, rowInput: [Double], limit: Int) throws(BackendError) -> ProfileResult {
    var result = ProfileResult(
      statistic: [Double](repeating: 0, count: tile.count),
      pulls: [Double](repeating: 0, count: tile.count * pullCount), unconverged: 0)
    guard tile.count > 0 else { return result }
    let widest = max(arguments.numbersPerRow, tile.columns * max(1, pullCount))
    let mostRows = try rows(perPartOf: widest, limit: limit)
    do throws(BackendError) {
      var start = 0
      var index = 0
      while start < tile.rows {
        let set = sets[index % 2]
        try collect(set, of: tile, into: &result)
        let part = start..<min(start + rowsOfNextPart(tile, atMost: mostRows), tile.rows)
        try submit(part, of: tile, rowInput, in: set)
        start = part.upperBound
        index += 1
      }
      try collect(sets[index % 2], of: tile, into: &result)
      try collect(sets[(index + 1) % 2], of: tile, into: &result)
    } catch {
      abandon()
      throw error
    }
    return result
  }

  /// After an error nothing may still write to the buffers.
  private func abandon() {
    for queue in [uploads, runner.queue, downloads] { queue.drain() }
    for set in sets { set.pending = nil }
  }

  // MARK: - Sizes

  /// Work-items per row.
  private func groups(_ tile: Tile) -> Int {
    (ChainLayout(columns: tile.columns).count + chainsPerItem - 1) / chainsPerItem
  }

  private func rowsOfNextPart(_ tile: Tile, atMost limit: Int) -> Int {
    let groups = groups(tile)
    let paced = max(1, runner.pacer.items / groups)
    let device = context.device
    // four parts or more overlap transfers with computing, if each still fills the device
    let filling = device.computeUnits * (device.kind == .gpu ? 2048 : 16) / groups + 1
    return min(limit, paced, max(filling, (tile.rows + 3) / 4))
  }

  /// Work-group shape of `size` items: as many columns as there are, then rows, then as few rows as local memory asks.
  func groupShape(_ size: Int, groups: Int, rows: Int) -> (columns: Int, rows: Int) {
    let columns = min(size, Self.powerOfTwo(atLeast: groups))
    var height = min(size / columns, Self.powerOfTwo(atLeast: rows))
    guard let localMemory else { return (columns, height) }
    let available = context.device.localMemoryBytes
    while height > 1, localMemory.bytes(rows: height, items: columns * height, precision) > available {
      height /= 2
    }
    return (columns, height)
  }

  private static func powerOfTwo(atLeast number: Int) -> Int {
    var power = 1
    while power < number { power *= 2 }
    return power
  }

  // MARK: - One part

  private func submit(
    _ part: Range<Int>, of tile: Tile, _ rowInput: [Double], in set: PartBuffers
  ) throws(BackendError) {
    let columns = tile.columns
    let points = part.count * columns
    let groups = groups(tile)
    try runner.set(0, part.count)
    try runner.set(1, columns)
    try runner.set(2, ChainLayout(columns: columns).length)
    let perRow = arguments.numbersPerRow
    let sent = [
      try send(
        rowInput[part.lowerBound * perRow..<part.upperBound * perRow], arguments.rowInput,
        arguments.rowInputName, in: set),
      try send(
        tile.couplingSquares[part.lowerBound * columns..<part.upperBound * columns], arguments.couplings,
        "the coupling squares", in: set),
    ]
    try uploads.flush()
    let accum = precision.accum.rawValue
    let outputs = try [points * accum, points * pullCount * accum, points * MemoryLayout<Int32>.size]
      .enumerated().map { (offset, bytes) throws(BackendError) in
        let buffer = try set.buffer(arguments.outputs + offset, bytes: bytes, context, downloads)
        try runner.setBuffer(arguments.outputs + offset, buffer.device)
        return (buffer: buffer, bytes: bytes)
      }
    let size = tuner.nextSize
    let shape = groupShape(min(size, runner.localSize), groups: groups, rows: part.count)
    if let localMemory {
      let first = arguments.outputs + 3
      try runner.setLocal(first, bytes: localMemory.tableBytes(rows: shape.rows, precision))
      if localMemory.perItem > 0 {
        try runner.setLocal(
          first + 1, bytes: localMemory.itemBytes(shape.columns * shape.rows, precision))
      }
    }
    let kernel = try runner.enqueue(
      global: (groups.rounded(upTo: shape.columns), part.count.rounded(upTo: shape.rows)), local: shape,
      after: sent)
    try runner.queue.flush()
    var received: [Handle<EventKind>] = []
    for output in outputs where output.bytes > 0 {
      received.append(
        try downloads.submit("clEnqueueReadBuffer", after: [kernel]) {
          clEnqueueReadBuffer(
            $0, output.buffer.device.raw, cl_bool(CL_FALSE), 0, output.bytes, output.buffer.host, $1, $2, $3)
        })
    }
    try downloads.flush()
    let items = part.count * groups
    set.pending = PendingPart(
      rows: part, localSize: size, isFull: items + groups > runner.pacer.items, items: items, uploads: sent,
      kernel: kernel, downloads: received)
  }

  /// Copies numbers to the device as `real`, without waiting.
  private func send(
    _ values: ArraySlice<Double>, _ argument: Int, _ what: String, in set: PartBuffers
  ) throws(BackendError) -> Handle<EventKind> {
    let bytes = values.count * precision.real.rawValue
    let buffer = try set.buffer(argument, bytes: bytes, context, uploads)
    switch precision.real {
    case .double:
      values.withUnsafeBytes {
        buffer.host.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(buffer.host), byteCount: bytes)
      }
    case .single:
      try narrow(values, into: buffer.host.bindMemory(to: Float.self, capacity: values.count), what)
    }
    try runner.setBuffer(argument, buffer.device)
    return try uploads.submit("clEnqueueWriteBuffer of \(bytes) bytes") {
      clEnqueueWriteBuffer($0, buffer.device.raw, cl_bool(CL_FALSE), 0, bytes, buffer.host, $1, $2, $3)
    }
  }

  /// Waits for the part in `set`, if any, and puts what it found where it belongs.
  private func collect(
    _ set: PartBuffers, of tile: Tile, into result: inout ProfileResult
  ) throws(BackendError) {
    guard let part = set.pending else { return }
    set.pending = nil
    try wait(for: part.commands, on: context.device.name)
    note(part)
    let first = part.rows.lowerBound * tile.columns
    let points = part.rows.count * tile.columns
    func host(_ output: Int, bytes: Int) throws(BackendError) -> UnsafeRawPointer {
      UnsafeRawPointer(try set.buffer(arguments.outputs + output, bytes: bytes, context, downloads).host)
    }
    let accum = precision.accum.rawValue
    let statistic = try host(0, bytes: points * accum)
    let pulls = try host(1, bytes: points * pullCount * accum)
    switch precision.accum {
    case .double: scatter(statistic, pulls, Double.self, first: first, points: points, into: &result)
    case .single: scatter(statistic, pulls, Float.self, first: first, points: points, into: &result)
    }
    let flags = try host(2, bytes: points * MemoryLayout<Int32>.size)
      .assumingMemoryBound(to: Int32.self)
    for point in 0..<points {
      result.sweeps += Int(abs(flags[point]))
      if flags[point] < 0 { result.unconverged += 1 }
    }
  }

  /// The device keeps one array per pull; results keep the pulls of a point together.
  private func scatter<T: BinaryFloatingPoint>(
    _ statistic: UnsafeRawPointer, _ pulls: UnsafeRawPointer, _: T.Type, first: Int, points: Int,
    into result: inout ProfileResult
  ) {
    let pullCount = pullCount
    let statistic = statistic.assumingMemoryBound(to: T.self)
    let pulls = pulls.assumingMemoryBound(to: T.self)
    result.statistic.withUnsafeMutableBufferPointer { target in
      for point in 0..<points { target[first + point] = Double(statistic[point]) }
    }
    result.pulls.withUnsafeMutableBufferPointer { target in
      for pull in 0..<pullCount {
        let source = pulls + pull * points
        for point in 0..<points { target[(first + point) * pullCount + pull] = Double(source[point]) }
      }
    }
  }

  private func note(_ part: PendingPart) {
    let timings = runner.timings
    for event in part.uploads { timings.note(event, .upload) }
    for event in part.downloads { timings.note(event, .download) }
    guard let seconds = timings.note(part.kernel, .kernel) else { return }
    runner.pacer.note(seconds: seconds, count: part.isFull ? runner.pacer.items : part.items)
    tuner.note(size: part.localSize, items: part.items, seconds: seconds)
  }
}

extension Int {
  fileprivate func rounded(upTo step: Int) -> Int { (self + step - 1) / step * step }
}

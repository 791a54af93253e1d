/// How a scan is cut into work. Never changes a result.
package struct ScanSchedule: Sendable {
  /// Points per call to a backend; nil takes what each backend prefers.
  package var tilePoints: Int?
  /// What a device should be busy for before it hands rows over, seconds.
  package var runSeconds: Double
  /// Points a device computes before it hands rows over, at most (at least one row).
  package var runPoints: Int
  /// Bytes of rows that are being computed or wait to be delivered, over all devices (at least one row each).
  package var memoryBytes: Int
  /// How long a device whose last run another has finished may take to come back before it is left behind, seconds.
  package var patience: Double

  package init(
    tilePoints: Int? = nil, runSeconds: Double = 0.25, runPoints: Int = 1 << 18,
    memoryBytes: Int = 64 << 20, patience: Double = 5
  ) {
    self.tilePoints = tilePoints
    self.runSeconds = runSeconds
    self.runPoints = runPoints
    self.memoryBytes = memoryBytes
    self.patience = patience
  }

  /// Rows of `plan` per call to a backend that prefers `preferred` points.
  func tileRows(of plan: ScanPlan, preferred: Int) -> Int {
    min(plan.masses.count, max(1, (tilePoints ?? preferred) / max(1, plan.couplings.count)))
  }

  /// Rows that may be begun beyond those delivered: what `memoryBytes` holds, and room for the tiles that the threads of
  /// all devices compute, which on GPUs is more.
  func window(of plan: ScanPlan, preferred: [Int]) -> Int {
    let bytesPerRow = 8 * plan.couplings.count * (1 + plan.pullWidths.count)
    let tile = preferred.map { tileRows(of: plan, preferred: $0) }.max() ?? 1
    return max((2 * preferred.count + 2) * tile, memoryBytes / max(1, bytesPerRow))
  }

  /// Rows per run of the grid: the window holds one for each of the two threads of every device, and two that wait.
  func limits(of plan: ScanPlan, preferred: Int, among all: [Int]) -> RowQueue.Limits {
    let tile = tileRows(of: plan, preferred: preferred)
    let most = max(tile, runPoints / max(1, plan.couplings.count))
    let fair = window(of: plan, preferred: all) / (2 * all.count + 2)
    let first = min(tile, 8192 / max(1, plan.couplings.count))  // some jobs take milliseconds per point
    return RowQueue.Limits(first: max(1, first), maximum: max(1, min(most, fair)))
  }

  /// Rows per run of the search for minima, which takes about a hundred points each, a few at a time.
  static func minimumLimits(of plan: ScanPlan) -> RowQueue.Limits {
    // pulls that change shapes take milliseconds per point: short runs show how far the search is
    RowQueue.Limits(first: plan.pulled == nil ? 1024 : 8, maximum: largestMinimumRun)
  }
  static let largestMinimumRun = 4096
}

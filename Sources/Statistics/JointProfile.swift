import ScanCore

/// The joint likelihood of several experiments, evaluated on tiles as that of one experiment is [UPS-45].
package struct JointProfile: LoadedProfile {
  private let joint: any LoadedJoint
  private let data: JointData
  private let summed: SummedPlan

  /// - Parameters:
  ///   - data: one data set
  ///   - sums: normalisations of signals that are split into parts; kept above zero
  package init(
    _ plan: JointPlan, sums: [SignalSum] = [], data: JointData, on backend: any Backend
  ) throws(BackendError) {
    summed = SummedPlan(plan, sums: sums)
    joint = try backend.load(summed.plan)
    self.data = summed.extended(data)
  }

  package func evaluate(_ tile: Tile, templates: [Double]) throws(BackendError) -> ProfileResult {
    let points = tile.couplingSquares.enumerated().map { index, q in
      JointPoint(set: 0, row: index / tile.columns, strength: q)
    }
    var result = try joint.profile(points, data: data, templates: summed.extended(templates: templates))
    result.pulls = summed.parts(result.pulls)
    return result
  }
}

import ScanCore

/// The joint likelihood of several experiments, evaluated on tiles as that of one experiment is [UPS-45].
package struct JointProfile: LoadedProfile {
  private let joint: any LoadedJoint
  private let data: JointData

  /// - Parameter data: one data set
  package init(_ joint: any LoadedJoint, data: JointData) {
    self.joint = joint
    self.data = data
  }

  package func evaluate(_ tile: Tile, templates: [Double]) throws(BackendError) -> ProfileResult {
    let points = tile.couplingSquares.enumerated().map { index, q in
      JointPoint(set: 0, row: index / tile.columns, strength: q)
    }
    return try joint.profile(points, data: data, templates: templates)
  }
}

import ScanCore

/// A workspace as a joint likelihood: plan, observation and the signal at mu = 1 [UPS-44].
package struct WorkspaceModel: Sendable {
  package let plan: JointPlan
  package let data: JointData
  /// Signal events at mu = 1.
  package let template: [Double]
  /// One per pull of the plan.
  package let parameters: [WorkspaceParameter]
  package let measurement: String
  package let parameterOfInterest: String
  package let strengthBounds: Workspace.Bounds
  /// Parameters whose effect was replaced by its tangent.
  package let linearised: [String]

  /// Width of the constraint that keeps a free factor finite: 1e4 as in experiment files, so that the statistic moves by
  /// ((f - 1)/1e4)^2, and more by the decades that the factor has to reach.
  /// - Parameter reach: the factor that would make all observed events
  static func freeWidth(reach: Double) -> Double {
    var width = 1e4
    var reach = reach
    while reach >= 10 && width < 1e12 { (width, reach) = (10 * width, reach / 10) }
    return width
  }
}

/// A parameter of a workspace that is a pull of the plan.
package struct WorkspaceParameter: Hashable, Sendable {
  package enum Kind: String, Sendable {
    /// alpha, constrained by a unit Gaussian
    case alpha
    /// a free factor
    case normfactor
    /// a factor with a constraint
    case lumi
  }
  package var name: String
  package var kind: Kind
  /// What pyhf would keep the parameter within; the fits here do not.
  package var bounds: Workspace.Bounds
  /// Change of the factor f per unit of the parameter.
  package var scale: Double

  /// The parameter where the pull has the factor f.
  package func value(factor: Double) -> Double { kind == .alpha ? (factor - 1) / scale : factor }
}

import Exchange
import ScanCore
import Statistics

/// Best fit, limit and pulls of a workspace [UPS-44].
package struct WorkspaceFit {
  package struct Pull: Hashable, Sendable {
    package var parameter: WorkspaceParameter
    /// Of the parameter, at the best fit.
    package var value: Double
    package var isOutsideBounds: Bool { !parameter.bounds.contains(value) }
  }

  package struct Result {
    /// Best strength >= 0; 0 where no signal is preferred.
    package var bestStrength: Double
    package var minimumStatistic: Double
    /// Statistic without signal less the minimum.
    package var deltaWithoutSignal: Double
    /// nil: the level is never reached
    package var limit: Double?
    /// nil where the allowed strengths begin at zero
    package var lowerLimit: Double?
    package var note: String?
    package var pulls: [Pull]
    /// Delta chi2 at the strengths that were asked for.
    package var profile: [Double]
  }

  private let model: WorkspaceModel
  private let finder: StrengthFinder

  package init(_ model: WorkspaceModel, on backend: any Backend) throws(BackendError) {
    self.model = model
    finder = StrengthFinder(
      try JointModel(plan: model.plan, templates: model.template, on: backend), data: model.data)
  }

  /// - Parameters:
  ///   - threshold: Delta chi2 of the limit
  ///   - strengths: where the profile is wanted
  package func run(threshold: Double, strengths: [Double]) throws -> Result {
    let limit = try finder.interval(threshold: threshold)
    let preference = limit.statisticWithoutSignal - limit.statistic
    let prefersSignal = preference > LimitJob.noPreference
    let best = prefersSignal ? limit.best : 0
    let points = try finder.profile([best] + strengths)
    return Result(
      bestStrength: best, minimumStatistic: limit.statistic,
      deltaWithoutSignal: prefersSignal ? preference : 0, limit: limit.upper, lowerLimit: limit.lower,
      note: limit.upper == nil ? "pulls absorb any signal: the level is never reached" : nil,
      pulls: zip(model.parameters, points[0].factors).map {
        Pull(parameter: $0, value: $0.value(factor: $1))
      },
      profile: points.dropFirst().map { $0.statistic - limit.statistic })
  }
}

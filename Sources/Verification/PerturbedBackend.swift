import ScanCore

/// A backend that answers slightly wrong, by a known factor: shows that verification notices.
package struct PerturbedBackend: Backend {
  private let base: any Backend
  private let factor: Double

  /// - Parameters:
  ///   - base: computes the true numbers
  ///   - relative: every event number and statistic is multiplied by 1 + relative
  package init(_ base: any Backend, relative: Double = 1e-9) {
    self.base = base
    factor = 1 + relative
  }

  package var identity: BackendIdentity {
    var identity = base.identity
    identity.backend = "perturbed " + identity.backend
    return identity
  }

  package var preferredTilePoints: Int { base.preferredTilePoints }

  package func load(_ plan: RatePlan) throws(BackendError) -> any LoadedRates {
    Rates(base: try base.load(plan), factor: factor)
  }

  package func load(_ plan: LikelihoodPlan) throws(BackendError) -> any LoadedProfile {
    Profile(base: try base.load(plan), factor: factor)
  }

  package func load(
    _ rates: RatePlan, _ likelihood: LikelihoodPlan
  ) throws(BackendError) -> any LoadedPointwise {
    Pointwise(base: try base.load(rates, likelihood), factor: factor)
  }

  package func load(_ plan: PulledRatePlan) throws(BackendError) -> any LoadedPulledRates {
    PulledRates(base: try base.load(plan), factor: factor)
  }

  package func load(_ plan: JointPlan) throws(BackendError) -> any LoadedJoint {
    Joint(base: try base.load(plan), factor: factor)
  }

  private struct Joint: LoadedJoint {
    let base: any LoadedJoint
    let factor: Double

    func profile(
      _ points: [JointPoint], data: JointData, templates: [Double]
    ) throws(BackendError) -> ProfileResult {
      try base.profile(points, data: data, templates: templates).scaled(by: factor)
    }

    func minima(
      _ search: JointSearch, data: JointData, templates: [Double]
    ) throws(BackendError) -> JointMinima {
      var minima = try base.minima(search, data: data, templates: templates)
      minima.statistic = minima.statistic.map { $0 * factor }
      return minima
    }

    func toys(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> ToyResult {
      var result = try base.toys(batch, templates: templates)
      result.tested = result.tested.map { $0 * factor }
      result.minimum = result.minimum.map { $0 * factor }
      return result
    }

    func thrown(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> JointData {
      var data = try base.thrown(batch, templates: templates)
      data.observed = data.observed.map { $0 * factor }
      return data
    }
  }

  private struct PulledRates: LoadedPulledRates {
    let base: any LoadedPulledRates
    let factor: Double
    func evaluate(masses: [Double], pulls: [Double]) throws(BackendError) -> [Double] {
      try base.evaluate(masses: masses, pulls: pulls).map { $0 * factor }
    }
  }

  private struct Rates: LoadedRates {
    let base: any LoadedRates
    let factor: Double
    func evaluate(masses: [Double]) throws(BackendError) -> [Double] {
      try base.evaluate(masses: masses).map { $0 * factor }
    }
  }

  private struct Profile: LoadedProfile {
    let base: any LoadedProfile
    let factor: Double
    func evaluate(_ tile: Tile, templates: [Double]) throws(BackendError) -> ProfileResult {
      try base.evaluate(tile, templates: templates).scaled(by: factor)
    }
  }

  private struct Pointwise: LoadedPointwise {
    let base: any LoadedPointwise
    let factor: Double
    func evaluate(_ tile: Tile) throws(BackendError) -> ProfileResult {
      try base.evaluate(tile).scaled(by: factor)
    }
  }
}

extension ProfileResult {
  fileprivate func scaled(by factor: Double) -> ProfileResult {
    ProfileResult(statistic: statistic.map { $0 * factor }, pulls: pulls, unconverged: unconverged)
  }
}

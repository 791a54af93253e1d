import ScanCore
import Statistics

/// The limit d(m4) by root finding, without a grid in d [UPS-14].
package struct LimitJob {
  package struct Row: Codable, Hashable, Sendable {
    /// MeV
    package var m4: Double
    /// Limit in GeV^-1 (convention A): the upper end of the allowed interval nearest to zero. nil where the experiment sees
    /// no signal or the level is never reached.
    package var coupling: Double?
    /// The lower end of that interval; nil where it begins at zero (for a coupling of either sign: is not reached).
    package var lowerCoupling: Double?
    /// Best fit over d >= 0, GeV^-1; 0 where no signal is preferred.
    package var bestCoupling: Double
    package var minimumStatistic: Double
    /// Statistic of the best fit without signal minus the minimum.
    package var deltaWithoutSignal: Double
    /// Why there is no limit, or what else is to be known of it.
    package var note: String?
    /// Where the coupling interferes: all intervals below the level, ascending; an end is infinite where it is not reached.
    package var allowed: [ClosedRange<Double>]?
  }

  static let noSignal =
    "no neutrino of this source can produce this mass, or no bin sees its recoils: no limit"

  /// Differences of the statistic up to here are rounding, not a preference for a signal.
  static let noPreference = 1e-9

  let analysis: Analysis
  /// Several experiments in one fit; nil for one.
  let joint: JointAnalysis?
  let backend: any Backend
  let morphed: Bool
  let profilesShapes: Bool

  /// - Parameters:
  ///   - morphed: interpolates the rates of non-linear pulls instead of redoing the integrals
  ///   - profilesShapes: false leaves the pulls of shapes at zero, for a quick look
  package init(
    analysis: Analysis, backend: any Backend, morphed: Bool = false, profilesShapes: Bool = true
  ) {
    self.analysis = analysis
    joint = nil
    self.backend = backend
    self.morphed = morphed
    self.profilesShapes = profilesShapes
  }

  /// The limit of a joint likelihood [UPS-45].
  package init(joint: JointAnalysis, backend: any Backend) {
    analysis = joint.members[0]
    self.joint = joint
    self.backend = backend
    morphed = false
    profilesShapes = true
  }

  /// - Parameter threshold: Delta chi2 of the limit (`ConfidenceLevel`)
  package func run(masses: [Double], threshold: Double) throws -> [Row] {
    if let joint {
      let likelihood = joint.likelihood
      return try run(
        joint.source, likelihood.variances, try likelihood.load(on: backend), masses: masses,
        threshold: threshold)
    }
    if let interaction = analysis.interaction {
      return try run(
        interaction, analysis.likelihood.searchVariances(interferingWith: interaction.standardModel),
        try backend.load(analysis.likelihood), masses: masses, threshold: threshold)
    }
    let rates = try backend.load(analysis.signalPlan)
    let values = try rates.evaluate(masses: masses)
    let stride = analysis.signalPlan.valuesPerMass
    let fold = analysis.likelihood.fold
    let templates = masses.indices.flatMap { fold.fold(values[$0 * stride..<($0 + 1) * stride]) }
    let reference = analysis.signalPlan.referenceCoupling
    let limits = try finder().limits(masses: masses, templates: templates, threshold: threshold)
    return rows(limits) {
      reference * $0.squareRoot()
    }
  }

  private func rows(
    _ limits: [CouplingLimit], coupling: (Double) -> Double
  ) -> [Row] {
    limits.map { limit in
      let preference = limit.minimum.statisticWithoutSignal - limit.minimum.statistic
      let prefersSignal = preference > Self.noPreference
      return Row(
        m4: limit.minimum.mass, coupling: limit.couplingSquare.map(coupling),
        lowerCoupling: limit.lowerCouplingSquare.map(coupling),
        bestCoupling: prefersSignal ? coupling(limit.minimum.couplingSquare) : 0,
        minimumStatistic: limit.minimum.statistic, deltaWithoutSignal: prefersSignal ? preference : 0,
        note: note(limit) ?? (limit.lowerCouplingSquare == nil ? nil : Self.zeroExcluded))
    }
  }

  static let zeroExcluded =
    "zero is excluded too, as the data prefer a signal: an interval"

  // MARK: - Signals that are not one rate plan

  /// - Parameters:
  ///   - variances: per bin of `profile`, about those of the counts without signal
  private func run(
    _ source: any TemplateSource, _ variances: [Double], _ profile: any LoadedProfile, masses: [Double],
    threshold: Double
  ) throws -> [Row] {
    let interfering = InterferingProfiler(variances: variances, profile: profile, source: source)
    guard let profiler = interfering else {
      let limits = try LimitFinder(variances: variances, profile: profile)
        .limits(
          masses: masses, templates: source.quadratic(masses: masses, on: backend), threshold: threshold)
      return rows(limits) { source.coupling(ofStrength: $0) }
    }
    return try InterferenceSearch(profiler: profiler, isSigned: source.isSigned)
      .limits(masses: masses, templates: source.templates(masses: masses, on: backend), threshold: threshold)
      .map { row($0, source) }
  }

  private func row(_ limit: InterferenceLimit, _ source: any TemplateSource) -> Row {
    let preference = limit.statisticWithoutSignal - limit.minimumStatistic
    let prefersSignal = preference > Self.noPreference
    let allowed = limit.allowed.map { range in
      source.coupling(ofStrength: range.lowerBound)...source.coupling(ofStrength: range.upperBound)
    }
    // of two as near the positive one
    let nearest = allowed.min {
      (Self.distanceToZero($0), -$0.upperBound) < (Self.distanceToZero($1), -$1.upperBound)
    }
    let ends = limit.hasSignal ? nearest : nil
    return Row(
      m4: limit.mass, coupling: ends.flatMap { $0.upperBound.isFinite ? $0.upperBound : nil },
      lowerCoupling: ends.flatMap { $0.lowerBound.isFinite && $0.lowerBound != 0 ? $0.lowerBound : nil },
      bestCoupling: prefersSignal ? source.coupling(ofStrength: limit.minimumStrength) : 0,
      minimumStatistic: limit.minimumStatistic, deltaWithoutSignal: prefersSignal ? preference : 0,
      note: note(limit, allowed: allowed, nearest: nearest), allowed: limit.hasSignal ? allowed : nil)
  }

  private func note(
    _ limit: InterferenceLimit, allowed: [ClosedRange<Double>], nearest: ClosedRange<Double>?
  ) -> String? {
    guard limit.hasSignal else { return Self.noSignal }
    guard let nearest, nearest.upperBound.isFinite else {
      return "the normalisation pull absorbs any signal: the level is never reached"
    }
    var parts: [String] = []
    if allowed.count > 1 {
      parts.append("\(allowed.count) allowed intervals; the limit is the end of the one nearest to zero")
    }
    if Self.distanceToZero(nearest) > 0 { parts.append(Self.zeroExcluded) }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private static func distanceToZero(_ range: ClosedRange<Double>) -> Double {
    range.contains(0) ? 0 : min(abs(range.lowerBound), abs(range.upperBound))
  }

  /// Non-linear pulls redo the integrals at every trial unless the job is to morph.
  private func finder() throws -> LimitFinder {
    guard profilesShapes, let pulled = analysis.pulled else {
      return LimitFinder(plan: analysis.likelihood, profile: try backend.load(analysis.likelihood))
    }
    let profiler = try PulledProfiler(pulled, on: backend, morphed: morphed)
    return LimitFinder(plan: analysis.likelihood, pointwise: profiler)
  }

  private func note(_ limit: CouplingLimit) -> String? {
    switch limit.outcome {
    case .found: limit.crossings > 1 ? "\(limit.crossings) crossings; the largest is given" : nil
    case .noSignal: Self.noSignal
    case .notReached: "the normalisation pull absorbs any signal: the level is never reached"
    }
  }
}

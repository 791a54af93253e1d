import DipolePhysics
import Experiments
import Numerical
import Units

/// What scatters: the Standard Model prediction or dipole upscattering. Each sums nuclei and, where the
/// analysis includes them, electrons.
package enum SignalProcess: Hashable, Sendable, CaseIterable {
  case standardModel, dipole
}

/// One experiment bound to the physics: everything a rate needs, checked once [UPS-10].
package struct RateModel: Sendable {
  package let name: String
  package private(set) var components: [FluxComponentModel]
  package let targets: [TargetModel]
  /// nil when the analysis leaves electrons out or no nucleus lists levels.
  package let electrons: ElectronTargetModel?
  package let response: DetectorResponse
  package let analysis: AnalysisSpec
  package let systematics: SystematicsSpec
  /// Counts per bin, energy-major with time contiguous; nil for projections.
  package let observed: [Double]?
  /// One standard deviation of each observed number; nil where the statistic finds its own.
  package let uncertainties: [Double]?
  /// nil unless a limit on the flux was measured in place of events.
  package let fluxRatioLimit: FluxRatioLimitSpec?
  /// Change of the events per bin for theta = 1 of the pulls that change a background only [UPS-20].
  package let backgroundShapes: [(name: String, change: [Double])]
  /// nil when no pull changes the shape of signal or Standard Model.
  package let shapePulls: ShapePulls?
  private var weights: [[Double]]
  private let binning: TimeBinning
  private var arrivals: [FluxComponentSpec]
  private let backgrounds: [(name: String, events: [Double])]

  package init(_ spec: ExperimentSpec) throws(RateModelError) {
    try ExperimentChecks.check(spec)
    let binning = TimeBinning(edges: spec.channel.timeEdges, efficiency: spec.detector.timeEfficiency)
    name = spec.name
    analysis = spec.analysis
    systematics = spec.systematics
    observed = spec.channel.observed
    uncertainties = spec.channel.uncertainties
    fluxRatioLimit = spec.channel.fluxRatioLimit
    components = spec.source.components.map { FluxComponentModel($0) }
    targets = spec.analysis.includeNuclei ? TargetModel.targets(of: spec.detector) : []
    electrons = spec.analysis.includeElectrons ? ElectronTargetModel(detector: spec.detector) : nil
    response = DetectorResponse(detector: spec.detector, energyEdges: spec.channel.energyEdges)
    shapePulls = ShapePulls(spec: spec, response: response)
    self.binning = binning
    arrivals = spec.source.components
    weights = try spec.source.components.map { (component) throws(RateModelError) in
      try Self.timeWeights(of: component, binning)
    }
    backgrounds = try spec.channel.backgrounds.map { (background) throws(RateModelError) in
      let events = try BackgroundTemplate(background, energyBins: spec.channel.energyEdges.count - 1, binning)
        .events
      return (background.name, events)
    }
    backgroundShapes = BackgroundTemplate.shapeChanges(spec.systematics.shapePulls, backgrounds)
  }

  /// The same experiment with mass states in place of flavours, where the source knows them: what an interaction in the mass
  /// basis acts on. The Standard Model needs the flavours.
  package func inMassStates() throws(RateModelError) -> RateModel {
    guard let states = arrivals.inMassStates else { return self }
    var model = self
    model.arrivals = states
    model.components = states.map { FluxComponentModel($0) }
    model.weights = try states.map { (component) throws(RateModelError) in
      try Self.timeWeights(of: component, binning)
    }
    return model
  }

  package var energyBinCount: Int { response.binCount }

  /// Fraction of each component's events in each time bin, time efficiency included [UPS-11]: component, time
  /// bin; one column of ones without a time axis.
  package func timeWeights() -> [[Double]] { weights }

  /// Expected background events per bin, energy-major with time contiguous, one entry per background of the
  /// file.
  package func backgroundTemplates() -> [(name: String, events: [Double])] { backgrounds }

  /// The same with every neutrino arriving later by `delay` microseconds.
  package func timeWeights(delay: Double) throws(RateModelError) -> [[Double]] {
    try arrivals.map { (component) throws(RateModelError) in
      var moved = component
      moved.arrivalTimes = component.arrivalTimes?.delayed(by: delay)
      return try Self.timeWeights(of: moved, binning)
    }
  }

  /// A length (microseconds) on which the arrival-time distributions are smooth: the narrowest bin of a table, 1/24 of
  /// the width of a pulse; nil without arrival times that can move.
  package var arrivalResolution: Double? {
    arrivals.compactMap(\.arrivalTimes?.resolution).min()
  }

  private static func timeWeights(
    of component: FluxComponentSpec, _ binning: TimeBinning
  ) throws(RateModelError) -> [Double] {
    guard binning.edges.count >= 2 else { return [1] }
    guard let times = component.arrivalTimes else {
      throw RateModelError(
        "The channel has time bins, but flux component \"\(component.label)\" has no arrival times. Give it "
          + "arrival times, or leave the time edges out.")
    }
    return try binning.masses(of: times, efficiencyApplies: true)
  }
}

extension TimeDistributionSpec {
  fileprivate func delayed(by delay: Double) -> TimeDistributionSpec {
    switch self {
    case .histogram(let edges, let masses): .histogram(edges: edges.map { $0 + delay }, masses: masses)
    case .gaussianPulse(let center, let width, let delayed):
      .gaussianPulse(center: center + delay, width: width, delayed: delayed)
    case .exponential: self
    }
  }

  fileprivate var resolution: Double? {
    switch self {
    case .histogram(let edges, _): zip(edges, edges.dropFirst()).map { $1 - $0 }.min()
    case .gaussianPulse(_, let width, _): width / 24
    case .exponential: nil
    }
  }
}

// MARK: - Rates

extension RateModel {
  /// Every term of a process in one flux component [UPS-10]: one per nucleus and one for the electrons.
  ///
  /// - Parameters:
  ///   - heavyMass: m4, MeV; the Standard Model ignores it.
  ///   - coupling: mu in GeV^-1, convention A [UPS-1]; the Standard Model ignores it.
  package func terms(
    process: SignalProcess, component index: Int, heavyMass: Double, coupling: Double
  ) -> [RateTerm] {
    let component = components[index]
    switch process {
    case .standardModel:
      return targets.map { cevnsTerm($0, component) } + standardElectronTerm(component)
    case .dipole:
      let moment = coupling / PhysicalConstants.bohrMagnetonInverseGeV
      return targets.map { dipoleTerm($0, component, heavyMass, moment) }
        + dipoleElectronTerm(component, heavyMass, moment)
    }
  }

  /// Expected events per energy bin of one component before its time weights, by adaptive integration to a
  /// relative 1e-11: the independent check of every plan [UPS-10]. Parameters as in `terms`.
  package func directCounts(
    process: SignalProcess, component: Int, heavyMass: Double, coupling: Double,
    innerIntegral: InnerIntegral = .moments, relativeTolerance: Double = 1e-11
  ) throws(IntegrationError) -> DirectCounts {
    var integration = DirectIntegration(response: response)
    integration.innerIntegral = innerIntegral
    integration.relativeTolerance = relativeTolerance
    return try integration.counts(
      terms(process: process, component: component, heavyMass: heavyMass, coupling: coupling))
  }

  /// dR/dT, events per MeV over the exposure at recoil T (MeV), before the detector [UPS-10]. Parameters as
  /// in `terms`.
  package func differentialRate(
    process: SignalProcess, component: Int, recoil T: Double, recoilKind: RecoilKind, heavyMass: Double,
    coupling: Double
  ) -> Double {
    terms(process: process, component: component, heavyMass: heavyMass, coupling: coupling)
      .filter { $0.recoilKind == recoilKind }
      .reduce(0) { $0 + $1.differentialRate(recoil: T) }
  }

  private func cevnsTerm(_ target: TargetModel, _ component: FluxComponentModel) -> RateTerm {
    let variant = analysis.kinematics.variant
    let fermi = analysis.fermiConstant
    return target.cevnsTerm(
      component, couplings: analysis.weakCouplings(family: component.flavour.family), variant: variant,
      fermiConstant: fermi)
  }

  private func dipoleTerm(
    _ target: TargetModel, _ component: FluxComponentModel, _ heavyMass: Double, _ moment: Double
  ) -> RateTerm {
    target.dipoleTerm(
      component, heavyMass: heavyMass, magneticMoment: moment, spin: analysis.dipoleSpin.targetSpin,
      bracket: analysis.bracket.dipoleBracket)
  }

  private func standardElectronTerm(_ component: FluxComponentModel) -> [RateTerm] {
    guard let electrons else { return [] }
    return [
      electrons.standardModelTerm(
        component, weakMixing: analysis.weakMixing, fermiConstant: analysis.fermiConstant)
    ]
  }

  private func dipoleElectronTerm(
    _ component: FluxComponentModel, _ heavyMass: Double, _ moment: Double
  ) -> [RateTerm] {
    guard let electrons else { return [] }
    return [
      electrons.dipoleTerm(
        component, heavyMass: heavyMass, magneticMoment: moment, bracket: analysis.bracket.dipoleBracket)
    ]
  }
}

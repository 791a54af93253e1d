import Experiments
import Planning
import Rates
import ScanCore
import Statistics

extension ExperimentSummary {
  /// Relative accuracy of the Standard Model events: more than anyone reads here.
  private static let tolerance = 1e-6

  /// Throws what keeps a limit from being computed.
  /// - Parameter backend: a double-precision one of this machine
  package init(_ spec: ExperimentSpec, places: ExperimentPlaces, backend: any Backend) throws {
    let model = try RateModel(spec)
    let censuses = [RecoilKind.nuclear, .electron].compactMap { RecoilCensus(model, kind: $0) }
    let events = try Self.standardModel(spec, model, censuses, backend)
    chiSquare = try Self.fit(spec, model, events.perBin, backend)
    name = spec.name
    title = spec.title
    kind = spec.kind.rawValue
    statistic = spec.systematics.statistic.rawValue
    fluxes = Self.fluxes(spec)
    massKilograms = spec.detector.massKilograms
    liveTimeDays = spec.source.seconds.map { $0 / 86_400 }
    recoils = censuses.map { Recoils($0) }
    energyBins = spec.channel.energyEdges.count - 1
    timeBins = max(1, spec.channel.timeEdges.count - 1)
    energyUnit = spec.channel.energyUnit
    energyRange = [spec.channel.energyEdges[0], spec.channel.energyEdges[energyBins]]
    standardModel = events.parts
    backgrounds = model.backgroundTemplates().map {
      Background(name: $0.name, total: $0.events.reduce(0, +))
    }
    observed = spec.channel.observed?.reduce(0, +)
    hasUncertainties = spec.channel.uncertainties != nil
    pulls = Self.pulls(spec.systematics)
    warnings = []
    let judge = ExperimentJudge(spec: spec, model: model, places: places, censuses: censuses)
    warnings = judge.warnings(self)
  }

  static func fluxes(_ spec: ExperimentSpec) -> [Flux] {
    spec.source.components.map { component in
      Flux(
        label: component.label, flavour: component.flavour.rawValue,
        section: component.origin?.section ?? "components", fluence: component.fluence,
        flux: component.origin?.seconds.map { component.fluence / $0 })
    }
  }

  // MARK: - Events

  /// Per process and component, summed over all bins, and per bin.
  private static func standardModel(
    _ spec: ExperimentSpec, _ model: RateModel, _ censuses: [RecoilCensus], _ backend: any Backend
  ) throws -> (parts: [Events], perBin: [Double]) {
    var parts: [Events] = []
    var perBin: [Double] = []
    for census in censuses where census.counted(census.standardModel) > 0 {
      var one = spec
      one.analysis.includeNuclei = census.kind == .nuclear
      one.analysis.includeElectrons = census.kind == .electron
      one.systematics.shapePulls = []
      let part = try RateModel(one)
      let plan = try PlanRefinement(model: part, mode: .moments, tolerance: tolerance, backend: backend)
        .plan(.standardModel, masses: [0])
      let rates = try backend.load(plan).evaluate(masses: [0])
      let fold = LikelihoodPlanner(model: part).fold(
        for: RatePlanner(model: part, process: .standardModel, mode: .moments))
      let events = fold.fold(rates)
      perBin = perBin.isEmpty ? events : zip(perBin, events).map { $0 + $1 }
      let weights = part.timeWeights().map { $0.reduce(0, +) }
      for (index, component) in part.components.enumerated() {
        let own = rates[index * part.energyBinCount..<(index + 1) * part.energyBinCount].reduce(0, +)
        parts.append(
          Events(process: census.kind.process, component: component.label, total: own * weights[index]))
      }
    }
    guard perBin.isEmpty else { return (parts, perBin) }
    // Nothing is seen: the planner says why, if that is so above the floor too.
    let plan = try RatePlanner(model: model, process: .standardModel, mode: .moments).plan()
    return ([], [Double](repeating: 0, count: plan.binCount * (model.timeWeights().first?.count ?? 1)))
  }

  /// Tries whether pulls, data and statistic go together, as every limit will ask, and how well data are described without
  /// signal.
  private static func fit(
    _ spec: ExperimentSpec, _ model: RateModel, _ events: [Double], _ backend: any Backend
  ) throws -> Double? {
    let statistic: StatisticKind = spec.systematics.statistic == .gaussian ? .gaussian : .poisson
    let planner = LikelihoodPlanner(model: model)
    try planner.checkStatistic(statistic)
    let level = try model.fluxRatioLimit.map {
      try chiSquareQuantile(confidenceLevel: $0.confidence, degreesOfFreedom: 1)
    }
    let plan = try planner.plan(
      standardModel: events,
      signalFold: planner.fold(for: RatePlanner(model: model, process: .standardModel, mode: .moments)),
      dataSet: spec.kind == .measurement ? .observed : .asimov, statistic: statistic, fluxRatioLevel: level)
    guard spec.kind == .measurement, model.fluxRatioLimit == nil else { return nil }
    let likelihood = planner.whitening(of: plan).map { plan.whitened(by: $0) } ?? plan
    let result = try backend.load(likelihood).evaluate(
      Tile(masses: [0], couplingSquares: [0], columns: 1),
      templates: [Double](repeating: 0, count: likelihood.binCount))
    return result.unconverged == 0 ? result.statistic.first : nil
  }

  private static func pulls(_ systematics: SystematicsSpec) -> [String] {
    var words: [String] = []
    if let width = systematics.signalWidth {
      words.append(
        "signal \(NumberWords.percent(width)) (\(systematics.signalScope.rawValue))"
          + (systematics.signalParts.isEmpty
            ? ""
            : ", of it "
              + systematics.signalParts.map { "\($0.name) \(NumberWords.percent($0.width))" }
              .joined(separator: ", ")))
    }
    for (name, width) in systematics.backgroundWidths.sorted(by: { $0.key < $1.key }) {
      words.append(
        systematics.freeBackgrounds.contains(name) ? "\(name) free" : "\(name) \(NumberWords.percent(width))")
    }
    return words + systematics.shapePulls.map { "\($0.name) (shape)" }
  }
}

extension ExperimentSummary.Recoils {
  init(_ census: RecoilCensus) {
    kind = census.kind.word
    floor = census.floor
    seenFrom = census.smallestRecoil(acceptedWith: 0.01)
    halfSeenFrom = census.smallestRecoil(acceptedWith: 0.5)
    largestAcceptance = census.accepted.max() ?? 0
    standardModelBelowFloor = census.belowFloor(census.standardModel)
    dipoleBelowFloor = census.belowFloor(census.dipole)
  }
}

extension RecoilKind {
  /// "nuclear" or "electron".
  var word: String { self == .nuclear ? "nuclear" : "electron" }
  /// The Standard Model process that makes such recoils.
  var process: String { self == .nuclear ? "CEvNS" : "electrons" }
}

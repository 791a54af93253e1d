import DipolePhysics
import Experiments
import Numerical
import Rates
import ScanCore
import Units

/// Collects channels, tables and flux groups of one plan.
struct PlanBuilder {
  let planner: RatePlanner
  let model: RateModel
  let used: [Int]
  let binCount: Int
  private var groups: [FluxGroup] = []
  /// per used component: (group, index inside the group)
  private var places: [(group: Int, index: Int)] = []
  private var channels: [RateChannel] = []
  private var responses: [ResponseTable] = []
  private let pulls: ShapePulls?
  /// One per response when there are pulls.
  private var pulled: [PulledTable] = []
  let referenceFluence: Double

  init(planner: RatePlanner, used: [Int], pulls: ShapePulls? = nil) {
    self.planner = planner
    self.pulls = pulls
    model = planner.model
    self.used = used
    binCount = model.energyBinCount
    referenceFluence = used.map { planner.model.components[$0].fluence }.max() ?? 1
    places = []
    addGroups()
  }

  // MARK: - Flux groups

  /// Components with the same edges share a group, so that they share quadrature nodes.
  private mutating func addGroups() {
    let allEdges = FluxPlanner.edges(of: used.map { model.components[$0] })
    for (output, index) in used.enumerated() {
      let component = model.components[index]
      let edges = allEdges[output]
      let planned = FluxPlanner.plan(component, edges: edges)
      let scale = component.fluence / referenceFluence
      let entry = FluxComponent(
        output: output, momentDegree: planned.momentDegree, moments: planned.moments.map { $0 * scale },
        spectrumDegree: planned.spectrumDegree, spectrum: planned.spectrum.map { $0 * scale },
        lineEnergies: planned.lineEnergies, lineWeights: planned.lineWeights.map { $0 * scale })
      if let group = groups.firstIndex(where: { $0.energyEdges == edges }) {
        groups[group].components.append(entry)
        places.append((group, groups[group].components.count - 1))
      } else {
        groups.append(FluxGroup(energyEdges: edges, components: [entry]))
        places.append((groups.count - 1, 0))
      }
    }
  }

  // MARK: - Nuclei

  mutating func addNuclei() {
    guard !model.targets.isEmpty, let support = support(.nuclear) else { return }
    let lower = Swift.max(support.lowerBound, model.response.recoilFloor(.nuclear))
    let upper = Swift.min(support.upperBound, largestRecoil(lightest: model.targets.map(\.mass).min() ?? 0))
    if !(lower < upper) { return }
    for window in windows(lower, upper, .nuclear) {
      let (grid, weights) = table(window, .nuclear)
      for (place, target) in model.targets.enumerated() {
        switch planner.process {
        case .dipole, .dipoleShares: addDipoleNucleus(target, grid: grid, weights: weights)
        case .standardModel: addCEvNS(target, grid: grid, weights: weights)
        case .interaction(let planned):
          addTerms(
            planned, on: .nucleus(place), count: target.count, mass: target.mass, grid: grid,
            weights: weights,
            order: planner.recoilOrder)
        }
      }
    }
  }

  /// Recoils the detector sees, with the pulls anywhere they may go.
  private func support(_ kind: RecoilKind) -> ClosedRange<Double>? {
    pulls.map { $0.support(kind) } ?? model.response.support(kind)
  }

  private mutating func addDipoleNucleus(_ target: TargetModel, grid: RecoilGrid, weights: [[Double]]) {
    let mu = RatePlanner.referenceCoupling * 1e-3  // MeV^-1
    let prefactor =
      PhysicalConstants.fineStructure * mu * mu * PhysicalConstants.hbarCSquared * target.count
      * referenceFluence
    let response = addResponse(grid, weights, .nuclear) {
      prefactor * target.chargeFormFactorSquared(recoil: $0)
    }
    let process = model.analysis.dipoleSpin == .half ? dipoleOnSpinHalf : .dipoleSpinZero
    for run in runs(of: Array(used.indices)) {
      addChannel(process, [0, 0, 0, 0, 0], target.mass, response, run, order: nuclearOrder(grid))
    }
  }

  private var dipoleOnSpinHalf: RateChannel.Process {
    model.analysis.bracket == .traces ? .dipole : .dipoleReversedSign
  }

  /// Q_V depends on the neutrino's family through the radiative couplings: one table per family.
  private mutating func addCEvNS(_ target: TargetModel, grid: RecoilGrid, weights: [[Double]]) {
    let gf = model.analysis.fermiConstant
    let prefactor =
      gf * gf * target.mass / Double.pi * PhysicalConstants.hbarCSquared * target.count * referenceFluence
    let m = target.mass
    let contact: [Double] =
      switch model.analysis.kinematics {
      case .leading: [1, 0, 0, -m / 2, 0]
      case .spinZero: [1, -1, 0, -m / 2, 0]
      case .spinHalf: [1, -1, 0, -m / 2, 0.5]
      }
    let families = used.map { model.components[$0].flavour.family }
    let analysis = model.analysis
    for family in Array(Set(families)).sorted() {
      let response = addResponse(grid, weights, .nuclear) { recoil in
        let charge = target.weakCharge(recoil: recoil, family: family, analysis: analysis)
        return prefactor * charge * charge * recoil
      }
      if let radius = pulls?.neutronRadius {
        pulled[response].radius = RadiusDependence(
          target: target, couplings: analysis.weakCouplings(family: family), prefactor: prefactor,
          parameter: radius.parameter, width: radius.width)
      }
      for run in runs(of: used.indices.filter { families[$0] == family }) {
        addChannel(.contact, contact, m, response, run, order: nuclearOrder(grid))
      }
    }
  }

  // MARK: - Electrons

  /// One window per step of Z_eff(T): between binding energies the rate is smooth.
  mutating func addElectrons() {
    guard let electrons = model.electrons, let support = support(.electron) else { return }
    let floor = Swift.max(support.lowerBound, model.response.recoilFloor(.electron))
    let ceiling = Swift.min(support.upperBound, largestRecoil(lightest: electrons.mass))
    if !(floor < ceiling) { return }
    let steps = electrons.steps.map(\.bindingEnergy).filter { $0 > floor && $0 < ceiling }
    let edges = [floor] + Array(Set(steps)).sorted() + [ceiling]
    for (low, high) in zip(edges, edges.dropFirst()) {
      let charge = electrons.effectiveCharge(recoil: 0.5 * (low + high))
      if charge == 0 { continue }
      for window in windows(low, high, .electron) {
        let (grid, weights) = table(window, .electron)
        addElectronWindow(electrons, charge: charge, grid: grid, weights: weights)
      }
    }
  }

  private mutating func addElectronWindow(
    _ electrons: ElectronTargetModel, charge: Double, grid: RecoilGrid, weights: [[Double]]
  ) {
    let count = charge * electrons.count * referenceFluence * PhysicalConstants.hbarCSquared
    let order = electronOrder(grid)
    switch planner.process {
    case .interaction(let planned):
      addTerms(
        planned, on: .electrons, count: charge * electrons.count, mass: electrons.mass, grid: grid,
        weights: weights, order: order)
    case .dipole, .dipoleShares:
      let mu = RatePlanner.referenceCoupling * 1e-3
      let response = addResponse(grid, weights, .electron) { _ in
        PhysicalConstants.fineStructure * mu * mu * count
      }
      for run in runs(of: Array(used.indices)) {
        addChannel(dipoleOnSpinHalf, [0, 0, 0, 0, 0], electrons.mass, response, run, order: order)
      }
    case .standardModel:
      let gf = model.analysis.fermiConstant
      let prefactor = 2 * gf * gf * electrons.mass / Double.pi * count
      let response = addResponse(grid, weights, .electron) { prefactor * $0 }
      for output in used.indices {
        let flavour = model.components[used[output]].flavour
        let g = ElectronCrossSection.chiralCouplings(
          family: flavour.family, antineutrino: flavour.isAntineutrino, sin2: model.analysis.weakMixing)
        let contact = [
          g.left * g.left + g.right * g.right, -2 * g.right * g.right, 0, -g.left * g.right * electrons.mass,
          g.right * g.right,
        ]
        addChannel(
          .contact, contact, electrons.mass, response, (places[output].group, places[output].index, 1),
          order: order)
      }
    }
  }

  /// The order of the planner, a quarter of it on the short windows between nodes of a table [UPS-27].
  private func nuclearOrder(_ grid: RecoilGrid) -> Int {
    isShort(grid, .nuclear) ? (planner.recoilOrder / 4 + 7) / 8 * 8 : planner.recoilOrder
  }

  private func isShort(_ grid: RecoilGrid, _ kind: RecoilKind) -> Bool {
    grid.logUpper - grid.logLower < 0.25 && !model.response.tableNodes(kind).isEmpty
  }

  /// Half the order on windows shorter than one unit of ln T; it rises with the nuclear order, so that two trial orders
  /// always differ on electrons too.
  private func electronOrder(_ grid: RecoilGrid) -> Int {
    if isShort(grid, .electron) { return (planner.recoilOrder / 4 + 7) / 8 * 8 }
    return grid.logUpper - grid.logLower < 1 ? (planner.recoilOrder / 2 + 7) / 8 * 8 : planner.recoilOrder
  }

  // MARK: - Pieces

  /// For ideal responses, and when the planner splits at bin edges, the bins are windows of their own; elsewhere one.
  private func windows(_ lower: Double, _ upper: Double, _ kind: RecoilKind) -> [ClosedRange<Double>] {
    var marks = model.response.discontinuities(kind)
    if planner.splitsAtBinEdges { marks += model.response.breakRecoils(kind, in: lower...upper) }
    let inner = Set(marks.filter { $0 > lower * (1 + 1e-9) && $0 < upper * (1 - 1e-9) }).sorted()
    let cuts = [lower] + inner + [upper]
    return zip(cuts, cuts.dropFirst()).map { $0...$1 }
  }

  private func largestRecoil(lightest mass: Double) -> Double {
    let energy = used.map { model.components[$0].spectrum.endpoint }.max() ?? 0
    return 2 * energy * energy / (mass + 2 * energy)
  }

  private func table(_ window: ClosedRange<Double>, _ kind: RecoilKind) -> (RecoilGrid, [[Double]]) {
    let grid = RecoilGrid(
      lower: window.lowerBound, upper: window.upperBound, rowsPerUnit: planner.rowsPerUnit)
    return (grid, planner.sampler.weights(on: grid, kind))
  }

  private mutating func addResponse(
    _ grid: RecoilGrid, _ weights: [[Double]], _ kind: RecoilKind, factor: (Double) -> Double
  ) -> Int {
    addResponse(grid, weights, kind, factors: grid.recoils.map(factor))
  }

  /// - Parameter factors: one per row of the grid
  mutating func addResponse(
    _ grid: RecoilGrid, _ weights: [[Double]], _ kind: RecoilKind, factors: [Double]
  ) -> Int {
    if pulls != nil {
      pulled.append(PulledTable(grid: grid, kind: kind, weights: weights, factor: factors))
    }
    var values: [Double] = []
    values.reserveCapacity(grid.recoils.count * binCount)
    for (factor, row) in zip(factors, weights) { values += row.map { $0 * factor } }
    responses.append(
      ResponseTable(
        lowerRecoil: grid.lower, upperRecoil: grid.upper, referenceRecoil: grid.reference,
        firstLog: grid.firstLog,
        logStep: grid.step, rowCount: grid.recoils.count, values: values))
    return responses.count - 1
  }

  /// Runs of neighbouring components inside their groups: (group, first, count).
  func runs(of outputs: [Int]) -> [(group: Int, first: Int, count: Int)] {
    var result: [(group: Int, first: Int, count: Int)] = []
    for place in outputs.map({ places[$0] }).sorted(by: { ($0.group, $0.index) < ($1.group, $1.index) }) {
      if let last = result.last, last.group == place.group, last.first + last.count == place.index {
        result[result.count - 1].count += 1
      } else {
        result.append((place.group, place.index, 1))
      }
    }
    return result
  }

  mutating func addChannel(
    _ process: RateChannel.Process, _ contact: [Double], _ mass: Double, _ response: Int,
    _ run: (group: Int, first: Int, count: Int), order: Int
  ) {
    channels.append(
      RateChannel(
        process: process, contact: contact, targetMass: mass, response: response, fluxGroup: run.group,
        firstComponent: run.first, componentCount: run.count, recoilRule: order))
  }

  // MARK: - Assembly

  var isEmpty: Bool { channels.isEmpty }

  /// Scales the tables to entries of at most one and replaces orders by rule indices.
  mutating func finish() -> RatePlan {
    let largest = responses.reduce(0.0) { $1.values.reduce($0) { max($0, abs($1)) } }
    let scale = largest > 0 ? largest : 1
    for index in responses.indices {
      responses[index].values = responses[index].values.map { $0 / scale }
    }
    let orders = Array(Set(channels.map(\.recoilRule))).sorted()
    let rules = orders.map { order in
      let rule = GaussLegendre.rule(order)
      return QuadratureRule(nodes: rule.nodes, weights: rule.weights)
    }
    let planned = channels.map { channel in
      var channel = channel
      channel.recoilRule = orders.firstIndex(of: channel.recoilRule) ?? 0
      return channel
    }
    let inner = GaussLegendre.rule(planner.energyOrder)
    return RatePlan(
      mode: planner.mode, binCount: binCount, componentCount: used.count, channels: planned,
      responses: responses,
      fluxGroups: groups, recoilRules: rules,
      energyRule: QuadratureRule(
        nodes: inner.nodes.map { 0.5 * (1 + $0) }, weights: inner.weights.map { 0.5 * $0 }),
      eventScale: scale, referenceCoupling: RatePlanner.referenceCoupling, tolerance: planner.tolerance,
      estimatedError: 0)
  }
}

extension PlanBuilder {
  /// The plan of the rates and, beside each of its tables, how it moves.
  mutating func finishPulled(_ pulls: ShapePulls) throws(PlanningError) -> PulledRatePlan {
    let tables = pulled
    let rates = finish()
    var sampler = PulledTableSampler(
      response: model.response, pulls: pulls, logStep: 1 / Double(planner.rowsPerUnit))
    let responses = try tables.map { (table) throws(PlanningError) in
      try sampler.response(table, eventScale: rates.eventScale)
    }
    return PulledRatePlan(
      rates: rates, parameterCount: pulls.count, responses: responses, smearings: sampler.smearings)
  }
}

import DipolePhysics
import Pipeline
import Planning
import Rates
import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

@testable import Experiments

/// Responses given by tables [UPS-27]: quenching, efficiencies, resolutions, matrices of mono-energetic recoils.
@Suite("Responses from tables")
struct TabulatedResponseTests {
  static let efficiency = TabulatedCurve(nodes: [1e-3, 4e-3, 9e-3, 25e-3], values: [0.1, 0.5, 0.9, 0.7])
  static let matrix = ResponseMatrixSpec(
    recoils: [0.5e-3, 2e-3, 6e-3, 18e-3], probabilities: [0, 0, 0.3, 0.05, 0.2, 0.4, 0.05, 0.6])

  // MARK: - Weights

  @Test("Gaussian resolutions of three terms, with and without a tabulated efficiency, agree with mpmath")
  func gaussian() {
    let curve = TabulatedCurve(nodes: [0.5, 1, 3], values: [0.2, 0.8, 1])
    for (mean, lo, hi, noise, stochastic, constant, isSum, isEfficient, expected)
      in RateFixtures.gaussianWeights
    {
      let resolution = GaussianResolution(
        noise: noise, stochastic: stochastic, constant: constant, combination: isSum ? .sum : .quadrature)
      let response = DetectorResponse(
        quenching: .none, response: .gaussian(resolution), efficiency: isEfficient ? .table(curve) : .unity,
        recoilFloor: .both(0), energyEdges: [lo, hi])
      let found = response.weights(recoil: 1e-3 * mean, recoilKind: .nuclear)[0]
      #expect(isClose(found, expected, rtol: 1e-11, atol: 1e-200), "\(mean): \(found) \(expected)")
    }
  }

  @Test("A quenching table is linear between its nodes, constant outside, and electrons do not see it")
  func quenching() {
    let table = TabulatedCurve(nodes: [2e-3, 5e-3, 10e-3], values: [0.1, 0.2, 0.25])
    let response = DetectorResponse(
      quenching: .table(table), response: .gaussian(GaussianResolution(stochastic: 0.1)), efficiency: .unity,
      recoilFloor: .both(0), energyEdges: [0, 1])
    // by hand: 0.1 x 1, (0.1 + 0.1/3) x 3, 0.2 x 5, (0.2 + 0.03) x 8, 0.25 x 20 keV
    for (recoil, visible) in [(1.0, 0.1), (3, 0.4), (5, 1), (8, 1.84), (20, 5)] {
      #expect(
        isClose(1e3 * response.visibleEnergy(recoil: 1e-3 * recoil, kind: .nuclear), visible, rtol: 1e-13))
    }
    #expect(response.visibleEnergy(recoil: 3e-3, kind: .electron) == 3e-3)
    #expect(response.discontinuities(.nuclear) == table.nodes)
    #expect(response.discontinuities(.electron).isEmpty)
  }

  @Test(
    "A matrix interpolates linearly, sees nothing outside its nodes, and only the recoils it is given for")
  func matrixWeights() {
    let response = DetectorResponse(
      quenching: .none, response: .matrix(nuclear: Self.matrix, electron: nil), efficiency: .unity,
      recoilFloor: .both(0), energyEdges: [0, 1, 2])
    let found = response.weights(recoil: 3e-3, recoilKind: .nuclear)
    // a quarter of the way from 2 to 6 keV
    #expect(isClose(found[0], 0.275, rtol: 1e-14) && isClose(found[1], 0.1375, rtol: 1e-14))
    #expect(response.weight(recoil: 3e-3, kind: .nuclear, bin: 1) == found[1])
    for outside in [0.49e-3, 18.01e-3] {
      #expect(response.weights(recoil: outside, recoilKind: .nuclear) == [0, 0])
    }
    #expect(response.weights(recoil: 3e-3, recoilKind: .electron) == [0, 0])
    #expect(response.support(.electron) == nil)
    #expect(response.support(.nuclear) == 0.5e-3...18e-3)
  }

  // MARK: - Events

  private func cases(_ spec: ExperimentSpec, _ fixtures: [(Double, Bool, [Double])]) throws {
    var spec = spec
    spec.source.components = [ToyExperiment.beam[2]]
    spec.analysis.includeElectrons = false
    let model = try RateModel(spec)
    for (mass, isDipole, expected) in fixtures {
      let plan = try PlanningTests().plan(
        model, isDipole ? .dipole(flavour: "e") : .standardModel, .moments, masses: [mass])
      let values = try ReferenceBackend().load(plan).evaluate(masses: [mass])
      let total = expected.reduce(0, +)
      for (found, wanted) in zip(values, expected) {
        #expect(abs(found - wanted) <= 1e-9 * total, "\(mass) MeV: \(found) \(wanted)")
      }
    }
  }

  @Test("Events with an efficiency against the recoil agree with mpmath to 1e-9")
  func efficientEvents() throws {
    var spec = ToyExperiment.ideal()
    spec.detector.recoilEfficiency = RecoilEfficiencySpec(nuclear: Self.efficiency, electron: nil)
    try cases(spec, RateFixtures.efficientCounts)
  }

  private static func matrixExperiment() -> ExperimentSpec {
    var spec = ToyExperiment.ideal(edges: [0, 1, 2])
    spec.channel.energyUnit = "bin"
    spec.detector.response = .matrix(nuclear: matrix, electron: nil)
    return spec
  }

  @Test("Events in the bins of a response matrix agree with mpmath to 1e-9")
  func matrixEvents() throws { try cases(Self.matrixExperiment(), RateFixtures.matrixCounts) }

  /// Experiments whose weights have kinks in every place a table can put them.
  enum Kinked: String, CaseIterable {
    case smearedNuclei, idealElectrons, matrixOfElectrons, efficiencyOfEnergy

    func spec() -> ExperimentSpec {
      let levels = [
        ElectronLevel(bindingEnergy: 3.6e-2, electrons: 2), ElectronLevel(bindingEnergy: 5e-3, electrons: 53),
      ]
      let curve = TabulatedResponseTests.efficiency
      switch self {
      case .smearedNuclei:
        var spec = ToyExperiment.smeared()
        spec.detector.quenching = .table(
          TabulatedCurve(nodes: [2e-3, 8e-3, 15e-3, 30e-3], values: [0.05, 0.09, 0.07, 0.1]))
        spec.detector.recoilEfficiency = RecoilEfficiencySpec(nuclear: curve, electron: curve)
        return spec
      case .idealElectrons:
        var spec = ToyExperiment.ideal(levels: levels)
        spec.detector.energyEfficiency = .table(
          TabulatedCurve(nodes: [2, 7, 12, 39], values: [0, 0.5, 0.4, 1]))
        spec.detector.recoilEfficiency = RecoilEfficiencySpec(nuclear: nil, electron: curve)
        return spec
      case .matrixOfElectrons:
        var spec = ToyExperiment.ideal(edges: [0, 1, 2], levels: levels)
        spec.channel.energyUnit = "bin"
        spec.detector.response = .matrix(nuclear: nil, electron: TabulatedResponseTests.matrix)
        return spec
      case .efficiencyOfEnergy:
        var spec = ToyExperiment.smeared(levels: levels)
        spec.detector.energyEfficiency = .table(
          TabulatedCurve(nodes: [9, 11, 17, 23, 31, 55], values: [0, 0.3, 0.4, 0.8, 0.9, 0.5]))
        return spec
      }
    }
  }

  @Test("Plans of responses with kinks agree with direct integration to 1e-9", arguments: Kinked.allCases)
  func plans(kinked: Kinked) throws {
    var spec = kinked.spec()
    spec.analysis.includeElectrons = !spec.detector.nuclei[0].electronLevels.isEmpty
    let model = try RateModel(spec)
    let masses = [0.3, 6, 25]
    for (process, planned, components) in [
      (SignalProcess.dipole, PlannedProcess.dipole(flavour: "mu"), [0, 1]),
      (.standardModel, .standardModel, [0, 1, 2]),
    ] {
      let used = process == .dipole ? masses : [0]
      let plan = try PlanningTests().plan(model, planned, .moments, masses: used)
      let worst = try PlanningTests().worst(model, process, plan: plan, components: components, masses: used)
      #expect(worst <= PlanningTests.tolerance, "\(process)")
    }
  }

  @Test("A matrix tabulated from a resolution tends to it as the square of its spacing")
  func convergence() throws {
    var direct = ToyExperiment.ideal(edges: [2, 6, 12])
    direct.analysis.includeElectrons = false
    direct.detector.response = .gaussian(GaussianResolution(noise: 0.5, stochastic: 0.2))
    direct.channel.energyUnit = "keVee"
    direct.detector.recoilFloor.nuclear = 0.2e-3
    let smooth = try RateModel(direct)
    let expected = try smooth.directCounts(
      process: .dipole, component: 1, heavyMass: 5, coupling: 1e-6)
    func deviation(_ nodes: Int) throws -> Double {
      let recoils = (0...nodes).map { 1e-3 * (0.2 + 39.8 * Double($0) / Double(nodes)) }
      var spec = direct
      spec.channel.energyUnit = "bin"
      spec.channel.energyEdges = [0, 1, 2]
      spec.detector.response = .matrix(
        nuclear: ResponseMatrixSpec(
          recoils: recoils,
          probabilities: recoils.flatMap { smooth.response.weights(recoil: $0, recoilKind: .nuclear) }),
        electron: nil)
      let model = try RateModel(spec)
      let plan = try PlanningTests().plan(model, .dipole(flavour: "mu"), .moments, masses: [5])
      let values = try CPUBackend().load(plan).evaluate(masses: [5])
      return zip(values.suffix(2), expected.values).map { abs($0 / $1 - 1) }.max() ?? .infinity
    }
    let (coarse, fine) = (try deviation(200), try deviation(400))
    #expect(fine < 4e-4 && (3.5...4.5).contains(coarse / fine), "\(coarse) \(fine)")
  }

  @Test("Pulls that leave the energy alone work with tables, and zero pulls give the plain plan")
  func pulled() throws {
    for response in [Self.matrixExperiment(), Kinked.smearedNuclei.spec()] {
      var spec = response
      spec.analysis.includeElectrons = false
      spec.systematics.shapePulls = [ShapePullSpec(name: "radius", effect: .neutronRadius(width: 0.05))]
      if spec.detector.response == ToyExperiment.photoelectrons {
        spec.systematics.shapePulls.append(ShapePullSpec(name: "scale", effect: .energyScale(width: 0.02)))
      }
      let model = try RateModel(spec)
      let pulls = try #require(model.shapePulls)
      let refinement = PlanRefinement(
        model: model, mode: .moments, tolerance: 1e-8, backend: try CPUBackend())
      let plan = try refinement.pulledPlan(.standardModel, masses: [0], pulls: pulls)
      let still = try refinement.plan(.standardModel, masses: [0])
      let moved = try ReferenceBackend().load(plan)
        .evaluate(masses: [0], pulls: [Double](repeating: 0, count: pulls.count))
      let plain = try ReferenceBackend().load(still).evaluate(masses: [0])
      for (a, b) in zip(moved, plain) { #expect(isClose(a, b, rtol: 3e-8), "\(a) \(b)") }
    }
  }
}

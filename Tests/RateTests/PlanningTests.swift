import DipolePhysics
import Experiments
import Pipeline
import Planning
import Rates
import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

@testable import Planning

/// The rung between plans and physics: events from a plan's tables, panels and moments against direct adaptive
/// integration of the same model [UPS-10].
@Suite("Plans against direct integration")
struct PlanningTests {
  static let tolerance = 1e-9

  func plan(
    _ model: RateModel, _ process: PlannedProcess, _ mode: IntegralMode, masses: [Double]
  ) throws -> RatePlan {
    try PlanRefinement(model: model, mode: mode, tolerance: Self.tolerance, backend: CPUBackend())
      .plan(process, masses: masses)
  }

  /// Largest deviation of any bin, relative to the component's total.
  func worst(
    _ model: RateModel, _ process: SignalProcess, plan: RatePlan, components: [Int], masses: [Double]
  ) throws -> Double {
    let values = try ReferenceBackend().load(plan).evaluate(masses: masses)
    var worst = 0.0
    for (output, component) in components.enumerated() {
      let counts = try masses.map {
        try model.directCounts(
          process: process, component: component, heavyMass: $0, coupling: plan.referenceCoupling)
      }
      let largest = counts.map { $0.values.reduce(0, +) }.max() ?? 0
      for (row, direct) in counts.enumerated() {
        let total = max(direct.values.reduce(0, +), 1e-6 * largest, 1e-12)
        for bin in 0..<plan.binCount {
          let value = values[row * plan.valuesPerMass + output * plan.binCount + bin]
          worst = max(worst, abs(value - direct.values[bin]) / total)
        }
      }
    }
    return worst
  }

  @Test("COHERENT CsI dipole events agree to 1e-9, electrons included", arguments: IntegralMode.allCases)
  func csiDipole(mode: IntegralMode) throws {
    let model = try RateModel(Catalogue.load("coherent-csi-2021"))
    let masses = [0.05, 0.7, 4, 11, 29.5, 30.5, 47, 52.6]
    let planner = RatePlanner(model: model, process: .dipole(flavour: "mu"), mode: mode)
    let plan = try plan(model, .dipole(flavour: "mu"), mode, masses: masses)
    #expect(plan.estimatedError <= Self.tolerance)
    let worst = try worst(model, .dipole, plan: plan, components: planner.componentIndices, masses: masses)
    #expect(worst <= Self.tolerance)
  }

  @Test("COHERENT CsI Standard Model events agree to 1e-9", arguments: IntegralMode.allCases)
  func csiStandardModel(mode: IntegralMode) throws {
    let model = try RateModel(Catalogue.load("coherent-csi-2021"))
    let plan = try plan(model, .standardModel, mode, masses: [0])
    let worst = try worst(
      model, .standardModel, plan: plan, components: Array(model.components.indices), masses: [0])
    #expect(worst <= Self.tolerance)
  }

  @Test("The three CEvNS kinematics and both dipole spins reach the plans")
  func variants() throws {
    var spec = try Catalogue.load("csi-benchmark")
    for kinematics in [AnalysisSpec.CEvNSKinematics.leading, .spinZero, .spinHalf] {
      spec.analysis.kinematics = kinematics
      let model = try RateModel(spec)
      let plan = try plan(model, .standardModel, .moments, masses: [0])
      let worst = try worst(
        model, .standardModel, plan: plan, components: Array(model.components.indices), masses: [0])
      #expect(worst <= Self.tolerance, "\(kinematics)")
    }
    for spin in [AnalysisSpec.DipoleSpin.half, .zero] {
      spec.analysis.dipoleSpin = spin
      let model = try RateModel(spec)
      let plan = try plan(model, .dipole(flavour: "e"), .moments, masses: [8])
      let worst = try worst(model, .dipole, plan: plan, components: [2], masses: [8])
      #expect(worst <= Self.tolerance, "\(spin)")
    }
    spec.analysis.dipoleSpin = .half
    spec.analysis.bracket = .arxiv2406_07477
    let model = try RateModel(spec)
    let plan = try plan(model, .dipole(flavour: "e"), .moments, masses: [20])
    let worst = try worst(model, .dipole, plan: plan, components: [2], masses: [20])
    #expect(worst <= Self.tolerance, "bracket as printed in arXiv:2406.07477")
  }

  @Test("A tabulated flux, lines and an ideal detector agree to 1e-9", arguments: IntegralMode.allCases)
  func tableAndLines(mode: IntegralMode) throws {
    var spec = try Catalogue.load("csi-benchmark")
    let table = SpectrumSpec.table(
      energies: [0.5, 2, 5, 9, 14, 16], density: [0, 0.09, 0.1, 0.11, 0.04, 0])
    spec.source.components[0].spectrum = table
    spec.source.components[1].spectrum = .lines(energies: [7, 12.5], weights: [0.4, 0.6])
    spec.detector.response = .ideal
    spec.detector.quenching = .none
    spec.detector.energyEfficiency = .unity
    spec.channel.energyUnit = "keV"
    spec.channel.energyEdges = [0.3, 0.6, 0.8, 1, 1.3, 1.6, 2, 2.5, 3, 4]
    let model = try RateModel(spec)
    let masses = [0.2, 3, 6.9, 11]
    let plan = try plan(model, .dipole(flavour: "mu"), mode, masses: masses)
    let worst = try worst(model, .dipole, plan: plan, components: [0, 1], masses: masses)
    #expect(worst <= Self.tolerance)
  }

  @Test("Electrons seen with a sharp resolution reach the tolerance they claim", arguments: [1e-4, 1e-7])
  func sharpElectrons(tolerance: Double) throws {
    var spec = try Catalogue.load("coherent-csi-2021")
    spec.detector.response = .gaussian(GaussianResolution(stochastic: 0.1))
    spec.detector.energyEfficiency = .unity
    spec.channel.energyUnit = "keVee"
    spec.channel.energyEdges = [12, 13, 14, 16, 18, 20, 22, 24, 27, 30]
    let model = try RateModel(spec)
    let masses = [0.1, 3]
    let plan = try PlanRefinement(
      model: model, mode: .moments, tolerance: tolerance, backend: CPUBackend()
    ).plan(.dipole(flavour: "mu"), masses: masses)
    let planner = RatePlanner(model: model, process: .dipole(flavour: "mu"), mode: .moments)
    let worst = try worst(
      model, .dipole, plan: plan, components: planner.componentIndices, masses: masses)
    #expect(plan.estimatedError > 0 && plan.estimatedError <= tolerance)
    #expect(worst <= tolerance)
  }

  @Test("A germanium-like resolution, narrow against the recoils, reaches the default tolerance")
  func sharpNuclei() throws {
    var spec = try Catalogue.load("csi-benchmark")
    spec.detector.quenching = .lindhard(protons: 32, k: 0.157)
    spec.detector.response = .truncatedGaussian(noise: 6e-5, pairEnergy: 2.96e-6, fano: 0.11)
    spec.detector.energyEfficiency = .unity
    spec.channel.energyUnit = "keVee"
    spec.channel.energyEdges = [0.2, 0.5, 1, 2, 3, 5, 6, 8, 10, 12]
    let model = try RateModel(spec)
    let planner = RatePlanner(model: model, process: .dipole(flavour: "mu"), mode: .moments)
    let plan = try plan(model, .dipole(flavour: "mu"), .moments, masses: [5])
    let worst = try worst(model, .dipole, plan: plan, components: planner.componentIndices, masses: [5])
    #expect(worst <= Self.tolerance)
  }

  @Test("A tolerance that cannot be met is an error, not a result")
  func unreachable() throws {
    let model = try RateModel(Catalogue.load("csi-benchmark"))
    let refinement = PlanRefinement(model: model, mode: .moments, tolerance: 1e-19, backend: try CPUBackend())
    #expect(throws: PlanningError.self) { try refinement.plan(.dipole(flavour: "mu"), masses: [5]) }
  }

  @Test("A flavour the source does not hold is an error that lists what it holds")
  func noFlavour() throws {
    let model = try RateModel(Catalogue.load("coherent-csi-2021"))
    do {
      _ = try RatePlanner(model: model, process: .dipole(flavour: "tau"), mode: .moments).plan()
      Issue.record("no error")
    } catch {
      #expect(error.message.contains("nu_mu_bar"))
    }
  }
}

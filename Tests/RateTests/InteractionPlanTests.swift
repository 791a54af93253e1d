import Pipeline
import Planning
import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

@testable import Experiments
@testable import Pipeline
@testable import Rates

/// Plans of interactions against direct adaptive integration of their terms [UPS-10], [UPS-31].
@Suite("Interactions: plans against direct integration")
struct InteractionPlanTests {
  /// Model, parameters, mass (MeV).
  static let cases: [(model: String, parameters: [String], mass: Double)] = [
    ("vector", [], 15), ("vector", [], 0), ("vector-b-l", [], 300), ("scalar", [], 3), ("tensor", [], 40),
    ("millicharge", [], 0), ("charge-radius", [], 0), ("nsi", ["quark=d"], 0),
    ("nsi", ["quark=u", "pair=e-mu"], 0), ("weak-dipole", ["mixing=0.1"], 4),
    ("weak-dipole", ["mixing=0.1"], 27),
    ("magnetic-moment", [], 0), ("transition", ["lambda14=1,lambda34=0.4@2"], 9),
  ]

  /// Largest deviation of any bin on any of the backends, relative to the sum of magnitudes over bins, over orders and
  /// components.
  private func worst(
    _ model: RateModel, _ name: String, _ parameters: [String], flavour: ActingFlavour?, mass: Double,
    backends: [any Backend]
  ) throws -> Double {
    let interaction = try InteractionTests.interaction(name, parameters, flavour: flavour)
    let plans = try InteractionPlans(
      interaction, model: model,
      refinement: PlanRefinement(model: model, mode: .moments, tolerance: 1e-9, backend: CPUBackend()),
      masses: [mass])
    #expect(plans.estimatedError <= 1e-9)
    let found = try backends.map { try events(plans, mass: mass, on: $0) }
    var worst = 0.0
    var compared: Set<String> = []
    for order in InteractionTerm.Order.allCases {
      for index in model.components.indices {
        let terms = model.terms(interaction, order: order, component: index, mass: mass)
        let direct = try DirectIntegration(response: model.response).counts(terms).values
        let scale = direct.reduce(0) { $0 + abs($1) }
        let key = "\(order) \(index)"
        compared.insert(key)
        for planned in found {
          guard let events = planned[key] else {
            #expect(scale == 0)
            continue
          }
          for (a, b) in zip(events, direct) { worst = max(worst, abs(a - b) / max(scale, 1e-300)) }
        }
      }
    }
    #expect(found.allSatisfy { Set($0.keys).isSubset(of: compared) && !$0.isEmpty })
    return worst
  }

  /// Events per bin by order and component.
  private func events(
    _ plans: InteractionPlans, mass: Double, on backend: any Backend
  ) throws -> [String: [Double]] {
    var found: [String: [Double]] = [:]
    for part in try plans.rates(mass: mass, on: backend) {
      for (index, events) in part.components {
        let key = "\(part.order) \(index)"
        found[key] = found[key].map { zip($0, events).map { $0 + $1 } } ?? events
      }
    }
    return found
  }

  @Test("COHERENT CsI, electrons included, agrees to 1e-9", arguments: cases)
  func csi(model name: String, parameters: [String], mass: Double) throws {
    let model = try RateModel(Catalogue.load("coherent-csi-2021"))
    let worst = try worst(
      model, name, parameters, flavour: nil, mass: mass, backends: [CPUBackend()])
    #expect(worst <= 1e-9, "\(name) \(mass): \(worst)")
  }

  /// Germanium with electrons at monochromatic sources of nu_e and nu_e_bar, as a chromium source or a reactor's peak.
  private static var lines: ExperimentSpec {
    var spec = ToyExperiment.spec(
      detector: DetectorSpec(
        massKilograms: 3, molarMass: 73.921,
        nuclei: [
          NucleusSpec(
            name: "Ge", protons: 32, neutrons: 42, atomicMass: 73.921177761, perFormulaUnit: 1,
            formFactor: FormFactorSpec(kind: .helm, protonRadius: 4.07, neutronRadius: 4.1, thickness: 0.9),
            electronLevels: [
              ElectronLevel(bindingEnergy: 0.0111, electrons: 2),
              ElectronLevel(bindingEnergy: 0.00125, electrons: 8),
              ElectronLevel(bindingEnergy: 1e-4, electrons: 22),
            ])
        ], quenching: .lindhard(protons: 32, k: 0.157),
        response: .truncatedGaussian(noise: 68.5e-6, pairEnergy: 2.96e-6, fano: 0.105),
        energyEfficiency: .unity, timeEfficiency: .unity, recoilFloor: .both(3e-6)),
      edges: [0.2, 0.3, 0.5, 1, 5, 20], timeEdges: [])
    spec.source = SourceSpec(components: [
      FluxComponentSpec(
        label: "chromium", flavour: .e, spectrum: .lines(energies: [0.432, 0.752], weights: [0.1, 0.9]),
        fluence: 1e17, arrivalTimes: nil),
      FluxComponentSpec(
        label: "reactor", flavour: .eBar, spectrum: .table(energies: [2, 4, 8], density: [0.3, 0.15, 0]),
        fluence: 1e17, arrivalTimes: nil),
    ])
    return spec
  }

  @Test("Germanium with lines and a table agrees to 1e-9, on the reference too", arguments: cases)
  func germanium(model name: String, parameters: [String], mass: Double) throws {
    let model = try RateModel(Self.lines)
    let own = name == "transition" || parameters.contains("pair=e-mu") ? nil : ActingFlavour.e
    let worst = try worst(
      model, name, parameters, flavour: own,
      mass: name == "weak-dipole" || name == "transition" ? mass / 10 : mass,
      backends: [CPUBackend(), ReferenceBackend()])
    #expect(worst <= 1e-9, "\(name) \(mass): \(worst)")
  }
}

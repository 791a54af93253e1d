import DipolePhysics
import Foundation
import Testing
import Units

@testable import Experiments
@testable import Rates

@Suite("Rates")
struct RateModelTests {
  private static let levels = [
    ElectronLevel(bindingEnergy: 5e-3, electrons: 10), ElectronLevel(bindingEnergy: 3.6e-2, electrons: 2),
    ElectronLevel(bindingEnergy: 1e-4, electrons: 43),
  ]

  @Test("Nuclei, fluences and time weights are bound as the file says")
  func binding() throws {
    let model = try RateModel(ToyExperiment.smeared(levels: Self.levels))
    #expect(model.components.map(\.label) == ["nu_mu", "nu_mu_bar", "nu_e"])
    // one mole of caesium weighs 132.9 g
    #expect(isClose(model.targets[0].count, 1e4 / 132.905451961 * 6.02214076e23, rtol: 1e-14))
    #expect(isClose(model.targets[0].mass, 123772.539736092, rtol: 1e-10))
    let weights = model.timeWeights()
    #expect(weights.count == 3 && weights.allSatisfy { $0.count == 3 })
    #expect(weights.allSatisfy { $0.reduce(0, +) <= 1 && $0.allSatisfy { $0 >= 0 } })
    #expect(weights[1] == weights[2])
  }

  @Test("The effective charge of the electrons climbs at each binding energy")
  func effectiveCharge() throws {
    let electrons = try #require(try RateModel(ToyExperiment.smeared(levels: Self.levels)).electrons)
    #expect(electrons.effectiveCharge(recoil: 5e-5) == 0)
    #expect(electrons.effectiveCharge(recoil: 1e-3) == 43)
    #expect(electrons.effectiveCharge(recoil: 6e-3) == 53)
    #expect(electrons.effectiveCharge(recoil: 1) == 55)
  }

  @Test("Differential rates are never negative", arguments: SignalProcess.allCases, [0, 0.5, 5, 20, 45])
  func positivity(process: SignalProcess, heavyMass: Double) throws {
    let model = try RateModel(ToyExperiment.ideal(levels: Self.levels))
    for component in model.components.indices {
      for step in 0..<120 {
        let recoil = 1e-6 * exp(0.15 * Double(step))
        for kind in [RecoilKind.nuclear, .electron] {
          let rate = model.differentialRate(
            process: process, component: component, recoil: recoil, recoilKind: kind, heavyMass: heavyMass,
            coupling: 1e-6)
          #expect(rate >= 0, "\(rate) at \(recoil) MeV")
        }
      }
    }
  }

  @Test(
    "Flux moments and numerical integration over the neutrino energy agree",
    arguments: SignalProcess.allCases, [0.1, 5, 30])
  func innerIntegral(process: SignalProcess, heavyMass: Double) throws {
    let model = try RateModel(ToyExperiment.ideal(levels: Self.levels))
    for component in model.components.indices {
      for term in model.terms(process: process, component: component, heavyMass: heavyMass, coupling: 1e-6) {
        for recoil in [2e-4, 3e-3, 1.5e-2, 6e-2] {
          let numerical = try term.differentialRateByQuadrature(recoil: recoil, relativeTolerance: 1e-12)
          let moments = term.differentialRate(recoil: recoil)
          let sigma = term.coefficients(recoil)
          // near the threshold A I0 + B I1 + C I2 cancels: rounding relative to its largest part
          let part = abs(sigma.a) * term.exposure * term.spectrum.moments(above: 0.1).i0
          #expect(isClose(numerical.value, moments, rtol: 1e-10, atol: 1e-14 * part))
        }
      }
    }
  }

  @Test(
    "Counts equal multi-precision integrals done in the other order with other forms of the cross sections",
    arguments: RateFixtures.caesiumCounts)
  func independentCounts(heavyMass: Double, isDipole: Bool, expected: [Double]) throws {
    let model = try RateModel(ToyExperiment.ideal(edges: [1, 5, 10, 20, 40]))
    let counts = try model.directCounts(
      process: isDipole ? .dipole : .standardModel, component: 2, heavyMass: heavyMass, coupling: 1e-6)
    for (found, wanted) in zip(counts.values, expected) {
      #expect(isClose(found, wanted, rtol: 1e-11), "\(found) against \(wanted)")
    }
  }

  @Test("Counts with numerical inner integrals equal counts from moments", arguments: SignalProcess.allCases)
  func twoWays(process: SignalProcess) throws {
    let model = try RateModel(ToyExperiment.ideal(edges: [4, 12, 30]))
    let moments = try model.directCounts(process: process, component: 1, heavyMass: 8, coupling: 1e-6)
    let numerical = try model.directCounts(
      process: process, component: 1, heavyMass: 8, coupling: 1e-6,
      innerIntegral: .quadrature(relativeTolerance: 1e-11), relativeTolerance: 1e-9)
    for bin in moments.values.indices {
      #expect(moments.values[bin] > 0)
      #expect(moments.errors[bin] <= 1e-10 * moments.values[bin])
      #expect(isClose(moments.values[bin], numerical.values[bin], rtol: 1e-9))
    }
  }

  @Test("Doubling the coupling quadruples the dipole signal and leaves the Standard Model alone")
  func quadratic() throws {
    let model = try RateModel(ToyExperiment.ideal(levels: Self.levels))
    for process in SignalProcess.allCases {
      let one = try model.directCounts(process: process, component: 2, heavyMass: 3, coupling: 1e-7).values
      let two = try model.directCounts(process: process, component: 2, heavyMass: 3, coupling: 2e-7).values
      for (a, b) in zip(one, two) { #expect(isClose(b, process == .dipole ? 4 * a : a, rtol: 1e-12)) }
    }
  }

  @Test("Above its threshold mass the signal vanishes exactly; just below it does not")
  func threshold() throws {
    let model = try RateModel(ToyExperiment.ideal(edges: [0.5, 5, 30]))
    let mass = model.targets[0].mass
    // m4 + m4^2 / 2M = 52.83 MeV
    let energy = PhysicalConstants.muonMass / 2
    let largest = mass * ((1 + 2 * energy / mass).squareRoot() - 1)
    let counts = { (m4: Double) in
      try model.directCounts(process: .dipole, component: 1, heavyMass: m4, coupling: 1e-6).values
    }
    #expect(try counts(largest * 1.0001) == [0, 0])
    #expect(try counts(largest * 0.99).contains { $0 > 0 })
  }

  @Test("A smeared detector keeps fewer events than the recoils it is offered")
  func smearingLoses() throws {
    let model = try RateModel(ToyExperiment.smeared())
    let wide = try RateModel(ToyExperiment.ideal(edges: [0.05, 200]))
    let seen = try model.directCounts(
      process: .standardModel, component: 1, heavyMass: 0, coupling: 0, relativeTolerance: 1e-8
    ).values.reduce(0, +)
    let offered = try wide.directCounts(process: .standardModel, component: 1, heavyMass: 0, coupling: 0)
      .values[0]
    #expect(seen > 0.05 * offered && seen < offered)
  }

  @Test("Electrons only count when the analysis includes them")
  func electronsOptional() throws {
    var spec = ToyExperiment.ideal(levels: Self.levels)
    spec.analysis.includeElectrons = false
    #expect(try RateModel(spec).electrons == nil)
    #expect(try RateModel(ToyExperiment.ideal()).electrons == nil)
    #expect(try RateModel(ToyExperiment.ideal(levels: Self.levels)).electrons != nil)
  }

  @Test("Nuclei and electrons apart add up to both together")
  func electronsOnly() throws {
    let total = { (electrons: Bool, nuclei: Bool, process: SignalProcess) in
      var spec = ToyExperiment.ideal(edges: [1, 5, 10], levels: Self.levels)
      spec.analysis.includeElectrons = electrons
      spec.analysis.includeNuclei = nuclei
      return try RateModel(spec).directCounts(
        process: process, component: 1, heavyMass: process == .dipole ? 2 : 0, coupling: 1e-6
      ).values
    }
    for process in [SignalProcess.standardModel, .dipole] {
      let both = try total(true, true, process)
      let (nuclei, electrons) = (try total(false, true, process), try total(true, false, process))
      for bin in both.indices {
        #expect(isClose(nuclei[bin] + electrons[bin], both[bin], rtol: 1e-9))
        #expect(electrons[bin] > 0 && nuclei[bin] > 0)
      }
    }
  }

  @Test("Specifications that contradict themselves are refused with a reason")
  func refusals() {
    let mutations: [(String, (inout ExperimentSpec) -> Void)] = [
      ("energy edges", { $0.channel.energyEdges = [3, 2] }),
      ("flux component", { $0.source.components = [] }),
      ("nucleus", { $0.detector.nuclei = [] }),
      ("quenching", { $0.detector.quenching = ToyExperiment.quenching }),
      (
        "arrival times",
        {
          $0.channel.timeEdges = [0, 1]; $0.source.components[0].arrivalTimes = nil
        }
      ),
      ("observed counts", { $0.channel.observed = [1] }),
      ("molar mass", { $0.detector.molarMass = 0 }),
      ("recoils are followed up to", { $0.channel.energyEdges = [1, 2e7] }),
    ]
    for (word, mutate) in mutations {
      var spec = ToyExperiment.ideal()
      mutate(&spec)
      #expect { try RateModel(spec) } throws: { "\($0)".contains(word) }
    }
  }
}

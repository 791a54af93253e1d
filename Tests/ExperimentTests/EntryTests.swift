import Experiments
import Testing
import Units

/// Sum of a table of numbers.
private func sum(_ values: [Double]) -> Double { values.reduce(0, +) }

@Suite("COHERENT CsI 2021")
struct CoherentCsITests {
  let spec: ExperimentSpec
  init() throws { spec = try Catalogue.load("coherent-csi-2021") }

  @Test("1578 events below 60 PE and 6 us, energy-major")
  func observed() throws {
    let observed = try #require(spec.channel.observed)
    #expect(observed.count == 99)
    #expect(sum(observed) == 1578)
    // Counts per energy bin of the released coincident events (ancillary files of arXiv:2110.07730).
    let perEnergy = stride(from: 0, to: 99, by: 11).map { sum(Array(observed[$0..<$0 + 11])) }
    #expect(perEnergy == [11, 147, 224, 177, 144, 237, 210, 231, 197])
  }

  @Test("Backgrounds have the published totals and the released shapes")
  func backgrounds() throws {
    let totals = ["beam-neutrons": 18.4, "neutrino-neutrons": 5.6, "steady-state": 1286]
    #expect(Set(spec.channel.backgrounds.map(\.name)) == Set(totals.keys))
    for background in spec.channel.backgrounds {
      guard case .product(let weights, let time, let total, let applies) = background.shape else {
        Issue.record("\(background.name) is not a product")
        continue
      }
      #expect(total == totals[background.name])
      #expect(weights.count == 9)
      #expect(applies == (background.name != "steady-state"))
      if background.name == "steady-state" {
        #expect(sum(weights) == 1295)
        #expect(time == .exponential(rate: 0.0494))
      } else {
        #expect(isClose(sum(weights), 1, relative: 1e-6))
        guard case .histogram(let edges, let masses) = time else {
          Issue.record("\(background.name) has no time table")
          continue
        }
        #expect(edges.first == 0 && edges.last == 6)
        #expect(isClose(sum(masses), 1, relative: 1e-5))
      }
    }
  }

  @Test("The fluence of each flavour is r N / (4 pi L^2)")
  func fluence() {
    #expect(spec.source.components.map(\.label) == ["nu_mu", "nu_mu_bar", "nu_e"])
    #expect(spec.source.components.map(\.flavour) == [.mu, .muBar, .e])
    // mpmath, 15 digits: 0.0848 * 3.198e23 / (4 pi 1930^2)
    for component in spec.source.components { #expect(isClose(component.fluence, 579361763793233.8)) }
  }

  @Test(
    "Arrival times keep the share of the release below 6 us",
    arguments: [(0, 0.99995114), (1, 0.91937611), (2, 0.91917832)])
  func arrival(_ index: Int, _ share: Double) throws {
    guard case .histogram(let edges, let masses) = try #require(spec.source.components[index].arrivalTimes)
    else {
      Issue.record("no histogram")
      return
    }
    #expect(edges.count == masses.count + 1)
    #expect(edges.first == 0 && edges.last == 6)
    #expect(isClose(sum(masses), share, relative: 1e-6))
    for edge in spec.channel.timeEdges where edge >= 1 { #expect(edges.contains(edge)) }
  }

  @Test("Nuclear masses, radii and electrons are those of caesium and iodine")
  func nuclei() {
    // Masses in MeV from the atomic masses of AME2020 (mpmath).
    let expected = [(55, 78, 5.09, 4.804, 123772.539736092), (53, 74, 5.03, 4.750, 118183.684845819)]
    for (nucleus, values) in zip(spec.detector.nuclei, expected) {
      #expect(nucleus.protons == values.0 && nucleus.neutrons == values.1)
      #expect(nucleus.formFactor.kind == .helm && nucleus.formFactor.thickness == 0.9)
      #expect(nucleus.formFactor.neutronRadius == values.2 && nucleus.formFactor.protonRadius == values.3)
      let mass =
        nucleus.atomicMass * PhysicalConstants.atomicMassUnit
        - Double(nucleus.protons) * PhysicalConstants.electronMass
      #expect(isClose(mass, values.4, relative: 1e-14))
      #expect(nucleus.electronLevels.reduce(0) { $0 + $1.electrons } == nucleus.protons)
    }
    let innermost = spec.detector.nuclei[0].electronLevels.first
    #expect(innermost?.bindingEnergy == 0.035985 && innermost?.electrons == 2)
  }

  @Test("Response, efficiencies, pulls and choices are read in internal units")
  func settings() {
    #expect(spec.detector.massKilograms == 14.6)
    #expect(spec.detector.quenching == .polynomial([0.0554628, 4.30681, -111.707, 840.384]))
    #expect(spec.detector.response == .gammaPhotoelectrons(aKeV: 0.0749, bPerKeV: 9.56))
    #expect(
      spec.detector.energyEfficiency
        == .logistic(a: 1.32045, b: 0.285979, c: 10.8646, d: -0.333322, maximum: 60))
    #expect(spec.detector.timeEfficiency == .delayedExponential(start: 0.52, rate: 0.0494))
    #expect(spec.detector.recoilFloor == .both(5e-5))
    #expect(isClose(spec.analysis.fermiConstant, PhysicalConstants.fermiConstant))
    #expect(spec.analysis.weakMixing == PhysicalConstants.weakMixingAngleSquaredSine)
    #expect(spec.analysis.includeElectrons && spec.analysis.dipoleSpin == .half)
    #expect(spec.analysis.kinematics == .spinZero && spec.analysis.couplings == .radiative)
    #expect(spec.systematics.signalWidth == 0.12 && spec.systematics.signalScope == .signalAndStandardModel)
    #expect(
      spec.systematics.backgroundWidths
        == ["beam-neutrons": 0.25, "neutrino-neutrons": 0.35, "steady-state": 0.021])
  }

  @Test("The variant without the low row drops it from data and backgrounds alike")
  func withoutLowRow() throws {
    let cut = try Catalogue.load("coherent-csi-2021:without-low-row")
    #expect(cut.channel.energyEdges == Array(spec.channel.energyEdges.dropFirst()))
    #expect(cut.channel.observed == spec.channel.observed.map { Array($0.dropFirst(11)) })
    guard case .product(let weights, _, let total, _) = cut.channel.backgrounds[2].shape else {
      Issue.record("not a product")
      return
    }
    #expect(weights.count == 8)
    #expect(isClose(total, 1286 * 1291.0 / 1295))
  }

  @Test("The other variants change what they say")
  func variants() throws {
    #expect(try Catalogue.load("coherent-csi-2021:no-time-efficiency").detector.timeEfficiency == .unity)
    #expect(try Catalogue.load("coherent-csi-2021:no-electrons").analysis.includeElectrons == false)
    #expect(
      try Catalogue.load("coherent-csi-2021:sm-only-pull").systematics.signalScope == .standardModel)
  }
}

@Suite("CsI benchmark")
struct BenchmarkEntryTests {
  @Test("Is a projection with smooth backgrounds of the published totals")
  func content() throws {
    let spec = try Catalogue.load("csi-benchmark")
    #expect(spec.kind == .projection && spec.channel.observed == nil)
    let totals = spec.channel.backgrounds.map { background -> Double in
      guard case .events(let events) = background.shape else { return .nan }
      return events.count == 99 ? sum(events) : .nan
    }
    for (total, expected) in zip(totals, [18.4, 5.6, 1286]) {
      #expect(isClose(total, expected, relative: 1e-9))
    }
    #expect(totals.count == 3)
    #expect(
      spec.source.components.map(\.arrivalTimes) == [
        .gaussianPulse(center: 0.45, width: 0.15, delayed: false),
        .gaussianPulse(center: 0.45, width: 0.15, delayed: true),
        .gaussianPulse(center: 0.45, width: 0.15, delayed: true),
      ])
    #expect(spec.detector.nuclei.allSatisfy { $0.formFactor.kind == .helmLewinSmith })
    #expect(spec.detector.recoilFloor == RecoilFloorSpec(nuclear: 2e-4, electron: nil))
    #expect(isClose(spec.analysis.fermiConstant, 1.1663787e-11))
    #expect(spec.analysis.couplings == .tree && spec.analysis.kinematics == .leading)
  }
}

@Suite("Published curves")
struct PublishedCurveTests {
  let curves = Catalogue.publishedCurves()

  @Test("Every curve of the index is read")
  func complete() throws {
    #expect(curves.count == 15)
    #expect(
      Set(curves.map(\.name)).isSuperset(of: ["charm-ii", "miniboone", "lep", "borexino", "xenon1t", "bbn"]))
  }

  @Test("Couplings are in convention A: twice the digitised coefficient")
  func convention() throws {
    let curve = try #require(curves.first { $0.name == "miniboone" })
    // First digitised point: 1.0019651 MeV, 1.3362108e-05 /GeV in the Lagrangian without 1/2.
    #expect(isClose(curve.m4[0], 1.0019651, relative: 1e-3))
    #expect(isClose(curve.coupling[0], 2.6724216e-05, relative: 5e-4))
    #expect(curve.flavour == "mu" && curve.confidenceLevel == 0.95 && curve.sense == .excludedAbove)
    #expect(curve.reference == "arXiv:1803.03262")
  }

  @Test("Every curve is sound: equal lengths, sensible masses and couplings, an arXiv reference")
  func sound() {
    for curve in curves {
      #expect(curve.m4.count == curve.coupling.count && curve.m4.count >= 10, "\(curve.name)")
      #expect(curve.m4.allSatisfy { $0 > 1e-5 && $0 < 1e6 }, "\(curve.name)")
      #expect(curve.coupling.allSatisfy { $0 > 1e-13 && $0 < 1e-1 }, "\(curve.name)")
      #expect(curve.reference.hasPrefix("arXiv:"), "\(curve.name)")
      #expect(["e", "mu", "tau", "universal"].contains(curve.flavour), "\(curve.name)")
    }
  }
}

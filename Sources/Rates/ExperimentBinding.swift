import DipolePhysics
import Experiments
import Units

extension FluxComponentModel {
  init(_ spec: FluxComponentSpec) {
    let (shape, spectrum) = Self.spectrum(spec.spectrum)
    self.init(
      label: spec.label, flavour: spec.flavour, fluence: spec.fluence, shape: shape, spectrum: spectrum,
      massStates: spec.massStates)
  }

  private static func spectrum(_ spec: SpectrumSpec) -> (Shape, any NeutrinoSpectrum) {
    switch spec {
    case .pionDecayAtRestPrompt: (.pionDecayAtRestPrompt, PionDecayAtRest.prompt)
    case .muonDecayAtRestAntiMuon: (.muonDecayAtRestAntiMuon, PionDecayAtRest.antiMuon)
    case .muonDecayAtRestElectron: (.muonDecayAtRestElectron, PionDecayAtRest.electron)
    case .lines(let energies, let weights): (.lines, LineSpectrum(energies: energies, weights: weights))
    case .table(let energies, let density):
      (.table, TabulatedSpectrum(energies: energies, densities: density))
    }
  }
}

extension DetectorSpec {
  /// Formula units in the detector: mass / molar mass times Avogadro's constant.
  var formulaUnits: Double { massKilograms * 1e3 / molarMass * PhysicalConstants.avogadro }
}

extension TargetModel {
  static func targets(of detector: DetectorSpec) -> [TargetModel] {
    detector.nuclei.map { nucleus in
      let factors = formFactors(nucleus)
      return TargetModel(
        name: nucleus.name, mass: nuclearMass(atomicMass: nucleus.atomicMass, protons: nucleus.protons),
        count: detector.formulaUnits * nucleus.perFormulaUnit, protons: nucleus.protons,
        neutrons: nucleus.neutrons, protonFormFactor: factors.proton, neutronFormFactor: factors.neutron)
    }
  }

  private static func formFactors(_ nucleus: NucleusSpec) -> (proton: FormFactor, neutron: FormFactor) {
    let spec = nucleus.formFactor
    if spec.kind == .helmLewinSmith {
      let radius = lewinSmithRadius(massNumber: nucleus.protons + nucleus.neutrons)
      let factor = FormFactor.helm(radius: radius, skin: 0.9)
      return (factor, factor)
    }
    return (
      FormFactor(shape: spec.kind.shape, rmsRadius: spec.protonRadius, thickness: spec.thickness),
      FormFactor(shape: spec.kind.shape, rmsRadius: spec.neutronRadius, thickness: spec.thickness)
    )
  }
}

extension ElectronTargetModel {
  /// nil when no nucleus lists electron levels.
  init?(detector: DetectorSpec) {
    let levels = detector.nuclei.flatMap { nucleus in
      nucleus.electronLevels.map {
        Step(bindingEnergy: $0.bindingEnergy, electrons: Double($0.electrons) * nucleus.perFormulaUnit)
      }
    }
    guard !levels.isEmpty else { return nil }
    self.init(count: detector.formulaUnits, levels: levels)
  }
}

// MARK: - Analysis choices as the physics names them

extension AnalysisSpec {
  /// Vector couplings g_V^p, g_V^n of CEvNS for a family ("e", "mu", "tau"), tree-level or radiatively
  /// corrected [UPS-5].
  package func weakCouplings(family: String) -> WeakCouplings {
    switch couplings {
    case .tree: .tree(sin2: weakMixing)
    case .radiative: .radiative(flavourFamily: family)
    }
  }
}

extension FormFactorSpec.Kind {
  var shape: FormFactor.Shape {
    switch self {
    case .helm, .helmLewinSmith: .helm
    case .kleinNystrand: .kleinNystrand
    case .fermi: .fermi
    case .unity: .unity
    }
  }
}

extension AnalysisSpec.CEvNSKinematics {
  var variant: CEvNSCrossSection.Variant {
    switch self {
    case .leading: .leading
    case .spinZero: .spinZero
    case .spinHalf: .spinHalf
    }
  }
}

extension AnalysisSpec.DipoleSpin {
  var targetSpin: TargetSpin {
    switch self {
    case .half: .half
    case .zero: .zero
    }
  }
}

extension AnalysisSpec.Bracket {
  var dipoleBracket: DipoleBracket {
    switch self {
    case .traces: .traces
    case .arxiv2406_07477: .arxiv2406_07477
    }
  }
}

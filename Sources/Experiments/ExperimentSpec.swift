/// A whole experiment as read from its file, in internal units (MeV, cm, s, events): what was measured or is planned,
/// with every analysis choice explicit. Physics-free: formulas live in `DipolePhysics`, binding in `Rates`.
package struct ExperimentSpec: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable { case measurement, projection }
  package var name: String
  package var title: String
  package var kind: Kind
  package var references: [String]
  package var source: SourceSpec
  package var detector: DetectorSpec
  package var analysis: AnalysisSpec
  package var channel: ChannelSpec
  package var systematics: SystematicsSpec
  /// SHA-256 of the experiment file and of every table it names, hex, by file name; goes into provenance.
  package var inputDigests: [String: String]
  /// Names of the experiments whose events are among those of this one.
  package var includesDataOf: [String] = []

  /// The name without variant: every variant has the same data.
  package var entry: String { String(name.prefix { $0 != ":" }) }
}

// MARK: - Source

package struct SourceSpec: Codable, Hashable, Sendable {
  /// Sections of `source` in experiment files.
  package enum Kind: String, Codable, Sendable, CaseIterable {
    case pionDecayAtRest = "pion-decay-at-rest"
    case reactor, solar
    case chromium = "chromium-51"
    case diffuseSupernova = "diffuse-supernova"
    case components
  }
  package var components: [FluxComponentSpec]
  /// What the file describes, for lists of alike experiments; `components` hold all physics.
  package var kinds: Set<Kind> = [.components]
}

/// One flux component: a flavour, a spectrum normalised to one, the fluence over the exposure and its arrival times.
package struct FluxComponentSpec: Codable, Hashable, Sendable {
  /// "nu_mu", "nu_mu_bar", "nu_e", ... : label in outputs
  package var label: String
  package var flavour: NeutrinoFlavour
  package var spectrum: SpectrumSpec
  /// cm^-2 over the exposure
  package var fluence: Double
  /// nil when the channel has no time axis
  package var arrivalTimes: TimeDistributionSpec?
  /// For neutrinos that arrive as a mixture of mass states (solar neutrinos with oscillation); nil elsewhere.
  package var massStates: MassStateContent?
  /// 1, 2 or 3 for a component that is one mass state (`inMassStates`): it has no flavour, whatever `flavour` says.
  package var massState: Int?
  /// What part of the source it is; nil only for components that no file describes.
  package var origin: SourceOriginSpec?
}

/// Neutrinos that arrive as an incoherent mixture of mass states [UPS-16]. The flavour components of one flux all carry the
/// same content: a rate by mass states counts each `flux` once and replaces all components of that name.
package struct MassStateContent: Codable, Hashable, Sendable {
  /// Which flux of the source: "b8".
  package var flux: String
  /// All flavours together, cm^-2 over the exposure.
  package var fluence: Double
  /// As emitted, normalised to one: a table or lines.
  package var spectrum: SpectrumSpec
  /// P_e1, P_e2, P_e3 at every node or line of `spectrum`: three lists, whose sum is one at each.
  package var probabilities: [[Double]]
}

package enum NeutrinoFlavour: String, Codable, Sendable, CaseIterable {
  case e, mu, tau, eBar = "e_bar", muBar = "mu_bar", tauBar = "tau_bar"
  package var isAntineutrino: Bool { self == .eBar || self == .muBar || self == .tauBar }
  /// "e", "mu" or "tau": which dipole coupling acts
  package var family: String {
    switch self {
    case .e, .eBar: "e"
    case .mu, .muBar: "mu"
    case .tau, .tauBar: "tau"
    }
  }
}

package enum SpectrumSpec: Codable, Hashable, Sendable {
  /// nu_mu line, nu_mu-bar and nu_e of muon decay at rest
  case pionDecayAtRestPrompt
  case muonDecayAtRestAntiMuon
  case muonDecayAtRestElectron
  /// energies MeV, weights summing to one
  case lines(energies: [Double], weights: [Double])
  /// piecewise linear between nodes: energies MeV ascending, phi MeV^-1 (normalised by the loader to unit integral)
  case table(energies: [Double], density: [Double])
}

package enum TimeDistributionSpec: Codable, Hashable, Sendable {
  /// probability density piecewise constant on ascending edges (microseconds); masses sum to <= 1
  case histogram(edges: [Double], masses: [Double])
  /// Gaussian pulse convolved with pion (and, when delayed, muon) decay
  case gaussianPulse(center: Double, width: Double, delayed: Bool)
  /// exp(-rate t) from t = 0, rate in 1/microsecond; only its shape inside the time edges matters
  case exponential(rate: Double)
}

// MARK: - Detector

package struct DetectorSpec: Codable, Hashable, Sendable {
  package var massKilograms: Double
  package var molarMass: Double  // g/mol of the formula unit
  package var nuclei: [NucleusSpec]
  package var quenching: QuenchingSpec
  package var response: ResponseSpec
  package var energyEfficiency: EnergyEfficiencySpec
  package var timeEfficiency: TimeEfficiencySpec
  /// Detection probability against the true recoil energy, on top of the response.
  package var recoilEfficiency = RecoilEfficiencySpec.unity
  package var recoilFloor: RecoilFloorSpec
}

/// Smallest recoils considered, MeV; nil for a kind of recoil that the analysis leaves out.
package struct RecoilFloorSpec: Codable, Hashable, Sendable {
  package var nuclear: Double?
  package var electron: Double?

  package init(nuclear: Double?, electron: Double?) {
    self.nuclear = nuclear
    self.electron = electron
  }

  /// The same for both kinds.
  package static func both(_ recoil: Double) -> RecoilFloorSpec {
    RecoilFloorSpec(nuclear: recoil, electron: recoil)
  }
}

package struct NucleusSpec: Codable, Hashable, Sendable {
  package var name: String
  package var protons: Int
  package var neutrons: Int
  /// atomic mass, unified atomic mass units
  package var atomicMass: Double
  /// nuclei of this kind per formula unit (stoichiometry times abundance)
  package var perFormulaUnit: Double
  package var formFactor: FormFactorSpec
  /// electron levels of the neutral atom: binding energy (MeV) and occupation; empty = no electron channel
  package var electronLevels: [ElectronLevel]
}

package struct ElectronLevel: Codable, Hashable, Sendable {
  package var bindingEnergy: Double
  package var electrons: Int
}

package struct FormFactorSpec: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Sendable {
    case helm, kleinNystrand = "klein-nystrand", fermi, unity
    /// Helm with the Lewin-Smith radius 1.23 A^(1/3) - 0.60 fm for both distributions
    case helmLewinSmith = "helm-lewin-smith"
  }
  package var kind: Kind
  /// fm; ignored by unity and helm-lewin-smith
  package var protonRadius: Double
  package var neutronRadius: Double
  /// fm: s (helm), a_k (klein-nystrand), a (fermi)
  package var thickness: Double

  /// Whether the file gives the radii.
  package var hasRadii: Bool { kind != .helmLewinSmith && kind != .unity }

  /// The rms radius (fm) that a surface of this thickness has by itself [UPS-7]; 0 without radii in the file.
  package var smallestRadius: Double {
    switch kind {
    case .helm: 3.0.squareRoot() * thickness
    case .kleinNystrand: 6.0.squareRoot() * thickness
    case .fermi: 1.4.squareRoot() * Double.pi * thickness
    case .helmLewinSmith, .unity: 0
    }
  }
}

package enum QuenchingSpec: Codable, Hashable, Sendable {
  /// E_ee = sum_k c[k] T^(k+1), MeV in MeV out
  case polynomial([Double])
  case lindhard(protons: Double, k: Double)
  /// E_ee = (offset + slope * T[keV]) T
  case linear(offset: Double, slopePerKeV: Double)
  /// E_ee = factor(T) T: the curve over recoils in MeV, constant outside its nodes
  case table(TabulatedCurve)
  case none
}

package enum ResponseSpec: Codable, Hashable, Sendable {
  /// photoelectrons: P(x|E_ee) = [a(1+b)]^(1+b)/Gamma(1+b) x^b exp(-a(1+b)x), a = aKeV/E_ee, b = bPerKeV E_ee (E_ee in keV)
  case gammaPhotoelectrons(aKeV: Double, bPerKeV: Double)
  /// truncated Gaussian: sigma^2 = noise^2 + E_ee * pairEnergy * fano (MeV)
  case truncatedGaussian(noise: Double, pairEnergy: Double, fano: Double)
  case gaussian(GaussianResolution)
  /// recoil energy itself, edges in keV
  case ideal
  /// probability of every analysis bin at tabulated recoils; nil: such recoils are not seen
  case matrix(nuclear: ResponseMatrixSpec?, electron: ResponseMatrixSpec?)
}

package enum EnergyEfficiencySpec: Codable, Hashable, Sendable {
  case unity
  /// a / (1 + exp(-b (x - c))) + d, zero where negative and above `maximum`
  case logistic(a: Double, b: Double, c: Double, d: Double, maximum: Double)
  /// over the reconstructed energy in the unit of the channel, zero outside the nodes
  case table(TabulatedCurve)
}

package enum TimeEfficiencySpec: Codable, Hashable, Sendable {
  case unity
  /// 1 below `start`, exp(-rate (t - start)) above; microseconds
  case delayedExponential(start: Double, rate: Double)
}

// MARK: - Analysis choices

package struct AnalysisSpec: Codable, Hashable, Sendable {
  package enum CouplingScheme: String, Codable, Sendable { case radiative, tree }
  package enum CEvNSKinematics: String, Codable, Sendable {
    case leading, spinZero = "spin-0", spinHalf = "spin-1/2"
  }
  package enum DipoleSpin: String, Codable, Sendable { case half = "spin-1/2", zero = "spin-0" }
  package enum Bracket: String, Codable, Sendable { case traces, arxiv2406_07477 = "arxiv-2406.07477" }
  package var couplings: CouplingScheme
  package var weakMixing: Double  // sin^2 theta_W at q -> 0
  package var fermiConstant: Double  // MeV^-2
  package var kinematics: CEvNSKinematics
  package var dipoleSpin: DipoleSpin
  package var bracket: Bracket
  /// neutrino-electron scattering (SM and dipole) in addition to nuclei
  package var includeElectrons: Bool
  /// scattering on nuclei; false where nuclear recoils are told apart and left out
  package var includeNuclei = true
}

// MARK: - Channel: bins, observation, backgrounds

package struct ChannelSpec: Codable, Hashable, Sendable {
  package var energyEdges: [Double]
  /// "PE", "keVee", "keV", or "bin" for analysis bins that a response matrix fills
  package var energyUnit: String
  /// microseconds; empty = no time axis
  package var timeEdges: [Double]
  /// energy-major, time contiguous; nil for projections (Asimov)
  package var observed: [Double]?
  package var backgrounds: [BackgroundSpec]
  /// One standard deviation of each observed number; nil: their square roots, or Poisson
  package var uncertainties: [Double]? = nil
  /// What was measured in place of events in bins, if it is this
  package var fluxRatioLimit: FluxRatioLimitSpec? = nil
  /// What the numbers in the bins are, for labels: "Events", or "Events per day" where data are rates
  package var content = ChannelSpec.defaultContent
  package static let defaultContent = "Events"

  /// Whether the same was measured in the same bins, whatever file it stands in.
  package func hasData(of other: ChannelSpec) -> Bool {
    energyUnit == other.energyUnit && energyEdges == other.energyEdges && timeEdges == other.timeEdges
      && observed == other.observed && uncertainties == other.uncertainties
      && fluxRatioLimit == other.fluxRatioLimit
  }
}

package struct BackgroundSpec: Codable, Hashable, Sendable {
  package var name: String
  package var shape: BackgroundShape
}

package enum BackgroundShape: Codable, Hashable, Sendable {
  /// events per bin, energy-major: used as they are
  case events([Double])
  /// outer product of an energy shape (weights per energy bin) and an arrival-time distribution, normalised so that the
  /// sum over all bins before the time efficiency is `total`; the time efficiency then applies if `timeEfficiencyApplies`
  case product(
    energyWeights: [Double], time: TimeDistributionSpec, total: Double, timeEfficiencyApplies: Bool)
}

// MARK: - Systematics

package struct SystematicsSpec: Codable, Hashable, Sendable {
  package enum SignalPullScope: String, Codable, Sendable {
    case signalAndStandardModel = "dipole-and-sm", standardModel = "sm-only"
  }
  /// relative width of the signal normalisation pull; nil = none
  package var signalWidth: Double?
  package var signalScope: SignalPullScope
  /// Named parts of the signal pull, which experiments in one fit may share [UPS-46]; their widths add up in quadrature to
  /// `signalWidth` or less, the rest has no name.
  package var signalParts: [SignalPart] = []
  package struct SignalPart: Codable, Hashable, Sendable {
    package var name: String
    /// relative, > 0
    package var width: Double
  }
  /// background name -> relative width; `freeWidth` for those in `freeBackgrounds`
  package var backgroundWidths: [String: Double]
  /// Pulls that change shapes, in the order of the file; empty = none.
  package var shapePulls: [ShapePullSpec] = []
  package enum Statistic: String, Codable, Sendable { case poisson, gaussian }
  /// What compares prediction and data unless the user asks for the other one.
  package var statistic = Statistic.poisson
  /// Backgrounds whose normalisation nothing constrains.
  package var freeBackgrounds: Set<String> = []
  /// Relative width that stands for none under the Poisson statistic: 1e-8 of chi2 where a background doubles. The
  /// Gaussian statistic needs none, it projects free backgrounds out.
  package static let freeWidth = 1e4
  /// Pulls of the Poisson statistic at most: the signal, the backgrounds, the shapes.
  package var pullCount: Int { 1 + backgroundWidths.count + shapePulls.count }
}

/// A pull that acts non-linearly: theta, in units of its one-sigma width, is a unit Gaussian [UPS-19].
package struct ShapePullSpec: Codable, Hashable, Sendable {
  package enum Effect: Codable, Hashable, Sendable {
    /// E_ee moves by theta (E_k - E_ee), E_k the polynomial of these coefficients as in `QuenchingSpec.polynomial`.
    case quenching(plusOneSigma: [Double])
    /// visible energy of nuclear and electron recoils times 1 + width theta, before other pulls
    case energyScale(width: Double)
    /// root-mean-square radius of the neutrons of every nucleus times 1 + width theta (Standard Model CEvNS)
    case neutronRadius(width: Double)
    /// beam neutrinos arrive later by width theta, microseconds
    case arrivalOnset(width: Double)
    /// Events per bin move by theta times the change of a background at one sigma [UPS-20]: plus - nominal, or half of
    /// plus - minus; both per bin, energy-major, in events.
    case backgroundShape(background: String, plusOneSigma: [Double], minusOneSigma: [Double]?)

    /// Whether the signal and the Standard Model move, and not only a background.
    package var movesRates: Bool {
      if case .backgroundShape = self { return false }
      return true
    }
  }
  /// Label in outputs, unique among all pulls.
  package var name: String
  package var effect: Effect

  package init(name: String, effect: Effect) {
    self.name = name
    self.effect = effect
  }

  /// |theta| up to which a fit may go.
  package static let largestPull = 6.0
  package static let maximumCount = 8
  /// Of those that move signal and Standard Model.
  package static let maximumRateCount = 6
  /// Relative widths stay below this, so that 1 + width theta stays positive for every |theta| <= `largestPull`.
  package static let largestRelativeWidth = 0.16
}

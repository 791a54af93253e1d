/// How the double integral over neutrino and recoil energy is done.
package enum IntegralMode: String, Codable, Sendable, CaseIterable {
  /// Inner integral in closed form from the three flux moments; outer one by Gauss-Legendre.
  case moments
  /// Both integrals by Gauss-Legendre; assumes nothing about the energy dependence of the cross section.
  case quadrature
}

/// Everything a backend needs to turn heavy-neutrino masses into expected events: flat tables, no physics names
/// beyond the two integrands. [UPS-10]
///
/// For each mass m4 a backend returns `componentCount * binCount` numbers, the expected events per flux component
/// and reconstructed-energy bin, for the reference coupling of the plan (SM plans: for the plan as is).
/// Units: MeV throughout; event numbers are dimensionless. Axes: m4, component, bin (last contiguous).
package struct RatePlan: Codable, Hashable, Sendable {
  package var mode: IntegralMode
  /// Reconstructed-energy bins.
  package var binCount: Int
  /// Flux components in the output.
  package var componentCount: Int
  package var channels: [RateChannel]
  package var responses: [ResponseTable]
  package var fluxGroups: [FluxGroup]
  /// Gauss-Legendre rules on [-1, 1] for the outer integral, one per distinct order.
  package var recoilRules: [QuadratureRule]
  /// Gauss-Legendre rule on [0, 1] for the inner integral (`quadrature` mode).
  package var energyRule: QuadratureRule
  /// Multiplies every output: restores events after tables were scaled to numbers near one.
  package var eventScale: Double
  /// Coupling at which dipole rates are stated, GeV^-1 in convention A (mu, L = (mu/2) N sigma F nu).
  package var referenceCoupling: Double
  /// Relative accuracy the planner promises for each component summed over bins, and its estimate of what it got.
  package var tolerance: Double
  package var estimatedError: Double

  package init(
    mode: IntegralMode, binCount: Int, componentCount: Int, channels: [RateChannel],
    responses: [ResponseTable],
    fluxGroups: [FluxGroup], recoilRules: [QuadratureRule], energyRule: QuadratureRule, eventScale: Double,
    referenceCoupling: Double, tolerance: Double, estimatedError: Double
  ) {
    self.mode = mode
    self.binCount = binCount
    self.componentCount = componentCount
    self.channels = channels
    self.responses = responses
    self.fluxGroups = fluxGroups
    self.recoilRules = recoilRules
    self.energyRule = energyRule
    self.eventScale = eventScale
    self.referenceCoupling = referenceCoupling
    self.tolerance = tolerance
    self.estimatedError = estimatedError
  }

  /// Numbers per mass in the output.
  package var valuesPerMass: Int { componentCount * binCount }
}

/// One term of the rate: an integrand on one recoil window, for a run of components of one flux group.
package struct RateChannel: Codable, Hashable, Sendable {
  package enum Process: Int, Codable, Sendable {
    /// dipole upscattering on a spin-1/2 target, T*bracket [UPS-3]; uses m4
    case dipole = 0
    /// any m4-independent process: A + B/E + C/E^2 with A = a0, B = b1*T, C = c0 + c1*T + c2*T^2; m4 is ignored
    case contact = 1
    /// dipole upscattering on a spin-0 target [UPS-4]; uses m4
    case dipoleSpinZero = 2
    /// the bracket as printed in arXiv:2406.07477 Eqs. 7 and 9, one sign reversed: for comparison only [UPS-3]
    case dipoleReversedSign = 3
    /// as `.contact`, with the kinematics of an outgoing neutrino of mass m4: E_min(T; M, m4) and its recoil limits [UPS-2]
    case massiveContact = 4

    /// The response table supplies the factor T of the measure dT = T dv.
    package var isContact: Bool { self == .contact || self == .massiveContact }
  }
  package var process: Process
  /// a0, b1, c0, c1, c2 of contact processes (MeV powers that make A + B/E + C/E^2 dimensionless); zeros for dipoles.
  package var contact: [Double]
  /// Target mass M, MeV.
  package var targetMass: Double
  package var response: Int
  package var fluxGroup: Int
  /// Components `firstComponent ..< firstComponent + componentCount` of the group take part.
  package var firstComponent: Int
  package var componentCount: Int
  /// Index into `RatePlan.recoilRules`.
  package var recoilRule: Int

  package init(
    process: Process, contact: [Double], targetMass: Double, response: Int, fluxGroup: Int,
    firstComponent: Int,
    componentCount: Int, recoilRule: Int
  ) {
    self.process = process
    self.contact = contact
    self.targetMass = targetMass
    self.response = response
    self.fluxGroup = fluxGroup
    self.firstComponent = firstComponent
    self.componentCount = componentCount
    self.recoilRule = recoilRule
  }
}

/// Everything that depends on recoil energy alone, tabulated per bin on a uniform grid in v = ln(T / referenceRecoil):
/// response probability times squared charge or weak charge times form factor (times T for `.contact`, whose measure
/// dT = T dv is not absorbed by the integrand), times target count and prefactor.
/// Outside [lowerRecoil, upperRecoil] it is zero by definition of the window.
package struct ResponseTable: Codable, Hashable, Sendable {
  /// MeV
  package var lowerRecoil: Double
  package var upperRecoil: Double
  package var referenceRecoil: Double
  /// v of row 0 and the spacing of rows; row r sits at v = firstLog + r * logStep.
  package var firstLog: Double
  package var logStep: Double
  /// At least six.
  package var rowCount: Int
  /// rowCount x binCount, bins contiguous; read with six-point Lagrange interpolation.
  package var values: [Double]

  package init(
    lowerRecoil: Double, upperRecoil: Double, referenceRecoil: Double, firstLog: Double, logStep: Double,
    rowCount: Int,
    values: [Double]
  ) {
    self.lowerRecoil = lowerRecoil
    self.upperRecoil = upperRecoil
    self.referenceRecoil = referenceRecoil
    self.firstLog = firstLog
    self.logStep = logStep
    self.rowCount = rowCount
    self.values = values
  }
}

/// Flux components whose spectra share break energies (line positions, end points, table nodes).
///
/// Segment k is energyEdges[k] ... energyEdges[k+1], local variable t = (E_hi - E) / (E_hi - E_lo).
/// Above the last edge there is no flux.
package struct FluxGroup: Codable, Hashable, Sendable {
  /// Ascending, MeV; K + 1 of them; the first is 0 (or as low as E_min can reach).
  package var energyEdges: [Double]
  package var components: [FluxComponent]
  package init(energyEdges: [Double], components: [FluxComponent]) {
    self.energyEdges = energyEdges
    self.components = components
  }
  package var segmentCount: Int { energyEdges.count - 1 }
}

/// One component: relative threshold moments for `moments`, spectrum and lines for `quadrature`.
package struct FluxComponent: Codable, Hashable, Sendable {
  /// Row of the output this component adds to.
  package var output: Int
  /// H_n(E_min) = integral over E > E_min of phi(E) (1 - E_min/E)^n dE, n = 0, 1, 2 [UPS-8]:
  /// per segment and n a polynomial in t, lowest power first; flat [segment][n][momentDegree + 1].
  package var momentDegree: Int
  package var moments: [Double]
  /// phi(E) per segment as a polynomial in t, flat [segment][spectrumDegree + 1], MeV^-1; all zero for lines.
  package var spectrumDegree: Int
  package var spectrum: [Double]
  /// Monochromatic lines: energy (MeV) and weight, each line energy is an edge of the group.
  package var lineEnergies: [Double]
  package var lineWeights: [Double]
  package init(
    output: Int, momentDegree: Int, moments: [Double], spectrumDegree: Int, spectrum: [Double],
    lineEnergies: [Double],
    lineWeights: [Double]
  ) {
    self.output = output
    self.momentDegree = momentDegree
    self.moments = moments
    self.spectrumDegree = spectrumDegree
    self.spectrum = spectrum
    self.lineEnergies = lineEnergies
    self.lineWeights = lineWeights
  }
}

package struct QuadratureRule: Codable, Hashable, Sendable {
  package var nodes: [Double]
  package var weights: [Double]
  package init(nodes: [Double], weights: [Double]) {
    self.nodes = nodes
    self.weights = weights
  }
  package var count: Int { nodes.count }
}

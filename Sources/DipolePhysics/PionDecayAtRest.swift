import Units

/// Neutrinos of a stopped-pion source, each component normalised to one [UPS-8]: the nu_mu line of the pion decay and the
/// continuous anti-nu_mu and nu_e of the muon decay (Michel spectra, without radiative corrections and neutrino masses).
/// With m_mu the muon mass and y = 2E/m_mu in 0...1:
///
///     anti-nu_mu: phi = (64 E^2/m_mu^3) (3/4 - E/m_mu)     nu_e: phi = (192 E^2/m_mu^3) (1/2 - E/m_mu)
package struct PionDecayAtRest: NeutrinoSpectrum, Hashable {
  package enum Component: Hashable, Sendable, CaseIterable {
    /// nu_mu from pi+ -> mu+ nu_mu
    case prompt
    /// anti-nu_mu from mu+ decay
    case antiMuon
    /// nu_e from mu+ decay
    case electron
  }

  package let component: Component

  package init(component: Component) { self.component = component }

  package static let prompt = PionDecayAtRest(component: .prompt)
  package static let antiMuon = PionDecayAtRest(component: .antiMuon)
  package static let electron = PionDecayAtRest(component: .electron)

  /// Energy of the prompt line, (m_pi^2 - m_mu^2)/(2 m_pi) = 29.792 MeV.
  package static let lineEnergy: Double = {
    let (pion, muon) = (PhysicalConstants.pionMass, PhysicalConstants.muonMass)
    return (pion - muon) * (pion + muon) / (2 * pion)
  }()

  /// End point m_mu/2 = 52.829 MeV of the muon-decay spectra.
  package static let muonEndpoint = 0.5 * PhysicalConstants.muonMass

  package var endpoint: Double { component == .prompt ? Self.lineEnergy : Self.muonEndpoint }

  package var breakEnergies: [Double] { [endpoint] }

  package var lines: [(energy: Double, weight: Double)] {
    component == .prompt ? [(energy: Self.lineEnergy, weight: 1)] : []
  }

  package func density(at E: Double) -> Double {
    guard E > 0, E <= Self.muonEndpoint else { return 0 }
    let y = E / Self.muonEndpoint
    switch component {
    case .prompt: return 0
    case .antiMuon: return 4 / PhysicalConstants.muonMass * y * y * (3 - 2 * y)
    case .electron: return 24 / PhysicalConstants.muonMass * y * y * (1 - y)
    }
  }

  /// The closed forms, factorised so that they do not cancel near the end point.
  package func moments(above threshold: Double) -> FluxMoments {
    guard component != .prompt else {
      return threshold <= Self.lineEnergy ? FluxMoments.line(energy: Self.lineEnergy, weight: 1) : .zero
    }
    guard threshold < Self.muonEndpoint else { return .zero }
    let y = max(0, threshold) / Self.muonEndpoint
    let rest = (Self.muonEndpoint - max(0, threshold)) / Self.muonEndpoint
    let m = PhysicalConstants.muonMass
    if component == .electron {
      let square = rest * rest
      return FluxMoments(
        i0: square * (1 + y * (2 + 3 * y)), i1: 4 / m * square * (1 + 2 * y), i2: 24 / (m * m) * square)
    }
    return FluxMoments(
      i0: rest * (1 + y * (1 + y * (1 - y))), i1: 2 / (3 * m) * rest * (5 + y * (5 - 4 * y)),
      i2: 8 / (m * m) * rest * (2 - y))
  }
}

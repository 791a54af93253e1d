import DipolePhysics
import Numerical

/// What recoils; decides quenching.
package enum RecoilKind: Hashable, Sendable {
  case nuclear, electron
}

/// One process on one kind of target in one flux component: the unit every rate is a sum of [UPS-10].
///
///     dR/dT = N_T Phi [ A(T) I0(E_min) + B(T) I1(E_min) + C(T) I2(E_min) ],   E_min = E_min(T; M, m4)
package struct RateTerm: Sendable {
  package let recoilKind: RecoilKind
  /// Target mass M, MeV.
  package let targetMass: Double
  /// Mass m4 of the outgoing neutrino, MeV; 0 for Standard Model processes.
  package let heavyMass: Double
  package let spectrum: any NeutrinoSpectrum
  /// Targets times fluence, cm^-2.
  package let exposure: Double
  /// Recoils (MeV) at which the coefficients jump: electron binding energies.
  package let steps: [Double]
  /// A, B, C of dsigma/dT = A + B/E + C/E^2 per target (cm^2/MeV), form factors included, at recoil T (MeV).
  package let coefficients: @Sendable (Double) -> CrossSectionCoefficients

  package init(
    recoilKind: RecoilKind, targetMass: Double, heavyMass: Double, component: FluxComponentModel,
    targets: Double, steps: [Double] = [],
    coefficients: @escaping @Sendable (Double) -> CrossSectionCoefficients
  ) {
    self.recoilKind = recoilKind
    self.targetMass = targetMass
    self.heavyMass = heavyMass
    self.spectrum = component.spectrum
    self.exposure = targets * component.fluence
    self.steps = steps
    self.coefficients = coefficients
  }

  /// E_min(T), MeV [UPS-2].
  package func minimumEnergy(recoil T: Double) -> Double {
    Kinematics.minimumNeutrinoEnergy(recoil: T, targetMass: targetMass, heavyMass: heavyMass)
  }

  /// dR/dT in events per MeV at recoil T (MeV), the inner integral in closed form from the flux moments
  /// [UPS-10].
  package func differentialRate(recoil T: Double) -> Double {
    let threshold = minimumEnergy(recoil: T)
    guard threshold <= spectrum.endpoint else { return 0 }
    let moments = spectrum.moments(above: threshold)
    let sigma = coefficients(T)
    return exposure * (sigma.a * moments.i0 + sigma.b * moments.i1 + sigma.c * moments.i2)
  }

  /// The same dR/dT with the inner integral over neutrino energy done by adaptive quadrature of phi(E)
  /// dsigma/dT: uses neither the moments nor the expansion in 1/E beyond evaluating it.
  package func differentialRateByQuadrature(
    recoil T: Double, relativeTolerance: Double
  ) throws(IntegrationError) -> IntegralEstimate {
    let threshold = minimumEnergy(recoil: T)
    let sigma = coefficients(T)
    var lines = 0.0
    for line in spectrum.lines where line.energy >= threshold {
      lines += line.weight * sigma.value(at: line.energy)
    }
    guard threshold < spectrum.endpoint else {
      return IntegralEstimate(value: exposure * lines, error: 0)
    }
    let inner = try integrateAdaptively(
      threshold, spectrum.endpoint,
      breakpoints: spectrum.breakEnergies.filter { $0 > threshold && $0 < spectrum.endpoint },
      relativeTolerance: relativeTolerance, absoluteTolerance: 0, maximumIntervals: 2000
    ) { spectrum.density(at: $0) * sigma.value(at: $0) }
    return IntegralEstimate(value: exposure * (lines + inner.value), error: exposure * inner.error)
  }

  /// Recoils (MeV) the term can reach, nil when the threshold lies above the whole spectrum.
  package var recoilRange: ClosedRange<Double>? {
    guard
      let range = Kinematics.recoilRange(
        neutrinoEnergy: spectrum.endpoint, targetMass: targetMass, heavyMass: heavyMass),
      range.upper > range.lower
    else { return nil }
    return range.lower...range.upper
  }

  /// Recoils (MeV) where dR/dT has a kink or a jump: T-(E_k), T+(E_k) of every line, node and end point, and
  /// `steps`.
  package var breakRecoils: [Double] {
    var recoils = steps
    for energy in spectrum.breakEnergies + spectrum.lines.map(\.energy) + [spectrum.endpoint] {
      let range = Kinematics.recoilRange(neutrinoEnergy: energy, targetMass: targetMass, heavyMass: heavyMass)
      if let range { recoils += [range.lower, range.upper] }
    }
    return recoils.filter { $0 > 0 }
  }
}

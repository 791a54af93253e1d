import DipolePhysics
import Units

extension TargetModel {
  /// The rate term of a process on this nucleus, from its A, B, C.
  package func term(
    _ component: FluxComponentModel, heavyMass: Double = 0,
    coefficients: @escaping @Sendable (Double) -> CrossSectionCoefficients
  ) -> RateTerm {
    RateTerm(
      recoilKind: .nuclear, targetMass: mass, heavyMass: heavyMass, component: component, targets: count,
      coefficients: coefficients)
  }

  /// Standard Model CEvNS [UPS-5].
  package func cevnsTerm(
    _ component: FluxComponentModel, couplings: WeakCouplings, variant: CEvNSCrossSection.Variant,
    fermiConstant: Double
  ) -> RateTerm {
    term(component) { T in
      CEvNSCrossSection.coefficients(
        recoil: T, targetMass: mass, weakCharge: weakCharge(recoil: T, couplings: couplings),
        variant: variant,
        fermiConstant: fermiConstant)
    }
  }

  /// Dipole upscattering on the whole nucleus [UPS-3], [UPS-4]; `magneticMoment` in Bohr magnetons.
  package func dipoleTerm(
    _ component: FluxComponentModel, heavyMass: Double, magneticMoment: Double, spin: TargetSpin,
    bracket: DipoleBracket
  ) -> RateTerm {
    term(component, heavyMass: heavyMass) { T in
      DipoleCrossSection.coefficients(
        recoil: T, targetMass: mass, heavyMass: heavyMass, magneticMoment: magneticMoment,
        chargeSquared: chargeFormFactorSquared(recoil: T), spin: spin, bracket: bracket)
    }
  }
}

extension ElectronTargetModel {
  /// Standard Model neutrino-electron scattering times Z_eff [UPS-6].
  package func standardModelTerm(
    _ component: FluxComponentModel, weakMixing: Double, fermiConstant: Double
  ) -> RateTerm {
    let couplings = ElectronCrossSection.chiralCouplings(
      family: component.flavour.family, antineutrino: component.flavour.isAntineutrino, sin2: weakMixing)
    return term(component, heavyMass: 0) { T in
      ElectronCrossSection.coefficients(
        recoil: T, left: couplings.left, right: couplings.right, fermiConstant: fermiConstant)
    }
  }

  /// Dipole upscattering on electrons times Z_eff [UPS-3], [UPS-6]; `magneticMoment` in Bohr magnetons.
  package func dipoleTerm(
    _ component: FluxComponentModel, heavyMass: Double, magneticMoment: Double, bracket: DipoleBracket
  ) -> RateTerm {
    term(component, heavyMass: heavyMass) { T in
      DipoleCrossSection.coefficients(
        recoil: T, targetMass: mass, heavyMass: heavyMass, magneticMoment: magneticMoment, chargeSquared: 1,
        spin: .half, bracket: bracket)
    }
  }

  /// The rate term of a process on free electrons times Z_eff, from its A, B, C.
  package func term(
    _ component: FluxComponentModel, heavyMass: Double,
    perElectron: @escaping @Sendable (Double) -> CrossSectionCoefficients
  ) -> RateTerm {
    RateTerm(
      recoilKind: .electron, targetMass: mass, heavyMass: heavyMass, component: component, targets: count,
      steps: steps.map(\.bindingEnergy)
    ) { T in perElectron(T).scaled(by: effectiveCharge(recoil: T)) }
  }
}

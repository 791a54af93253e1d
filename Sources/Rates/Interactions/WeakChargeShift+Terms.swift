import DipolePhysics

/// Terms of interactions that move the vector couplings of the Standard Model and so interfere with it [UPS-32]:
///
///     Q_V -> Q_V + u delta(T),   g_V(electron) -> g_V + u h(T)
///     dsigma = SM + u 2 Q_V delta K' + u^2 delta^2 K',   K' = (G_F^2 M / pi) K
extension RateModel {
  /// - Parameters:
  ///   - nucleus: delta at recoil T (MeV) on a target, at u = 1
  ///   - electron: h at recoil T (MeV), at u = 1; nil where electrons are not touched
  func weakChargeTerms(
    component index: Int, nucleus delta: @escaping @Sendable (TargetModel, Double) -> Double,
    electron h: (@Sendable (Double) -> Double)?
  ) -> [InteractionTerm] {
    let flavour = components[index].flavour
    let couplings = analysis.weakCouplings(family: flavour.family)
    let variant = analysis.kinematics.variant
    let fermi = analysis.fermiConstant
    var terms: [InteractionTerm] = []
    for (place, target) in targets.enumerated() {
      let unit: @Sendable (Double) -> CrossSectionCoefficients = { T in
        CEvNSCrossSection.coefficients(
          recoil: T, targetMass: target.mass, weakCharge: 1, variant: variant, fermiConstant: fermi)
      }
      terms.append(
        InteractionTerm(target: .nucleus(place), order: .linear) { T in
          unit(T).scaled(by: 2 * target.weakCharge(recoil: T, couplings: couplings) * delta(target, T))
        })
      terms.append(
        InteractionTerm(target: .nucleus(place), order: .quadratic) { T in
          let shift = delta(target, T)
          return unit(T).scaled(by: shift * shift)
        })
    }
    guard electrons != nil, let h else { return terms }
    let g = ElectronCrossSection.chiralCouplings(
      family: flavour.family, antineutrino: flavour.isAntineutrino, sin2: analysis.weakMixing)
    terms.append(
      InteractionTerm(target: .electrons, order: .linear) { T in
        ElectronCrossSection.vectorInterference(
          recoil: T, left: g.left, right: g.right, fermiConstant: fermi
        ).scaled(by: h(T))
      })
    terms.append(
      InteractionTerm(target: .electrons, order: .quadratic) { T in
        ElectronCrossSection.vectorSquared(recoil: T, fermiConstant: fermi).scaled(by: h(T) * h(T))
      })
    return terms
  }
}

import DipolePhysics
import Testing

@Suite struct MixingTests {
  static let mixing = LeptonMixing(sin2Theta12: 0.307, sin2Theta13: 0.022, sin2Theta23: 0.55, delta: 4.1)
  static let families = ["e", "mu", "tau"]

  @Test("The mixing matrix is unitary")
  func unitary() {
    let U = Self.mixing.matrix
    for a in 0..<3 {
      for b in 0..<3 {
        let product = (0..<3).reduce(Complex(0)) { $0 + U[a][$1] * U[b][$1].conjugate }
        #expect(isClose(product.real, a == b ? 1 : 0, relative: 1e-14, absolute: 1e-15))
        #expect(abs(product.imaginary) < 1e-15)
      }
    }
  }

  /// lambda_i4 = U_ai d: one flavour coupling in the mass basis.
  private func flavourCoupling(_ family: String) -> TransitionMoments {
    let row = Self.mixing.row(family)
    return TransitionMoments(lambda14: row[0], lambda24: row[1], lambda34: row[2])
  }

  @Test("One flavour coupling acts on its own flavour only, at zero baseline", arguments: families, families)
  func flavourBasis(coupling: String, beam: String) {
    let moment = flavourCoupling(coupling).coherentSquaredMoment(flavourFamily: beam, mixing: Self.mixing)
    #expect(isClose(moment, coupling == beam ? 1 : 0, relative: 1e-14, absolute: 1e-15))
  }

  @Test(
    "Antineutrinos scatter as neutrinos do, whatever the phases of mixing and moments", arguments: families,
    families)
  func antineutrinoFlavour(coupling: String, beam: String) {
    let own = flavourCoupling(coupling)
      .coherentSquaredMoment(flavourFamily: beam, mixing: Self.mixing, antineutrino: true)
    #expect(isClose(own, coupling == beam ? 1 : 0, relative: 1e-14, absolute: 1e-15))
    let moments = TransitionMoments(
      lambda12: Complex(0.2, 0.6), lambda14: Complex(0.5, 0.2), lambda24: Complex(-0.3, 0.7),
      lambda34: Complex(0.1, 0.4))
    let both = [false, true].map {
      moments.coherentSquaredMoment(flavourFamily: beam, mixing: Self.mixing, antineutrino: $0)
    }
    #expect(isClose(both[0], both[1], relative: 1e-14))
  }

  @Test("With a single moment the coherent and the incoherent sum agree at any phase", arguments: families)
  func singleMoment(family: String) {
    let moments = TransitionMoments(lambda24: Complex(0.3, -0.8))
    let incoherent = moments.incoherentSterileSquaredMoment(flavourFamily: family, mixing: Self.mixing)
    let coherent = moments.coherentSquaredMoment(
      flavourFamily: family, mixing: Self.mixing, phases: [0.1, 2.2, -1.3])
    #expect(isClose(coherent, incoherent, relative: 1e-14))
  }

  @Test("Averaging over phases turns the coherent sum into the incoherent one")
  func decoherence() {
    let moments = TransitionMoments(
      lambda14: Complex(0.5, 0.2), lambda24: Complex(-0.3, 0.7), lambda34: Complex(0.1, 0.4))
    var sum = 0.0
    for i in 0..<8 {
      for j in 0..<8 {
        sum += moments.coherentSquaredMoment(
          flavourFamily: "mu", mixing: Self.mixing,
          phases: [0, Double(i) * Double.pi / 4, Double(j) * Double.pi / 4])
      }
    }
    let incoherent = moments.incoherentSterileSquaredMoment(flavourFamily: "mu", mixing: Self.mixing)
    #expect(isClose(sum / 64, incoherent, relative: 1e-13))
  }

  @Test("Without phases of the moments, antineutrinos see the conjugate mixing")
  func antineutrinos() {
    let real = TransitionMoments(lambda12: Complex(0.4), lambda14: Complex(0.5), lambda34: Complex(0.2))
    var conjugate = Self.mixing
    conjugate.delta = -conjugate.delta
    let neutrino = real.coherentSquaredMoment(flavourFamily: "tau", mixing: Self.mixing)
    let mirrored = real.coherentSquaredMoment(flavourFamily: "tau", mixing: conjugate, antineutrino: true)
    #expect(isClose(neutrino, mirrored, relative: 1e-14))
  }

  @Test("Solar probabilities sum to one and reach vacuum mixing at low and the MSW limit at high energy")
  func solar() {
    let mixing = SolarMixing(sin2Theta12: 0.307, sin2Theta13: 0.022, massSplitting: 7.5e-5)
    let low = mixing.probabilities(energy: 1e-6, electronDensity: 62)
    #expect(isClose(low.e1 + low.e2 + low.e3, 1, relative: 1e-15))
    #expect(isClose(low.e1, 0.978 * 0.693, relative: 1e-6))
    let high = mixing.probabilities(energy: 1e4, electronDensity: 92)
    #expect(isClose(high.e2, 0.978, relative: 1e-5))
    let potential = SolarMixing.potential(energy: 1000, electronDensity: 1)
    #expect(isClose(potential, 1.5265e-4, relative: 1e-4))
  }
}

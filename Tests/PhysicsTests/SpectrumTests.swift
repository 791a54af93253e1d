import DipolePhysics
import Numerical
import Testing

@Suite struct SpectrumTests {
  struct NamedSpectrum: Sendable, CustomStringConvertible {
    let description: String
    let spectrum: any NeutrinoSpectrum
  }

  static let continuous = [
    NamedSpectrum(description: "anti-nu_mu", spectrum: PionDecayAtRest.antiMuon),
    NamedSpectrum(description: "nu_e", spectrum: PionDecayAtRest.electron),
    NamedSpectrum(
      description: "reactor",
      spectrum: ReactorSpectrum(uranium235: 0.55, uranium238: 0.07, plutonium239: 0.32, plutonium241: 0.06)),
    NamedSpectrum(
      description: "table",
      spectrum: TabulatedSpectrum(
        energies: [0.5, 1, 1.001, 4, 9, 16], densities: [0, 0.7, 0.2, 0.9, 0.3, 0])),
    NamedSpectrum(
      description: "table with jumps",
      spectrum: TabulatedSpectrum(energies: [2, 3, 8], densities: [1, 2, 0.5])),
  ]

  @Test("Moments are the integrals of density times E^-n", arguments: continuous)
  func momentsAreIntegrals(named: NamedSpectrum) throws {
    let spectrum = named.spectrum
    let lowest = spectrum.breakEnergies.count > 1 ? spectrum.breakEnergies[0] : 0.5
    for fraction in [0, 0.1, 0.33, 0.7, 0.97] {
      let start = lowest + fraction * (spectrum.endpoint - lowest)
      let found = spectrum.moments(above: start)
      for (power, value) in [found.i0, found.i1, found.i2].enumerated() {
        let integral = try integrateAdaptively(
          start, spectrum.endpoint, breakpoints: spectrum.breakEnergies, relativeTolerance: 1e-13,
          absoluteTolerance: 0, maximumIntervals: 2000
        ) { E in spectrum.density(at: E) / [1, E, E * E][power] }
        #expect(isClose(value, integral.value, relative: 1e-12), "start \(start) power \(power)")
      }
    }
  }

  @Test("Moments vanish at and above the end point and are complete below the range", arguments: continuous)
  func momentEnds(named: NamedSpectrum) {
    let spectrum = named.spectrum
    #expect(spectrum.moments(above: spectrum.endpoint) == .zero)
    #expect(spectrum.moments(above: 2 * spectrum.endpoint) == .zero)
    #expect(spectrum.density(at: spectrum.endpoint * 1.0001) == 0 && spectrum.density(at: -1) == 0)
    #expect(spectrum.lines.isEmpty)
    #expect(spectrum.moments(above: 0).i0 >= spectrum.moments(above: 0.4).i0)
  }

  @Test("Pion-decay spectra are normalised, with mean energies 7/20 and 3/10 of the muon mass")
  func michel() throws {
    for (spectrum, mean) in [(PionDecayAtRest.antiMuon, 0.35), (.electron, 0.3)] {
      #expect(spectrum.moments(above: 0).i0 == 1)
      let energy = try integrateAdaptively(
        0, spectrum.endpoint, relativeTolerance: 1e-13, absoluteTolerance: 0, maximumIntervals: 100
      ) { $0 * spectrum.density(at: $0) }
      #expect(isClose(energy.value, mean * 105.6583755, relative: 1e-12))
    }
  }

  @Test("anti-nu_mu moments agree with 50-digit values", arguments: ReferenceValues.antiMuonMoments)
  func antiMuonReference(row: [Double]) { expectMoments(PionDecayAtRest.antiMuon, row, relative: 1e-12) }

  @Test("nu_e moments agree with 50-digit values", arguments: ReferenceValues.electronMoments)
  func electronReference(row: [Double]) { expectMoments(PionDecayAtRest.electron, row, relative: 1e-12) }

  @Test("Uranium-235 moments agree with 50-digit values", arguments: ReferenceValues.uranium235Moments)
  func reactorReference(row: [Double]) {
    let spectrum = ReactorSpectrum(uranium235: 1, uranium238: 0, plutonium239: 0, plutonium241: 0)
    expectMoments(spectrum, row, relative: 1e-12)
  }

  /// Next to the end point the rounding of E0 itself costs three digits.
  private func expectMoments(_ spectrum: any NeutrinoSpectrum, _ row: [Double], relative: Double) {
    let found = spectrum.moments(above: row[0])
    #expect(isClose(found.i0, row[1], relative: relative))
    #expect(isClose(found.i1, row[2], relative: relative))
    #expect(isClose(found.i2, row[3], relative: relative))
  }

  @Test("Lines count up to and including their energy")
  func lines() {
    let prompt = PionDecayAtRest.prompt
    #expect(isClose(PionDecayAtRest.lineEnergy, 29.7921409, relative: 1e-8))
    #expect(prompt.moments(above: PionDecayAtRest.lineEnergy).i0 == 1)
    #expect(prompt.moments(above: PionDecayAtRest.lineEnergy.nextUp) == .zero)
    #expect(prompt.density(at: 29) == 0 && prompt.lines.count == 1)
    let chromium = LineSpectrum.chromium51
    #expect(isClose(chromium.moments(above: 0).i0, 1, relative: 1e-15))
    #expect(isClose(chromium.moments(above: 0.5).i0, 0.9012, relative: 1e-15))
    #expect(chromium.endpoint == 0.7521 && chromium.breakEnergies == [0.4272, 0.4320, 0.7473, 0.7521])
  }

  @Test("A table that begins at zero energy has the divergences of its integrals and no NaN")
  func tableFromZero() {
    let rising = TabulatedSpectrum(energies: [0, 2], densities: [0, 3]).moments(above: 0)
    #expect(rising == FluxMoments(i0: 3, i1: 3, i2: .infinity))
    let flat = TabulatedSpectrum(energies: [0, 2], densities: [1, 1]).moments(above: 0)
    #expect(flat == FluxMoments(i0: 2, i1: .infinity, i2: .infinity))
  }
}

import Experiments
import Testing

@Suite("The Sun")
struct SolarTests {
  private func components(_ source: String) throws -> [FluxComponentSpec] {
    try SourceFile.load(source: source).source.components
  }

  @Test(
    "Mean energies are those of the published tables",
    arguments: [
      // MeV, trapezoid over all rows of the full tables (numpy); lines: by hand
      ("pp", 0.266672502), ("b8", 6.735348034), ("hep", 9.630246471), ("n13", 0.706738323),
      ("o15", 0.996512941),
      ("f17", 0.999590606), ("be7", 0.895 * 0.8613 + 0.105 * 0.3843), ("pep", 1.442),
    ])
  func means(_ name: String, _ mean: Double) throws {
    let component = try #require(try components(SourceFile.solar(components: "[\(name)]")).first)
    #expect(component.label == "\(name)_e" && component.flavour == .e && component.massStates == nil)
    #expect(isClose(component.spectrum.meanEnergy, mean, relative: 2e-4))
  }

  @Test("Fluxes are those of the model, of the file where it names them, times the live time")
  func fluxes() throws {
    let gs98 = try components(SourceFile.solar())
    let values = [5.98e10, 1.44e8, 7.98e3, 4.93e9, 5.46e6, 2.78e8, 2.05e8, 5.29e6]
    #expect(gs98.map(\.label) == ["pp_e", "pep_e", "hep_e", "be7_e", "b8_e", "n13_e", "o15_e", "f17_e"])
    for (component, value) in zip(gs98, values) { #expect(isClose(component.fluence, 10 * value)) }
    let own = try components(
      SourceFile.solar(
        model: "b16-agss09met", components: "[b8, pp]", more: "fluxes: { b8: 5.16e6 /cm^2/s }, "))
    #expect(own.map(\.label) == ["b8_e", "pp_e"])
    #expect(isClose(own[0].fluence, 5.16e7) && isClose(own[1].fluence, 6.03e11))
  }

  @Test("The flavours of 8B add up to the flux and share their nodes and their mass states")
  func boron() throws {
    let parts = try components(SourceFile.solar(components: "[b8]", oscillation: SourceFile.adiabatic))
    #expect(parts.map(\.label) == ["b8_e", "b8_mu", "b8_tau"] && parts.map(\.flavour) == [.e, .mu, .tau])
    #expect(isClose(parts.reduce(0) { $0 + $1.fluence }, 5.46e7, relative: 1e-12))
    // Shares and mean energies: full spectrum and production tables, matrix product R23 R13 R12 (numpy)
    let expected = [(0.37173114, 6.4119790), (0.31105779, 7.0329298), (0.31721107, 6.8224862)]
    for (part, (share, mean)) in zip(parts, expected) {
      #expect(isClose(part.fluence / 5.46e7, share, relative: 5e-4))
      #expect(isClose(part.spectrum.meanEnergy, mean, relative: 5e-4))
      #expect(part.massStates == parts[0].massStates)
      guard case .table(let energies, _) = part.spectrum, case .table(let first, _) = parts[0].spectrum else {
        Issue.record("no table")
        continue
      }
      #expect(energies == first)
    }
  }

  @Test(
    "Mass states are averaged over the production region",
    arguments: [
      // P_e1, P_e2 at the energy nearest to a node: full digitised profile, 200001 points (numpy)
      ("b8", 10.0, 0.08302566, 0.89497434), ("b8", 5.0, 0.25478166, 0.72321834),
      ("pp", 0.3, 0.66227526, 0.31572474),
      ("be7", 0.8613, 0.61539194, 0.36260806), ("hep", 12.0, 0.20556257, 0.77243743),
      ("o15", 1.0, 0.59766240, 0.38033760),
    ])
  func production(_ name: String, _ energy: Double, _ p1: Double, _ p2: Double) throws {
    let parts = try components(SourceFile.solar(components: "[\(name)]", oscillation: SourceFile.adiabatic))
    let content = try #require(parts[0].massStates)
    #expect(content.flux == name && content.probabilities.count == 3)
    let nodes: [Double] =
      switch content.spectrum {
      case .table(let energies, _), .lines(let energies, _): energies
      default: []
      }
    #expect(content.probabilities.allSatisfy { $0.count == nodes.count })
    // Between the two nodes around the energy, linearly.
    let above = try #require(nodes.firstIndex { $0 >= energy })
    let below = nodes[above] == energy ? above : above - 1
    let t = above == below ? 0 : (energy - nodes[below]) / (nodes[above] - nodes[below])
    for (state, expected) in [(0, p1), (1, p2), (2, 0.022)] {
      let p = content.probabilities[state]
      #expect(abs(p[below] + t * (p[above] - p[below]) - expected) < 6e-4, "state \(state)")
    }
    for k in nodes.indices {
      #expect(isClose(content.probabilities.reduce(0) { $0 + $1[k] }, 1, relative: 1e-14))
    }
  }

  @Test("A fixed electron density gives the probabilities of the formula")
  func fixedDensity() throws {
    // E = 0.3843 and 0.8613 MeV at 81 mol/cm^3, sin^2 0.307, 0.022, 7.5e-5 eV^2 (numpy, formula of [UPS-16])
    let fixed = SourceFile.adiabatic.replacing("production-profile", with: "81 mol/cm^3")
    let parts = try components(SourceFile.solar(components: "[be7]", oscillation: fixed))
    let content = try #require(parts[0].massStates)
    guard case .lines(let energies, let weights) = content.spectrum else {
      Issue.record("no lines")
      return
    }
    #expect(energies == [0.8613, 0.3843] && weights == [0.895, 0.105])
    #expect(isClose(content.probabilities[0][0], 0.6155367456469829, relative: 1e-9))
    #expect(isClose(content.probabilities[0][1], 0.651059457719434, relative: 1e-9))
    #expect(content.fluence == 4.93e10)
    guard case .lines(_, let shares) = parts[0].spectrum else { return }
    #expect(isClose(shares[0] + shares[1], 1) && shares[0] < 0.895)
  }

  @Test("Faults are named with their place")
  func faults() throws {
    func check(_ source: String, at place: String, _ words: String...) throws {
      try SourceFile.expectFault(SourceFile.folder(source: source), at: place, words)
    }
    try check(SourceFile.solar(components: "[b8, b9]"), at: "b9", "`hep`", "`b8`")
    try check(SourceFile.solar(components: "[b8, b8]"), at: "b8], ", "twice")
    try check(SourceFile.solar(components: "b8"), at: "b8,", "`all`")
    try check(SourceFile.solar(model: "ssm"), at: "ssm", "`b16-gs98`")
    try check(
      SourceFile.solar(components: "[pp]", more: "fluxes: { b8: 1 /cm^2/s }, "), at: "b8: 1", "unknown key")
    try check(SourceFile.solar(components: "[b8]", more: "fluxes: { b8: -1 /cm^2/s }, "), at: "-1", "greater")
    let cases: [(String, String, String)] = [
      ("sin2-theta12: 0.307", "sin2-theta12: 1.307", "0 to 1"), ("197 deg", "197 m", "an angle"),
      ("7.5e-5 eV^2", "7.5e-5", "squared masses"), ("production-profile", "profile", "production-profile"),
      ("production-profile", "92 g", "electron density"),
      ("production-profile", "1e9 mol/cm^3", "up to 1e6"), ("7.5e-5 eV^2", "7.5e5 eV^2", "between"),
      ("sin2-theta12: 0.307", "sin2-theta12: 0.00000", "above 0"), ("adiabatic", "vacuum", "`adiabatic`"),
    ]
    for (old, new, words) in cases {
      let bad = SourceFile.adiabatic.replacing(old, with: new)
      let place = new.split(separator: " ").last.map { old.hasPrefix("sin2") ? String($0) : new } ?? new
      try check(SourceFile.solar(oscillation: bad), at: place, words)
    }
    try check(
      SourceFile.solar().replacing("oscillation: none", with: "arrival-times: none, oscillation: none"),
      at: "none, osc", "no time axis")
  }
}

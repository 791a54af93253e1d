import Experiments
import Testing

@Suite("Reactors")
struct ReactorTests {
  private func components(_ source: String, tables: [String: String] = [:]) throws -> [FluxComponentSpec] {
    try SourceFile.load(source: source, tables: tables).source.components
  }

  /// Antineutrinos per fission: with one isotope and no captures, a flux per fission of 1/s gives the number in it.
  private func perFission(_ isotope: String, _ spectra: String) throws -> Double {
    let names = ["u235", "u238", "pu239", "pu241"]
    let shares = names.map { "\($0): \($0 == isotope ? 1 : 0)" }.joined(separator: ", ")
    let power = "{ thermal-power: { power: 1 GW, baseline: 10 m, energy-per-fission: ma-2013 } }"
    let source = SourceFile.reactor(flux: power, spectra: spectra, fractions: "{\(shares)}", capture: "none")
    let component = try #require(try components(source).first)
    // 1 GW for 100 s over 4 pi (1000 cm)^2, energies per fission of physics: 202.36, 205.99, 211.12, 214.26 MeV
    let energies = ["u235": 202.36, "u238": 205.99, "pu239": 211.12, "pu241": 214.26]
    let energy = try #require(energies[isotope])
    return component.fluence / (1e9 * 100 / (energy * 1.602176634e-13) / (4 * Double.pi * 1e6))
  }

  @Test(
    "BESTIOLE: antineutrinos per fission, and their mean energy, are those of the full table",
    arguments: [
      // trapezoid over all 500 rows (numpy)
      ("u235", 6.0722741438, 1.4518159), ("u238", 7.1518201482, 1.6203138),
      ("pu239", 5.4865514588, 1.3395575), ("pu241", 6.2380996568, 1.4678914),
    ])
  func bestiole(_ isotope: String, _ number: Double, _ mean: Double) throws {
    #expect(isClose(try perFission(isotope, "bestiole-2023"), number, relative: 1e-4))
    let shares = ["u235", "u238", "pu239", "pu241"].map { "\($0): \($0 == isotope ? 1 : 0)" }
    let source = SourceFile.reactor(fractions: "{\(shares.joined(separator: ", "))}", capture: "none")
    #expect(isClose(try components(source)[0].spectrum.meanEnergy, mean, relative: 5e-4))
  }

  @Test(
    "Huber-Mueller above 2 MeV and Vogel-Engel below: antineutrinos per fission",
    arguments: [
      // trapezoid over the table below 2 MeV plus 6001 points of the polynomials above (numpy)
      ("u235", 5.7220774), ("u238", 6.7621974), ("pu239", 5.1209703), ("pu241", 5.9060295),
    ])
  func huberMueller(_ isotope: String, _ number: Double) throws {
    // The last piece below 2 MeV ends on the fit instead of the table: 4.3e-2 /MeV over 0.25 MeV for 238U.
    #expect(isClose(try perFission(isotope, "huber-mueller"), number, relative: 4e-3))
  }

  @Test("Spectra end where their tables end")
  func range() throws {
    let ends = [
      ("huber-mueller", 0.007813, 8.0), ("bestiole-2023", 0.0125, 12.4875), ("kopeikin-2012", 0.01, 9.0),
    ]
    for (name, first, last) in ends {
      let fractions = name == "kopeikin-2012" ? nil : SourceFile.fractions
      let source = SourceFile.reactor(spectra: name, fractions: fractions, capture: "none")
      guard case .table(let energies, _) = try components(source)[0].spectrum else {
        Issue.record("no table")
        continue
      }
      #expect(energies.first == first && energies.last == last)
    }
  }

  @Test("2.96 GW at 10.39 m give 4.5e13 /cm^2/s in total (Dresden-II)")
  func dresden() throws {
    let power = "{ thermal-power: { power: 2960 MW, baseline: 1039 cm, energy-per-fission: ma-2013 } }"
    let parts = try components(SourceFile.reactor(flux: power, spectra: "huber-mueller"))
    #expect(parts.map(\.label) == ["reactor_fission", "reactor_capture"])
    #expect(parts.allSatisfy { $0.flavour == .eBar })
    let total = parts.reduce(0) { $0 + $1.fluence } / 100
    // 6.6163e12 fissions /cm^2/s times 5.6238 + 2 x 0.6 (numpy)
    #expect(isClose(total, 4.5148e13, relative: 2e-3))
    #expect(isClose(parts[1].fluence / 100, 2 * 0.6 * 6.6163e12, relative: 3e-4))
  }

  @Test("A flux counts the fission part or everything, as it says")
  func meaning() throws {
    let fission = try components(SourceFile.reactor(flux: "{ fission-part: 4.8e13 /cm^2/s }"))
    #expect(isClose(fission[0].fluence, 4.8e15))
    let total = try components(SourceFile.reactor(flux: "{ total: 4.5e13 /cm^2/s }"))
    #expect(isClose(total[0].fluence + total[1].fluence, 4.5e15))
    // 1.19967 captured per 6.0 of fission either way (BESTIOLE, 0.58, 0.07, 0.30, 0.05: 5.98042)
    for parts in [fission, total] {
      #expect(isClose(parts[1].fluence / parts[0].fluence, 1.1998338 / 5.9804168, relative: 2e-4))
      #expect(parts.allSatisfy { isClose($0.spectrum.integral, 1) })
    }
  }

  @Test("A table of the user counts as it is, by isotope or in total")
  func ownTables() throws {
    let tables = [
      "total.csv": "energy [MeV],total [1/MeV]\n1,0\n2,3\n4,0\n",
      "isotopes.csv":
        "energy [MeV],u235 [1/MeV],u238 [1/MeV],pu239 [1/MeV],pu241 [1/MeV]\n1,0,0,0,0\n2,2,4,1,1\n3,0,0,0,0\n",
    ]
    let total = try components(
      SourceFile.reactor(spectra: "{ table: total.csv }", fractions: nil, capture: "none"), tables: tables)
    #expect(total.count == 1 && total[0].fluence == 4.5e15)
    #expect(total[0].spectrum == .table(energies: [1, 2, 4], density: [0, 3 / 4.5, 0]))
    let power = "{ thermal-power: { power: 1 GW, baseline: 10 m, energy-per-fission: kopeikin-2004 } }"
    let own = try components(
      SourceFile.reactor(
        flux: power, spectra: "{ table: isotopes.csv }",
        fractions: "{ u235: 50 %, u238: 0.5, pu239: 0, pu241: 0 }", capture: "none"), tables: tables)
    // 3 per fission of (201.92 + 205.52)/2 MeV
    let fissions = 1e9 * 100 / (203.72 * 1.602176634e-13) / (4 * Double.pi * 1e6)
    #expect(isClose(own[0].fluence, 3 * fissions, relative: 1e-12))
  }

  @Test("Faults are named with their place")
  func faults() throws {
    func check(_ source: String, at place: String, _ words: String...) throws {
      try SourceFile.expectFault(SourceFile.folder(source: source), at: place, words)
    }
    try check(
      SourceFile.reactor(spectra: "bestiole-2022"), at: "bestiole-2022", "Did you mean `bestiole-2023`?")
    try check(
      SourceFile.reactor(fractions: "{ u235: 0.5, u238: 0, pu239: 0, pu241: 0 }"), at: "{ u235", "add up")
    try check(SourceFile.reactor(fractions: nil), at: "{ live-time", "fission-fractions")
    try check(SourceFile.reactor(spectra: "kopeikin-2012"), at: "0.6 }", "holds the captures already")
    try check(
      SourceFile.reactor(
        flux: "{ fission-part: 1e13 /cm^2/s }", spectra: "kopeikin-2012", fractions: nil, capture: "none"),
      at: "fission-part", "`total`")
    try check(SourceFile.reactor(flux: "{ total: 4.5e13 /cm^2 }"), at: "4.5e13", "a flux")
    try check(SourceFile.reactor(flux: "4.5e13 /cm^2/s"), at: "4.5e13", "`thermal-power`")
    try check(SourceFile.reactor(capture: "20"), at: "20 }", "about 0.6")
    let power = "{ thermal-power: { power: 3 kg, baseline: 10 m, energy-per-fission: ma-2013 } }"
    try check(SourceFile.reactor(flux: power), at: "3 kg", "a power")
    let whole = "{ thermal-power: { power: 3 GW, baseline: 10 m, energy-per-fission: ma-2013 } }"
    try check(
      SourceFile.reactor(flux: whole, spectra: "kopeikin-2012", fractions: nil, capture: "none"),
      at: "{ live-time", "energy per fission")
    try check(SourceFile.reactor(spectra: "kopeikin-2012", capture: "none"), at: "{ u235", "Remove them")
    try check(SourceFile.reactor(spectra: "{ huber-mueller: 3 }"), at: "3 }, fission", "Remove them")
  }
}

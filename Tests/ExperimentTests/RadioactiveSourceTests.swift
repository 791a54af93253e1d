import DipolePhysics
import Experiments
import Testing

@Suite("Chromium, supernovae, pions from a table")
struct OtherSourceTests {
  private func component(_ source: String) throws -> FluxComponentSpec {
    try #require(try SourceFile.load(source: source).source.components.first)
  }

  private func chromium(_ flux: String) -> String { "chromium-51: { exposure: 55.4 d, flux: {\(flux)} }" }

  @Test("A mean flux is taken as it is; the lines are those of 51Cr")
  func mean() throws {
    let source = try component(chromium("mean: 1.1e13 /cm^2/s"))
    #expect(source.label == "chromium_51" && source.flavour == .e)
    #expect(isClose(source.fluence, 1.1e13 * 55.4 * 86400))
    // 0.8163 x 0.7473 + 0.0849 x 0.7521 + 0.0895 x 0.4272 + 0.0093 x 0.4320
    #expect(isClose(source.spectrum.meanEnergy, 0.71612628, relative: 1e-9))
  }

  @Test("5 MCi at 25 cm: 1.274e13 /cm^2/s on average over two half-lives")
  func point() throws {
    // 1.85e17 Bq / (4 pi 625 cm^2) x 0.5410369034 (numpy)
    let source = try component(chromium("point: { activity: 5 MCi, distance: 25 cm }"))
    #expect(isClose(source.fluence / (55.4 * 86400), 12744087241018.219, relative: 1e-12))
    for activity in ["5000 kCi", "5e6 Ci", "185 PBq", "1.85e17 Bq"] {
      let same = try component(chromium("point: { activity: \(activity), distance: 0.25 m }"))
      #expect(isClose(same.fluence, source.fluence, relative: 1e-14))
    }
  }

  @Test("Averages of 1/(4 pi r^2) over balls, cylinders and shells are those of numerical integration")
  func dilution() throws {
    // scipy dblquad over radius and angle or height, cm^-2
    let balls = [
      (7.8, 25.0, 0.00012991217789449266), (12, 20, 0.0002160553281795894), (1, 100, 7.957906316359166e-06),
    ]
    for (radius, distance, value) in balls {
      #expect(
        isClose(RadioactiveSource.ballDilution(radius: radius, distance: distance), value, relative: 1e-11))
    }
    let shells = [
      (0.0, 6.0, 25.0, 42.7, 7.320158325484468e-05), (0, 50, 20, 170, 1.3773924927390142e-05),
      (30, 60, -50, 50, 2.9927996854756462e-05), (0, 5, 100, 110, 7.226082417993083e-06),
    ]
    for (inner, outer, low, high, value) in shells {
      let found = RadioactiveSource.shellDilution(inner: inner, outer: outer, from: low, to: high)
      #expect(isClose(found, value, relative: 1e-10), "\(inner) \(outer) \(low) \(high)")
    }
    // Both forms of each meet where one takes over.
    for step in [-1e-9, 1e-9] {
      let ball = RadioactiveSource.ballDilution(radius: 0.5 + step, distance: 1)
      #expect(isClose(ball, RadioactiveSource.ballDilution(radius: 0.5, distance: 1), relative: 1e-8))
      let far = RadioactiveSource.shellDilution(inner: 1, outer: 5, from: 20 + step, to: 25)
      #expect(
        isClose(far, RadioactiveSource.shellDilution(inner: 1, outer: 5, from: 20, to: 25), relative: 1e-8))
    }
  }

  @Test("Geometries of the file reach the formulas")
  func geometries() throws {
    let point = try component(chromium("point: { activity: 1 MCi, distance: 1 cm }")).fluence * 4 * Double.pi
    let cases = [
      ("sphere: { activity: 1 MCi, distance: 25 cm, radius: 7.8 cm }", 0.00012991217789449266),
      (
        "cylinder: { activity: 1 MCi, distance: 25 cm, radius: 6 cm, height: 17.7 cm }", 7.320158325484468e-05
      ),
      (
        "cylinder-shell: { activity: 1 MCi, inner-radius: 30 cm, outer-radius: 60 cm, height: 1 m }",
        2.9927996854756462e-05
      ),
    ]
    for (flux, value) in cases {
      #expect(isClose(try component(chromium(flux)).fluence, point * value, relative: 1e-10))
    }
  }

  @Test("Supernovae: six flavours, Fermi-Dirac with mean energy 3.1514 T")
  func supernovae() throws {
    let spec = try SourceFile.load(
      source: """
        diffuse-supernova:
            live-time: 10 s
            fluxes: { e: 20 /cm^2/s, e_bar: 18 /cm^2/s, x: 15 /cm^2/s }
            temperatures: { e: 3 MeV, e_bar: 5 MeV, x: 8 MeV }
        """)
    let parts = spec.source.components
    #expect(parts.map(\.flavour) == [.e, .eBar, .mu, .muBar, .tau, .tauBar])
    for (part, (flux, temperature)) in zip(
      parts, [(20.0, 3.0), (18, 5), (15, 8), (15, 8), (15, 8), (15, 8)])
    {
      #expect(isClose(part.fluence, 10 * flux) && isClose(part.spectrum.integral, 1))
      // 7 pi^4 / (180 zeta(3))
      #expect(isClose(part.spectrum.meanEnergy, 3.15137 * temperature, relative: 2e-3))
    }
  }

  @Test("Pion decay at rest with a table: its shapes, and its numbers per proton if asked")
  func pions() throws {
    let table = [
      "flux.csv":
        "energy [MeV],nu_mu [1/MeV],nu_mu_bar [1/MeV],nu_e [1/MeV]\n10,0,0.01,0\n20,0.02,0.02,0.03\n40,0,0.01,0\n"
    ]
    func load(_ number: String) throws -> [FluxComponentSpec] {
      let source =
        "pion-decay-at-rest: { neutrinos-per-proton: \(number), protons-on-target: 1e20, baseline: 10 m, "
        + "energies: { table: flux.csv } }"
      return try SourceFile.load(source: source, tables: table).source.components
    }
    let area = 4 * Double.pi * 1e6
    let counted = try load("table")
    for (part, number) in zip(counted, [0.3, 0.45, 0.45]) {
      #expect(isClose(part.fluence, number * 1e20 / area))
    }
    guard case .table(let energies, let density) = counted[0].spectrum else {
      Issue.record("no table")
      return
    }
    #expect(energies == [10, 20, 40] && density[0] == 0 && density[2] == 0)
    #expect(isClose(density[1], 0.02 / 0.3))
    let given = try load("0.08")
    #expect(given.allSatisfy { isClose($0.fluence, 0.08e20 / area) && isClose($0.spectrum.integral, 1) })
  }

  @Test("Faults are named with their place")
  func faults() throws {
    func check(_ source: String, at place: String, _ words: String...) throws {
      try SourceFile.expectFault(SourceFile.folder(source: source), at: place, words)
    }
    try check(chromium("sphere: { activity: 1 Ci, distance: 5 cm, radius: 7 cm }"), at: "5 cm", "outside")
    try check(
      chromium("cylinder-shell: { activity: 1 Ci, inner-radius: 9 cm, outer-radius: 7 cm, height: 1 m }"),
      at: "7 cm",
      "inner-radius")
    try check(chromium("point: { activity: 5 Mci, distance: 5 cm }"), at: "5 Mci", "an activity")
    try check(chromium("ball: 3"), at: "ball", "`sphere`")
    try check("chromium-51: { flux: { mean: 1 /cm^2/s } }", at: "{ flux", "no key `exposure`")
    try check("chromium: 3", at: "chromium", "`chromium-51`")
    let pions =
      "pion-decay-at-rest: { neutrinos-per-proton: table, protons-on-target: 1e20, baseline: 10 m }"
    try check(pions, at: "table,", "a plain number")
    let supernovae =
      "diffuse-supernova: { live-time: 1 y, fluxes: { e: 1 /cm^2/s, e_bar: 1 /cm^2/s, x: 1 /cm^2/s }, "
    try check(supernovae + "temperatures: { e: 3 MeV, e_bar: 5, x: 8 MeV } }", at: "5, x", "an energy")
  }
}

import Experiments
import Testing

@Suite("Natural elements")
struct ElementTests {
  private let source = "chromium-51: { exposure: 1 d, flux: { mean: 1e13 /cm^2/s } }"

  private func nuclei(_ item: String, molarMass: String) throws -> [NucleusSpec] {
    try SourceFile.load(source: source, nuclei: item, molarMass: molarMass).detector.nuclei
  }

  private func helm(_ element: String, skin: String = "0 fm", more: String = "") -> String {
    "- { element: \(element), per-formula-unit: 2, "
      + "form-factor: { helm: { radii: charge, neutron-skin: \(skin), skin: 0.9 fm } }\(more) }"
  }

  @Test("Xenon expands to its nine isotopes")
  func xenon() throws {
    let xenon = try nuclei(helm("Xe", skin: "0.1 fm", more: ", electron-levels: library"), molarMass: "262.6")
    #expect(
      xenon.map(\.name) == [
        "Xe124", "Xe126", "Xe128", "Xe129", "Xe130", "Xe131", "Xe132", "Xe134", "Xe136",
      ])
    #expect(isClose(xenon.reduce(0) { $0 + $1.perFormulaUnit }, 2))
    let heavy = xenon[6]
    #expect(heavy.protons == 54 && heavy.neutrons == 78 && heavy.atomicMass == 131.904155)
    // IUPAC 26.909 %; Angeli and Marinova 4.7859 fm
    #expect(isClose(heavy.perFormulaUnit, 2 * 0.26909, relative: 1e-9))
    #expect(heavy.formFactor.kind == .helm && heavy.formFactor.thickness == 0.9)
    #expect(heavy.formFactor.protonRadius == 4.7859 && isClose(heavy.formFactor.neutronRadius, 4.8859))
    for isotope in xenon {
      #expect(isotope.electronLevels.reduce(0) { $0 + $1.electrons } == 54)
      #expect(isotope.electronLevels.first?.bindingEnergy == 0.034561)
    }
  }

  @Test(
    "Isotopes of every element of the library give its standard atomic weight, its levels its electrons",
    arguments: [
      // IUPAC standard atomic weights
      ("Xe", 131.293, 54), ("Ge", 72.630, 32), ("Ar", 39.948, 18), ("Cs", 132.905, 55), ("I", 126.904, 53),
      ("Na", 22.990, 11), ("Si", 28.085, 14),
    ])
  func weights(_ element: String, _ weight: Double, _ protons: Int) throws {
    let isotopes = try nuclei(helm(element, more: ", electron-levels: library"), molarMass: "\(2 * weight)")
    let sum = isotopes.reduce(0) { $0 + $1.perFormulaUnit * $1.atomicMass }
    #expect(isClose(sum, 2 * weight, relative: 1e-4))
    #expect(isotopes.allSatisfy { $0.protons == protons })
    #expect(isotopes.allSatisfy { $0.electronLevels.reduce(0) { $0 + $1.electrons } == protons })
    #expect(isotopes.allSatisfy { $0.formFactor.neutronRadius == $0.formFactor.protonRadius })
  }

  @Test("Elements and isotopes stand side by side; library tables count as inputs")
  func mixture() throws {
    let items = """
      - { element: Na, per-formula-unit: 1, form-factor: helm-lewin-smith }
          - { name: I127, protons: 53, neutrons: 74, atomic-mass: 126.904473 u, per-formula-unit: 1, form-factor: unity }
      """
    let spec = try SourceFile.load(source: source, nuclei: items, molarMass: "149.89")
    #expect(spec.detector.nuclei.map(\.name) == ["Na23", "I127"])
    #expect(spec.detector.nuclei.map(\.formFactor.kind) == [.helmLewinSmith, .unity])
    #expect(spec.detector.nuclei.allSatisfy { $0.electronLevels.isEmpty })
    #expect(Set(spec.inputDigests.keys) == ["own.yaml", "library/isotopes.csv"])
  }

  @Test("Faults are named with their place")
  func faults() throws {
    func check(_ item: String, at place: String, _ words: String...) throws {
      try SourceFile.expectFault(
        SourceFile.folder(source: source, nuclei: item, molarMass: "262.6"), at: place, words)
    }
    try check(helm("Xf"), at: "Xf", "`Xe`", "one by one")
    try check(helm("Xe").replacing("radii: charge", with: "radii: 4 fm"), at: "4 fm", "`charge`")
    try check(helm("Xe", skin: "-4 fm"), at: "-4 fm", "neutron radius", "Xe124")
    try check(helm("Xe", skin: "40 fm"), at: "40 fm", "neutron radius")
    try check(helm("Xe").replacing("skin: 0.9", with: "skin: 4.9"), at: "4.9 fm", "Xe124")
    try check(helm("Xe", more: ", protons: 54"), at: "protons", "unknown key")
    try check(helm("Xe", more: ", electron-levels: table"), at: "table }", "a mapping")
  }
}

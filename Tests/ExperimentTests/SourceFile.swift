import Experiments
import Testing

/// A small projection whose `source` or `nuclei` a test writes itself.
enum SourceFile {
  static let argon = """
    - element: Ar
          per-formula-unit: 1
          form-factor: unity
    """
  static let adiabatic = """
    adiabatic: { mixing: { sin2-theta12: 0.307, sin2-theta13: 0.022, sin2-theta23: 0.57, delta: 197 deg }, \
    mass-splitting-21: 7.5e-5 eV^2, electron-density: production-profile }
    """
  static let fractions = "{ u235: 0.58, u238: 0.07, pu239: 0.30, pu241: 0.05 }"

  static func reactor(
    flux: String = "{ total: 4.5e13 /cm^2/s }", spectra: String = "bestiole-2023",
    fractions: String? = fractions, capture: String = "0.6"
  ) -> String {
    let shares = fractions.map { "fission-fractions: \($0), " } ?? ""
    return
      "reactor: { live-time: 100 s, flux: \(flux), spectra: \(spectra), \(shares)neutron-capture: \(capture) }"
  }

  static func solar(
    model: String = "b16-gs98", components: String = "all", more: String = "", oscillation: String = "none"
  ) -> String {
    "solar: { live-time: 10 s, model: \(model), components: \(components), \(more)oscillation: {\(oscillation)} }"
      .replacing("{none}", with: "none")
  }

  static func yaml(source: String, nuclei: String = argon, molarMass: String = "39.948") -> String {
    """
    schema: 1
    name: own
    title: Own
    kind: projection
    references: [own]
    source:
      \(source)
    detector:
      mass: 1 kg
      molar-mass: \(molarMass) g/mol
      nuclei:
        \(nuclei)
      quenching: none
      response: ideal
      efficiency: { energy: none, recoil: none, time: none }
      recoil-floor: { nuclear: 0.1 keV, electron: 0.1 keV }
    analysis:
      couplings: radiative
      weak-mixing: 0.23857
      fermi-constant: 1.1663788e-5 /GeV^2
      cevns-kinematics: spin-0
      dipole-spin: spin-1/2
      dipole-bracket: traces
      electrons: excluded
    channel:
      energy: { unit: keV, edges: [0.1, 1] }
    systematics:
      statistic: poisson
      signal: { width: 5 %, scope: dipole-and-sm }

    """
  }

  static func folder(
    source: String, nuclei: String = argon, molarMass: String = "39.948", tables: [String: String] = [:]
  ) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write(yaml(source: source, nuclei: nuclei, molarMass: molarMass), to: "own.yaml")
    for (name, text) in tables { try folder.write(text, to: name) }
    return folder
  }

  static func load(
    source: String, nuclei: String = argon, molarMass: String = "39.948", tables: [String: String] = [:]
  ) throws -> ExperimentSpec {
    let folder = try folder(source: source, nuclei: nuclei, molarMass: molarMass, tables: tables)
    return try Catalogue.load(folder.path("own.yaml"))
  }

  /// What loading says, and that it points to `place`.
  static func expectFault(
    _ folder: ScratchFolder, at place: String, _ words: [String], file: String = "own.yaml"
  ) throws {
    let error = try #require(folder.fault("own.yaml"), "it loads")
    let text = try String(contentsOfFile: folder.path(file), encoding: .utf8)
    let range = try #require(text.range(of: place), "no such text")
    let before = text[..<range.lowerBound].split(separator: "\n", omittingEmptySubsequences: false)
    #expect(error.file.hasSuffix(file), "\(error)")
    #expect(error.line == before.count && error.column == (before.last?.count ?? 0) + 1, "\(error)")
    for word in words { #expect(error.description.contains(word), "\(error)") }
  }
}

extension SpectrumSpec {
  /// Integral of E phi over integral of phi.
  var meanEnergy: Double {
    switch self {
    case .lines(let energies, let weights): zip(energies, weights).reduce(0) { $0 + $1.0 * $1.1 }
    case .table(let energies, let density):
      zip(energies.indices.dropLast(), energies.indices.dropFirst()).reduce(0) { sum, pair in
        let (a, b, u, v) = (energies[pair.0], energies[pair.1], density[pair.0], density[pair.1])
        return sum + (b - a) * (a * (2 * u + v) + b * (u + 2 * v)) / 6
      }
    default: .nan
    }
  }

  var integral: Double {
    guard case .table(let energies, let density) = self else { return .nan }
    return energies.indices.dropFirst().reduce(0) {
      $0 + 0.5 * (density[$1] + density[$1 - 1]) * (energies[$1] - energies[$1 - 1])
    }
  }
}

import Units

/// A compound of natural elements, by its formula: "Ar", "CsI".
struct ExperimentTarget {
  struct Part: Equatable {
    var element: String
    var count: Int
    /// g/mol
    var molarMass: Double
    /// the lightest isotope, which recoils most, MeV
    var lightest: Double
  }
  let parts: [Part]

  init(formula: String) throws(ExperimentDraft.Refusal) {
    let pairs = formula.matches(of: #/([A-Z][a-z]?)([1-9][0-9]?)?/#)
    guard !pairs.isEmpty, pairs.map({ String($0.0) }).joined() == formula else {
      throw Self.unknown(formula, word: formula)
    }
    var parts: [Part] = []
    for pair in pairs {
      let element = String(pair.1)
      let isotopes = Self.isotopes.filter { $0.element == element }
      guard !isotopes.isEmpty else { throw Self.unknown(formula, word: element) }
      let total = isotopes.reduce(0) { $0 + $1.abundance }
      parts.append(
        Part(
          element: element, count: pair.2.flatMap { Int($0) } ?? 1,
          molarMass: isotopes.reduce(0) { $0 + $1.abundance * $1.mass } / total,
          lightest: PhysicalConstants.atomicMassUnit * (isotopes.map(\.mass).min() ?? 1)))
    }
    self.parts = parts
  }

  /// Of the formula unit, g/mol.
  var molarMass: Double { parts.reduce(0) { $0 + Double($1.count) * $1.molarMass } }

  /// Largest recoil that massless neutrinos of an energy (MeV) can give any nucleus, MeV: 2 E^2 / (M + 2 E).
  func largestRecoil(energy: Double) -> Double {
    parts.map { 2 * energy * energy / ($0.lightest + 2 * energy) }.max() ?? 0
  }

  // MARK: - Library

  private static let isotopes: [(element: String, mass: Double, abundance: Double)] = {
    guard let text = Catalogue.libraryText("library/isotopes.csv"),
      let table = try? DataTable(text, file: "library/isotopes.csv"),
      let elements = try? table.texts("element"),
      let abundances = try? table.numbers("abundance", nil, .fraction),
      let masses = try? table.numbers("atomic_mass", .dimension(.atomicMass), .positive)
    else { return [] }
    return elements.indices.map { (elements[$0], masses[$0], abundances[$0]) }
  }()

  private static func unknown(_ formula: String, word: String) -> ExperimentDraft.Refusal {
    let known = Array(Set(isotopes.map(\.element))).sorted()
    return ExperimentDraft.Refusal(
      description: "\(formula): `\(word)` is no element of the library. "
        + "\(Spelling.suggestion(for: word, among: known))Write a formula of \(known.joined(separator: ", ")), "
        + "for example CsI.")
  }
}

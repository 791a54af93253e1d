/// Antineutrinos per MeV and fission, by origin.
struct ReactorSpectra {
  /// Fission fractions of 235U, 238U, 239Pu, 241Pu, adding up to one; nil if the file gives none.
  var fractions: [Double]?
  /// whether `fission` is the sum over isotopes, not a spectrum of the whole reactor
  var isByIsotope: Bool
  /// Of the whole reactor: captures included if the table has them.
  var fission: SpectralCurve
  /// nil without captures
  var capture: SpectralCurve?
  /// whether `fission` is known to hold captures as well
  var includesCapture: Bool
}

/// Reads `spectra`, `fission-fractions` and `neutron-capture`.
struct ReactorSpectraReader {
  let context: LoadContext

  static let isotopes = ["u235", "u238", "pu239", "pu241"]
  private static let wholeReactor = "kopeikin-2012"
  private static let sets = ["huber-mueller", "bestiole-2023", wholeReactor]

  func read(_ section: Section) throws(ExperimentError) -> ReactorSpectra {
    let choice = try Alternative(section.required("spectra"), kinds: Self.sets + ["table"])
    let table =
      choice.kind == "table"
      ? try context.tables.table(choice.requiredParameters())
      : try context.tables.library("reactor/\(choice.kind).csv")
    try choice.refuseParameters(unless: "table")
    let includesCapture = choice.kind == Self.wholeReactor
    let capture = try self.capture(section.required("neutron-capture"), includesCapture)
    let fractions = try section["fission-fractions"].map(fractions)
    guard !table.columns.contains(where: { $0.name == "total" }) else {
      return ReactorSpectra(
        fractions: fractions, isByIsotope: false, fission: try SpectralCurve(table, column: "total"),
        capture: capture,
        includesCapture: includesCapture)
    }
    guard let fractions else {
      throw section.node.error(
        found: "no key `fission-fractions`",
        expected: "`fission-fractions` here, as the spectra are by isotope",
        cure: "Add `fission-fractions: { u235: .., u238: .., pu239: .., pu241: .. }`.")
    }
    let curves = try Self.isotopes.map { (name) throws(ExperimentError) in
      try SpectralCurve(table, column: name)
    }
    return ReactorSpectra(
      fractions: fractions, isByIsotope: true, fission: SpectralCurve(sum: curves, weights: fractions),
      capture: capture,
      includesCapture: false)
  }

  private func fractions(_ node: ConfigNode) throws(ExperimentError) -> [Double] {
    let section = try context.section(node, keys: Self.isotopes)
    var fractions: [Double] = []
    for isotope in Self.isotopes {
      fractions.append(try section.required(isotope).quantity(.dimension(.fraction), .nonNegative))
    }
    let sum = fractions.reduce(0, +)
    guard abs(sum - 1) <= 1e-3 else {
      throw node.error(
        found: "fission fractions that add up to \(sum)", expected: "a sum of one (to 0.001)",
        cure: "Give each isotope its share of the fissions.")
    }
    return fractions.map { $0 / sum }
  }

  /// Captures on 238U per fission, each followed by the decays of 239U and 239Np; nil for `none`.
  private func capture(_ node: ConfigNode, _ isIncluded: Bool) throws(ExperimentError) -> SpectralCurve? {
    if case .scalar("none") = node.content { return nil }
    let captures = try node.number(.positive)
    guard !isIncluded else {
      throw node.error(
        expected: "`none`, as the spectrum of `\(Self.wholeReactor)` holds the captures already",
        cure: "Write `neutron-capture: none`.")
    }
    guard captures <= 10 else {
      throw node.error(expected: "captures per fission, about 0.6", cure: "Correct the number.")
    }
    let table = try context.tables.library("reactor/capture-bestiole-2023.csv")
    let curves = try ["u239", "np239"].map { (name) throws(ExperimentError) in
      try SpectralCurve(table, column: name)
    }
    return SpectralCurve(sum: curves, weights: [captures, captures])
  }
}

extension SpectralCurve {
  /// A weighted sum of curves on the same energies.
  init(sum curves: [SpectralCurve], weights: [Double]) {
    var density = [Double](repeating: 0, count: curves.first?.energies.count ?? 0)
    for (curve, weight) in zip(curves, weights) {
      for (index, value) in curve.density.enumerated() { density[index] += weight * value }
    }
    self.init(energies: curves.first?.energies ?? [], density: density)
  }
}

extension Alternative {
  /// An error if a kind other than `kind`, which stands as a bare word, has parameters.
  func refuseParameters(unless kind: String) throws(ExperimentError) {
    guard let parameters, self.kind != kind else { return }
    throw parameters.error(
      found: "parameters of `\(self.kind)`", expected: "the bare word `\(self.kind)`", cure: "Remove them.")
  }
}

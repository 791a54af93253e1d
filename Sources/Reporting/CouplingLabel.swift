/// How the coupling of a file or plot is normalised, in words: name, symbol, unit and Lagrangian [UPS-1].
package struct CouplingLabel: Codable, Hashable, Sendable {
  /// The word used on the command line: "d", "d-no-half" or "mu".
  package var convention: String
  /// "d" or "mu"
  package var symbol: String
  /// "1/GeV" or "mu_B"
  package var unit: String
  /// The Lagrangian, in plain text.
  package var lagrangian: String

  package init(convention: String, symbol: String, unit: String, lagrangian: String) {
    self.convention = convention
    self.symbol = symbol
    self.unit = unit
    self.lagrangian = lagrangian
  }

  /// d in GeV^-1 with the one half in the Lagrangian: d = mu.
  package static let d = Self(
    convention: "d", symbol: "d", unit: "1/GeV", lagrangian: "L = (d/2) N\u{0304} σ^μν ν F_μν + h.c.")
  /// d in GeV^-1 without the one half: half of the value in convention `d`.
  package static let dNoHalf = Self(
    convention: "d-no-half", symbol: "d", unit: "1/GeV", lagrangian: "L = d N\u{0304} σ^μν ν F_μν + h.c.")
  /// mu in Bohr magnetons.
  package static let mu = Self(
    convention: "mu", symbol: "mu", unit: "mu_B", lagrangian: "L = (μ/2) N\u{0304} σ^μν ν F_μν + h.c.")

  /// The label of a convention named as on the command line; nil for an unknown name.
  package init?(convention: String) {
    guard let label = [Self.d, .dNoHalf, .mu].first(where: { $0.convention == convention }) else {
      return nil
    }
    self = label
  }

  /// Column head of a table, "d [1/GeV]".
  package var columnHead: String { "\(symbol) [\(unit)]" }
}

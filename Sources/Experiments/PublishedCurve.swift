/// A published limit curve for overlays, digitised; couplings in convention A (mu of L = (mu/2) N sigma F
/// nu).
package struct PublishedCurve: Hashable, Sendable, Codable {
  package enum Kind: String, Codable, Sendable, CaseIterable {
    /// an open curve
    case limit
    /// one edge of an excluded band
    case band
    /// outline of an excluded region
    case region
  }

  /// What the curve excludes.
  package enum Sense: String, Codable, Sendable, CaseIterable {
    case excludedAbove = "excluded-above"
    case excludedBelow = "excluded-below"
    case excludedInside = "excluded-inside"
    /// edge of an excluded region that the curve alone does not close
    case boundary
  }

  /// Name of its file without ending: "charm-ii".
  package var name: String
  /// What to write beside it: "CHARM-II".
  package var label: String
  /// "e", "mu", "tau" or "universal"
  package var flavour: String
  /// Between 0 and 1; nil for bounds that state none, such as those of astrophysics and cosmology.
  package var confidenceLevel: Double?
  package var kind: Kind
  package var sense: Sense
  /// The original publication: "arXiv:1707.08573".
  package var reference: String
  /// MeV, in drawing order
  package var m4: [Double]
  /// GeV^-1, convention A
  package var coupling: [Double]
}

extension Catalogue {
  /// All published curves that come with the program, in the order of their index.
  package static func publishedCurves() -> [PublishedCurve] {
    guard let index = publishedTable("index"), let names = try? index.texts("curve") else { return [] }
    return names.indices.compactMap { curve(row: $0, of: index) }
  }

  private static func publishedTable(_ name: String) -> DataTable? {
    CatalogueTexts.text("published/\(name).csv").flatMap { try? DataTable($0, file: "\(name).csv") }
  }

  private static func curve(row: Int, of index: DataTable) -> PublishedCurve? {
    func field(_ name: String) -> String { (try? index.texts(name)[row]) ?? "" }
    guard let kind = PublishedCurve.Kind(rawValue: field("kind")),
      let sense = PublishedCurve.Sense(rawValue: field("sense")), let points = publishedTable(field("curve")),
      let m4 = try? points.numbers("m4", .dimension(.energy), .positive),
      let coupling = try? points.numbers("d", .dimension(.coupling), .positive)
    else { return nil }
    return PublishedCurve(
      name: field("curve"), label: field("label"), flavour: field("flavour"),
      confidenceLevel: parseNumber(field("confidence")).map { $0 / 100 }, kind: kind, sense: sense,
      reference: field("reference"), m4: m4, coupling: coupling)
  }
}

import Experiments
import Hashing
import Reporting

/// What to cite for results: the catalogue entries whose files they were computed from, and the published curves drawn.
package enum DataSources {
  /// - Parameters:
  ///   - hashes: SHA-256 of inputs, of all results
  ///   - titles: of their experiments
  ///   - curves: published curves in the figures
  package static func list(
    hashes: Set<String>, titles: [String], curves: [OverlayCurve]
  ) -> [RunReport.Source] {
    var known: Set<String> = []
    var sources: [RunReport.Source] = []
    for name in Catalogue.entryNames {
      guard let text = Catalogue.text(of: name, file: "experiment.yaml"),
        hashes.contains(SHA256.hexDigest(of: Array(text.utf8))), let spec = try? Catalogue.load(name)
      else { continue }
      known.insert(spec.title)
      sources.append(
        RunReport.Source(name: "\(spec.title) (catalogue entry \(name))", references: spec.references))
    }
    // titles of variants begin with that of their entry
    for title in titles where !known.contains(where: title.hasPrefix) {
      known.insert(title)
      sources.append(
        RunReport.Source(
          name: title, references: ["no entry of the catalogue: the references of its experiment file"]))
    }
    return sources
      + curves.map {
        RunReport.Source(name: $0.label, references: $0.reference.isEmpty ? ["no reference"] : [$0.reference])
      }
  }
}

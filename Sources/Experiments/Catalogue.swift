import Foundation

/// The experiments that come with the program, and the way to load any other.
package struct Catalogue {
  /// Names of the catalogue entries, in alphabetical order.
  package static var entryNames: [String] {
    let names = CatalogueTexts.paths.compactMap { path -> String? in
      let parts = path.split(separator: "/")
      return parts.count == 3 && parts[0] == "entries" && parts[2] == "experiment.yaml"
        ? String(parts[1]) : nil
    }
    return names.sorted()
  }

  /// Names of the files of a catalogue entry, in alphabetical order; empty for an unknown name.
  package static func files(of name: String) -> [String] {
    let prefix = "entries/\(name)/"
    return CatalogueTexts.paths.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
      .sorted()
  }

  /// The text of one file of a catalogue entry, nil if there is none.
  package static func text(of name: String, file: String) -> String? {
    CatalogueTexts.text("entries/\(name)/\(file)")
  }

  /// The text of a file of the library, "library/solar/fluxes.csv"; nil if there is none.
  package static func libraryText(_ path: String) -> String? {
    path.hasPrefix("library/") ? CatalogueTexts.text(path) : nil
  }

  /// The experiment called `nameOrPath`: a catalogue name, or the path of a YAML file (it ends in .yaml or
  /// .yml) whose tables lie beside it; either may end in `:variant`. Throws the first fault.
  package static func load(_ nameOrPath: String) throws(ExperimentError) -> ExperimentSpec {
    try inspect(nameOrPath).spec
  }

  /// Whether a name is that of an entry, or of a variant of one, and not of a file or folder of one's own.
  package static func isEntry(_ nameOrPath: String) -> Bool {
    entryNames.contains(split(nameOrPath).target)
  }

  /// Every fault of an experiment file and of each of its variants; empty when all of them load.
  package static func validate(_ nameOrPath: String) -> [ExperimentError] {
    do throws(ExperimentError) {
      let (target, variant) = split(nameOrPath)
      let folder = try folder(target)
      let outcome = ExperimentLoader(folder: folder, variant: variant).load()
      guard outcome.findings.isEmpty, variant == nil else { return outcome.findings }
      return outcome.variants.flatMap { ExperimentLoader(folder: folder, variant: $0.name).load().findings }
    } catch {
      return [error]
    }
  }

  /// The variants an experiment file offers.
  package static func variants(of nameOrPath: String) throws(ExperimentError) -> [ExperimentVariant] {
    let outcome = try ExperimentLoader(folder: folder(split(nameOrPath).target)).load()
    if let first = outcome.findings.first { throw first }
    return outcome.variants
  }

  /// The files of an entry for an experiment of one's own called `name`: its YAML, tables and REFERENCE with every comment,
  /// the name changed; nil for an unknown entry. Validation stays behind: it judges the entry.
  package static func copy(of entry: String, name: String) -> [String: String]? {
    guard let yaml = text(of: entry, file: "experiment.yaml") else { return nil }
    var copy: [String: String] = [:]
    for file in files(of: entry) where file != "validation.yaml" { copy[file] = text(of: entry, file: file) }
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.hasPrefix("name:") ? "name: \(name)" : String($0)
    }
    copy["experiment.yaml"] = "# Started from the catalogue entry \(entry).\n" + lines.joined(separator: "\n")
    return copy
  }

  // MARK: - Names

  static func loader(_ nameOrPath: String) throws(ExperimentError) -> ExperimentLoader {
    let (target, variant) = split(nameOrPath)
    return try ExperimentLoader(folder: folder(target), variant: variant)
  }

  /// `target:variant` taken apart at the last colon that has no slash after it.
  private static func split(_ text: String) -> (target: String, variant: String?) {
    guard let colon = text.lastIndex(of: ":"), !text[colon...].contains("/") else { return (text, nil) }
    return (String(text[..<colon]), String(text[text.index(after: colon)...]))
  }

  private static func folder(_ target: String) throws(ExperimentError) -> ExperimentFolder {
    if target.hasSuffix(".yaml") || target.hasSuffix(".yml") { return .onDisk(target) }
    if isEntry(target) { return .embedded(target) }
    let inside = target + (target.hasSuffix("/") ? "" : "/") + "experiment.yaml"
    if FileManager.default.fileExists(atPath: inside) { return .onDisk(inside) }
    if FileManager.default.fileExists(atPath: target + ".yaml") {
      throw ExperimentError(
        file: target, found: "no experiment of this name", expected: "one of the catalogue or a path",
        cure: "The file of this name ends in .yaml: write \(target).yaml.")
    }
    if parseNumber(target) != nil {
      throw ExperimentError(
        file: target, found: "a number in place of an experiment", expected: "one of the catalogue or a path",
        cure: "Masses are separated by commas, without blanks: --m4 1,10,30.")
    }
    throw ExperimentError(
      file: target, found: "no experiment of this name", expected: Spelling.listing(entryNames),
      cure:
        "\(Spelling.suggestion(for: target, among: entryNames))Name one of these, the path of a file that ends in .yaml, or "
        + "a folder with an experiment.yaml; `upscatter experiments` lists the catalogue.")
  }
}

import Hashing

/// The tables of one load: each is read and parsed once, and its digest kept.
final class TableStore {
  let folder: ExperimentFolder
  private(set) var digests: [String: String] = [:]
  private var tables: [String: DataTable] = [:]

  init(folder: ExperimentFolder) { self.folder = folder }

  /// The YAML text itself.
  func yaml() throws(ExperimentError) -> String {
    let text = try folder.read(folder.yamlFile)
    digests[folder.yamlFile] = SHA256.hexDigest(of: text.utf8)
    return text
  }

  /// The table a node names by a plain file name.
  func table(_ node: ConfigNode) throws(ExperimentError) -> DataTable {
    let name = try node.text()
    if let known = tables[name] { return known }
    guard Self.isPlainName(name) else {
      throw node.error(
        expected: "the plain name of a .csv file",
        cure: "Put the table beside the experiment file and name it here.")
    }
    let text: String
    do throws(ExperimentError) {
      text = try folder.read(name)
    } catch {
      throw node.error(found: "\(error.found) (\(error.file))", expected: error.expected, cure: error.cure)
    }
    let table = try DataTable(text, file: name)
    digests[name] = SHA256.hexDigest(of: text.utf8)
    tables[name] = table
    return table
  }

  /// A table of the library that comes with the program: `library("solar/fluxes.csv")`. Its digest counts as an input.
  func library(_ path: String) throws(ExperimentError) -> DataTable {
    let name = "library/\(path)"
    if let known = tables[name] { return known }
    guard let text = CatalogueTexts.text(name) else {
      throw ExperimentError(
        file: name, found: "no such table in the library", expected: "a table of the library",
        cure: "Report this: the program was built without it.")
    }
    let table = try DataTable(text, file: name)
    digests[name] = SHA256.hexDigest(of: text.utf8)
    tables[name] = table
    return table
  }

  private static func isPlainName(_ name: String) -> Bool {
    name.hasSuffix(".csv") && !name.hasPrefix(".") && name.utf8.count <= 200
      && name.unicodeScalars.allSatisfy {
        $0.properties.isAlphabetic || "0123456789._-+".unicodeScalars.contains($0)
      }
  }
}

import Foundation

/// Where the files of one experiment come from: the catalogue inside the program, or a folder on disk.
struct ExperimentFolder {
  /// Name of the YAML file for messages.
  let yamlName: String
  /// What `name:` may be: the folder of `experiment.yaml`, or the file name without its ending.
  let expectedName: String
  /// Text of the file with this plain name beside the YAML file.
  let read: (String) throws(ExperimentError) -> String
  /// Name of the YAML file within the folder.
  let yamlFile: String

  /// An entry of the catalogue.
  static func embedded(_ name: String) -> ExperimentFolder {
    ExperimentFolder(
      yamlName: "\(name)/experiment.yaml", expectedName: name,
      read: { (file) throws(ExperimentError) in
        if let text = CatalogueTexts.text("entries/\(name)/\(file)") { return text }
        throw ExperimentError(
          file: "\(name)/\(file)", found: "no such file in the catalogue", expected: "a table of this entry",
          cure: "Correct the table name.")
      },
      yamlFile: "experiment.yaml")
  }

  /// A YAML file on disk and the tables beside it.
  static func onDisk(_ path: String) -> ExperimentFolder {
    let url = URL(fileURLWithPath: path)
    let folder = url.deletingLastPathComponent()
    let stem = url.deletingPathExtension().lastPathComponent
    return ExperimentFolder(
      yamlName: path, expectedName: stem == "experiment" ? folder.lastPathComponent : stem,
      read: { (file) throws(ExperimentError) in
        try readText(
          folder.appendingPathComponent(file).path, shownAs: file == url.lastPathComponent ? path : file)
      },
      yamlFile: url.lastPathComponent)
  }

  private static let maximumBytes = 16 << 20

  private static func readText(_ path: String, shownAs name: String) throws(ExperimentError) -> String {
    let attributes = try? FileManager.default.attributesOfItem(atPath: resolved(path))
    guard let attributes, attributes[.type] as? FileAttributeType == .typeRegular else {
      throw ExperimentError(
        file: name, found: "no such file", expected: "a readable file",
        cure: "Correct the path or create the file.")
    }
    let size = (attributes[.size] as? NSNumber)?.int64Value ?? 0
    guard size <= maximumBytes else {
      throw ExperimentError(
        file: name, found: "\(size) bytes", expected: "at most \(maximumBytes) bytes",
        cure: "Thin the file out.")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw ExperimentError(
        file: name, found: "a file that cannot be read", expected: "a readable file",
        cure: "Check its permissions.")
    }
    return try decode(data, shownAs: name)
  }

  private static func resolved(_ path: String) -> String {
    URL(fileURLWithPath: path).resolvingSymlinksInPath().path
  }

  private static func decode(_ data: Data, shownAs name: String) throws(ExperimentError) -> String {
    if let text = String(data: data, encoding: .utf8) { return text }
    throw ExperimentError(
      file: name, found: "bytes that are not UTF-8", expected: "UTF-8 text", cure: "Save the file as UTF-8.")
  }
}

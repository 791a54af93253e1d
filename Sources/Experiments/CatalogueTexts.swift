import CatalogueFiles

/// The texts compiled into the program, by path ("entries/NAME/experiment.yaml", "published/index.csv").
enum CatalogueTexts {
  /// Paths of all embedded files, in their order in the table.
  static let paths: [String] = table.map(\.path)

  /// The text of an embedded file, nil if there is none.
  static func text(_ path: String) -> String? {
    table.first { $0.path == path }.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  private struct File: Sendable {
    let path: String
    let bytes: [UInt8]
  }

  private static let table: [File] = {
    var files: [File] = []
    var index: Int32 = 0
    while let entry = catalogue_file(index) {
      let file = entry.pointee
      let bytes = UnsafeRawBufferPointer(start: file.text, count: file.length)
      files.append(File(path: String(cString: file.path), bytes: Array(bytes)))
      index += 1
    }
    return files
  }()
}

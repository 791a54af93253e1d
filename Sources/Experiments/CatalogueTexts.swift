import CatalogueFiles

/// The texts compiled into the program, by path ("entries/NAME/experiment.yaml", "published/index.csv").
enum CatalogueTexts {
  /// Paths of all embedded files, in their order in the table.
  static let paths: [String] = {
    var paths: [String] = []
    while let file = catalogue_file(Int32(paths.count)) { paths.append(String(cString: file.pointee.path)) }
    return paths
  }()

  /// The text of an embedded file, nil if there is none.
  static func text(_ path: String) -> String? {
    guard let index = paths.firstIndex(of: path), let file = catalogue_file(Int32(index)) else { return nil }
    let bytes = UnsafeRawBufferPointer(start: file.pointee.text, count: file.pointee.length)
    return String(decoding: bytes, as: UTF8.self)
  }
}

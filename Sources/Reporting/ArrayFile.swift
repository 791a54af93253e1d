import CHDF5
import Foundation

/// Arrays and texts as one HDF5 file, for results that are no scan: written whole or not at all.
///
/// Datasets are contiguous, 64-bit little endian, without time stamps: equal runs give equal bytes.
package struct ArrayFile {
  package struct Entry {
    /// "group/name", at most one group deep.
    var path: String
    var shape: [Int]
    var values: [Double]
    var attributes: [(name: String, value: String)]
  }

  /// Of the root, in order.
  package private(set) var attributes: [(name: String, value: String)]
  package private(set) var entries: [Entry] = []

  package init(attributes: [(name: String, value: String)]) { self.attributes = attributes }

  /// - Parameter path: "name" or "group/name"
  package mutating func add(
    _ path: String, shape: [Int], _ values: [Double], _ attributes: [(name: String, value: String)]
  ) {
    entries.append(Entry(path: path, shape: shape, values: values, attributes: attributes))
  }

  package func write(to path: String) throws(ReportError) {
    for entry in entries where entry.values.count != entry.shape.reduce(1, *) {
      throw ReportError(
        .badContent,
        "\(path): \(entry.path) has \(entry.values.count) values, which do not fill the shape \(entry.shape)."
      )
    }
    let bytes = Double(entries.reduce(0) { $0 + 8 * $1.values.count }) + 1e6
    try DiskSpace.require(bytes: bytes, at: path)
    let partial = AtomicFile.partialPath(path)
    do { try writeAll(partial) } catch {
      unlink(partial)
      throw ReportError(
        .cannotWrite,
        "\(path) cannot be written (\(error.call) failed). Nothing was left behind. Check the permissions of the directory, or "
          + "choose another --output.")
    }
    do { try ResultSeal.write(partial, grids: []) } catch {
      unlink(partial)
      throw error
    }
    try AtomicFile.moveIntoPlace(path)
  }

  private func writeAll(_ path: String) throws(HDF5Failure) {
    let file = try HDF5.createFile(path)
    for attribute in attributes { try HDF5.setAttribute(attribute.name, attribute.value, on: file.id) }
    for group in groups {
      guard let group else {
        for entry in entries where !entry.path.contains("/") {
          try write(entry, name: entry.path, in: file.id)
        }
        continue
      }
      let made = try HDF5.createGroup(group, in: file.id)
      for entry in entries where entry.path.hasPrefix(group + "/") {
        try write(entry, name: String(entry.path.dropFirst(group.count + 1)), in: made.id)
      }
    }
    try HDF5.check("H5Fflush", H5Fflush(file.id, H5F_SCOPE_GLOBAL))
    if !file.close() { throw HDF5Failure(call: "H5Fclose") }
  }

  private func write(_ entry: Entry, name: String, in parent: hid_t) throws(HDF5Failure) {
    // a slash would open another group
    let dataset = try HDF5.createDataset(ResultFileWriter.linkName(name), shape: entry.shape, in: parent)
    if !entry.values.isEmpty { try HDF5.write(entry.values, to: dataset.id) }
    for attribute in entry.attributes {
      try HDF5.setAttribute(attribute.name, attribute.value, on: dataset.id)
    }
  }

  /// In the order of their first entry; nil: the root.
  private var groups: [String?] {
    var found: [String?] = []
    for entry in entries {
      let group = entry.path.contains("/") ? String(entry.path.prefix { $0 != "/" }) : nil
      if !found.contains(group) { found.append(group) }
    }
    return found
  }
}

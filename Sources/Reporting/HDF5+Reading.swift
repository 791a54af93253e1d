import CHDF5

extension HDF5 {
  static func openFile(_ path: String) throws(HDF5Failure) -> HDF5Handle {
    _ = chdf5_silence()
    return try handle("H5Fopen", H5Fopen(path, chdf5_read_only(), chdf5_default()), H5Fclose)
  }

  static func openDataset(_ name: String, in parent: hid_t) throws(HDF5Failure) -> HDF5Handle {
    try handle("H5Dopen2 \(name)", H5Dopen2(parent, name, chdf5_default()), H5Dclose)
  }

  /// Extents of a dataset, slowest first; at most two dimensions.
  static func shape(of dataset: hid_t) throws(HDF5Failure) -> [Int] {
    let space = try handle("H5Dget_space", H5Dget_space(dataset), H5Sclose)
    let rank = H5Sget_simple_extent_ndims(space.id)
    guard rank >= 1, rank <= 2 else { throw HDF5Failure(call: "H5Sget_simple_extent_ndims") }
    var sizes = [hsize_t](repeating: 0, count: Int(rank))
    try check(
      "H5Sget_simple_extent_dims", herr_t(H5Sget_simple_extent_dims(space.id, &sizes, nil) < 0 ? -1 : 0))
    let limit = hsize_t(1) << 40
    guard sizes.allSatisfy({ $0 <= limit }) else { throw HDF5Failure(call: "H5Sget_simple_extent_dims") }
    return sizes.map { Int($0) }
  }

  /// Where the values of a contiguous dataset begin in the file, bytes.
  static func offset(of dataset: hid_t) throws(HDF5Failure) -> Int {
    let offset = H5Dget_offset(dataset)
    guard offset != haddr_t.max, let offset = Int(exactly: offset) else {
      throw HDF5Failure(call: "H5Dget_offset")
    }
    return offset
  }

  /// All values of a dataset that must have the given shape; nil stands for any extent up to 2^24.
  static func read(_ name: String, shape expected: [Int?], in parent: hid_t) throws(HDF5Failure) -> [Double] {
    let dataset = try openDataset(name, in: parent)
    let shape = try shape(of: dataset.id)
    guard shape.count == expected.count,
      zip(shape, expected).allSatisfy({ found, wanted in wanted.map { $0 == found } ?? (found <= 1 << 24) })
    else { throw HDF5Failure(call: "the shape \(shape) of /\(name)") }
    var values = [Double](repeating: 0, count: shape.reduce(1, *))
    try check(
      "H5Dread \(name)",
      H5Dread(dataset.id, chdf5_native_double(), chdf5_all(), chdf5_all(), chdf5_default(), &values))
    return values
  }

  /// Some rows of a two-dimensional dataset.
  static func read(rows: Range<Int>, columns: Int, of dataset: hid_t) throws(HDF5Failure) -> [Double] {
    let spaces = try rowSpaces(rows, columns: columns, of: dataset)
    var values = [Double](repeating: 0, count: rows.count * columns)
    try check(
      "H5Dread",
      H5Dread(
        dataset, chdf5_native_double(), spaces.memory.id, spaces.file.id, chdf5_default(), &values))
    return values
  }

  static func text(_ name: String, of object: hid_t) throws(HDF5Failure) -> String {
    let attribute = try handle("H5Aopen \(name)", H5Aopen(object, name, chdf5_default()), H5Aclose)
    let found = try handle("H5Aget_type", H5Aget_type(attribute.id), H5Tclose)
    guard H5Tis_variable_str(found.id) > 0 else { throw HDF5Failure(call: "the type of attribute \(name)") }
    let type = try stringType()
    var pointer: UnsafeMutablePointer<CChar>?
    try check("H5Aread \(name)", H5Aread(attribute.id, type.id, &pointer))
    guard let pointer else { return "" }
    defer { _ = H5free_memory(pointer) }
    return String(cString: pointer)
  }

  static func number(_ name: String, of object: hid_t) throws(HDF5Failure) -> Double {
    let attribute = try handle("H5Aopen \(name)", H5Aopen(object, name, chdf5_default()), H5Aclose)
    var value = 0.0
    try check("H5Aread \(name)", H5Aread(attribute.id, chdf5_native_double(), &value))
    return value
  }
}

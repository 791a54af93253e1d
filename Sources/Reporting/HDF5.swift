import CHDF5

/// A failed HDF5 call by its name; the file layer adds path, space and cure.
struct HDF5Failure: Error {
  var call: String
}

/// The few HDF5 calls a result file needs. Each checks its return code; the library itself prints nothing.
enum HDF5 {
  static func handle(
    _ call: String, _ id: hid_t, _ release: @escaping @convention(c) (hid_t) -> herr_t
  ) throws(HDF5Failure) -> HDF5Handle {
    guard let handle = HDF5Handle(id, release) else { throw HDF5Failure(call: call) }
    return handle
  }

  static func check(_ call: String, _ status: herr_t) throws(HDF5Failure) {
    if status < 0 { throw HDF5Failure(call: call) }
  }

  // MARK: - Making objects

  /// A new file without time stamps in its root group, with room for the seal at its head.
  static func createFile(_ path: String) throws(HDF5Failure) -> HDF5Handle {
    _ = chdf5_silence()
    let properties = try handle("H5Pcreate", H5Pcreate(chdf5_file_create()), H5Pclose)
    try check("H5Pset_obj_track_times", H5Pset_obj_track_times(properties.id, false))
    try check("H5Pset_userblock", H5Pset_userblock(properties.id, hsize_t(ResultSeal.size)))
    return try handle(
      "H5Fcreate", H5Fcreate(path, chdf5_truncate(), properties.id, chdf5_default()), H5Fclose)
  }

  static func createGroup(_ name: String, in parent: hid_t) throws(HDF5Failure) -> HDF5Handle {
    let properties = try handle("H5Pcreate", H5Pcreate(chdf5_group_create()), H5Pclose)
    try check("H5Pset_obj_track_times", H5Pset_obj_track_times(properties.id, false))
    return try handle(
      "H5Gcreate2", H5Gcreate2(parent, name, chdf5_default(), properties.id, chdf5_default()), H5Gclose)
  }

  static func dataspace(_ shape: [Int]) throws(HDF5Failure) -> HDF5Handle {
    if shape.isEmpty { return try handle("H5Screate", H5Screate(H5S_SCALAR), H5Sclose) }
    let sizes = shape.map { hsize_t($0) }
    return try handle("H5Screate_simple", H5Screate_simple(Int32(shape.count), sizes, nil), H5Sclose)
  }

  /// A contiguous dataset of 64-bit little-endian floats, its place in the file fixed at once: the bytes of a file do
  /// not depend on the order in which datasets are filled.
  static func createDataset(_ name: String, shape: [Int], in parent: hid_t) throws(HDF5Failure) -> HDF5Handle
  {
    let properties = try handle("H5Pcreate", H5Pcreate(chdf5_dataset_create()), H5Pclose)
    try check("H5Pset_obj_track_times", H5Pset_obj_track_times(properties.id, false))
    try check("H5Pset_alloc_time", H5Pset_alloc_time(properties.id, H5D_ALLOC_TIME_EARLY))
    try check("H5Pset_fill_time", H5Pset_fill_time(properties.id, H5D_FILL_TIME_NEVER))
    let space = try dataspace(shape)
    return try handle(
      "H5Dcreate2",
      H5Dcreate2(
        parent, name, chdf5_ieee_f64le(), space.id, chdf5_default(), properties.id, chdf5_default()), H5Dclose
    )
  }

  // MARK: - Writing

  static func write(_ values: [Double], to dataset: hid_t) throws(HDF5Failure) {
    try check(
      "H5Dwrite",
      H5Dwrite(dataset, chdf5_native_double(), chdf5_all(), chdf5_all(), chdf5_default(), values))
  }

  /// Whole rows of a two-dimensional dataset.
  static func write(
    _ values: [Double], rows: Range<Int>, columns: Int, to dataset: hid_t
  ) throws(HDF5Failure) {
    let spaces = try rowSpaces(rows, columns: columns, of: dataset)
    try check(
      "H5Dwrite",
      H5Dwrite(
        dataset, chdf5_native_double(), spaces.memory.id, spaces.file.id, chdf5_default(), values))
  }

  static func rowSpaces(
    _ rows: Range<Int>, columns: Int, of dataset: hid_t
  ) throws(HDF5Failure) -> RowSpaces {
    let file = try handle("H5Dget_space", H5Dget_space(dataset), H5Sclose)
    let start = [hsize_t(rows.lowerBound), 0]
    let count = [hsize_t(rows.count), hsize_t(columns)]
    try check("H5Sselect_hyperslab", H5Sselect_hyperslab(file.id, H5S_SELECT_SET, start, nil, count, nil))
    return RowSpaces(file: file, memory: try dataspace([rows.count, columns]))
  }

  /// Selections for a run of rows, in the file and in memory.
  struct RowSpaces: ~Copyable {
    let file: HDF5Handle
    let memory: HDF5Handle
  }

  static func setAttribute(_ name: String, _ text: String, on object: hid_t) throws(HDF5Failure) {
    let type = try stringType()
    let space = try dataspace([])
    let attribute = try handle(
      "H5Acreate2", H5Acreate2(object, name, type.id, space.id, chdf5_default(), chdf5_default()), H5Aclose)
    let status = text.withCString { pointer in
      var pointer: UnsafePointer<CChar>? = pointer
      return H5Awrite(attribute.id, type.id, &pointer)
    }
    try check("H5Awrite", status)
  }

  static func setAttribute(_ name: String, _ value: Double, on object: hid_t) throws(HDF5Failure) {
    let space = try dataspace([])
    let attribute = try handle(
      "H5Acreate2",
      H5Acreate2(object, name, chdf5_ieee_f64le(), space.id, chdf5_default(), chdf5_default()), H5Aclose)
    var value = value
    try check("H5Awrite", H5Awrite(attribute.id, chdf5_native_double(), &value))
  }

  /// UTF-8 text of any length.
  static func stringType() throws(HDF5Failure) -> HDF5Handle {
    let type = try handle("H5Tcopy", H5Tcopy(chdf5_c_string()), H5Tclose)
    try check("H5Tset_size", H5Tset_size(type.id, chdf5_variable_length()))
    try check("H5Tset_cset", H5Tset_cset(type.id, H5T_CSET_UTF8))
    return type
  }
}

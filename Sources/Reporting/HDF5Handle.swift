import CHDF5

/// One open HDF5 identifier, closed when it goes out of scope.
struct HDF5Handle: ~Copyable {
  let id: hid_t
  private let release: @convention(c) (hid_t) -> herr_t

  /// nil if the call that made the identifier failed.
  init?(_ id: hid_t, _ release: @escaping @convention(c) (hid_t) -> herr_t) {
    if id < 0 { return nil }
    self.id = id
    self.release = release
  }

  /// Closes now and says whether that worked (the last buffers of a file are written here).
  consuming func close() -> Bool {
    let (id, release) = (id, release)
    discard self
    return release(id) >= 0
  }

  deinit { _ = release(id) }
}

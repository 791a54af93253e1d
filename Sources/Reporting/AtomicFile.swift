import Foundation

/// Text files that appear whole or not at all.
package enum AtomicFile {
  /// The name a file has until it is complete.
  package static func partialPath(_ path: String) -> String { path + ".partial" }

  /// Writes under the partial name and renames; a failure leaves nothing behind and an older file untouched.
  package static func write(_ text: String, to path: String) throws(ReportError) {
    let partial = partialPath(path)
    if let code = failure(writing: Array(text.utf8), to: partial) {
      unlink(partial)
      throw ReportError(
        .cannotWrite,
        "\(path) cannot be written (\(sizeText(Double(text.utf8.count)))): "
          + "\(DiskSpace.directory(of: path)) \(DiskSpace.reason(code)). Check the directory, its permissions and the "
          + "space on its disk, or choose another --output.")
    }
    try moveIntoPlace(path)
  }

  /// Renames the partial file; removes it if that fails.
  static func moveIntoPlace(_ path: String) throws(ReportError) {
    let partial = partialPath(path)
    if rename(partial, path) == 0 {
      // the name too is to be there after a power failure; not every file system can
      let folder = open(DiskSpace.directory(of: path), O_RDONLY | O_DIRECTORY)
      if folder >= 0 {
        fsync(folder)
        close(folder)
      }
      return
    }
    let code = errno
    unlink(partial)
    throw ReportError(
      .cannotWrite,
      "\(path) cannot be written: \(code == EISDIR ? "the path" : DiskSpace.directory(of: path)) "
        + "\(DiskSpace.reason(code)). Choose another --output.")
  }
}

/// The error number of the first call that failed, nil if all bytes were written.
private func failure(writing bytes: [UInt8], to path: String) -> Int32? {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
  if descriptor < 0 { return errno }
  var written = 0
  while written < bytes.count {
    let count = bytes.withUnsafeBytes {
      write(descriptor, $0.baseAddress?.advanced(by: written), bytes.count - written)
    }
    if count < 0, errno == EINTR { continue }
    if count <= 0 {
      let code = errno
      close(descriptor)
      return code
    }
    written += count
  }
  if fsync(descriptor) != 0, errno != EINVAL {  // EINVAL: nothing a disk holds, such as a pipe
    let code = errno
    close(descriptor)
    return code
  }
  return close(descriptor) == 0 ? nil : errno
}

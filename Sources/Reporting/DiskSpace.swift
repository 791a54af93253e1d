import Foundation

/// How much a file system still takes, asked before a long scan rather than found out after it.
package enum DiskSpace {
  /// Bytes an unprivileged process may still write in the directory of a path.
  /// - Parameter option: that names the output
  package static func available(
    for path: String, option: String = "--output"
  ) throws(ReportError) -> Double {
    let directory = directory(of: path)
    var answer = statvfs()
    guard statvfs(directory, &answer) == 0 else {
      throw ReportError(
        .cannotWrite,
        "\(path) cannot be written: the directory \(directory) \(reason(errno)). Create it or choose another \(option)."
      )
    }
    guard access(directory, W_OK | X_OK) == 0 else {
      throw ReportError(
        .cannotWrite,
        "\(path) cannot be written: the directory \(directory) \(reason(errno)). Choose another \(option).")
    }
    return Double(answer.f_bavail) * Double(answer.f_frsize)
  }

  /// Throws unless all of these files can be made or replaced: asked before anything is computed for them.
  package static func requireWritable(
    _ paths: [String], option: String = "--output"
  ) throws(ReportError) {
    for path in paths {
      if path.isEmpty || path.hasSuffix("/") {
        throw ReportError(.cannotWrite, "\(option) \"\(path)\": names no file. Add a name.")
      }
      _ = try available(for: path, option: option)
      // a file is renamed into its place, which would replace a device or a pipe
      var found = stat()
      guard stat(path, &found) == 0 else { continue }
      switch found.st_mode & mode_t(S_IFMT) {
      case mode_t(S_IFREG): continue
      case mode_t(S_IFDIR):
        throw ReportError(
          .cannotWrite,
          "\(path) cannot be written: the path is a directory. Remove it or choose another \(option).")
      default:
        throw ReportError(
          .cannotWrite,
          "\(path) cannot be written: the path is neither free nor a plain file (a device, a pipe or a socket). Choose another \(option)."
        )
      }
    }
  }

  /// Throws if `bytes` do not fit on the file system of a path.
  package static func require(bytes: Double, at path: String) throws(ReportError) {
    try require(bytes: bytes, available: available(for: path), at: path)
  }

  static func require(bytes: Double, available: Double, at path: String) throws(ReportError) {
    if bytes <= available { return }
    throw ReportError(
      .cannotWrite,
      "\(path) needs \(sizeText(bytes)), but its file system has only \(sizeText(available)) free. Nothing was "
        + "written. Ask for fewer grid points (--m4, --d), leave the pulls out of the file (--no-pulls), free some space, or "
        + "choose another disk with --output.")
  }

  /// ", and no file may exceed 4 kB (ulimit -f)"; empty without such a limit.
  static var fileSizeLimitText: String {
    var limit = rlimit()
    #if os(Linux)
      let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
    #else
      let resource = RLIMIT_FSIZE
    #endif
    guard getrlimit(resource, &limit) == 0, limit.rlim_cur != rlim_t.max else {
      return ""
    }
    return ", and no file may exceed \(sizeText(Double(limit.rlim_cur))) (ulimit -f)"
  }

  /// Foundation traps on names of one character.
  static func directory(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  static func reason(_ code: Int32) -> String {
    switch code {
    case ENOENT: "does not exist"
    case EACCES, EPERM: "may not be entered or written (permission denied)"
    case EFBIG: "takes no file of this size (file-size limit, see `ulimit -f`)"
    case ENOSPC: "is full (no space left on the device)"
    case EROFS: "is on a read-only file system"
    case EISDIR: "is a directory"
    default: "reports: \(String(cString: strerror(code)))"
    }
  }
}

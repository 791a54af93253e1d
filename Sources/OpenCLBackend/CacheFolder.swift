import Foundation

/// Where built programs and tuned sizes are kept between runs. Everything in it may be deleted at any time; a folder
/// that cannot be read or written only costs the time to do the work again.
package struct CacheFolder: Sendable {
  let path: String

  package init(path: String) { self.path = path }

  /// `$UPSCATTER_CACHE_DIR`, else `$XDG_CACHE_HOME/upscatter`, else `~/.cache/upscatter`; nil with
  /// `UPSCATTER_NO_CACHE=1` or where no such path is absolute.
  package static func standard(_ environment: [String: String]) -> CacheFolder? {
    func value(_ name: String) -> String? {
      guard let value = environment[name], !value.isEmpty else { return nil }
      return value
    }
    if let refusal = value("UPSCATTER_NO_CACHE"), refusal != "0" { return nil }
    if let own = value("UPSCATTER_CACHE_DIR") { return CacheFolder(path: own) }
    // the XDG specification: relative paths are to be ignored
    if let shared = value("XDG_CACHE_HOME"), shared.hasPrefix("/") {
      return CacheFolder(path: shared + "/upscatter")
    }
    guard let home = value("HOME"), home.hasPrefix("/") else { return nil }
    return CacheFolder(path: home + "/.cache/upscatter")
  }

  static let ofProcess = standard(ProcessInfo.processInfo.environment)

  /// Bytes of a file; nil when there is none that can be read.
  func read(_ name: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path + "/" + name).map { [UInt8]($0) }
  }

  /// Writes a file under a temporary name and renames it, so that readers see all of it or nothing and the last of
  /// several writers wins. Returns whether it worked.
  @discardableResult
  func write(_ bytes: [UInt8], to name: String) -> Bool {
    let folder = URL(fileURLWithPath: path + "/" + name).deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(".\(UUID().uuidString).part")
    let target = path + "/" + name
    do {
      // what a driver loads must not be writable by others
      try FileManager.default.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(bytes).write(to: temporary)
    } catch {
      try? FileManager.default.removeItem(at: temporary)
      return false
    }
    if rename(temporary.path, target) == 0 { return true }
    try? FileManager.default.removeItem(at: temporary)
    return false
  }

  /// Names of the files in a folder of the cache, sorted.
  func names(in folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path + "/" + folder)) ?? []).sorted()
  }
}

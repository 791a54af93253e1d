import Hashing
import ScanCore

/// Program binaries on disk. A file holds a header (magic, key, length and SHA-256 of the binary) and the binary; one
/// that is damaged, cut short, of another program or unreadable counts as absent and is replaced.
struct ProgramCache: Sendable {
  private static let magic = Array("upscatter program 1\n".utf8)
  private static let digestLength = 64
  private static let headerLength = magic.count + 2 * digestLength + 8
  private let folder: CacheFolder

  init(_ folder: CacheFolder) { self.folder = folder }

  /// Key of what decides a binary: text, options, device, vendor, driver and platform with their versions.
  static func key(source: String, options: String, device: OpenCLDevice) -> String {
    let parts = [source, options] + device.identityParts
    // lengths keep neighbours apart: no part can borrow from the next
    return SHA256.hexDigest(of: parts.flatMap { Array("\($0.utf8.count):\($0)".utf8) })
  }

  static func fileName(_ key: String) -> String { "programs/\(key).bin" }

  func binary(for key: String) -> [UInt8]? {
    guard let bytes = folder.read(Self.fileName(key)), bytes.count > Self.headerLength else { return nil }
    guard bytes.prefix(Self.headerLength).elementsEqual(Self.header(key, bytes.dropFirst(Self.headerLength)))
    else { return nil }
    return Array(bytes.dropFirst(Self.headerLength))
  }

  func store(_ binary: [UInt8], for key: String) {
    guard !binary.isEmpty else { return }
    folder.write(Self.header(key, binary[...]) + binary, to: Self.fileName(key))
  }

  private static func header(_ key: String, _ binary: ArraySlice<UInt8>) -> [UInt8] {
    let length = UInt64(binary.count)
    return magic + Array(key.utf8) + (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) }
      + Array(SHA256.hexDigest(of: binary).utf8)
  }
}

extension OpenCLDevice {
  /// What tells one device with its driver from another, across runs.
  var identityParts: [String] { [name, vendor, driver, platform, platformVersion, "\(computeUnits)"] }
}

import Foundation
import Hashing
import ScanCore

/// A work-group size found by timing, with what it belongs to.
package struct TunedSize: Codable, Hashable, Sendable {
  package var device: String
  package var driver: String
  package var kernel: String
  package var precision: Precision
  package var layout: String
  package var localSize: Int
  package var itemsPerSecond: Double
}

/// Tuned sizes on disk, one JSON file per device, kernel, precision and layout. What cannot be read counts as absent.
struct TuningStore: Sendable {
  let folder: CacheFolder

  private static func fileName(
    _ device: OpenCLDevice, _ kernel: String, _ precision: Precision, _ layout: KernelLayout
  )
    -> String
  {
    let parts = device.identityParts + [kernel, precision.rawValue, layout.rawValue]
    return "tuning/\(SHA256.hexDigest(of: parts.joined(separator: "\n").utf8)).json"
  }

  func size(_ device: OpenCLDevice, _ kernel: String, _ precision: Precision, _ layout: KernelLayout) -> Int?
  {
    folder.read(Self.fileName(device, kernel, precision, layout)).flatMap(Self.decode)?.localSize
  }

  func store(
    _ size: Int, itemsPerSecond: Double, _ device: OpenCLDevice, _ kernel: String, _ precision: Precision,
    _ layout: KernelLayout
  ) {
    let tuned = TunedSize(
      device: device.name, driver: device.driver, kernel: kernel, precision: precision,
      layout: layout.rawValue,
      localSize: size, itemsPerSecond: itemsPerSecond)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    guard let data = try? encoder.encode(tuned) else { return }
    folder.write([UInt8](data), to: Self.fileName(device, kernel, precision, layout))
  }

  /// Everything known about a device.
  func all(for device: OpenCLDevice) -> [TunedSize] {
    folder.names(in: "tuning").compactMap { folder.read("tuning/" + $0).flatMap(Self.decode) }
      .filter { $0.device == device.name && $0.driver == device.driver }
      .sorted {
        ($0.kernel, $0.precision.rawValue, $0.layout) < ($1.kernel, $1.precision.rawValue, $1.layout)
      }
  }

  private static func decode(_ bytes: [UInt8]) -> TunedSize? {
    try? JSONDecoder().decode(TunedSize.self, from: Data(bytes))
  }
}

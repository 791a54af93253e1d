import ScanCore

extension OpenCLPlatforms {
  /// The devices a person means, each once, in the order they were named.
  ///
  /// - Parameters:
  ///   - selectors: `all`, or as for `select`, where a kind or part of a name stands for every device it fits; empty
  ///     takes one device, the first GPU, else the first
  ///   - precision: what they have to compute in; devices that cannot are left out unless nothing else fits
  package static func selectSeveral(
    _ selectors: [String], precision: Precision
  ) throws(BackendError) -> [OpenCLDevice] {
    try selectSeveral(selectors, precision: precision, from: devices)
  }

  static func selectSeveral(
    _ selectors: [String], precision: Precision, from devices: [OpenCLDevice]
  ) throws(BackendError) -> [OpenCLDevice] {
    if selectors.isEmpty { return [try select(nil, precision: precision, from: devices)] }
    var chosen: [OpenCLDevice] = []
    for selector in selectors {
      let wanted = selector.lowercased() == "all" ? nil : selector
      _ = try select(wanted, precision: precision, from: devices)  // throws when nothing fits
      for device in matches(wanted, in: devices)
      where device.precisions.contains(precision) && !chosen.contains(where: { $0.index == device.index }) {
        chosen.append(device)
      }
    }
    return chosen
  }
}

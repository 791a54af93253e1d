extension BackendIdentity {
  /// One identity for devices that share a scan, in the order they were asked for: "simd + opencl (AVX-512, 2 workers +
  /// 2 x NVIDIA H100, ..., double)". Says who was asked, not who computed what. nil for an empty list.
  package init?(devices: [BackendIdentity]) {
    guard let first = devices.first else { return nil }
    self.init(
      backend: Self.unique(devices.map(\.backend)).joined(separator: " + "),
      device: Self.counted(devices.map(\.device)).joined(separator: " + "),
      driver: Self.unique(devices.map(\.driver).filter { !$0.isEmpty }).joined(separator: " + "),
      precision: first.precision)
  }

  private static func unique(_ words: [String]) -> [String] {
    words.enumerated().filter { words.firstIndex(of: $0.element) == $0.offset }.map(\.element)
  }

  private static func counted(_ words: [String]) -> [String] {
    unique(words).map { word in
      let count = words.count { $0 == word }
      return count == 1 ? word : "\(count) x \(word)"
    }
  }
}

import ScanCore

/// How the statistic kernels share work: a build variant of one text. Results in double precision have the same bits
/// in every layout.
package enum KernelLayout: String, Sendable, CaseIterable {
  /// Several neighbouring points per work-item, in the lanes of a vector: compilers for CPUs do not vectorise across
  /// items.
  case lanes
  /// One point per work-item; work-groups keep the likelihood, templates and bins in local memory.
  case staged
  /// One point per work-item, everything in global and private memory: where local memory is too small.
  case plain

  /// What suits the device; `UPSCATTER_OPENCL_LAYOUT` (lanes, staged, plain) overrides it, to test one on another.
  static func preferred(on device: OpenCLDevice, override: String?) throws(BackendError) -> KernelLayout {
    guard let override, !override.isEmpty else { return device.kind == .cpu ? .lanes : .staged }
    guard let layout = KernelLayout(rawValue: override) else {
      throw BackendError(
        .unavailable,
        "UPSCATTER_OPENCL_LAYOUT is \"\(override)\", which is no layout of the kernels: unset it, or use "
          + "\(allCases.map(\.rawValue).joined(separator: ", ")).")
    }
    return layout
  }

  /// Numbers per vector, and points per work-item: vectors of 512 bits.
  func lanes(_ precision: Precision) -> Int {
    guard self == .lanes else { return 1 }
    return precision == .single ? 16 : 8
  }

  func buildOptions(_ precision: Precision) -> [String] {
    ["-DVEC=\(lanes(precision))", "-DSTAGED=\(self == .staged ? 1 : 0)"]
  }

  /// Work-group sizes worth trying, the one to start with first.
  func localSizes(pointwise: Bool) -> [Int] {
    switch self {
    case .lanes: pointwise ? [1, 4] : [4, 1, 16]
    case .staged, .plain: pointwise ? [64, 32, 128] : [64, 128, 256, 32]
    }
  }
}

/// Local memory of a staged kernel, in numbers.
struct LocalMemory {
  /// tables every group needs: the likelihood
  let shared: Int
  /// per row of a group: its template
  let perRow: Int
  /// per work-item: its bins, in `accum`
  let perItem: Int

  func bytes(rows: Int, items: Int, _ precision: Precision) -> Int {
    tableBytes(rows: rows, precision) + itemBytes(items, precision)
  }
  func tableBytes(rows: Int, _ precision: Precision) -> Int {
    (shared + rows * perRow) * precision.real.rawValue
  }
  func itemBytes(_ items: Int, _ precision: Precision) -> Int { items * perItem * precision.accum.rawValue }
}

/// Which backend a person asks for.
package enum BackendChoice: String, Codable, Sendable, CaseIterable {
  /// A GPU that passes the self-check, else `simd`.
  case auto
  /// Plain loops in double precision: slow, written to be compared with.
  case reference
  /// Lanes and pinned threads of the CPU, double precision.
  case simd
  /// OpenCL kernels on any device, in double, mixed or single precision.
  case opencl
}

import CPUKernelsBaseline
import CVec

#if arch(x86_64)
  import CPUKernelsV3
  import CPUKernelsV4
#endif

extension InstructionSet {
  /// Minimises eight data sets over the pulls; returns the sweeps over the bins.
  func jointProfile(
    _ tables: JointTables, active: Int, _ data: JointSets, rows: UnsafePointer<Int64>,
    strengths: UnsafePointer<Double>, scratch: UnsafeMutablePointer<Double>, _ out: JointLanes
  ) -> Int {
    let kernel =
      switch self {
      #if arch(x86_64)
        case .avx512: CPUKernelsV4.jointProfile
        case .avx2: CPUKernelsV3.jointProfile
      #else
        case .avx512, .avx2: CPUKernelsBaseline.jointProfile
      #endif
      case .baseline: CPUKernelsBaseline.jointProfile
      }
    return kernel(tables, active, data, rows, strengths, scratch, out)
  }

  /// Minimises up to `jointBlockSize` data sets over the pulls, the rows and the strength.
  func jointMinima(
    _ tables: JointTables, active: Int, _ data: JointSets, count: Int, _ range: JointRange,
    scratch: UnsafeMutablePointer<Double>, _ out: JointLanes
  ) {
    let kernel =
      switch self {
      #if arch(x86_64)
        case .avx512: CPUKernelsV4.jointMinima
        case .avx2: CPUKernelsV3.jointMinima
      #else
        case .avx512, .avx2: CPUKernelsBaseline.jointMinima
      #endif
      case .baseline: CPUKernelsBaseline.jointMinima
      }
    kernel(tables, active, data, count, range, scratch, out)
  }

  /// Throws up to `jointBlockSize` toys and fits them.
  func jointToys(
    _ tables: JointTables, active: Int, _ truth: JointTruth, count: Int, _ range: JointRange,
    scratch: UnsafeMutablePointer<Double>, _ out: ToyLanes
  ) {
    let kernel =
      switch self {
      #if arch(x86_64)
        case .avx512: CPUKernelsV4.jointToys
        case .avx2: CPUKernelsV3.jointToys
      #else
        case .avx512, .avx2: CPUKernelsBaseline.jointToys
      #endif
      case .baseline: CPUKernelsBaseline.jointToys
      }
    kernel(tables, active, truth, count, range, scratch, out)
  }

  /// The counts and centres of eight toys.
  func throwToys(
    _ tables: JointTables, active: Int, _ truth: JointTruth, scratch: UnsafeMutablePointer<Double>,
    counts: UnsafeMutablePointer<Double>, centres: UnsafeMutablePointer<Double>
  ) {
    let kernel =
      switch self {
      #if arch(x86_64)
        case .avx512: CPUKernelsV4.throwToys
        case .avx2: CPUKernelsV3.throwToys
      #else
        case .avx512, .avx2: CPUKernelsBaseline.throwToys
      #endif
      case .baseline: CPUKernelsBaseline.throwToys
      }
    kernel(tables, active, truth, scratch, counts, centres)
  }
}

import CPUKernelsBaseline
import CShims
import CVec

#if arch(x86_64)
  import CPUKernelsV3
  import CPUKernelsV4
#endif

/// The compiled copies of the CPU kernels; the widest one the processor supports is used.
package enum InstructionSet: String, Sendable, CaseIterable {
  /// 512-bit lanes (x86-64-v4)
  case avx512 = "AVX-512"
  /// 256-bit lanes and fused multiply-add (x86-64-v3)
  case avx2 = "AVX2"
  /// whatever the architecture guarantees; on x86-64 without fused multiply-add it is slow but gives the same bits
  case baseline

  /// Levels this processor can run, widest first.
  package static var available: [InstructionSet] {
    var levels: [InstructionSet] = []
    if cshims_supports_x86_64_level(4) != 0 { levels.append(.avx512) }
    if cshims_supports_x86_64_level(3) != 0 { levels.append(.avx2) }
    levels.append(.baseline)
    return levels
  }
}

/// One packed rate plan as raw pointers, valid for the duration of a call.
struct RatePointers {
  let integers: UnsafePointer<Int32>
  let reals: UnsafePointer<Double>
  let binStride: Int
  let valuesPerMass: Int
  let scratchCount: Int
}

/// One packed likelihood and its shape as raw pointers, valid for the duration of a call.
struct LikelihoodPointers {
  let reals: UnsafePointer<Double>
  let fold: UnsafePointer<Double>
  let components: Int
  let energyBins: Int
  let timeBins: Int
  let pullCount: Int
  let poisson: Bool
  var bins: Int { energyBins * timeBins }
}

extension InstructionSet {
  func evaluateRateRow(
    _ plan: RatePointers, mass: Double, out: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Double>
  ) {
    #if arch(x86_64)
      switch self {
      case .avx512:
        let view = CPUKernelsV4.PlanView(
          integers: plan.integers, reals: plan.reals, binStride: plan.binStride)
        return CPUKernelsV4.evaluateRateRow(view, mass: mass, out: out, scratch: scratch)
      case .avx2:
        let view = CPUKernelsV3.PlanView(
          integers: plan.integers, reals: plan.reals, binStride: plan.binStride)
        return CPUKernelsV3.evaluateRateRow(view, mass: mass, out: out, scratch: scratch)
      case .baseline: break
      }
    #endif
    let view = CPUKernelsBaseline.PlanView(
      integers: plan.integers, reals: plan.reals, binStride: plan.binStride)
    CPUKernelsBaseline.evaluateRateRow(view, mass: mass, out: out, scratch: scratch)
  }

  /// Profiles one group of chains of a row (`ChainLayout`) that shares a signal template.
  func profile(template: UnsafePointer<Double>, _ row: ProfileRow, _ group: ChainGroup) -> ChainOutcome {
    #if arch(x86_64)
      switch self {
      case .avx512: return CPUKernelsV4.profileTemplateChains(template, row, group)
      case .avx2: return CPUKernelsV3.profileTemplateChains(template, row, group)
      case .baseline: break
      }
    #endif
    return CPUKernelsBaseline.profileTemplateChains(template, row, group)
  }

  /// The same with the double integrals redone at every point.
  func profile(
    pointwise tables: RateTables, mass: Double, _ likelihood: LikelihoodPointers,
    scratch: UnsafeMutablePointer<Double>, _ row: ProfileRow, _ group: ChainGroup
  ) -> ChainOutcome {
    let kernel =
      switch self {
      #if arch(x86_64)
        case .avx512: CPUKernelsV4.profilePointwiseChains
        case .avx2: CPUKernelsV3.profilePointwiseChains
      #else
        case .avx512, .avx2: CPUKernelsBaseline.profilePointwiseChains
      #endif
      case .baseline: CPUKernelsBaseline.profilePointwiseChains
      }
    return kernel(tables, mass, likelihood.fold, likelihood.timeBins, scratch, row, group)
  }
}

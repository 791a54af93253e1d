import CPUKernelsBaseline
import CShims

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

/// The output of up to eight neighbouring points.
struct PointOutput {
  let couplingSquares: UnsafePointer<Double>
  let count: Int
  let statistic: UnsafeMutablePointer<Double>
  let pulls: UnsafeMutablePointer<Double>
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

  /// Returns how many points did not converge.
  func profile(
    template: UnsafePointer<Double>, _ likelihood: LikelihoodPointers, _ points: PointOutput
  ) -> Int {
    let kernel =
      switch self {
      #if arch(x86_64)
        case .avx512: CPUKernelsV4.profileTemplatePoints
        case .avx2: CPUKernelsV3.profileTemplatePoints
      #else
        case .avx512, .avx2: CPUKernelsBaseline.profileTemplatePoints
      #endif
      case .baseline: CPUKernelsBaseline.profileTemplatePoints
      }
    return kernel(
      template, likelihood.reals, likelihood.bins, likelihood.poisson, points.couplingSquares, points.count,
      likelihood.pullCount, points.statistic, points.pulls)
  }

  func profile(
    rates: UnsafePointer<Double>, signals: UnsafeMutablePointer<Double>, _ likelihood: LikelihoodPointers,
    _ points: PointOutput
  ) -> Int {
    let kernel =
      switch self {
      #if arch(x86_64)
        case .avx512: CPUKernelsV4.profileRatePoints
        case .avx2: CPUKernelsV3.profileRatePoints
      #else
        case .avx512, .avx2: CPUKernelsBaseline.profileRatePoints
      #endif
      case .baseline: CPUKernelsBaseline.profileRatePoints
      }
    return kernel(
      rates, likelihood.fold, likelihood.components, likelihood.energyBins, likelihood.timeBins, signals,
      likelihood.reals, likelihood.poisson, points.couplingSquares, points.count, likelihood.pullCount,
      points.statistic, points.pulls)
  }
}

import CPUKernelsBaseline
import ScanCore

#if arch(x86_64)
  import CPUKernelsV3
  import CPUKernelsV4
#endif

/// A pulled rate plan on the CPU: one block of work per request [UPS-19].
struct CPUPulledRates: LoadedPulledRates {
  let plan: PulledRatePlan
  let packed: PackedPulledPlan
  let instructionSet: InstructionSet
  let pool: WorkerPool

  init(_ plan: PulledRatePlan, _ instructionSet: InstructionSet, _ pool: WorkerPool) {
    self.plan = plan
    packed = PackedPulledPlan(plan, alignment: PackedRatePlan.laneCount)
    self.instructionSet = instructionSet
    self.pool = pool
  }

  func evaluate(masses: [Double], pulls: [Double]) throws(BackendError) -> [Double] {
    try plan.check(masses: masses, pulls: pulls)
    let values = plan.valuesPerRequest
    let parameters = plan.parameterCount
    var out = [Double](repeating: 0, count: masses.count * values)
    withPointers { pointers in
      let scratch = Scratch(workers: pool.workerCount, count: pointers.scratchCount)
      // an empty array has no address, and kernels without parameters read none
      (pulls.isEmpty ? [0] : pulls).withUnsafeBufferPointer { pulls in
        out.withUnsafeMutableBufferPointer { out in
          let target = SharedPointer(out.baseAddress)
          let source = SharedConstPointer(pulls.baseAddress)
          let shared = SharedValue(pointers)
          pool.run(blocks: masses.count) { block, worker in
            guard let out = target.pointer, let theta = source.pointer else { return }
            instructionSet.evaluatePulledRateRow(
              shared.value, mass: masses[block], theta: theta + block * parameters,
              out: out + block * values, scratch: scratch[worker])
          }
        }
      }
    }
    return out
  }

  private func withPointers(_ body: (PulledPointers) -> Void) {
    packed.rates.integers.withUnsafeBufferPointer { rateIntegers in
      packed.rates.reals.withUnsafeBufferPointer { rateReals in
        packed.integers.withUnsafeBufferPointer { integers in
          packed.reals.withUnsafeBufferPointer { reals in
            guard let rateIntegers = rateIntegers.baseAddress, let rateReals = rateReals.baseAddress,
              let integers = integers.baseAddress, let reals = reals.baseAddress
            else { preconditionFailure("a validated plan has a channel and its tables") }
            body(
              PulledPointers(
                rateIntegers: rateIntegers, rateReals: rateReals, binStride: packed.binStride,
                integers: integers, reals: reals, parameterCount: packed.parameterCount,
                largestCurveStride: packed.largestCurveStride))
          }
        }
      }
    }
  }
}

/// One packed pulled plan as raw pointers, valid for the duration of a call.
struct PulledPointers {
  let rateIntegers: UnsafePointer<Int32>
  let rateReals: UnsafePointer<Double>
  let binStride: Int
  let integers: UnsafePointer<Int32>
  let reals: UnsafePointer<Double>
  let parameterCount: Int
  let largestCurveStride: Int

  var baseline: CPUKernelsBaseline.PulledPlanView {
    CPUKernelsBaseline.PulledPlanView(
      rates: .init(integers: rateIntegers, reals: rateReals, binStride: binStride), integers: integers,
      reals: reals, parameterCount: parameterCount, largestCurveStride: largestCurveStride)
  }
  /// The same for every instruction set.
  var scratchCount: Int { baseline.scratchCount }

  #if arch(x86_64)
    var avx2: CPUKernelsV3.PulledPlanView {
      CPUKernelsV3.PulledPlanView(
        rates: .init(integers: rateIntegers, reals: rateReals, binStride: binStride), integers: integers,
        reals: reals, parameterCount: parameterCount, largestCurveStride: largestCurveStride)
    }
    var avx512: CPUKernelsV4.PulledPlanView {
      CPUKernelsV4.PulledPlanView(
        rates: .init(integers: rateIntegers, reals: rateReals, binStride: binStride), integers: integers,
        reals: reals, parameterCount: parameterCount, largestCurveStride: largestCurveStride)
    }
  #endif
}

extension InstructionSet {
  func evaluatePulledRateRow(
    _ plan: PulledPointers, mass: Double, theta: UnsafePointer<Double>, out: UnsafeMutablePointer<Double>,
    scratch: UnsafeMutablePointer<Double>
  ) {
    #if arch(x86_64)
      switch self {
      case .avx512:
        return CPUKernelsV4.evaluatePulledRateRow(
          plan.avx512, mass: mass, theta: theta, out: out, scratch: scratch)
      case .avx2:
        return CPUKernelsV3.evaluatePulledRateRow(
          plan.avx2, mass: mass, theta: theta, out: out, scratch: scratch)
      case .baseline: break
      }
    #endif
    CPUKernelsBaseline.evaluatePulledRateRow(
      plan.baseline, mass: mass, theta: theta, out: out, scratch: scratch)
  }
}

import CPUKernelsBaseline
import ScanCore

#if arch(x86_64)
  import CPUKernelsV3
  import CPUKernelsV4
#endif

extension CPUBackend: PeakProbing {
  /// The best of several runs with all workers busy.
  package func measurePeak() -> DevicePeak {
    DevicePeak(operationsPerSecond: multiplyAddRate(), bytesPerSecond: triadRate())
  }

  private static let roundsPerBlock = 20_000
  private static let blocks = 64

  /// The better of two numbers of chains: more hide the latency, fewer fit the registers.
  private func multiplyAddRate() -> Double {
    let level = instructionSet
    let rounds = Double(Self.roundsPerBlock * Self.blocks)
    let wide = bestRate(of: rounds * Double(CPUKernelsBaseline.probeOperationsPerRound)) {
      pool.run(blocks: Self.blocks) { (block: Int, _: Int) in
        keep(level.multiplyAdd(rounds: Self.roundsPerBlock, seed: Double(block + 1)))
      }
    }
    let narrow = bestRate(of: rounds * Double(CPUKernelsBaseline.narrowProbeOperationsPerRound)) {
      pool.run(blocks: Self.blocks) { (block: Int, _: Int) in
        keep(level.multiplyAddNarrow(rounds: Self.roundsPerBlock, seed: Double(block + 1)))
      }
    }
    return max(wide, narrow)
  }

  /// 24 bytes per element; 96 MiB in all, beyond any cache this project was run on but small against the memory.
  private func triadRate() -> Double {
    let count = 1 << 22
    let part = 1 << 14
    let arrays = SharedBuffer(count: 3 * count)
    pool.run(blocks: count / part) { (block: Int, _: Int) in  // first touched by the workers
      for n in 0..<3 {
        (arrays.base + n * count + block * part).initialize(repeating: Double(n), count: part)
      }
    }
    let level = instructionSet
    return bestRate(of: Double(24 * count)) {
      pool.run(blocks: count / part) { (block: Int, _: Int) in
        let offset = arrays.base + block * part
        level.triad(offset, offset + count, offset + 2 * count, count: part)
      }
    }
  }

  private func bestRate(of work: Double, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    var best = Double.infinity
    for _ in 0..<8 {
      let start = clock.now
      body()
      best = min(best, (clock.now - start) / .seconds(1))
    }
    return work / best
  }
}

/// The compiler may not drop what was computed.
@inline(never) private func keep(_ value: Double) {}

private final class SharedBuffer: @unchecked Sendable {
  let base: UnsafeMutablePointer<Double>
  init(count: Int) { base = .allocate(capacity: count) }
  deinit { base.deallocate() }
}

extension InstructionSet {
  fileprivate func multiplyAdd(rounds: Int, seed: Double) -> Double {
    #if arch(x86_64)
      switch self {
      case .avx512: return CPUKernelsV4.probeMultiplyAdd(rounds: rounds, seed: seed)
      case .avx2: return CPUKernelsV3.probeMultiplyAdd(rounds: rounds, seed: seed)
      case .baseline: break
      }
    #endif
    return CPUKernelsBaseline.probeMultiplyAdd(rounds: rounds, seed: seed)
  }

  fileprivate func multiplyAddNarrow(rounds: Int, seed: Double) -> Double {
    #if arch(x86_64)
      switch self {
      case .avx512: return CPUKernelsV4.probeMultiplyAddNarrow(rounds: rounds, seed: seed)
      case .avx2: return CPUKernelsV3.probeMultiplyAddNarrow(rounds: rounds, seed: seed)
      case .baseline: break
      }
    #endif
    return CPUKernelsBaseline.probeMultiplyAddNarrow(rounds: rounds, seed: seed)
  }

  fileprivate func triad(
    _ a: UnsafeMutablePointer<Double>, _ b: UnsafePointer<Double>, _ c: UnsafePointer<Double>, count: Int
  ) {
    #if arch(x86_64)
      switch self {
      case .avx512: return CPUKernelsV4.probeTriad(a, b, c, scalar: 0.5, count: count)
      case .avx2: return CPUKernelsV3.probeTriad(a, b, c, scalar: 0.5, count: count)
      case .baseline: break
      }
    #endif
    CPUKernelsBaseline.probeTriad(a, b, c, scalar: 0.5, count: count)
  }
}

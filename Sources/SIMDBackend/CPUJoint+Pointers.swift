import CPUKernelsBaseline
import CVec
import ScanCore

/// Numbers that groups of eight lanes write side by side, while the owner waits.
final class Lanes<Element: BitwiseCopyable>: @unchecked Sendable {
  let base: UnsafeMutablePointer<Element>

  init(_ count: Int, of value: Element) {
    base = .allocate(capacity: max(1, count))
    base.initialize(repeating: value, count: max(1, count))
  }
  deinit { base.deallocate() }
  subscript(index: Int) -> Element { base[index] }
  func values(_ range: Range<Int>) -> [Element] {
    Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
  }
}

extension JointLanes {
  /// The place of the lanes from `lane` on.
  func moved(by lane: Int, unknowns: Int) -> JointLanes {
    JointLanes(
      statistic: statistic + lane, row: row + lane, converged: converged + lane,
      factors: factors + lane * unknowns)
  }
}

extension ToyLanes {
  func moved(by lane: Int) -> ToyLanes {
    ToyLanes(
      tested: tested + lane, minimum: minimum + lane, strength: strength + lane, row: row + lane,
      converged: converged + lane, clipped: clipped + lane)
  }
}

extension CPUJoint {
  func scratchCount(_ tables: JointTables) -> Int {
    jointScratchCount(tables, active: packed.largestActiveCount)
  }

  func withTables(_ templates: [Double], _ body: (JointTables) -> Void) {
    packed.integers.withUnsafeBufferPointer { integers in
      packed.reals.withUnsafeBufferPointer { reals in
        // rows may be none where no point asks for one
        (templates.isEmpty ? [0] : templates).withUnsafeBufferPointer { values in
          guard let integers = integers.baseAddress, let reals = reals.baseAddress,
            let values = values.baseAddress
          else { preconditionFailure("a packed joint plan has a header and bins") }
          body(
            JointTables(
              integers: integers, reals: reals, templates: values, rows: templates.count / plan.binCount))
        }
      }
    }
  }

  func withRange(_ search: JointSearch, _ overlaps: [Double]?, _ body: (JointRange) -> Void) {
    func call(_ table: UnsafePointer<Double>?) {
      body(
        JointRange(
          first: search.rows.lowerBound, end: search.rows.upperBound, fitsStrength: search.strength == nil,
          strength: search.strength ?? 0, overlaps: table))
    }
    guard let overlaps else { return call(nil) }
    overlaps.withUnsafeBufferPointer { call($0.baseAddress) }
  }

  func withTruth(_ batch: ToyBatch, _ point: ToyPoint, firstToy: Int, _ body: (JointTruth) -> Void) {
    let ensemble: Int32 =
      switch batch.ensemble {
      case .constraints: 0
      case .profiled: 1
      case .fixed: 2
      }
    // points whose factors are all drawn may come without
    let factors = point.factors.isEmpty ? [Double](repeating: 1, count: plan.pullCount + 1) : point.factors
    factors.withUnsafeBufferPointer { factors in
      guard let factors = factors.baseAddress else { return }
      body(
        JointTruth(
          seed: batch.seed, key: point.key, firstToy: UInt32(firstToy), ensemble: ensemble,
          factors: factors, row: point.row, testedRow: point.testedRow, strength: point.strength,
          testedStrength: point.testedStrength))
    }
  }

  func withAddresses<T>(
    _ sets: [Int64], _ rows: [Int64], _ strengths: [Double],
    _ body: (UnsafePointer<Int64>, UnsafePointer<Int64>, UnsafePointer<Double>) -> T
  ) -> T {
    sets.withUnsafeBufferPointer { sets in
      rows.withUnsafeBufferPointer { rows in
        strengths.withUnsafeBufferPointer { strengths in
          guard let sets = sets.baseAddress, let rows = rows.baseAddress,
            let strengths = strengths.baseAddress
          else { preconditionFailure("eight lanes") }
          return body(sets, rows, strengths)
        }
      }
    }
  }
}

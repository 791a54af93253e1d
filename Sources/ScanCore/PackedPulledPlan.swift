/// A pulled rate plan as flat buffers, the form kernels read: `rates`, packed as for `RatePlan` but without the response
/// values of theta = 0 (element 1 of a channel means nothing), and the tables of the pulls [UPS-19].
///
/// integers: per channel 16: offset of its curves in `reals`, numbers per curve row, how many parameters move the visible
///   energy, degree of the factor, parameter of the factor (0 for degree 0), offset of its smearing table, row count
///   of that table, 0, then up to six parameters that move the visible energy, 0, 0.
/// reals: a curve row is x_0, the x_k of the moving parameters, g_0 ... g_N; a smearing table is firstLog, 1/logStep, then
///   its rows.
///
/// Curve rows are padded with zeros to a multiple of `alignment`, smearing rows to `binStride`, the bin count rounded
/// up likewise. Parameters whose x_k is zero everywhere are left out: they would add zeros.
package struct PackedPulledPlan: Sendable {
  package static let channelIntegers = 16
  package let rates: PackedRatePlan
  package let parameterCount: Int
  package let binStride: Int
  /// Numbers in the longest curve row.
  package let largestCurveStride: Int
  package private(set) var integers: [Int32] = []
  package private(set) var reals: [Double] = []

  package init(_ plan: PulledRatePlan, alignment: Int = 1) {
    var bare = plan.rates
    for index in bare.responses.indices { bare.responses[index].values = [] }
    rates = PackedRatePlan(bare)
    parameterCount = plan.parameterCount
    binStride = Self.aligned(plan.rates.binCount, to: alignment)
    let curves = zip(plan.responses, plan.rates.responses).map {
      PulledCurves($0, rowCount: $1.rowCount, parameterCount: plan.parameterCount, alignment: alignment)
    }
    largestCurveStride = curves.map(\.stride).max() ?? 0
    let curveOffsets = curves.map { append($0.rows) }
    let smearingOffsets = plan.smearings.map { append(smearing: $0, binCount: plan.rates.binCount) }
    for channel in plan.rates.channels {
      let response = plan.responses[channel.response]
      let curve = curves[channel.response]
      var numbers = [
        curveOffsets[channel.response], Int32(curve.stride), Int32(curve.moving.count),
        Int32(response.factorDegree), response.factorDegree > 0 ? Int32(response.factorParameter) : 0,
        smearingOffsets[response.smearing], Int32(plan.smearings[response.smearing].rowCount), 0,
      ]
      numbers += curve.moving.map(Int32.init)
      integers += numbers + [Int32](repeating: 0, count: Self.channelIntegers - numbers.count)
    }
  }

  private mutating func append(_ values: [Double]) -> Int32 {
    let offset = Int32(reals.count)
    reals += values
    return offset
  }

  private mutating func append(smearing table: SmearingTable, binCount: Int) -> Int32 {
    let offset = append([table.firstLog, 1 / table.logStep])
    let padding = [Double](repeating: 0, count: binStride - binCount)
    for row in 0..<table.rowCount {
      reals += table.values[row * binCount..<(row + 1) * binCount]
      reals += padding
    }
    return offset
  }

  fileprivate static func aligned(_ count: Int, to alignment: Int) -> Int {
    (count + alignment - 1) / alignment * alignment
  }
}

/// The curves of one response, row by row.
private struct PulledCurves {
  /// Parameters with a visible energy other than zero.
  let moving: [Int]
  let stride: Int
  let rows: [Double]

  init(_ response: PulledResponse, rowCount: Int, parameterCount: Int, alignment: Int) {
    let energies = 1 + parameterCount
    let factors = response.factorDegree + 1
    let moving = (0..<parameterCount).filter { k in
      (0..<rowCount).contains { response.visibleEnergy[$0 * energies + 1 + k] != 0 }
    }
    stride = PackedPulledPlan.aligned(1 + moving.count + factors, to: alignment)
    let padding = [Double](repeating: 0, count: stride - 1 - moving.count - factors)
    var rows: [Double] = []
    rows.reserveCapacity(rowCount * stride)
    for row in 0..<rowCount {
      rows.append(response.visibleEnergy[row * energies])
      rows += moving.map { response.visibleEnergy[row * energies + 1 + $0] }
      rows += response.factor[row * factors..<(row + 1) * factors]
      rows += padding
    }
    self.moving = moving
    self.rows = rows
  }
}

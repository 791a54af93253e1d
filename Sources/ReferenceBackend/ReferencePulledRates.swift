import Foundation
import ScanCore

/// Expected events and their derivatives with respect to the non-linear pulls, by plain loops [UPS-19].
///
/// Panels, nodes and the inner integral are those of `ReferenceRates`; only the response differs.
struct ReferencePulledRates: LoadedPulledRates {
  let plan: PulledRatePlan
  private let rates: ReferenceRates

  init(plan: PulledRatePlan) {
    self.plan = plan
    rates = ReferenceRates(plan: plan.rates)
  }

  func evaluate(masses: [Double], pulls: [Double]) throws(BackendError) -> [Double] {
    try plan.check(masses: masses, pulls: pulls)
    let count = plan.parameterCount
    var result: [Double] = []
    result.reserveCapacity(masses.count * plan.valuesPerRequest)
    for (request, mass) in masses.enumerated() {
      let theta = Array(pulls[request * count..<(request + 1) * count])
      result += events(mass: mass, theta: theta)
    }
    return result
  }

  /// (1 + parameterCount) x componentCount x binCount numbers of one request.
  private func events(mass: Double, theta: [Double]) -> [Double] {
    let bins = plan.rates.binCount
    let perQuantity = plan.rates.valuesPerMass
    var sums = [Double](repeating: 0, count: plan.valuesPerRequest)
    rates.forEachNode(mass: mass) { node in
      let response = response(node.channel.response, at: node.v, theta: theta)
      for quantity in 0...plan.parameterCount {
        for (output, inner) in node.inner {
          let row = quantity * perQuantity + output * bins
          for bin in 0..<bins { sums[row + bin] += node.weight * inner * response[quantity][bin] }
        }
      }
    }
    return sums.map { $0 * plan.rates.eventScale }
  }

  /// W_i and its derivatives dW_i/dtheta_k, each for all bins:
  /// W_i = g S_i(ln x), dW_i/dtheta_k = g dS_i/dx x_k, and dg/dtheta_r S_i for the parameter of the factor.
  private func response(_ index: Int, at v: Double, theta: [Double]) -> [[Double]] {
    let grid = plan.rates.responses[index]
    let pulled = plan.responses[index]
    let (row, offset) = stencil(at: (v - grid.firstLog) / grid.logStep, rowCount: grid.rowCount)
    let weights = lagrange(offset).values
    let energies = row6(pulled.visibleEnergy, width: 1 + plan.parameterCount, row: row, weights)
    let energy = zip(theta, energies.dropFirst()).reduce(energies[0]) { $0 + $1.0 * $1.1 }
    let powers = row6(pulled.factor, width: pulled.factorDegree + 1, row: row, weights)
    let (smearing, slope) = smearing(plan.smearings[pulled.smearing], at: energy)
    let argument = pulled.factorDegree > 0 ? theta[pulled.factorParameter] : 0
    let (factor, factorSlope) = polynomial(powers, at: argument)

    var result = [smearing.map { factor * $0 }]
    for k in 0..<plan.parameterCount {
      result.append(slope.map { factor * $0 * energies[k + 1] })
    }
    if pulled.factorDegree > 0 {
      for bin in smearing.indices { result[1 + pulled.factorParameter][bin] += factorSlope * smearing[bin] }
    }
    return result
  }

  /// S_i and dS_i/dx = dS_i/du / x at u = ln x; at the ends of the table S_i stays what it is there and its derivative
  /// is zero.
  private func smearing(_ table: SmearingTable, at energy: Double) -> (values: [Double], slope: [Double]) {
    let lowest = 2.0
    let highest = Double(table.rowCount - 3)
    let known = energy > SmearingTable.smallestEnergy
    let position = known ? (log(energy) - table.firstLog) / table.logStep : lowest
    let (row, offset) = stencil(at: min(max(position, lowest), highest), rowCount: table.rowCount)
    let weights = lagrange(offset)
    let values = row6(table.values, width: plan.rates.binCount, row: row, weights.values)
    guard known, position >= lowest, position <= highest else { return (values, values.map { _ in 0 }) }
    let slope = row6(table.values, width: plan.rates.binCount, row: row, weights.derivatives)
    return (values, slope.map { $0 / table.logStep / energy })
  }

  // MARK: - Interpolation

  /// The third of the six rows around a position, and how far beyond it the position lies.
  private func stencil(at position: Double, rowCount: Int) -> (row: Int, offset: Double) {
    let row = min(max(Int(position.rounded(.down)), 2), rowCount - 4)
    return (row, position - Double(row))
  }

  /// Lagrange's basis on the points -2 ... 3 and its derivative.
  private func lagrange(_ offset: Double) -> (values: [Double], derivatives: [Double]) {
    var values: [Double] = []
    var derivatives: [Double] = []
    for i in -2...3 {
      var value = 1.0
      var derivative = 0.0
      for j in -2...3 where j != i {
        let step = Double(i - j)
        derivative = derivative * (offset - Double(j)) / step + value / step
        value *= (offset - Double(j)) / step
      }
      values.append(value)
      derivatives.append(derivative)
    }
    return (values, derivatives)
  }

  /// Rows `row - 2 ... row + 3` of a table with `width` columns, weighted and summed.
  private func row6(_ table: [Double], width: Int, row: Int, _ weights: [Double]) -> [Double] {
    (0..<width).map { column in
      (0..<6).reduce(0) { $0 + weights[$1] * table[(row - 2 + $1) * width + column] }
    }
  }

  /// Lowest power first; the value and the derivative.
  private func polynomial(_ coefficients: [Double], at x: Double) -> (value: Double, derivative: Double) {
    var power = 1.0
    var value = coefficients[0]
    var derivative = 0.0
    for n in 1..<max(coefficients.count, 1) {
      derivative += Double(n) * coefficients[n] * power
      power *= x
      value += coefficients[n] * power
    }
    return (value, derivative)
  }
}

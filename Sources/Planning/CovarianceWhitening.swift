import ScanCore

/// The linear map W with W^T W = C^-1 for the covariance of a Gaussian statistic [UPS-25],
///
///     C = diag(variance) + sum_k w_k^2 D_k D_k^T,   min over pulls of chi2 = r^T C^-1 r = |W r|^2
///
/// so that template D_k with a pull of width w_k is profiled by mixing bins. W divides by the standard deviations and then
/// takes the templates one by one: with m the template so far mapped, times its width, W becomes
/// (1 - c m m^T) W, c = (1 - (1 + m^2)^-1/2) / m^2, which is (1 + m m^T)^-1/2. A template without constraint is projected
/// out, c = 1/m^2. No digits are lost, however wide the pull.
package struct CovarianceWhitening: Sendable {
  private let deviations: [Double]
  private var mixtures: [(direction: [Double], strength: Double)] = []

  /// - Parameter variance: per bin, above zero
  package init(variance: [Double]) { deviations = variance.map { $0.squareRoot() } }

  /// Adds a template with a pull of its own.
  /// - Parameters:
  ///   - template: D_k, events per bin
  ///   - width: w_k; nil for a pull that nothing constrains
  package mutating func add(template: [Double], width: Double?) {
    let bare = template.indices.map { template[$0] / deviations[$0] }
    var direction = apply(template)
    let square = direction.reduce(0) { $0 + $1 * $1 }
    // what the templates before already cover, up to rounding, adds nothing
    guard square > 1e-24 * bare.reduce(0, { $0 + $1 * $1 }) else { return }
    if let width {
      let wide = width * width * square
      direction = direction.map { $0 / square.squareRoot() }
      mixtures.append((direction, wide / ((1 + wide).squareRoot() * (1 + (1 + wide).squareRoot()))))
    } else {
      mixtures.append((direction.map { $0 / square.squareRoot() }, 1))
    }
  }

  /// W r.
  package func apply(_ values: [Double]) -> [Double] {
    var result = values.indices.map { values[$0] / deviations[$0] }
    for (direction, strength) in mixtures {
      var projection = 0.0
      for i in result.indices { projection += direction[i] * result[i] }
      for i in result.indices { result[i] -= strength * projection * direction[i] }
    }
    return result
  }
}

extension LikelihoodPlan {
  /// The same statistic in mixed bins of unit variance; what is observed becomes its difference from the base, which is
  /// then zero. `fold` is that of the rates mixed alike.
  package func whitened(by whitening: CovarianceWhitening) -> LikelihoodPlan {
    var plan = self
    plan.observed = whitening.apply(zip(observed, base).map { $0 - $1 })
    plan.base = [Double](repeating: 0, count: binCount)
    plan.pullTemplates = pullTemplates.map(whitening.apply)
    plan.variance = [Double](repeating: 1, count: binCount)
    plan.fold = ComponentFold(
      componentCount: fold.componentCount, energyBins: binCount, timeBins: 1,
      weights: [Double](repeating: 1, count: fold.componentCount))
    return plan
  }
}

// MARK: - Rates

extension RatePlan {
  /// Numbers in the response tables of a mixed plan at most: 0.5 GiB.
  private static let largestTables = 1 << 26

  /// Rates in the bins of `LikelihoodPlan.whitened`: every row of every response table is spread over the time bins of
  /// its component and mixed. Where components arrive at different times they need tables of their own.
  package func whitened(by whitening: CovarianceWhitening, fold: ComponentFold) throws(PlanningError)
    -> RatePlan
  {
    var plan = self
    plan.binCount = fold.binCount
    plan.channels = []
    plan.responses = []
    var places: [TableKey: Int] = [:]
    var size = 0
    for channel in channels {
      for run in runs(of: channel, fold) {
        let key = TableKey(response: channel.response, weights: run.weights)
        if places[key] == nil {
          size += responses[channel.response].rowCount * plan.binCount
          guard size < Self.largestTables else {
            throw PlanningError(
              "Backgrounds with widths under the Gaussian statistic mix all \(plan.binCount) energy-time bins, and the "
                + "tables of the signal would hold more than \(Self.largestTables) numbers. Merge bins, leave the time "
                + "axis out, or use --statistic poisson.")
          }
          places[key] = plan.responses.count
          plan.responses.append(
            responses[channel.response].mixed(by: whitening, weights: run.weights, binCount: binCount))
        }
        var part = channel
        part.firstComponent = run.first
        part.componentCount = run.count
        part.response = places[key] ?? 0
        plan.channels.append(part)
      }
    }
    return plan
  }

  private struct TableKey: Hashable {
    var response: Int
    var weights: [Double]
  }

  /// Neighbouring components of a channel with equal time weights.
  private func runs(
    of channel: RateChannel, _ fold: ComponentFold
  ) -> [(first: Int, count: Int, weights: [Double])] {
    var runs: [(first: Int, count: Int, weights: [Double])] = []
    for index in channel.firstComponent..<channel.firstComponent + channel.componentCount {
      let output = fluxGroups[channel.fluxGroup].components[index].output
      let weights = Array(fold.weights[output * fold.timeBins..<(output + 1) * fold.timeBins])
      if let last = runs.last, last.weights == weights {
        runs[runs.count - 1].count += 1
      } else {
        runs.append((index, 1, weights))
      }
    }
    return runs
  }
}

extension ResponseTable {
  fileprivate func mixed(
    by whitening: CovarianceWhitening, weights: [Double], binCount: Int
  ) -> ResponseTable {
    var table = self
    table.values = []
    table.values.reserveCapacity(rowCount * binCount * weights.count)
    for row in 0..<rowCount {
      let spread = values[row * binCount..<(row + 1) * binCount].flatMap { value in weights.map { value * $0 }
      }
      table.values += whitening.apply(spread)
    }
    return table
  }
}

import Foundation

extension HypothesisFit {
  /// What masses that a fit adds itself may cost, in chi2.
  package static let acceptedLoss = 0.3
  /// Masses further from the best fit than this many standard deviations do not count.
  private static let farMass = 4.0

  /// Between neighbouring masses.
  struct MassInterval {
    var low: Double
    var high: Double
    /// chi2 of data whose best mass lies halfway.
    var loss: Double

    /// In ln m, in m where the interval begins at zero.
    var middle: Double { low > 0 ? (low * high).squareRoot() : high / 2 }
  }

  /// The intervals within reach of the best fit. With t = sqrt(chi2 - least), negative below the best mass, masses lie |t - t'|
  /// standard deviations apart, and data halfway fit by (t - t')^2/4 worse [UPS-50].
  var massIntervals: [MassInterval] {
    guard masses.count > 1, best.strength != 0 else { return [] }
    let places = masses.map { point in
      let distance = max(point.statistic - best.statistic, 0).squareRoot()
      return point.signal.mass < mass ? -distance : distance
    }
    return masses.indices.dropLast().compactMap { index in
      let (first, second) = (places[index], places[index + 1])
      // masses that straddle the best one count, however far
      let isReached = min(abs(first), abs(second)) < Self.farMass || first * second < 0
      guard isReached else { return nil }
      return MassInterval(
        low: masses[index].signal.mass, high: masses[index + 1].signal.mass,
        loss: (second - first) * (second - first) / 4)
    }
  }

  /// "1:20:35": masses around the best fit that would cost no more than `acceptedLoss`; nil where these do already.
  package var finerMasses: String? {
    let costly = massIntervals.filter { $0.loss > Self.acceptedLoss }
    guard let low = massIntervals.first(where: { $0.low > 0 })?.low, let high = massIntervals.last?.high,
      low < high, !costly.isEmpty
    else { return nil }
    let step =
      costly.filter { $0.low > 0 }.map { log($0.high / $0.low) * (Self.acceptedLoss / $0.loss).squareRoot() }
      .min() ?? log(high / low) / 10
    let points = min(Int((log(high / low) / step).rounded(.up)) + 1, 1000)
    return "\(String(format: "%.4g", low)):\(String(format: "%.4g", high)):\(points)"
  }
}

import Foundation

/// Equal bins of a histogram.
struct HistogramBins {
  let range: ClosedRange<Double>
  let count: Int
  var width: Double { (range.upperBound - range.lowerBound) / Double(count) }

  /// As wide as Scott's rule has them for the narrowest sample (Biometrika 66 (1979) 605), 8 to 200 of them.
  init(_ range: ClosedRange<Double>, samples: [[Double]]) {
    self.range = range
    let span = range.upperBound - range.lowerBound
    let widths = samples.filter { $0.count > 1 }.map { values in
      let count = Double(values.count)
      let mean = values.reduce(0, +) / count
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)
      return 3.49 * variance.squareRoot() / cbrt(count)
    }
    guard let width = widths.min(), width > span / 200 else {
      count = 200
      return
    }
    count = max(Int((span / width).rounded(.up)), 8)
  }

  private func edge(_ bin: Int) -> Double { range.lowerBound + Double(bin) * width }

  /// Share of the values per bin and unit.
  func densities(_ values: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: count)
    for value in values {
      counts[min(max(Int((value - range.lowerBound) / width), 0), count - 1)] +=
        1 / (Double(values.count) * width)
    }
    return counts
  }

  /// What a density predicts for the same; finite also where the density is not.
  func shares(of density: ToyHistogramPlot.Density) -> [Double] {
    (0..<count).map { (Self.cumulative(density, edge($0 + 1)) - Self.cumulative(density, edge($0))) / width }
  }

  private static func cumulative(_ density: ToyHistogramPlot.Density, _ x: Double) -> Double {
    switch density {
    case .normal(let mean, let width): erfc((mean - x) / (width * 2.0.squareRoot())) / 2
    case .chiSquare(1): x > 0 ? erf((x / 2).squareRoot()) : 0
    case .chiSquare: x > 0 ? -expm1(-x / 2) : 0
    }
  }

  /// Steps: two corners per bin.
  func outline(_ heights: [Double]) -> [[Double]] {
    heights.enumerated().flatMap { bin, height in [[edge(bin), height], [edge(bin + 1), height]] }
  }
}

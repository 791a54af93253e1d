import Foundation

/// The density of samples in a plane on a grid, and the regions of highest density [UPS-49].
///
/// Samples are binned and smoothed with a Gaussian of the given widths; at the borders of the grid the kernel is renormalised, so
/// that a density that ends there does not fade.
package struct SampledDensity: Sendable {
  /// Centres of the cells, ascending.
  package let x: [Double]
  package let y: [Double]
  /// Probability per cell, x major; sums to 1.
  package let mass: [Double]

  /// Share of the standard deviation of the samples, times n^(-1/6), that the kernel is wide: less than Scott's one, as
  /// regions may be bent or in pieces; a Gaussian comes out wider by 2 % for 5000 independent samples.
  package static let bandwidth = 0.7

  /// - Parameters:
  ///   - samples: (x, y)
  ///   - independent: how many of them count as independent
  ///   - x: range to cover
  package init(
    samples: [(x: Double, y: Double)], independent: Double, x xRange: ClosedRange<Double>,
    y yRange: ClosedRange<Double>, cells: Int
  ) throws(StatisticsError) {
    try requireDomain(
      cells >= 2 && samples.count >= 2 && xRange.lowerBound < xRange.upperBound
        && yRange.lowerBound < yRange.upperBound,
      "A density of \(samples.count) samples on \(cells) cells over \(xRange) and \(yRange)",
      "of two samples and cells or more over ranges of a width")
    let count = Double(cells)
    let steps = (
      (xRange.upperBound - xRange.lowerBound) / count, (yRange.upperBound - yRange.lowerBound) / count
    )
    x = (0..<cells).map { xRange.lowerBound + (Double($0) + 0.5) * steps.0 }
    y = (0..<cells).map { yRange.lowerBound + (Double($0) + 0.5) * steps.1 }
    var histogram = [Double](repeating: 0, count: cells * cells)
    for sample in samples {
      let i = Int(((sample.x - xRange.lowerBound) / steps.0).rounded(.down))
      let j = Int(((sample.y - yRange.lowerBound) / steps.1).rounded(.down))
      histogram[min(max(i, 0), cells - 1) * cells + min(max(j, 0), cells - 1)] += 1
    }
    let scale = Self.bandwidth * pow(max(independent, 2), -1.0 / 6)
    let kernels = (
      Self.kernel(scale * Self.deviation(samples.map(\.x)) / steps.0, cells),
      Self.kernel(scale * Self.deviation(samples.map(\.y)) / steps.1, cells)
    )
    var smooth = Self.smoothed(histogram, kernels.1, cells, alongRows: true)
    smooth = Self.smoothed(smooth, kernels.0, cells, alongRows: false)
    let total = smooth.reduce(0, +)
    mass = smooth.map { $0 / total }
  }

  /// A density given on a grid.
  package init(x: [Double], y: [Double], mass: [Double]) {
    let total = mass.reduce(0, +)
    (self.x, self.y, self.mass) = (x, y, mass.map { $0 / total })
  }

  /// The cell probability above which lie cells that hold `level` of all together: the region of highest density.
  package func threshold(level: Double) throws(StatisticsError) -> Double {
    try requireConfidenceLevel(level)
    var sum = 0.0
    for cell in mass.sorted(by: >) {
      sum += cell
      if sum >= level { return cell }
    }
    return 0
  }

  // MARK: - Smoothing

  private static func deviation(_ values: [Double]) -> Double {
    let mean = values.reduce(0, +) / Double(values.count)
    return (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)).squareRoot()
  }

  /// Weights at distances 0, 1, ... cells, to five widths.
  private static func kernel(_ width: Double, _ cells: Int) -> [Double] {
    guard width > 0.05 else { return [1] }
    return (0...min(cells - 1, Int(5 * width) + 1)).map {
      exp(-0.5 * Double($0 * $0) / (width * width))
    }
  }

  /// Mass is handed from each cell to its neighbours, with weights that sum to one inside the grid.
  private static func smoothed(
    _ cells: [Double], _ kernel: [Double], _ count: Int, alongRows: Bool
  ) -> [Double] {
    let reach = kernel.count - 1
    let sums = (0..<count).map { i in
      (max(0, i - reach)...min(count - 1, i + reach)).reduce(0) { $0 + kernel[abs($1 - i)] }
    }
    var result = [Double](repeating: 0, count: cells.count)
    for line in 0..<count {
      for i in 0..<count {
        let value = cells[alongRows ? line * count + i : i * count + line]
        if value == 0 { continue }
        for j in max(0, i - reach)...min(count - 1, i + reach) {
          result[alongRows ? line * count + j : j * count + line] += value * kernel[abs(j - i)] / sums[i]
        }
      }
    }
    return result
  }
}

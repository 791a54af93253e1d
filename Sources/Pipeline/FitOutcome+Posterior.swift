import Foundation
import ScanCore
import Statistics

/// Regions and intervals of the sampled posterior [UPS-49].
extension FitOutcome {
  private static let cells = 120

  /// Samples; states regions only if the ensemble converged.
  mutating func sample(
    _ request: PosteriorRequest, levels: [Double], minimum: Double, scale: CouplingScale
  ) throws {
    let found = try FitPosterior(plane, request, minimum: minimum)
    posterior = found
    guard found.diagnosis.isConverged else { return }
    let (x, y) = (found.chain.parameter(0), found.chain.parameter(1))
    let density = try SampledDensity(
      samples: Array(zip(x, y)).map { (x: $0.0, y: $0.1) }, independent: found.diagnosis.effectiveSamples,
      x: Self.window(x, within: found.masses), y: Self.window(y, within: found.couplings),
      cells: Self.cells)
    posteriorDensity = density
    let (sortedX, sortedY) = (x.sorted(), y.sorted())
    posteriorLevels = try levels.map { level in
      let threshold = try density.threshold(level: level)
      return PosteriorLevel(
        region: FitRegion(
          level: level, threshold: threshold / (density.mass.max() ?? 1),
          inside: density.mass.map { $0 >= threshold }, masses: Self.cells, couplings: Self.cells,
          includesNoSignal: nil),
        contours: try RegionOutline.contours(
          masses: density.x.map { exp($0) }, couplings: density.y.map { scale.fromInternal(exp($0)) },
          // the outline follows low values: deeper inside is lower
          values: density.mass.map { 2 - min($0 / threshold, 2) }, level: 1, boundary: .open),
        mass: Self.central(sortedX, level), coupling: Self.central(sortedY, level))
    }
  }

  /// The interval with as many samples below as above it.
  private static func central(_ sorted: [Double], _ level: Double) -> ClosedRange<Double> {
    let at = { (share: Double) in exp(sorted[min(sorted.count - 1, Int(share * Double(sorted.count)))]) }
    return at((1 - level) / 2)...at((1 + level) / 2)
  }

  /// Where the samples lie and a little more, inside the axis, in logarithms.
  private static func window(_ values: [Double], within axis: ClosedRange<Double>) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 0, values.max() ?? 1)
    let margin = 0.1 * (high - low)
    return max(log(axis.lowerBound), low - margin)...min(log(axis.upperBound), high + margin)
  }
}

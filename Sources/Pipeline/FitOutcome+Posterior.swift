import Contours
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

  /// Lowest and highest corner of the 99.5 % region of the posterior, d in internal units; nil without one.
  var posteriorBox: [ContourPoint]? {
    guard let density = posteriorDensity, let threshold = try? density.threshold(level: 0.995) else {
      return nil
    }
    let inside = density.mass.indices.filter { density.mass[$0] >= threshold }
    let (x, y) = (
      inside.map { density.x[$0 / density.y.count] }, inside.map { density.y[$0 % density.y.count] }
    )
    guard let x0 = x.min(), let x1 = x.max(), let y0 = y.min(), let y1 = y.max() else { return nil }
    return [ContourPoint(m4: exp(x0), d: exp(y0)), ContourPoint(m4: exp(x1), d: exp(y1))]
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

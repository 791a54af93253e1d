import Contours
import Foundation
import ScanCore

/// The statistic over the plane of two parameters of the transition moments, others fixed or profiled [UPS-52].
package struct MomentPlane {
  package struct Request: Sendable {
    package var x: MomentParameter
    package var y: MomentParameter
    /// Internal units or radians, ascending.
    package var xValues: [Double]
    package var yValues: [Double]
    /// What is neither in the plane nor profiled.
    package var fixed: MomentPoint
    package var profiled: [MomentParameter]
    /// Delta chi2 of the contour.
    package var threshold: Double

    package init(
      x: MomentParameter, y: MomentParameter, xValues: [Double], yValues: [Double], fixed: MomentPoint,
      profiled: [MomentParameter], threshold: Double
    ) {
      self.x = x
      self.y = y
      self.xValues = xValues
      self.yValues = yValues
      self.fixed = fixed
      self.profiled = profiled
      self.threshold = threshold
    }
  }

  package struct Outcome: Sendable {
    /// x outermost
    package var delta: [Double]
    /// Of the statistic over the plane (sizes from zero to the ends of the axes) and what is profiled.
    package var minimum: Double
    package var best: MomentPoint
    package var contours: [Contour]
  }

  private let likelihood: MomentLikelihood
  private let request: Request
  /// Limits of single moments, where there are.
  private let single: [Double?]

  package init(likelihood: MomentLikelihood, request: Request, single: [Double?]) {
    self.likelihood = likelihood
    self.request = request
    self.single = single
  }

  /// - Parameter progress: rows done
  package func run(progress: (Int) -> Void = { _ in }) throws -> Outcome {
    let search = MomentSearch(likelihood: likelihood, parameters: request.profiled)
    let largest = largestSizes
    var values: [Double] = []
    var best = MomentSearch.Result(point: request.fixed, statistic: .infinity)
    for (index, x) in request.xValues.enumerated() {
      let points = request.yValues.map { y in
        var point = request.fixed
        point[request.x] = x
        point[request.y] = y
        return point
      }
      let row = try search.minima(from: points, largest: points.map { _ in largest })
      values += row.map(\.statistic)
      for result in row where result.statistic < best.statistic { best = result }
      progress(index + 1)
    }
    let everywhere = try MomentSearch(
      likelihood: likelihood, parameters: [request.x, request.y] + request.profiled
    ).minima(from: [request.fixed], largest: [largest])[0]
    if everywhere.statistic < best.statistic { best = everywhere }
    let delta = values.map { $0 - best.statistic }
    return Outcome(
      delta: delta, minimum: best.statistic, best: best.point, contours: try contours(delta))
  }

  /// The axes of the plane to their ends; profiled moments to ten times these, or three times their own limit.
  private var largestSizes: [Double] {
    let axes = [(request.x, request.xValues), (request.y, request.yValues)]
    let ends = axes.filter { !$0.0.isPhase }.compactMap { $0.1.last }
    return MomentParameter.allCases.prefix(3).map { parameter in
      if let own = axes.first(where: { $0.0 == parameter })?.1.last { return own }
      return max(10 * (ends.max() ?? 0), 3 * (single[parameter.state] ?? 0))
    }
  }

  // MARK: - Contours

  /// On linear axes: the builder interpolates in logarithms, and is given exponentials.
  private func contours(_ delta: [Double]) throws -> [Contour] {
    let (xScale, yScale) = (Self.scale(request.xValues), Self.scale(request.yValues))
    var builder = try ContourBuilder(
      m4: request.xValues.map { exp($0 / xScale) }, d: request.yValues.map { exp($0 / yScale) },
      level: request.threshold)
    let columns = request.yValues.count
    for row in request.xValues.indices {
      try builder.add(row: row, statistic: Array(delta[row * columns..<(row + 1) * columns]))
    }
    return try builder.finish().map { contour in
      var contour = contour
      contour.points = contour.points.map {
        ContourPoint(m4: xScale * log($0.m4), d: yScale * log($0.d))
      }
      return contour
    }
  }

  private static func scale(_ axis: [Double]) -> Double {
    max(abs(axis.first ?? 1), abs(axis.last ?? 1), .leastNormalMagnitude)
  }
}

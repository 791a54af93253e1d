import Contours
import Foundation

/// The limit of one mass on the axis of couplings.
struct ToyRowLimit: Sendable {
  enum Status: String, Encodable, Sendable {
    case limit
    /// The whole axis is accepted, or excluded.
    case allowed
    case excluded
    /// Excluded from the lowest coupling of the axis on, and accepted above.
    case excludedBelow = "excluded_below"
    case noSignal = "no_signal"
    /// Toys state nothing of a point next to it.
    case notStated = "not_stated"
  }

  var status: Status
  /// Only of `limit`.
  var coupling: Double?

  /// Where the statistic first rises through the level between neighbours that are both stated.
  /// - Parameters:
  ///   - values: per coupling; NaN where nothing is stated
  init(couplings: [Double], values: [Double], level: Double) throws {
    let stated = values.indices.filter { values[$0].isFinite }
    let rise = zip(stated, stated.dropFirst()).first { values[$0] < level && values[$1] >= level }
    guard let rise else {
      let excluded = values.count { $0 >= level }
      if stated.count < values.count {
        status = .notStated
      } else if excluded == 0 {
        status = .allowed
      } else {
        status = excluded == values.count ? .excluded : .excludedBelow
      }
      return
    }
    guard rise.1 == rise.0 + 1 else {
      status = .notStated
      return
    }
    let low = values[..<rise.0].lastIndex(where: \.isNaN).map { $0 + 1 } ?? 0
    let high = values[rise.1...].firstIndex(where: \.isNaN) ?? values.count
    coupling = try interpolatedCrossing(
      d: Array(couplings[low..<high]), statistic: Array(values[low..<high]), level: level)
    status = coupling == nil ? .notStated : .limit
  }

  init(status: Status) { self.status = status }
}

extension ToyScanReport.Limit {
  /// The number, or why there is none.
  package func text(asymptotic: Bool) -> String {
    if let limit = asymptotic ? d_asymptotic : d { return NumberWords.short(limit) }
    switch asymptotic ? status_asymptotic : status {
    case .allowed: return "no limit, the whole axis is allowed"
    case .excluded: return "no limit, the whole axis is excluded"
    case .excludedBelow: return "no limit, the lower end of the axis is excluded"
    case .noSignal: return "no limit, no signal"
    case .limit, .notStated: return "no limit, toys state nothing next to it"
    }
  }
}

/// Where toys and the asymptotic critical value exclude.
extension ToyScan {
  /// Level sets in the plane. With one degree of freedom they run through the limits of the masses of the axis.
  /// - Parameters:
  ///   - values: masses x couplings; NaN where nothing is stated
  ///   - limits: per mass; empty with two degrees of freedom
  func outlines(
    _ values: [Double], _ limits: [ToyRowLimit], _ boundary: ContourBuilder.Boundary
  ) throws -> [Contour] {
    guard request.masses.count > 1 else { return [] }
    var builder = try ContourBuilder(
      m4: request.masses.values, d: request.couplings.values, level: request.level.threshold,
      boundary: boundary, allowsGaps: true)
    for row in 0..<request.masses.count { try builder.add(row: row, statistic: rowValues(values, row)) }
    let contours = try builder.finish()
    return limits.isEmpty ? contours : contours.map { through(limits, $0) }
  }

  /// The contour interpolates along straight lines, the limit along a cubic [UPS-14]: points of the former in the interval of the
  /// latter take its place.
  private func through(_ limits: [ToyRowLimit], _ contour: Contour) -> Contour {
    let (masses, couplings) = (request.masses.values, request.couplings.values)
    var contour = contour
    for (index, point) in contour.points.enumerated() {
      guard let row = masses.firstIndex(of: point.m4), let limit = limits[row].coupling,
        let upper = couplings.firstIndex(where: { $0 >= limit }), upper > 0,
        point.d > couplings[upper - 1], point.d < couplings[upper]
      else { continue }
      contour.points[index].d = limit
    }
    return contour
  }

  /// Of every mass, at fixed mass.
  func limits(_ values: [Double], withoutSignal: [Int]) throws -> [ToyRowLimit] {
    try (0..<request.masses.count).map { row in
      if withoutSignal.contains(row) { return ToyRowLimit(status: .noSignal) }
      return try ToyRowLimit(
        couplings: request.couplings.values, values: rowValues(values, row), level: request.level.threshold)
    }
  }

  private func rowValues(_ values: [Double], _ row: Int) -> [Double] {
    Array(values[row * request.couplings.count..<(row + 1) * request.couplings.count])
  }
}

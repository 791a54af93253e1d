import Foundation
import ScanCore

/// The profile likelihood over the (m4, d) plane, on axes that follow it [UPS-47].
struct FitPlane {
  /// MeV
  private(set) var masses: [Double]
  /// Internal units.
  private(set) var couplings: [Double]
  /// masses x bins
  private(set) var templates: [Double]
  /// The best strength at every mass.
  private(set) var rows: [FitModel.RowFit]
  /// chi2, masses x couplings.
  private(set) var statistic: [Double] = []
  /// masses x couplings x pulls
  private(set) var pulls: [Double] = []
  let withoutSignal: FitModel.RowFit
  let model: FitModel

  /// Neighbours on an axis differ by at most this much in sqrt(Delta chi2) where the highest level is near.
  static let resolution = 0.25
  /// Most values that refinement adds to one axis, and how often it halves.
  static let mostAdded = 160
  static let rounds = 8

  /// - Parameters:
  ///   - masses: the axis as asked for
  ///   - refining: Delta chi2 up to which the axis is refined; nil leaves it as it is
  init(_ model: FitModel, masses: [Double], refining: Double?) throws {
    self.model = model
    self.masses = masses
    couplings = []
    templates = try model.templates(masses)
    rows = try model.rowFits(templates)
    withoutSignal = try model.withoutSignal(templates)
    guard let level = refining else { return }
    for _ in 0..<Self.rounds {
      let added = Self.midpoints(
        self.masses, rows.map(\.statistic), level: level, room: masses.count + Self.mostAdded)
      if added.isEmpty { break }
      try insert(added)
    }
  }

  private mutating func insert(_ added: [Double]) throws {
    let bins = model.plan.binCount
    let found = try model.templates(added)
    let fits = try model.rowFits(found)
    var all = masses.indices.map { (masses[$0], Array(templates[$0 * bins..<($0 + 1) * bins]), rows[$0]) }
    all += added.indices.map { (added[$0], Array(found[$0 * bins..<($0 + 1) * bins]), fits[$0]) }
    all.sort { $0.0 < $1.0 }
    masses = all.map(\.0)
    templates = all.flatMap(\.1)
    rows = all.map(\.2)
  }

  /// Fills the plane at these couplings, and at more of them where `refining` asks for it.
  mutating func fill(couplings axis: [Double], refining level: Double?) throws {
    couplings = axis
    (statistic, pulls) = ([], [])
    var profile = try axis.map(profile)
    if let level {
      for _ in 0..<Self.rounds {
        let added = Self.midpoints(couplings, profile, level: level, room: axis.count + Self.mostAdded)
        if added.isEmpty { break }
        let found = try added.map(self.profile)
        let all = zip(couplings + added, profile + found).sorted { $0.0 < $1.0 }
        (couplings, profile) = (all.map(\.0), all.map(\.1))
      }
    }
    let filled = try model.profile(templates, strengths: couplings.map(model.strength))
    (statistic, pulls) = (filled.statistic, filled.pulls)
  }

  /// chi2 at a coupling, minimised over the pulls and the masses of the axis.
  func profile(coupling: Double) throws -> Double {
    let column = try model.profile(templates, strengths: [model.strength(of: coupling)]).statistic
    return Self.lowest(masses.map { log($0) }, column)
  }

  /// Logarithmic middles of the intervals over which sqrt(Delta chi2) changes too much, near the minimum.
  private static func midpoints(
    _ axis: [Double], _ statistic: [Double], level: Double, room: Int
  ) -> [Double] {
    guard axis.count < room, let least = statistic.min() else { return [] }
    let heights = statistic.map { max(0, $0 - least).squareRoot() }
    var added: [Double] = []
    for i in axis.indices.dropLast() {
      let (a, b) = (heights[i], heights[i + 1])
      // between neighbours of the minimum the curve may dip by as much as it rises beside it
      let change = abs(a - b) + (min(a, b) == 0 ? max(a, b) : 0)
      let middle = (axis[i] * axis[i + 1]).squareRoot()
      if min(a, b) <= level.squareRoot(), change > resolution, middle > axis[i], middle < axis[i + 1] {
        added.append(middle)
      }
    }
    return Array(added.prefix(room - axis.count))
  }

  /// The minimum of values on an axis: the vertex of the parabola through the lowest and its neighbours, if it lies between.
  static func lowest(_ x: [Double], _ y: [Double]) -> Double {
    guard let i = y.indices.min(by: { y[$0] < y[$1] }) else { return .nan }
    guard i > 0, i < y.count - 1 else { return y[i] }
    let before = (y[i] - y[i - 1]) / (x[i] - x[i - 1])
    let after = (y[i + 1] - y[i]) / (x[i + 1] - x[i])
    let curvature = (after - before) / (x[i + 1] - x[i - 1])
    guard curvature > 0 else { return y[i] }
    let slope = before + curvature * (x[i] - x[i - 1])
    return y[i] - slope * slope / (4 * curvature)
  }
}

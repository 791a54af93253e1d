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
  /// The same between neighbours in the plane.
  static let steepness = 0.7
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

  /// Masses with all that is known at each.
  private mutating func insert(_ added: [Double]) throws {
    if added.isEmpty { return }
    let bins = model.plan.binCount
    let found = try model.templates(added)
    let fits = try model.rowFits(found)
    let filled =
      statistic.isEmpty ? nil : try model.profile(found, strengths: couplings.map(model.strength))
    let order = (masses + added).indices.sorted { (masses + added)[$0] < (masses + added)[$1] }
    func merged(_ old: [Double], _ new: [Double], _ stride: Int) -> [Double] {
      let all = old + new
      return order.flatMap { all[$0 * stride..<($0 + 1) * stride] }
    }
    templates = merged(templates, found, bins)
    if let filled {
      statistic = merged(statistic, filled.statistic, couplings.count)
      pulls = merged(pulls, filled.pulls, couplings.count * model.plan.pullCount)
    }
    rows = order.map { (rows + fits)[$0] }
    masses = order.map { (masses + added)[$0] }
  }

  /// Fills the plane at these couplings; `refining` adds masses and couplings between neighbours that differ too much anywhere in
  /// the plane.
  mutating func fill(couplings axis: [Double], refining level: Double?) throws {
    couplings = axis
    let filled = try model.profile(templates, strengths: couplings.map(model.strength))
    (statistic, pulls) = (filled.statistic, filled.pulls)
    guard let level else { return }
    let room = (masses: masses.count + Self.mostAdded, couplings: axis.count + Self.mostAdded)
    for _ in 0..<Self.rounds {
      let least = statistic.min() ?? 0
      let heights = statistic.map { max(0, $0 - least).squareRoot() }
      let n = couplings.count
      let moreMasses = Self.steepMiddles(masses, level: level, room: room.masses) { i in
        (0..<n).map { (heights[i * n + $0], heights[(i + 1) * n + $0]) }
      }
      let moreCouplings = Self.steepMiddles(couplings, level: level, room: room.couplings) { j in
        masses.indices.map { (heights[$0 * n + j], heights[$0 * n + j + 1]) }
      }
      if moreMasses.isEmpty && moreCouplings.isEmpty { return }
      try insert(moreMasses)
      try insert(couplings: moreCouplings)
    }
  }

  private mutating func insert(couplings added: [Double]) throws {
    if added.isEmpty { return }
    let found = try model.profile(templates, strengths: added.map(model.strength))
    merge(
      couplings + added,
      rows: masses.indices.map { row in
        let old = (0..<couplings.count).map { point(row * couplings.count + $0, statistic, pulls) }
        return old + (0..<added.count).map { point(row * added.count + $0, found.statistic, found.pulls) }
      })
  }

  private typealias Point = (statistic: Double, pulls: ArraySlice<Double>)

  private func point(_ index: Int, _ statistic: [Double], _ pulls: [Double]) -> Point {
    let k = model.plan.pullCount
    return (statistic[index], pulls[index * k..<(index + 1) * k])
  }

  private mutating func merge(_ axis: [Double], rows: [[Point]]) {
    let order = axis.indices.sorted { axis[$0] < axis[$1] }
    couplings = order.map { axis[$0] }
    statistic = rows.flatMap { row in order.map { row[$0].statistic } }
    pulls = rows.flatMap { row in order.flatMap { row[$0].pulls } }
  }

  /// chi2 at a coupling, minimised over the pulls and the masses of the axis.
  func profile(coupling: Double) throws -> Double {
    let column = try model.profile(templates, strengths: [model.strength(of: coupling)]).statistic
    return Self.lowest(masses.map { log($0) }, column)
  }
}

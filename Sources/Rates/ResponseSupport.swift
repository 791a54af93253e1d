import Foundation

extension DetectorResponse {
  /// Recoils, and visible energies, are followed up to here, MeV.
  static let largestRecoil = 1e4

  /// Weights below this count as none.
  static let negligibleWeight = 1e-18

  /// Recoils (MeV) outside which every W_i < 1e-18, at or above the recoil floor; nil when the detector sees
  /// no recoil up to 10 GeV.
  package func support(_ kind: RecoilKind) -> ClosedRange<Double>? {
    if case .matrix = model {
      return tableSupport(kind).flatMap {
        limited($0, to: max(recoilFloor(kind), 1e-12)...Self.largestRecoil)
      }
    }
    guard let seen = smearingSupport(kind) else { return nil }
    return tableSupport(kind).map { limited($0, to: seen) } ?? seen
  }

  /// What two ranges share; nil where that is nothing.
  package func limited(
    _ range: ClosedRange<Double>, to other: ClosedRange<Double>
  ) -> ClosedRange<Double>? {
    let (lower, upper) = (max(range.lowerBound, other.lowerBound), min(range.upperBound, other.upperBound))
    return lower < upper ? lower...upper : nil
  }

  /// Recoils whose visible energy some bin selects, whatever the efficiency against the recoil.
  private func smearingSupport(_ kind: RecoilKind) -> ClosedRange<Double>? {
    let first = log(max(recoilFloor(kind), 1e-12))
    let last = log(Self.largestRecoil)
    guard first < last else { return nil }
    let count = 1200
    let grid = (0...count).map { first + (last - first) * Double($0) / Double(count) }
    guard
      let low = grid.firstIndex(where: { isSeen(exp($0), kind) }),
      let high = grid.lastIndex(where: { isSeen(exp($0), kind) })
    else { return nil }
    let lower = low == 0 ? first : boundary(unseen: grid[low - 1], seen: grid[low], kind)
    let upper = high == count ? last : boundary(unseen: grid[high + 1], seen: grid[high], kind)
    return exp(lower)...exp(upper)
  }

  /// Visible energies (MeV) outside which every S_i < 1e-18, down to 1e-9 MeV; nil when nothing is seen up to 10 GeV.
  package var visibleSupport: ClosedRange<Double>? {
    let (first, last, count) = (log(1e-9), log(Self.largestRecoil), 1800)
    let step = (last - first) / Double(count)
    let seen = (0...count).map { index in
      weights(visibleEnergy: exp(first + step * Double(index))).contains { $0 >= Self.negligibleWeight }
    }
    guard let low = seen.firstIndex(of: true), let high = seen.lastIndex(of: true) else { return nil }
    return exp(first + step * Double(max(low - 1, 0)))...exp(first + step * Double(min(high + 1, count)))
  }

  /// Recoils (MeV) where W_i jumps or turns sharply: those whose visible energy equals an edge of the ideal
  /// detector, or the edges and kinks of the efficiency as the smearing blurs them.
  package func breakRecoils(_ kind: RecoilKind, in range: ClosedRange<Double>) -> [Double] {
    energyMarks.compactMap { recoil(visibleEnergy: $0, kind: kind, in: range) }
      + tableNodes(kind).filter(range.contains)
  }

  private func isSeen(_ T: Double, _ kind: RecoilKind) -> Bool {
    let energy = visibleEnergy(recoil: T, kind: kind)
    return (0..<binCount).contains { weight(visibleEnergy: energy, bin: $0) >= Self.negligibleWeight }
  }

  /// Bisects in ln T; returns the side on which nothing is seen.
  private func boundary(unseen: Double, seen: Double, _ kind: RecoilKind) -> Double {
    var (out, inside) = (unseen, seen)
    for _ in 0..<40 {
      let middle = 0.5 * (out + inside)
      if isSeen(exp(middle), kind) { inside = middle } else { out = middle }
    }
    return out
  }

  /// Recoil at which the visible energy (MeV) crosses `visibleEnergy`, if it does within the range.
  private func recoil(visibleEnergy target: Double, kind: RecoilKind, in range: ClosedRange<Double>)
    -> Double?
  {
    var (low, high) = (log(range.lowerBound), log(range.upperBound))
    let isAbove = { (v: Double) in self.visibleEnergy(recoil: exp(v), kind: kind) >= target }
    guard low.isFinite, high.isFinite, !isAbove(low), isAbove(high) else { return nil }
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if isAbove(middle) { high = middle } else { low = middle }
    }
    return exp(high)
  }
}

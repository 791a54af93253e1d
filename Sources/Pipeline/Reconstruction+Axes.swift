import Foundation
import Planning
import ScanCore
import Statistics

/// The axis of couplings, and what a request must not ask for.
extension Reconstruction {
  static let defaultCouplings = 60

  /// As asked for, or from well below to well above limits, best fit and truth.
  func couplings(
    _ joint: JointAnalysis, _ best: BestFit, within ends: [Double]?
  ) throws -> [Double] {
    if let couplings = request.couplings { return couplings.map(request.scale.toInternal) }
    var span: [Double] = ends ?? []
    if ends == nil {
      let level = try chiSquareQuantile(confidenceLevel: 0.9, degreesOfFreedom: 1)
      for analysis in joint.members {
        let range = try DefaultAxes.couplings(
          analysis, masses: request.masses, threshold: level, on: planning)
        if let range { span += [range.low, range.high] }
      }
      if best.coupling > 0 { span += [best.coupling / 10, best.coupling * 10] }
      if let truth = request.truth, truth.coupling > 0 {
        span += [truth.coupling / 10, truth.coupling * 10]
      }
    }
    guard let low = span.min(), let high = span.max(), low < high else {
      throw RequestError(
        "\(joint.members.map(\.model.name).joined(separator: " + ")): no coupling of any mass of the axis makes a visible signal, so "
          + "there is no axis of couplings to choose. Choose masses the source can produce (--m4), or state --d."
      )
    }
    let last = Double(Self.defaultCouplings - 1)
    return (0..<Self.defaultCouplings).map { low * pow(high / low, Double($0) / last) }
  }

  func checkTruth() throws(RequestError) {
    guard let truth = request.truth, let first = request.masses.first, let last = request.masses.last else {
      return
    }
    if truth.mass < first || truth.mass > last {
      throw RequestError(
        "--inject-m4 \(truth.mass): lies outside the mass axis, \(first) to \(last) MeV, so that the fit cannot find it. Widen "
          + "--m4, or inject another mass.")
    }
    guard let couplings = request.couplings, let low = couplings.first, let high = couplings.last else {
      return
    }
    let coupling = request.scale.fromInternal(truth.coupling)
    if coupling < low || coupling > high {
      throw RequestError(
        "--inject-d \(coupling): lies outside the coupling axis, \(low) to \(high) \(request.scale.unit), so that the fit cannot "
          + "find it. Widen --d, or inject another coupling.")
    }
  }

  /// Throws for a shared pull that fewer than two experiments have.
  func checkShared() throws {
    let names = try analyses.map { Set(try JointAnalysis([$0]).plan.pulls.map(\.name)) }
    for name in request.shared.sorted() where names.count(where: { $0.contains(name) }) < 2 {
      let common = names.reduce(into: [String: Int]()) { counts, own in
        own.forEach { counts[$0, default: 0] += 1 }
      }
      .filter { $1 > 1 }.keys.sorted()
      throw RequestError(
        "--share \(name): a pull of this name must be in two experiments at least. "
          + (common.isEmpty
            ? "These have no name in common: leave --share out."
            : "Names in common: \(common.joined(separator: ", "))."))
    }
  }
}

import DipolePhysics
import Experiments
import Foundation

/// Where in recoil energy the expected events of an experiment come from, those below its recoil floor included: sums over
/// steps in ln T, good to about 1e-3 of the whole. It judges choices; expected events themselves come from plans.
package struct RecoilCensus: Sendable {
  package let kind: RecoilKind
  /// Smallest recoil that the experiment considers, MeV.
  package let floor: Double
  /// Middles of the steps, MeV, ascending, from a thousandth of the floor; the floor is the end of a step.
  package let recoils: [Double]
  /// Probability of each recoil to be reconstructed and selected in any bin [UPS-9].
  package let accepted: [Double]
  /// Standard Model events of each step, selected.
  package let standardModel: [Double]
  /// Dipole events of each step, selected, for m4 = 0 and one coupling to all flavours. Only ratios mean something.
  package let dipole: [Double]

  private static let stepsBelow = 240
  private static let stepsAbove = 960

  /// nil when the analysis leaves these recoils out, or no neutrino makes any.
  package init?(_ model: RateModel, kind: RecoilKind) {
    let isIncluded = kind == .nuclear ? !model.targets.isEmpty : model.electrons != nil
    guard isIncluded else { return nil }
    let weights = model.timeWeights().map { $0.reduce(0, +) }
    let terms = { (process: SignalProcess) in
      model.components.indices.flatMap { index in
        model.terms(process: process, component: index, heavyMass: 0, coupling: 1e-7)
          .filter { $0.recoilKind == kind }.map { (weight: weights[index], term: $0) }
      }
    }
    let (standard, dipole) = (terms(.standardModel), terms(.dipole))
    let floor = model.response.recoilFloor(kind)
    guard let top = (standard + dipole).compactMap({ $0.term.recoilRange?.upperBound }).max(), top > 0
    else { return nil }
    let bottom = max(1e-3 * floor, 1e-12 * top)
    var middles: [Double] = []
    var widths: [Double] = []
    let add = { (low: Double, high: Double, count: Int) in
      guard low < high else { return }
      let step = log(high / low) / Double(count)
      for index in 0..<count {
        let recoil = low * exp((Double(index) + 0.5) * step)
        middles.append(recoil)
        widths.append(recoil * step)
      }
    }
    add(bottom, min(floor, top), Self.stepsBelow)
    add(max(bottom, floor), top, Self.stepsAbove)
    let seen = middles.map { model.response.weights(recoil: $0, recoilKind: kind).reduce(0, +) }
    let events = { (parts: [(weight: Double, term: RateTerm)]) in
      middles.indices.map { index in
        guard seen[index] > 0 else { return 0.0 }
        let rate = parts.reduce(0) { $0 + $1.weight * $1.term.differentialRate(recoil: middles[index]) }
        return rate * seen[index] * widths[index]
      }
    }
    self.kind = kind
    self.floor = floor
    recoils = middles
    accepted = seen
    standardModel = events(standard)
    self.dipole = events(dipole)
  }

  /// Part of `events` that lies at recoils for which `condition` holds; 0 where there are none.
  package func share(_ events: [Double], _ condition: (Double) -> Bool) -> Double {
    let total = events.reduce(0, +)
    guard total > 0 else { return 0 }
    return zip(recoils, events).reduce(0) { $0 + (condition($1.0) ? $1.1 : 0) } / total
  }

  /// What the floor takes away, of the events with and without it together, down to a thousandth of the floor.
  package func belowFloor(_ events: [Double]) -> Double { share(events) { $0 < floor } }

  /// Sum of `events` at and above the floor.
  package func counted(_ events: [Double]) -> Double { (1 - belowFloor(events)) * events.reduce(0, +) }

  /// Smallest recoil (MeV) at or above the floor that is selected with at least this probability; nil if none is.
  package func smallestRecoil(acceptedWith probability: Double) -> Double? {
    zip(recoils, accepted).first { $0.0 >= floor && $0.1 >= probability }?.0
  }
}

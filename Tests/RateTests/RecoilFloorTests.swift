import Foundation
import Testing

@testable import Experiments
@testable import Rates

@Suite("Recoil floors")
struct RecoilFloorTests {
  private static let levels = [ElectronLevel(bindingEnergy: 1e-4, electrons: 55)]

  /// Standard Model events per energy bin of the second component, of one kind of recoil.
  private static func counts(_ floor: RecoilFloorSpec, _ kind: RecoilKind) throws -> [Double] {
    var spec = ToyExperiment.ideal(levels: levels)
    spec.detector.recoilFloor = floor
    spec.analysis.includeNuclei = kind == .nuclear
    spec.analysis.includeElectrons = kind == .electron
    return try RateModel(spec).directCounts(
      process: .standardModel, component: 1, heavyMass: 0, coupling: 0
    ).values
  }

  @Test("The floor of nuclear recoils cuts nuclear recoils only, that of electrons electrons only")
  func kinds() throws {
    // edges 1, 5, 10, 20, 40 keV of true recoil: a floor of 5 keV is the first bin, exactly
    let (free, cut) = (1e-6, 5e-3)
    for kind in [RecoilKind.nuclear, .electron] {
      let whole = try Self.counts(.both(free), kind)
      let other = try Self.counts(
        RecoilFloorSpec(nuclear: kind == .nuclear ? free : cut, electron: kind == .electron ? free : cut),
        kind)
      let own = try Self.counts(
        RecoilFloorSpec(nuclear: kind == .nuclear ? cut : free, electron: kind == .electron ? cut : free),
        kind)
      #expect(whole.allSatisfy { $0 > 0 })
      #expect(zip(whole, other).allSatisfy { isClose($0, $1, rtol: 1e-9) })
      #expect(own[0] == 0)
      #expect(zip(whole, own).dropFirst().allSatisfy { isClose($0, $1, rtol: 1e-9) })
    }
  }

  @Test("The census finds what the floor takes away")
  func census() throws {
    var spec = ToyExperiment.ideal(levels: Self.levels)
    #expect(try #require(RecoilCensus(RateModel(spec), kind: .nuclear)).belowFloor([]) == 0)
    let whole = try #require(try RecoilCensus(RateModel(spec), kind: .nuclear))
    #expect(whole.belowFloor(whole.standardModel) == 0)
    // a floor of 2 keV inside the first bin, 1 to 5 keV: adaptive integration with and without it
    let events = { (spec: ExperimentSpec) in
      let model = try RateModel(spec)
      let weights = model.timeWeights().map { $0.reduce(0, +) }
      return try model.components.indices.reduce(0.0) { sum, index in
        let counts = try model.directCounts(
          process: .standardModel, component: index, heavyMass: 0, coupling: 0)
        return sum + weights[index] * counts.values.reduce(0, +)
      }
    }
    spec.analysis.includeElectrons = false
    let all = try events(spec)
    spec.detector.recoilFloor.nuclear = 2e-3
    let kept = try events(spec)
    let cut = try #require(try RecoilCensus(RateModel(spec), kind: .nuclear))
    #expect(kept < 0.99 * all)
    #expect(isClose(cut.belowFloor(cut.standardModel), 1 - kept / all, rtol: 0, atol: 1e-3))
    #expect(isClose(cut.counted(cut.standardModel), kept, rtol: 2e-3))
    #expect(try RecoilCensus(RateModel(spec), kind: .electron) == nil)
  }
}

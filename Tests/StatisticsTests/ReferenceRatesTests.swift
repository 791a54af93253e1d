import ReferenceBackend
import ScanCore
import Testing
import Verification

@Suite struct ReferenceRatesTests {
  @Test(
    "event numbers of every awkward plan are finite, and not negative unless its bins are mixed",
    arguments: AwkwardPlans.all.indices)
  func positivity(index: Int) throws {
    let item = AwkwardPlans.all[index]
    let events = try ReferenceBackend().load(item.rates).evaluate(masses: item.masses)
    #expect(events.count == item.masses.count * item.rates.valuesPerMass)
    let largest = events.max() ?? 0
    let isMixed = item.rates.responses.contains { $0.values.contains { $0 < 0 } }
    #expect(events.allSatisfy { $0.isFinite && (isMixed || $0 >= -1e-12 * largest) }, "\(item.name)")
    #expect(largest > 0, "\(item.name)")
  }

  @Test(
    "moments and quadrature agree where the moments are exact polynomials",
    arguments: AwkwardPlans.all.indices)
  func modes(index: Int) throws {
    let item = AwkwardPlans.all[index]
    var other = item.rates
    other.mode = item.rates.mode == .moments ? .quadrature : .moments
    let backend = ReferenceBackend()
    let one = try backend.load(item.rates).evaluate(masses: item.masses)
    let two = try backend.load(other).evaluate(masses: item.masses)
    let perMass = item.rates.valuesPerMass
    for row in item.masses.indices {
      let values = row * perMass..<(row + 1) * perMass
      let largest = one[values].max() ?? 0
      for i in values {
        #expect(isClose(one[i], two[i], relative: 0, absolute: 1e-10 * largest), "\(item.name) \(i)")
      }
    }
  }

  @Test("nothing is expected from masses at and above the end of the flux")
  func aboveThreshold() throws {
    let plan = AwkwardPlans.selfCheck.rates
    let end = try #require(plan.fluxGroups[0].energyEdges.last)
    let events = try ReferenceBackend().load(plan).evaluate(masses: [end, 2 * end, 1e6])
    #expect(events.allSatisfy { $0 == 0 })
  }

  @Test("the massless limit of the dipole is reached smoothly")
  func masslessLimit() throws {
    let plan = AwkwardPlans.selfCheck.rates
    let loaded = try ReferenceBackend().load(plan)
    let zero = try loaded.evaluate(masses: [0])
    let tiny = try loaded.evaluate(masses: [1e-4])
    for (a, b) in zip(zero, tiny) { #expect(isClose(a, b, relative: 1e-6)) }
  }

  @Test(
    "the fused job equals rates, fold and profile one after the other", arguments: AwkwardPlans.all.indices)
  func fused(index: Int) throws {
    let item = AwkwardPlans.all[index]
    let backend = ReferenceBackend()
    let rates = try backend.load(item.rates).evaluate(masses: item.masses)
    let perMass = item.rates.valuesPerMass
    let templates = item.masses.indices.flatMap {
      item.likelihood.fold.fold(rates[$0 * perMass..<($0 + 1) * perMass])
    }
    let separate = try backend.load(item.likelihood).evaluate(item.tile, templates: templates)
    let fused = try backend.load(item.rates, item.likelihood).evaluate(item.tile)
    #expect(separate == fused)
    #expect(fused.unconverged == 0)
  }
}

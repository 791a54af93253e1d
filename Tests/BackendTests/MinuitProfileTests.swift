import Backends
import Experiments
import Foundation
import Pipeline
import Rates
import SIMDBackend
import ScanCore
import Testing

/// Profiled chi2 of COHERENT CsI at random points, minimised by Minuit (`MinuitFixture.swift`).
struct MinuitFixture: Decodable {
  var experiment: String
  var flavour: String
  /// MeV
  var masses: [Double]
  /// At q = 1, 1/GeV.
  var coupling: Double
  var pulls: [String]
  var widths: [Double]
  /// Events per bin: without pulls, per pull, signal per mass at q = 1.
  var rest: [Double]
  var pulled: [[Double]]
  var signal: [[Double]]
  /// Data sets x bins; the first is what the experiment observed.
  var observed: [[Double]]
  /// Largest differences between four starts of Minuit, and between Minuit and another minimiser.
  var spread: Double
  var check: Double
  /// Data set, mass, coupling, chi2.
  var points: [[Double]]

  static func read() throws -> Self { try JSONDecoder().decode(Self.self, from: Data(text.utf8)) }

  var jointPoints: [JointPoint] {
    points.map {
      JointPoint(set: Int($0[0]), row: Int($0[1]), strength: ($0[2] / coupling) * ($0[2] / coupling))
    }
  }

  /// The stored model, which Minuit was given.
  var jointPlan: JointPlan {
    JointPlan(
      rest: rest, variance: rest.map { _ in 0 },
      pulls: pulls.indices.map { JointPull(name: pulls[$0], width: widths[$0], events: pulled[$0]) },
      blocks: [JointBlock(name: experiment, bins: 0..<rest.count, signalShares: [1, 0, 0, 0])])
  }

  func likelihoodPlan(set: Int) -> LikelihoodPlan {
    var base = rest
    for events in pulled { for bin in base.indices { base[bin] += events[bin] } }
    return LikelihoodPlan(
      statistic: .poisson,
      fold: ComponentFold(componentCount: 1, energyBins: base.count, timeBins: 1, weights: [1]),
      observed: observed[set], base: base, pullTemplates: pulled, pullWidths: widths,
      firstPullScalesSignal: true, variance: [])
  }
}

/// [UPS-12, UPS-36]
@Suite("Profiles against Minuit") struct MinuitProfileTests {
  private static let tolerance = 1e-6
  private static let backends = BackendCatalogue.everything(workers: 2).backends

  @Test("The fixture is what it should be: 1000 points, and an error of Minuit far below what is asked")
  func fixture() throws {
    let fixture = try MinuitFixture.read()
    #expect(fixture.points.count == 1000 && fixture.pulls.count == 4)
    #expect(fixture.spread < 1e-8 && fixture.check < 1e-8)
    #expect(fixture.points.allSatisfy { $0.count == 4 && $0[3].isFinite })
  }

  @Test("The stored counts are those of the program to 1e-9")
  func counts() throws {
    let fixture = try MinuitFixture.read()
    let own = try JointFixtures.make(
      [fixture.experiment], flavour: fixture.flavour, masses: fixture.masses)
    let ratio = fixture.coupling / own.joint.referenceCoupling
    func compare(_ found: [Double], _ expected: [Double]) {
      #expect(found.count == expected.count)
      for (a, b) in zip(found, expected) { #expect(abs(a - b) <= 1e-9 * abs(b)) }
    }
    compare(own.templates.map { $0 * ratio * ratio }, fixture.signal.flatMap { $0 })
    #expect(own.plan.pulls.map(\.name) == fixture.pulls)
    for (pull, expected) in zip(own.plan.pulls, fixture.pulled) { compare(pull.events, expected) }
    compare(own.plan.pullWidths, fixture.widths)
    #expect(zip(own.plan.rest, fixture.rest).allSatisfy { abs($0 - $1) <= 1e-12 })
    #expect(own.plan.blocks.map(\.signalShares) == fixture.jointPlan.blocks.map(\.signalShares))
    #expect(own.joint.data.observed == fixture.observed[0])
  }

  @Test("One experiment, up to four pulls: every backend in double within 1e-6 of chi2 at 1000 points")
  func likelihoodPlans() throws {
    let fixture = try MinuitFixture.read()
    let all = fixture.jointPoints
    for backend in Self.backends where backend.identity.precision == .double {
      var found = fixture.points.map { _ in Double.nan }
      for set in fixture.observed.indices {
        let members = all.indices.filter { all[$0].set == set }
        let points = members.map { all[$0] }
        let tile = Tile(
          masses: points.map { fixture.masses[$0.row] }, couplingSquares: points.map(\.strength), columns: 1)
        let result = try backend.load(fixture.likelihoodPlan(set: set))
          .evaluate(tile, templates: points.flatMap { fixture.signal[$0.row] })
        #expect(result.unconverged == 0)
        for (index, value) in zip(members, result.statistic) { found[index] = value }
      }
      expect(found, fixture, "\(backend.identity), one experiment")
    }
  }

  @Test("Joint likelihoods: every backend that takes them within 1e-6 of chi2 at 1000 points")
  func jointPlans() throws {
    let fixture = try MinuitFixture.read()
    let data = JointData(observed: fixture.observed.flatMap { $0 })
    for backend in Self.backends where backend.identity.precision == .double {
      let loaded: any LoadedJoint
      do throws(BackendError) {
        loaded = try backend.load(fixture.jointPlan)
      } catch {
        // reference and simd must take it
        let kinds: [BackendError.Kind] = [.unsupportedPlan, .unavailable]
        #expect(kinds.contains(error.kind) && backend.identity.backend == "opencl", "\(error)")
        continue
      }
      let result = try loaded.profile(
        fixture.jointPoints, data: data, templates: fixture.signal.flatMap { $0 })
      #expect(result.unconverged == 0)
      expect(result.statistic, fixture, "\(backend.identity), joint")
    }
  }

  /// Held by a width of 1e-9 in place of its own.
  @Test("A pull that is not profiled is seen, whichever it is", arguments: 0..<4)
  func unprofiled(pull: Int) throws {
    let fixture = try MinuitFixture.read()
    var plan = fixture.jointPlan
    plan.pulls[pull].width = 1e-9
    let found = try CPUBackend(workers: 2).load(plan).profile(
      fixture.jointPoints, data: JointData(observed: fixture.observed.flatMap { $0 }),
      templates: fixture.signal.flatMap { $0 })
    let beyond = zip(found.statistic, fixture.points).count { $0 - $1[3] > Self.tolerance }
    print(
      "Pull \(fixture.pulls[pull]) held: \(beyond) of \(fixture.points.count) points are beyond the tolerance"
    )
    #expect(beyond > 900)
  }

  private func expect(_ found: [Double], _ fixture: MinuitFixture, _ place: String) {
    #expect(found.count == fixture.points.count)
    let differences = zip(found, fixture.points).map { abs($0 - $1[3]) }
    let worst = differences.max() ?? .infinity
    print("Minuit and \(place): worst difference of chi2 \(worst)")
    #expect(differences.allSatisfy { $0 <= Self.tolerance }, "\(place): \(worst)")
  }
}

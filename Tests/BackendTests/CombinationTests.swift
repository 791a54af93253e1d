import Experiments
import Planning
import ReferenceBackend
import SIMDBackend
import ScanCore
import Scanning
import Statistics
import Testing

@testable import Pipeline
@testable import Rates

/// Several experiments in one fit: against each alone, and against minimisations written out elsewhere.
@Suite("Combination: several experiments in one fit [UPS-45, UPS-46]")
struct CombinationTests {
  private static let threshold = 2.705543454095404
  private let reference = ReferenceBackend()

  private func analyses(
    _ names: [String], model: String = "dipole", flavour: ActingFlavour = .mu, masses: [Double],
    data: DataSet? = nil
  ) throws -> [Analysis] {
    let backend = try CPUBackend()
    return try names.map { name in
      let spec = try Catalogue.load(name)
      let interaction = try InteractionCatalogue.named(model)
        .make(flavour: flavour, parameters: [], source: spec.source.components)
      let own: DataSet = spec.kind == .measurement ? .observed : .asimov
      return try Analysis(
        model: RateModel(spec),
        settings: AnalysisSettings(
          flavour: flavour.rawValue, dataSet: data ?? own,
          statistic: spec.systematics.statistic == .gaussian ? .gaussian : .poisson), masses: masses,
        backend: backend, planningBackend: backend, interaction: interaction)
    }
  }

  /// The statistic over masses x couplings, nothing subtracted.
  private func statistic(
    _ analysis: Analysis, joint: JointAnalysis? = nil, masses: [Double], couplings: [Double]
  ) throws -> [Double] {
    let plan = ScanPlan(
      analysis, joint: joint, masses: masses, couplings: couplings, job: .factored, degreesOfFreedom: 1)
    let strengths = plan.couplingSquares
    let result = try LoadedScan(plan, on: reference).evaluate(
      Tile(
        masses: masses, couplingSquares: masses.flatMap { _ in strengths }, columns: strengths.count))
    #expect(result.unconverged == 0)
    return result.statistic
  }

  // MARK: - Nothing shared

  @Test(
    "Without shared pulls the statistic of Poisson, Gaussian and flux-limit experiments is the sum of theirs")
  func sum() throws {
    let masses = [1.0, 10, 30]
    let couplings = [0, 1e-7, 1e-6, 1e-5]
    let members = try analyses(["coherent-csi-2021", "ess", "xenon1t-8b"], masses: masses)
    let joint = try JointAnalysis(members)
    let alone = try members.map { try statistic($0, masses: masses, couplings: couplings) }
    let together = try statistic(members[0], joint: joint, masses: masses, couplings: couplings)
    for (index, value) in together.enumerated() {
      let sum = alone.reduce(0) { $0 + $1[index] }
      #expect(abs(value - sum) <= 1e-9 * max(1, sum), "\(value) and \(sum) at point \(index)")
    }
    // the parts do differ from each other and from nothing
    #expect(alone.allSatisfy { $0[7] > $0[4] + 1 })
  }

  @Test(
    "The same holds where the interaction interferes with the Standard Model, for both signs of the coupling")
  func sumOfInterfering() throws {
    let couplings = [-3e-32, -1e-32, 0, 1e-33, 2e-32]
    let members = try analyses(["coherent-csi-2021", "ess"], model: "charge-radius", masses: [0])
    let joint = try JointAnalysis(members)
    let alone = try members.map { try statistic($0, masses: [0], couplings: couplings) }
    let together = try statistic(members[0], joint: joint, masses: [0], couplings: couplings)
    for (index, value) in together.enumerated() {
      let sum = alone[0][index] + alone[1][index]
      #expect(abs(value - sum) <= 1e-9 * max(1, sum), "\(value) and \(sum) at \(couplings[index])")
    }
    let row = try LimitJob(joint: joint, backend: reference).run(masses: [0], threshold: Self.threshold)[0]
    let limit = try #require(row.coupling)
    let bottom = row.minimumStatistic
    let at = try statistic(members[0], joint: joint, masses: [0], couplings: [limit])[0]
    #expect(abs(at - bottom - Self.threshold) < 1e-6)
  }

  @Test("A joint likelihood of one experiment has the limit of that experiment")
  func one() throws {
    let masses = [1.0, 10]
    for name in ["coherent-csi-2021", "ess", "xenon1t-8b"] {
      let analysis = try analyses([name], masses: masses)[0]
      let alone = try LimitJob(analysis: analysis, backend: reference).run(
        masses: masses, threshold: Self.threshold)
      let joint = try LimitJob(joint: JointAnalysis([analysis]), backend: reference).run(
        masses: masses, threshold: Self.threshold)
      for (a, b) in zip(alone, joint) {
        let (a, b) = (try #require(a.coupling), try #require(b.coupling))
        #expect(abs(a - b) <= 1e-9 * a, "\(name)")
      }
    }
  }

  @Test("Asimov sets together exclude more than each alone")
  func better() throws {
    let masses = [1.0, 10, 30]
    let members = try analyses(["coherent-csi-2021", "ess", "xenonnt-1t-nr"], masses: masses, data: .asimov)
    let joint = try LimitJob(joint: JointAnalysis(members), backend: reference)
      .run(masses: masses, threshold: Self.threshold)
    for member in members {
      let alone = try LimitJob(analysis: member, backend: reference).run(
        masses: masses, threshold: Self.threshold)
      for (a, b) in zip(alone, joint) {
        let limit = try #require(b.coupling)
        #expect(a.coupling.map { limit < $0 } ?? true, "\(member.model.name) at \(a.m4) MeV")
      }
    }
  }

  // MARK: - Shared

  /// Expected: NumPy 2 and SciPy 1, Newton's method on the likelihood of both experiments with every part of the signal pulls
  /// (flux 10 %, quenching 3.8 %, what is left of 12 and 12.8 %) as an unknown of its own, mu = (1 + sum eta)(SM + q s) +
  /// sum (1 + eta_k) B_k from the events of `upscatter spectrum --json`; limit by `brentq`. The data of 2017 are part of those of
  /// 2021: an example for numbers, not for physics.
  @Test(
    "Shared parts give the statistic and the limit of an independent minimisation",
    arguments: [
      ([], 251.53070291946415, 6.446802018991912e-07),
      (["sns-flux"], 248.67477449907528, 6.826633764542137e-07),
      (["sns-flux", "csi-quenching"], 248.43331565226515, 6.865207827909677e-07),
    ] as [([String], Double, Double)])
  func shared(names: [String], atOneMillionth: Double, limit: Double) throws {
    let members = try analyses(["coherent-csi-2021", "coherent-csi-2017:quenching-2021"], masses: [10])
    let joint = try JointAnalysis(members, shared: Set(names))
    let value = try statistic(members[0], joint: joint, masses: [10], couplings: [1e-6])[0]
    #expect(abs(value - atOneMillionth) < 1e-9 * value)
    let row = try LimitJob(joint: joint, backend: reference).run(masses: [10], threshold: Self.threshold)[0]
    let found = try #require(row.coupling)
    #expect(abs(found - limit) < 1e-10 * limit)
  }

  @Test("A part of one experiment alone changes nothing: the parts of a width are one pull of that width")
  func partsOfOne() throws {
    let masses = [10.0]
    let couplings = [0, 3e-7, 1e-6, 3e-6]
    let member = try analyses(["coherent-csi-2021"], masses: masses)[0]
    let whole = try JointAnalysis([member])
    // the same pull as three unknowns: rest less twice what each of them scales
    var plan = whole.plan
    let signal = try #require(plan.pulls.first)
    #expect(signal.width == 0.12)
    plan.pulls[0].width = 0.1
    for (index, width) in [0.038, (0.12 * 0.12 - 0.1 * 0.1 - 0.038 * 0.038).squareRoot()].enumerated() {
      var part = signal
      (part.name, part.width) = ("part \(index)", width)
      plan.pulls.append(part)
      plan.blocks[0].signalShares.append(1)
    }
    for bin in plan.rest.indices { plan.rest[bin] -= 2 * signal.events[bin] }
    let templates = try whole.templates(masses: masses, on: reference)
    let points = couplings.map {
      JointPoint(
        set: 0, row: 0,
        strength: ($0 / whole.referenceCoupling) * ($0 / whole.referenceCoupling))
    }
    let one = try reference.load(whole.plan).profile(points, data: whole.data, templates: templates)
    let three = try reference.load(plan).profile(points, data: whole.data, templates: templates)
    for (a, b) in zip(one.statistic, three.statistic) { #expect(abs(a - b) < 1e-9 * max(1, a)) }
    // eta is the sum of its parts, each in proportion to its variance
    let count = plan.pullCount
    for point in points.indices {
      let eta = one.pulls[point * whole.plan.pullCount]
      let parts = [0, count - 2, count - 1].map { three.pulls[point * count + $0] }
      #expect(abs(parts.reduce(0, +) - eta) < 1e-7)
      #expect(abs(parts[0] - eta * 0.01 / 0.0144) < 1e-7)
    }
  }

  @Test("Only shared parts are unknowns of their own; what is left of the width stays with its experiment")
  func plan() throws {
    let members = try analyses(["coherent-csi-2021", "coherent-lar-2020:energy"], masses: [10])
    let apart = try JointAnalysis(members).plan
    #expect(apart.pulls.map(\.name).contains("coherent-csi-2021 signal"))
    #expect(!apart.pulls.map(\.name).contains("sns-flux"))
    let plan = try JointAnalysis(members, shared: ["sns-flux"]).plan
    let widths = Dictionary(uniqueKeysWithValues: plan.pulls.map { ($0.name, $0.width) })
    #expect(widths["sns-flux"] == 0.1)
    let csi = try #require(widths["coherent-csi-2021 signal"])
    let lar = try #require(widths["coherent-lar-2020:energy signal"])
    #expect(abs(csi - (0.0144 - 0.01).squareRoot()) < 1e-15)
    #expect(abs(lar - (0.0169 - 0.01).squareRoot()) < 1e-15)
    let flux = try #require(plan.pulls.firstIndex { $0.name == "sns-flux" })
    #expect(plan.blocks.allSatisfy { $0.signalShares[flux] == 1 && $0.signalShares.reduce(0, +) == 2 })
    #expect(!plan.scalesSignalUniformly)
  }

  @Test(
    "Far inside the excluded region a signal in parts stays above zero, as one pull does, and fits converge")
  func positive() throws {
    let members = try analyses(["coherent-csi-2021", "coherent-csi-2017:quenching-2021"], masses: [10])
    let joint = try JointAnalysis(members, shared: ["sns-flux"])
    let couplings = [1e-6, 1e-5, 1e-4, 1e-3]
    let plan = ScanPlan(
      members[0], joint: joint, masses: [10], couplings: couplings, job: .factored, degreesOfFreedom: 1)
    let result = try LoadedScan(plan, on: reference).evaluate(
      Tile(masses: [10], couplingSquares: plan.couplingSquares, columns: couplings.count))
    #expect(result.unconverged == 0)
    #expect(zip(result.statistic, result.statistic.dropFirst()).allSatisfy { $0 < $1 })
    let names = joint.plan.pulls.map(\.name)
    let flux = try #require(names.firstIndex(of: "sns-flux"))
    for own in names.indices where names[own].hasSuffix(" signal") {
      for point in couplings.indices {
        let pulls = result.pulls[point * names.count..<(point + 1) * names.count]
        let scale = 1 + pulls[pulls.startIndex + flux] + pulls[pulls.startIndex + own]
        #expect(scale > 0.99e-6)
        if point == 3 { #expect(scale < 1e-4) }
      }
    }
  }

  @Test("Sums as unknowns change neither the statistic nor the parts")
  func summed() throws {
    let members = try analyses(["coherent-csi-2021", "coherent-csi-2017:quenching-2021"], masses: [10])
    let joint = try JointAnalysis(members, shared: ["sns-flux", "csi-quenching"])
    #expect(joint.sums.count == 2 && joint.sums.allSatisfy { $0.parts.count == 2 })
    let templates = try joint.templates(masses: [10], on: reference)
    let strengths = [0, 0.3, 1, 3]
    let direct = try reference.load(joint.plan).profile(
      strengths.map { JointPoint(set: 0, row: 0, strength: $0) }, data: joint.data, templates: templates)
    let summed = try joint.likelihood.load(on: reference).evaluate(
      Tile(masses: [10], couplingSquares: strengths, columns: strengths.count), templates: templates)
    for (a, b) in zip(direct.statistic, summed.statistic) { #expect(abs(a - b) < 1e-9 * a) }
    for (a, b) in zip(direct.pulls, summed.pulls) { #expect(abs(a - b) < 1e-7) }
  }

  // MARK: - Refusals

  @Test("Pulls that act non-linearly are refused with the way out")
  func nonLinear() throws {
    let members = try analyses(["coherent-csi-2021:shape-pulls", "ess"], masses: [10])
    let error = #expect(throws: PlanningError.self) { try JointAnalysis(members) }
    #expect(error?.message.contains("quenching-1") == true)
    #expect(error?.message.contains("without `systematics.shape`") == true)
  }

  @Test(
    "A shared pull has one width, and is not shared beside a part of it",
    arguments: [
      (["coherent-csi-2021", "coherent-lar-2020:energy"], ["signal"], "0.12 in one experiment and 0.13"),
      (["coherent-csi-2021", "coherent-csi-2017"], ["csi-quenching"], "0.038 in one experiment and 0.25"),
      (["coherent-csi-2021", "coherent-lar-2020:energy"], ["signal", "sns-flux"], "Share one of the two"),
    ] as [([String], Set<String>, String)])
  func widths(names: [String], shared: Set<String>, part: String) throws {
    let members = try analyses(names, masses: [10])
    let error = #expect(throws: PlanningError.self) { try JointAnalysis(members, shared: shared) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }
}

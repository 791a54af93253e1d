import ReferenceBackend
import ScanCore
import Testing
import Verification

@Suite struct PlanValidationTests {
  private static let item = AwkwardPlans.selfCheck

  /// Changes that each make a good rate plan unusable.
  private static let rateDamage: [(String, @Sendable (inout RatePlan) -> Void)] = [
    ("no bins", { $0.binCount = 0 }),
    ("no components", { $0.componentCount = 0 }),
    ("no channels", { $0.channels = [] }),
    ("NaN in a response", { $0.responses[0].values[7] = .nan }),
    ("a response row too few", { $0.responses[0].rowCount -= 1 }),
    ("a response of five rows", { $0.responses[0].rowCount = 5 }),
    ("a window upside down", { $0.responses[0].upperRecoil = 0 }),
    ("a step of zero", { $0.responses[0].logStep = 0 }),
    ("a missing response", { $0.channels[0].response = 3 }),
    ("a negative flux group", { $0.channels[0].fluxGroup = -1 }),
    ("a missing recoil rule", { $0.channels[0].recoilRule = 1 }),
    ("components beyond the group", { $0.channels[0].componentCount = 99 }),
    ("component arithmetic that overflows", { $0.channels[0].componentCount = .max }),
    ("a massless target", { $0.channels[0].targetMass = 0 }),
    ("four contact coefficients", { $0.channels[0].contact.removeLast() }),
    ("a node outside its interval", { $0.recoilRules[0].nodes[0] = -1.5 }),
    ("weights that do not match", { $0.recoilRules[0].weights.removeLast() }),
    ("edges that do not ascend", { $0.fluxGroups[0].energyEdges[1] = 0 }),
    ("one edge only", { $0.fluxGroups[0].energyEdges = [1] }),
    ("an output row that does not exist", { $0.fluxGroups[0].components[0].output = 3 }),
    ("moments that are too short", { $0.fluxGroups[0].components[0].moments.removeLast() }),
    ("a negative degree", { $0.fluxGroups[0].components[0].momentDegree = -1 }),
    ("a huge degree", { $0.fluxGroups[0].components[0].momentDegree = .max }),
    ("a line between edges", { $0.fluxGroups[0].components[3].lineEnergies[0] += 0.01 }),
    ("an infinite scale", { $0.eventScale = .infinity }),
  ]

  @Test("a damaged rate plan is an error, never a trap", arguments: rateDamage.indices)
  func ratePlan(index: Int) throws {
    _ = try Self.item.rates.validated()
    var plan = Self.item.rates
    Self.rateDamage[index].1(&plan)
    let error = #expect(throws: BackendError.self, "\(Self.rateDamage[index].0)") {
      try ReferenceBackend().load(plan)
    }
    #expect(error?.kind == .unsupportedPlan)
  }

  private static let likelihoodDamage: [(String, @Sendable (inout LikelihoodPlan) -> Void)] = [
    ("a bin too few", { $0.observed.removeLast() }),
    ("negative observation", { $0.observed[0] = -1 }),
    ("NaN in the base", { $0.base[2] = .nan }),
    ("five pulls", { $0.pullWidths.append(1) }),
    ("a template too few", { $0.pullTemplates.removeLast() }),
    ("a short template", { $0.pullTemplates[1].removeLast() }),
    ("a width of zero", { $0.pullWidths[0] = 0 }),
    ("templates larger than the base", { $0.pullTemplates[0][3] += 1000 }),
    ("a variance with Poisson counts", { $0.variance = $0.base }),
    ("Gaussian without variances", { $0.statistic = .gaussian }),
    ("weights of the wrong shape", { $0.fold.weights.removeLast() }),
    ("a negative weight", { $0.fold.weights[0] = -0.1 }),
    ("no time bins", { $0.fold.timeBins = 0 }),
    (
      "events where nothing is expected",
      {
        $0.base[0] = 0
        for k in 0..<4 { $0.pullTemplates[k][0] = 0 }
      }
    ),
  ]

  @Test("a damaged likelihood plan is an error, never a trap", arguments: likelihoodDamage.indices)
  func likelihoodPlan(index: Int) throws {
    _ = try Self.item.likelihood.validated()
    var plan = Self.item.likelihood
    Self.likelihoodDamage[index].1(&plan)
    #expect(throws: BackendError.self, "\(Self.likelihoodDamage[index].0)") {
      try ReferenceBackend().load(plan)
    }
  }

  @Test("masses, couplings and templates out of domain are errors")
  func tiles() throws {
    let backend = ReferenceBackend()
    let rates = try backend.load(Self.item.rates)
    #expect(throws: BackendError.self) { try rates.evaluate(masses: [-1]) }
    #expect(throws: BackendError.self) { try rates.evaluate(masses: [.nan]) }
    let bins = Self.item.likelihood.binCount
    let profile = try backend.load(Self.item.likelihood)
    let good = [Double](repeating: 1, count: bins)
    let tile = Tile(masses: [1], couplingSquares: [1], columns: 1)
    #expect(throws: BackendError.self) { try profile.evaluate(tile, templates: [1]) }
    #expect(throws: BackendError.self) {
      try profile.evaluate(Tile(masses: [1], couplingSquares: [-1], columns: 1), templates: good)
    }
    #expect(throws: BackendError.self) {
      try profile.evaluate(tile, templates: [.infinity] + good.dropFirst())
    }
    #expect(try profile.evaluate(tile, templates: good).statistic.count == 1)
  }

  @Test("rates that do not fit the likelihood are an error")
  func mismatch() {
    var likelihood = Self.item.likelihood
    likelihood.fold.componentCount = 2
    likelihood.fold.weights.removeLast(likelihood.fold.timeBins)
    #expect(throws: BackendError.self) { try ReferenceBackend().load(Self.item.rates, likelihood) }
  }
}

import Experiments
import Planning
import ReferenceBackend
import SIMDBackend
import ScanCore
import Statistics
import Testing

@testable import Pipeline
@testable import Rates

/// Fits of one model to the signal of another, against a separate calculation: Python (scipy 1.x), from the events per bin that `spectrum ess
/// --json` prints, the pull profiled in closed form, strengths scanned on 4001 values and polished.
@Suite("Discrimination of models [UPS-50, UPS-51]")
struct DiscriminationTests {
  private func hypothesis(
    _ name: String, masses: [Double], experiments: [String] = ["ess"], flavour: ActingFlavour? = nil
  ) throws -> Hypothesis {
    let backend = try CPUBackend()
    let analyses = try experiments.map { experiment in
      let spec = try Catalogue.load(experiment)
      let interaction = try InteractionCatalogue.named(name)
        .make(flavour: flavour, parameters: [], source: spec.source.components)
      return try Analysis(
        model: RateModel(spec),
        settings: AnalysisSettings(
          flavour: flavour?.rawValue ?? "mu", dataSet: .asimov,
          statistic: spec.systematics.statistic == .gaussian ? .gaussian : .poisson), masses: masses,
        backend: backend, planningBackend: backend, interaction: interaction)
    }
    return try Hypothesis(
      label: name, joint: JointAnalysis(analyses, standardModelInBase: true), masses: masses,
      backend: backend)
  }

  private func outcome(
    _ experiment: String, against other: Hypothesis, toys: Int = 0, coupling: Double = 3e-7,
    backend: any Backend = ReferenceBackend()
  ) throws -> Discrimination.Outcome {
    try Discrimination(
      truth: hypothesis("dipole", masses: [10], experiments: [experiment]), mass: 10, coupling: coupling,
      backend: backend, settings: DiscriminationSettings(toys: toys, seed: 3)
    ).run(against: other)
  }

  @Test(
    "Delta chi2, best coupling and pull, and the fit back, are those of the separate calculation",
    arguments: [
      (
        "ess", "charge-radius", [0.0], 3.665504186273502, 1.16313066e-32, -0.01369868, 1.29978646,
        1.7593284e-7
      ),
      (
        "ess", "scalar", [30], 1.6236616922831992, 5.552768752e-5, 0.00118447257, 1.16039829511, 2.51788786e-7
      ),
      ("ess", "vector", [30], 5.690666369800345, 0, 0.05105954569, 0, 0),
      (
        "ess:poisson", "charge-radius", [0], 3.4980176614251475, 1.15351090e-32, -0.01318545, 1.25908809,
        1.7717267e-7
      ),
      (
        "ess:poisson", "scalar", [30], 1.5463669975540713, 5.551086944e-5, 0.0012419965, 1.11086836,
        2.5224089e-7
      ),
    ] as [(String, String, [Double], Double, Double, Double, Double, Double)])
  func asimov(
    experiment: String, model: String, masses: [Double], delta: Double, coupling: Double, pull: Double,
    reverse: Double, back: Double
  ) throws {
    let other = try hypothesis(model, masses: masses, experiments: [experiment])
    let found = try outcome(experiment, against: other)
    #expect(abs(found.delta - delta) < 1e-8)
    // a minimum is flat: couplings and pulls are known to the square root of that
    #expect(abs(other.coupling(ofStrength: found.otherFit.strength) - coupling) <= 2e-5 * coupling)
    #expect(abs(found.otherFit.pulls[0] - pull) < 1e-6)
    #expect(abs(found.reverseDelta - reverse) < 1e-4)
    let dipole = try hypothesis("dipole", masses: [10], experiments: [experiment])
    #expect(abs(dipole.coupling(ofStrength: found.reverseFit.strength) - back) <= 1e-4 * back + 1e-12)
  }

  /// 200000 toys of the same separate calculation, numpy's generator (seed 5), pull centres drawn around the true factor: T = chi2_min(dipole) -
  /// chi2_min(scalar) has mean -1.550 and width 2.69 for toys of the dipole, 1.116 and 2.36 for toys of the scalar; p = 0.1124 and 0.1478.
  @Test("Toys give the means and p-values of a separate calculation")
  func toys() throws {
    let count = 2000.0
    let other = try hypothesis("scalar", masses: [30], experiments: ["ess:poisson"])
    let toys = try #require(
      outcome("ess:poisson", against: other, toys: Int(count), backend: CPUBackend()).toys)
    #expect(toys.unconverged == 0 && toys.atEnd == 0 && toys.underTruth.count == Int(count))
    #expect(abs(toys.truthTrue.mean + 1.550) < 4 * 2.69 / count.squareRoot())
    #expect(abs(toys.otherTrue.mean - 1.116) < 4 * 2.36 / count.squareRoot())
    #expect(abs(toys.truthTrue.standardDeviation / 2.69 - 1) < 0.1)
    // the error, median included, is about 0.009
    #expect(abs(toys.truthTrue.pValue - 0.1124) < 0.03 && abs(toys.otherTrue.pValue - 0.1478) < 0.03)
    // the Asimov shortcut, checked: the square root of Delta chi2 = 1.546 is Z of p = 0.107
    #expect(abs(toys.truthTrue.pValue - 0.107) < 0.03)
  }

  /// Vector of 242 MeV fitted to a dipole of 10 MeV, 1e-6 GeV^-1, in the same separate calculation (60001 strengths, every local minimum narrowed by scipy's
  /// bounded search; chi2 of several experiments added): the minimum undoes the Standard Model in hundreds of standard deviations and comes back.
  @Test(
    "Minima beyond the cancellation of the Standard Model are found, in one experiment and in two",
    arguments: [
      (["ess"], 84.23143843098856, 0.0004477911377507),
      (["ess:poisson"], 59.829288642481195, 0.0004480516944708),
      (["ess", "ess10"], 1649.03871735795, 0.0004673184923683),
      (["ess", "ess"], 168.46287686197712, 0.0004477911377507),
      (["ess:poisson", "ess:poisson"], 119.65857728496239, 0.0004480516944708),
    ] as [([String], Double, Double)])
  func cancellation(experiments: [String], delta: Double, coupling: Double) throws {
    let other = try hypothesis("vector", masses: [242], experiments: experiments)
    let dipole = try hypothesis("dipole", masses: [10], experiments: experiments)
    let found = try Discrimination(
      truth: dipole, mass: 10, coupling: 1e-6, backend: CPUBackend(),
      settings: DiscriminationSettings(toys: 0, seed: 1)
    ).run(against: other)
    #expect(abs(found.delta - delta) < 1e-6)
    #expect(abs(other.coupling(ofStrength: found.otherFit.strength) - coupling) < 2e-6 * coupling)
  }

  @Test("The minimum of an experiment taken twice is at most twice that of one", arguments: [3e-7, 1e-6])
  func doubled(coupling: Double) throws {
    let masses = [30.0, 100, 200, 240, 300, 500]
    for experiment in ["ess", "ess:poisson"] {
      let fits = try [1, 2].map { copies in
        let names = [String](repeating: experiment, count: copies)
        return try Discrimination(
          truth: hypothesis("dipole", masses: [10], experiments: names), mass: 10, coupling: coupling,
          backend: CPUBackend(), settings: DiscriminationSettings(toys: 0, seed: 1)
        ).run(against: hypothesis("vector", masses: masses, experiments: names)).otherFit
      }
      #expect(fits[1].statistic <= 2 * fits[0].statistic + 1e-6)
      // and, with pulls of their own, no less
      #expect(fits[1].statistic >= 2 * fits[0].statistic - 1e-4)
    }
  }

  @Test("Masses are added around the best fit until their spacing costs little, and halfway it does")
  func addedMasses() throws {
    let plain = try hypothesis("dipole", masses: [1, 5, 20, 50])
    let free = try Hypothesis(
      label: "dipole", joint: plain.joint, masses: plain.masses, addsMasses: true, backend: CPUBackend())
    let truth = try hypothesis("dipole", masses: [10])
    let likelihood = try CPUBackend().load(plain.joint.plan)
    let fit = { (hypothesis: Hypothesis, mass: Double) in
      let signal = try truth.signal(mass: mass).events(strength: truth.strength(ofCoupling: 1e-6))
      let data = JointData(observed: plain.joint.plan.expectation(factors: [1], signal: signal, strength: 1))
      return try HypothesisFitter(hypothesis: hypothesis, likelihood: likelihood, data: data).run()
    }
    let coarse = try fit(plain, 10)
    #expect(coarse.massAxisLoss > 0.3 && coarse.finerMasses != nil && coarse.masses.count == 4)
    let fine = try fit(free, 10)
    #expect(fine.massAxisLoss <= 0.3 && fine.finerMasses == nil && fine.masses.count > 4)
    // measured: data of masses halfway between those of the axis, fitted at the axis alone
    let fixed = try Hypothesis(
      label: "dipole", joint: plain.joint, masses: fine.masses.map(\.signal.mass), backend: CPUBackend())
    for interval in fine.massIntervals {
      let halfway = try fit(fixed, interval.middle)
      #expect((halfway.masses.map(\.statistic).min() ?? .infinity) < 0.33)
    }
  }

  @Test("Minima of toys over sampled strengths and parabolas are within 1e-3 of narrowed ones")
  func refinement() throws {
    for (model, masses) in [("charge-radius", [0.0]), ("vector", [30, 80])] {
      let other = try hypothesis(model, masses: masses, experiments: ["ess:poisson"])
      let likelihood = try ReferenceBackend().load(other.joint.plan)
      let dipole = try hypothesis("dipole", masses: [10], experiments: ["ess:poisson"])
      let signal = try dipole.signal(mass: 10).events(strength: dipole.strength(ofCoupling: 4e-7))
      let asimov = JointData(
        observed: other.joint.plan.expectation(factors: [1], signal: signal, strength: 1))
      let fit = try HypothesisFitter(hypothesis: other, likelihood: likelihood, data: asimov).run()
      let rows = try HypothesisRows([fit], interferes: true, binCount: other.joint.plan.binCount)
      let point = ToyPoint(key: 7, row: 0, strength: 1, factors: [1])
      let data = try likelihood.thrown(
        ToyBatch(seed: 11, ensemble: .profiled, toys: 0..<4, points: [point], search: nil), templates: signal)
      let quick = try rows.minima(data, on: likelihood)
      for set in 0..<4 {
        let bins = other.joint.plan.binCount
        let one = JointData(
          observed: Array(data.observed[set * bins..<(set + 1) * bins]), centres: [data.centres[set]])
        let narrowed = try HypothesisFitter(hypothesis: other, likelihood: likelihood, data: one).run()
        let least = narrowed.masses.map(\.statistic).min() ?? .nan
        #expect(quick.statistic[set] >= least - 1e-6)
        #expect(quick.statistic[set] - least < 1e-3)
      }
    }
  }

  @Test("A joint likelihood with an interfering signal is the one that limits of that interaction use")
  func sameStatistic() throws {
    let backend = try CPUBackend()
    let other = try hypothesis("charge-radius", masses: [0], experiments: ["coherent-csi-2021"])
    let likelihood = try ReferenceBackend().load(other.joint.plan)
    let bound = try #require(other.joint.members[0].interaction)
    let own = try #require(
      InterferingProfiler(
        variances: other.joint.members[0].likelihood.searchVariances(interferingWith: bound.standardModel),
        profile: ReferenceBackend().load(other.joint.members[0].likelihood), source: bound))
    let strengths = [-20.0, -1, 0, 0.5, 30]
    let signal = try other.signal(mass: 0)
    let joint = try likelihood.profile(
      strengths.indices.map { JointPoint(set: 0, row: $0, strength: 1) }, data: other.joint.data,
      templates: strengths.flatMap { try signal.events(strength: $0) })
    let expected = try own.evaluate(
      Tile(masses: [0], couplingSquares: strengths, columns: strengths.count),
      templates: bound.templates(masses: [0], on: backend))
    for (a, b) in zip(joint.statistic, expected.statistic) { #expect(abs(a - b) <= 1e-6 * max(1, b)) }
  }

  @Test("A model that is fitted to itself gives zero, at the injected mass and coupling")
  func itself() throws {
    let found = try outcome("ess", against: hypothesis("dipole", masses: [5, 10, 20]))
    #expect(found.delta < 1e-9 && found.reverseDelta < 1e-9)
    #expect(found.otherFit.mass == 10)
  }

  @Test("The best mass is found between the masses of the axis")
  func betweenMasses() throws {
    let found = try outcome("ess", against: hypothesis("dipole", masses: [7, 13]), coupling: 1e-6)
    #expect(found.delta < 1e-3 && found.otherFit.massAxisLoss > 0.1)
    #expect(abs(found.otherFit.mass - 10) < 0.1)
  }
}

import ScanCore
import Statistics

/// Toys and fits of a comparison of models.
package struct DiscriminationSettings: Codable, Hashable, Sendable {
  /// Of each model; 0 for none.
  package var toys: Int
  package var seed: UInt64

  package init(toys: Int, seed: UInt64) {
    self.toys = toys
    self.seed = seed
  }
}

/// Whether an experiment can tell a signal of one model from another model [UPS-50, UPS-51]: the other is fitted to the Asimov set of
/// the first (A), the first to that of the best fit of the other (B), and both to toys of A and of B.
package struct Discrimination: Sendable {
  /// What the two models give for one another.
  package struct Outcome: Sendable {
    /// Of the other model to the Asimov set of the truth.
    package var otherFit: HypothesisFit
    /// Delta chi2 of that fit above the truth's own, which is zero.
    package var delta: Double
    /// Of the first model to the Asimov set of `otherFit`, pulls included, and its chi2.
    package var reverseFit: HypothesisFit
    package var reverseDelta: Double
    /// Expected counts per bin: of the truth, and of `otherFit` with its pulls.
    package var truthEvents: [Double]
    package var otherEvents: [Double]
    /// nil without toys.
    package var toys: Toys?
  }

  package struct Toys: Sendable {
    /// T = chi2_min(A) - chi2_min(B) of the toys of A, and of those of B.
    package var underTruth: [Double]
    package var underOther: [Double]
    /// How well B is excluded where A is true, and A where B is true.
    package var truthTrue: SeparationPower
    package var otherTrue: SeparationPower
    /// Toys whose best strength is the last one sampled.
    package var atEnd: Int
    /// Fits that did not meet their criterion.
    package var unconverged: Int
    /// Fitted rows of the two models.
    package var rows: [Int]
    /// Masses the two models are fitted at.
    package var masses: [[Double]]
    /// What the spacing of these may cost, in chi2, and masses that would cost little.
    package var massAxisLoss: [Double]
    package var finerMasses: [String?]
  }

  private let truth: Hypothesis
  private let truthMass: Double
  /// In internal units.
  private let truthCoupling: Double
  private let likelihood: any LoadedJoint
  private let settings: DiscriminationSettings

  /// - Parameters:
  ///   - truth: its masses hold `mass`
  ///   - mass: of the injected signal, MeV
  ///   - coupling: of the injected signal, internal units
  package init(
    truth: Hypothesis, mass: Double, coupling: Double, backend: any Backend, settings: DiscriminationSettings
  ) throws {
    self.truth = truth
    truthMass = mass
    truthCoupling = coupling
    likelihood = try truth.joint.load(on: backend)
    self.settings = settings
  }

  private var plan: JointPlan { truth.joint.plan }

  /// - Parameter progress: toys done
  package func run(against other: Hypothesis, progress: (Int) -> Void = { _ in }) throws -> Outcome {
    let signal = try truth.signal(mass: truthMass)
      .events(strength: truth.strength(ofCoupling: truthCoupling))
    let nominal = plan.pulls.map { _ in 1.0 }
    let truthEvents = expectation(signal, nominal)
    let asimov = JointData(observed: truthEvents)
    let otherFit = try fit(other, asimov)
    let factors = otherFit.pulls.map { 1 + $0 }
    let otherSignal = try otherFit.best.signal.events(strength: otherFit.strength)
    let otherEvents = expectation(otherSignal, factors)
    // what auxiliary measurements of B would give on average: its own factors
    let otherAsimov = JointData(observed: otherEvents, centres: factors)
    let reverseFit = try fit(truth, otherAsimov)
    var outcome = Outcome(
      otherFit: otherFit, delta: otherFit.statistic, reverseFit: reverseFit,
      reverseDelta: reverseFit.statistic, truthEvents: truthEvents, otherEvents: otherEvents, toys: nil)
    guard settings.toys > 0 else { return outcome }
    outcome.toys = try toys(
      truths: [signal, otherSignal], factors: [nominal, factors],
      models: [
        Model(truth, [try fit(truth, asimov), reverseFit]),
        Model(other, [otherFit, try fit(other, otherAsimov)]),
      ], progress: progress)
    return outcome
  }

  /// Counts on average; rounding leaves no Poisson bin below zero.
  private func expectation(_ signal: [Double], _ factors: [Double]) -> [Double] {
    zip(plan.expectation(factors: factors, signal: signal, strength: 1), plan.variance)
      .map { $1 == 0 ? max($0, 0) : $0 }
  }

  private func fit(_ hypothesis: Hypothesis, _ data: JointData) throws -> HypothesisFit {
    try HypothesisFitter(hypothesis: hypothesis, likelihood: likelihood, data: data).run()
  }

  // MARK: - Toys

  private static let batch = 256

  /// A model with its fits to the Asimov sets of both truths.
  private struct Model {
    var hypothesis: Hypothesis
    var fits: [HypothesisFit]

    init(_ hypothesis: Hypothesis, _ fits: [HypothesisFit]) {
      self.hypothesis = hypothesis
      self.fits = fits
    }

    var worst: HypothesisFit? { fits.max { $0.massAxisLoss < $1.massAxisLoss } }
  }

  private func toys(
    truths: [[Double]], factors: [[Double]], models: [Model], progress: (Int) -> Void
  ) throws -> Toys {
    let rows = try models.map {
      try HypothesisRows($0.fits, interferes: $0.hypothesis.interferes, binCount: plan.binCount)
    }
    var differences: [[Double]] = [[], []]
    var (atEnd, unconverged) = (0, 0)
    for start in stride(from: 0, to: settings.toys, by: Self.batch) {
      let range = start..<min(start + Self.batch, settings.toys)
      for index in truths.indices {
        // equal keys would throw equal fluctuations from both truths
        let point = ToyPoint(key: UInt64(index), row: index, strength: 1, factors: factors[index])
        let data = try likelihood.thrown(
          ToyBatch(
            seed: settings.seed, ensemble: .profiled, toys: range, points: [point], search: nil),
          templates: truths.flatMap(\.self))
        let minima = try rows.map { try $0.minima(data, on: likelihood) }
        differences[index] += zip(minima[0].statistic, minima[1].statistic).map { $0 - $1 }
        atEnd += minima.reduce(0) { $0 + $1.atEnd }
        unconverged += minima.reduce(0) { $0 + $1.unconverged }
        progress(index == 0 ? start : range.upperBound)
      }
    }
    return Toys(
      underTruth: differences[0], underOther: differences[1],
      truthTrue: try SeparationPower(own: differences[0], other: differences[1], trueIsLow: true),
      otherTrue: try SeparationPower(own: differences[1], other: differences[0], trueIsLow: false),
      atEnd: atEnd, unconverged: unconverged, rows: rows.map(\.rowCount), masses: rows.map(\.masses),
      massAxisLoss: models.map { $0.worst?.massAxisLoss ?? 0 },
      finerMasses: models.map { $0.worst?.finerMasses })
  }
}

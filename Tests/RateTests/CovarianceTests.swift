import Pipeline
import Planning
import Rates
import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing

@testable import Experiments

/// Background pulls inside the covariance of the Gaussian statistic [UPS-25], and limits on flux ratios [UPS-26].
@Suite("Gaussian data with given uncertainties")
struct CovarianceTests {
  // Numbers of NumPy 1.26: r^T C^-1 r with C = diag + 0.09 D1 D1^T + D2 D2^T by matrix inversion; the free template
  // projected out; the signal pull in closed form, checked against BFGS over all four pulls.
  private static let observed = [12.5, -3.2, 40.1, 7.7, 21.0]
  private static let base = [10.0, 2, 35, 9, 18]
  private static let sigma = [2.0, 1.5, 4, 3, 2.5]
  private static let finite = [[4.0, 1, 20, 5, 9], [1.0, -1, 2, 0.5, -2]]
  private static let free = [3.0, 3, 3, 3, 3]
  private static let standardModel = [2.0, 0.5, 6, 1, 4]
  private static let signal = [1.0, 2, 3, 1, 0.5]

  private static func whitening(free isFree: Bool, freeFirst: Bool = false) -> CovarianceWhitening {
    var whitening = CovarianceWhitening(variance: sigma.map { $0 * $0 })
    if isFree && freeFirst { whitening.add(template: free, width: nil) }
    whitening.add(template: finite[0], width: 0.3)
    whitening.add(template: finite[1], width: 1)
    if isFree && !freeFirst { whitening.add(template: free, width: nil) }
    return whitening
  }

  private static func chiSquare(_ whitening: CovarianceWhitening) -> Double {
    whitening.apply(zip(observed, base).map { $0 - $1 }).reduce(0) { $0 + $1 * $1 }
  }

  @Test("Mixed residuals square to r^T C^-1 r, also with a free template, in any order")
  func identity() {
    #expect(isClose(Self.chiSquare(Self.whitening(free: false)), 12.680315897590141, rtol: 1e-13))
    for first in [false, true] {
      #expect(
        isClose(Self.chiSquare(Self.whitening(free: true, freeFirst: first)), 8.684963691941931, rtol: 1e-13))
    }
    var twice = Self.whitening(free: true)
    twice.add(template: Self.free.map { 2 * $0 }, width: nil)
    #expect(isClose(Self.chiSquare(twice), 8.684963691941931, rtol: 1e-12))
  }

  @Test("A very wide pull tends to a free one without losing digits")
  func wide() {
    var whitening = Self.whitening(free: false)
    whitening.add(template: Self.free, width: 1e9)
    #expect(isClose(Self.chiSquare(whitening), 8.684963691941931, rtol: 1e-12))
  }

  @Test("Every backend finds the statistic and the signal pull of the mixed plan", arguments: [0, 1])
  func profile(backend: Int) throws {
    let plan = LikelihoodPlan(
      statistic: .gaussian, fold: ComponentFold(componentCount: 1, energyBins: 5, timeBins: 1, weights: [1]),
      observed: Self.observed, base: Self.base, pullTemplates: [Self.standardModel], pullWidths: [0.12],
      firstPullScalesSignal: true, variance: Self.sigma.map { $0 * $0 })
    let whitening = Self.whitening(free: true)
    let mixed = plan.whitened(by: whitening)
    let backends: [any Backend] = [ReferenceBackend(), try CPUBackend()]
    let tile = Tile(masses: [1], couplingSquares: [0, 1, 2.5], columns: 3)
    let result = try backends[backend].load(mixed)
      .evaluate(tile, templates: whitening.apply(Self.signal))
    for (found, expected) in zip(
      result.statistic, [8.602402335645014, 12.154002312147284, 19.024509290499925])
    {
      #expect(isClose(found, expected, rtol: 1e-12))
    }
    for (found, expected) in zip(
      result.pulls, [0.034222145740971835, 0.009243197205622361, -0.05305284558062359])
    {
      #expect(isClose(found, expected, rtol: 1e-10))
    }
  }

  // MARK: - Whole experiments

  /// Residuals with uncertainties, a constrained, a free and a fixed background, a shape; optionally in time bins.
  static func experiment(times: [Double]) -> ExperimentSpec {
    var spec = ToyExperiment.smeared()
    spec.kind = .measurement
    spec.analysis.includeElectrons = false
    spec.channel.energyEdges = [8, 14, 20, 40, 60]
    spec.channel.timeEdges = times
    if times.isEmpty { spec.detector.timeEfficiency = .unity }
    let bins = 4 * max(1, times.count - 1)
    func wave(_ a: Double, _ b: Double, _ c: Double) -> [Double] {
      (0..<bins).map { bin -> Double in
        let (up, down) = (Double((bin * 7 + 3) % 5), Double((bin * 3) % 4))
        return a + b * up - c * down
      }
    }
    spec.channel.observed = wave(4, 9, 3)
    spec.channel.uncertainties = wave(6, 0.7, 0.3)
    spec.channel.backgrounds = [
      BackgroundSpec(name: "beam", shape: .events(wave(5, 2, 1))),
      BackgroundSpec(name: "flat", shape: .events(wave(3, 0, 0.1))),
      BackgroundSpec(name: "fixed", shape: .events(wave(1, 0.2, 0))),
    ]
    spec.systematics = SystematicsSpec(
      signalWidth: 0.13, signalScope: .signalAndStandardModel,
      backgroundWidths: ["beam": 0.32, "flat": SystematicsSpec.freeWidth],
      shapePulls: [
        ShapePullSpec(
          name: "tilt",
          effect: .backgroundShape(
            background: "beam", plusOneSigma: wave(7, 1, 1.5), minusOneSigma: wave(4, 3.5, 1)))
      ], statistic: .gaussian, freeBackgrounds: ["flat"])
    return spec
  }

  /// min over every pull of the plain sum of squares, by elimination on the normal equations.
  private func explicitMinimum(
    residual: [Double], sigma: [Double], templates: [(events: [Double], width: Double?)]
  ) -> Double {
    let n = templates.count
    func overlap(_ a: [Double], _ b: [Double]) -> Double {
      sigma.indices.reduce(0.0) { sum, bin in sum + a[bin] * b[bin] / (sigma[bin] * sigma[bin]) }
    }
    var rows = templates.map { template -> [Double] in
      templates.map { overlap(template.events, $0.events) } + [overlap(template.events, residual)]
    }
    for i in 0..<n {
      if let width = templates[i].width { rows[i][i] += 1 / (width * width) }
    }
    for i in 0..<n {
      for k in 0..<n where k != i {
        let factor = rows[k][i] / rows[i][i]
        for j in i...n { rows[k][j] -= factor * rows[i][j] }
      }
    }
    let pulls = (0..<n).map { rows[$0][n] / rows[$0][$0] }
    var penalty = 0.0
    for (pull, template) in zip(pulls, templates) {
      if let width = template.width { penalty += pull * pull / (width * width) }
    }
    return sigma.indices.reduce(penalty) { sum, bin in
      let shift = zip(pulls, templates).reduce(0.0) { total, next in total + next.0 * next.1.events[bin] }
      let rest = (residual[bin] - shift) / sigma[bin]
      return sum + rest * rest
    }
  }

  @Test(
    "Factored and pointwise jobs give the explicit minimum over all pulls, with and without a time axis",
    arguments: [[], [0, 0.5, 1, 6]] as [[Double]])
  func explicit(times: [Double]) throws {
    let spec = Self.experiment(times: times)
    let model = try RateModel(spec)
    let cpu = try CPUBackend()
    let masses = [1.0, 20]
    let analysis = try Analysis(
      model: model, settings: AnalysisSettings(flavour: "all", dataSet: .observed, statistic: .gaussian),
      masses: masses, backend: cpu, planningBackend: cpu)
    #expect(analysis.covariancePulls == ["beam", "flat", "tilt"] && analysis.pullNames == ["signal"])
    #expect(analysis.pulled == nil)
    let squares = [0.0, 0.02, 0.3]
    let tile = Tile(masses: masses, couplingSquares: masses.flatMap { _ in squares }, columns: 3)
    let reference = ReferenceBackend()
    let physical = try reference.load(analysis.physicalSignalPlan).evaluate(masses: masses)
    let mixed = try reference.load(analysis.signalPlan).evaluate(masses: masses)
    let fold = analysis.likelihood.fold
    let templates = masses.indices.flatMap { row in
      fold.fold(
        mixed[row * analysis.signalPlan.valuesPerMass..<(row + 1) * analysis.signalPlan.valuesPerMass])
    }
    let factored = try reference.load(analysis.likelihood).evaluate(tile, templates: templates)
    let pointwise = try cpu.load(analysis.signalPlan, analysis.likelihood).evaluate(tile)
    let channel = spec.channel
    let backgrounds = model.backgroundTemplates().map(\.events)
    for (row, _) in masses.enumerated() {
      let values = analysis.physicalSignalPlan.valuesPerMass
      let signal = analysis.physicalSignalFold.fold(physical[row * values..<(row + 1) * values])
      for (column, q) in squares.enumerated() {
        let bins = signal.indices
        let prediction = bins.map { bin in
          analysis.standardModelEvents[bin] + q * signal[bin] + backgrounds.reduce(0) { $0 + $1[bin] }
        }
        let expected = explicitMinimum(
          residual: bins.map { (channel.observed ?? [])[$0] - prediction[$0] },
          sigma: channel.uncertainties ?? [],
          templates: [
            (bins.map { analysis.standardModelEvents[$0] + q * signal[$0] }, 0.13), (backgrounds[0], 0.32),
            (backgrounds[1], nil), (model.backgroundShapes[0].change, 1),
          ])
        let index = row * squares.count + column
        #expect(
          isClose(factored.statistic[index], expected, rtol: 1e-9), "\(factored.statistic[index]) \(expected)"
        )
        #expect(
          isClose(pointwise.statistic[index], expected, rtol: 1e-9),
          "\(pointwise.statistic[index]) \(expected)")
      }
    }
  }

  @Test("The spectrum shows the bins of the channel, not mixed ones")
  func spectrum() throws {
    let spec = Self.experiment(times: [])
    let cpu = try CPUBackend()
    let analysis = try Analysis(
      model: RateModel(spec),
      settings: AnalysisSettings(flavour: "mu", dataSet: .observed, statistic: .gaussian),
      masses: [5], backend: cpu, planningBackend: cpu)
    let spectrum = try analysis.spectrum(
      channel: spec.channel, m4: 5, coupling: 1e-6, recoils: [], backend: cpu)
    let direct = try [0, 1].map {
      try analysis.model.directCounts(process: .dipole, component: $0, heavyMass: 5, coupling: 1e-6).values
    }
    let dipole = try #require(spectrum.ingredients.first { $0.name == "dipole" })
    for bin in 0..<4 {
      #expect(isClose(dipole.events[bin], direct[0][bin] + direct[1][bin], rtol: 1e-8))
    }
  }

  @Test("Data with uncertainties refuse the Poisson statistic, and shapes of the signal the Gaussian one")
  func refusals() throws {
    let cpu = try CPUBackend()
    func message(_ spec: ExperimentSpec, _ statistic: StatisticKind) throws -> String {
      do {
        _ = try Analysis(
          model: RateModel(spec),
          settings: AnalysisSettings(flavour: "mu", dataSet: .observed, statistic: statistic),
          masses: [5], backend: cpu, planningBackend: cpu)
        return "no error"
      } catch let error as PlanningError { return error.message }
    }
    var spec = Self.experiment(times: [])
    #expect(try message(spec, .poisson).contains("uncertainties of its own"))
    spec.systematics.shapePulls = [ShapePullSpec(name: "radius", effect: .neutronRadius(width: 0.05))]
    #expect(try message(spec, .gaussian).contains("\"radius\""))
  }

  // MARK: - Flux ratio

  @Test(
    "A limit on a flux is met where Standard Model and dipole events exceed the Standard Model by its ratio")
  func fluxRatio() throws {
    var spec = ToyExperiment.ideal(edges: [2, 40])
    spec.kind = .measurement
    spec.analysis.includeElectrons = false
    spec.channel.fluxRatioLimit = FluxRatioLimitSpec(limit: 1.4e7, prediction: 5.16e6, confidence: 0.9)
    spec.systematics.statistic = .gaussian
    let cpu = try CPUBackend()
    let model = try RateModel(spec)
    let analysis = try Analysis(
      model: model, settings: AnalysisSettings(flavour: "all", dataSet: .observed, statistic: .gaussian),
      masses: [4, 30], backend: cpu, planningBackend: cpu)
    // 2.7055434540954: 90 % quantile of chi2 with one degree of freedom
    let rows = try LimitJob(analysis: analysis, backend: cpu).run(
      masses: [4, 30], threshold: 2.7055434540954)
    let expectedEvents = try (0...2).reduce(0.0) {
      $0
        + (try model.directCounts(process: .standardModel, component: $1, heavyMass: 0, coupling: 0).values[0])
    }
    for row in rows {
      let coupling = try #require(row.coupling)
      let dipole = try (0...2).reduce(0.0) {
        $0
          + (try model.directCounts(process: .dipole, component: $1, heavyMass: row.m4, coupling: coupling)
            .values[0])
      }
      #expect(isClose((expectedEvents + dipole) / expectedEvents, 1.4e7 / 5.16e6, rtol: 1e-8))
    }
  }
}

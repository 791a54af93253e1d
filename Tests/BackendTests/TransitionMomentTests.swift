import DipolePhysics
import Experiments
import Foundation
import Planning
import ReferenceBackend
import SIMDBackend
import ScanCore
import Statistics
import Testing

@testable import Pipeline
@testable import Rates

@Suite("Space of transition moments [UPS-52]")
struct TransitionMomentTests {
  private static let mixing = LeptonMixing(
    sin2Theta12: 0.303, sin2Theta13: 0.02225, sin2Theta23: 0.451, delta: 4.05)
  private static let level = 2.705543454095404

  private func analysis(
    _ experiment: String, _ interaction: (any Interaction)?, flavour: String = "all", mass: Double
  ) throws -> Analysis {
    let backend = try CPUBackend()
    let spec = try Catalogue.load(experiment)
    return try Analysis(
      model: RateModel(spec),
      settings: AnalysisSettings(
        flavour: flavour, dataSet: spec.kind == .measurement ? .observed : .asimov,
        statistic: spec.systematics.statistic == .gaussian ? .gaussian : .poisson), masses: [mass],
      backend: backend, planningBackend: backend, interaction: interaction)
  }

  private func likelihood(_ experiments: String..., mass: Double = 10) throws -> MomentLikelihood {
    let analyses = try experiments.map { try analysis($0, UnitMoments(), mass: mass) }
    let beam = FlavourBeam(mixing: Self.mixing, isCoherent: true)
    return try MomentLikelihood(
      JointAnalysis(analyses), beams: experiments.map { _ in beam }, mass: mass, backend: ReferenceBackend())
  }

  /// lambda_i4 = U_ai d.
  private func flavoured(_ family: String, _ d: Double, rotatedBy phase: Double = 0) -> MomentPoint {
    var point = MomentPoint()
    for (index, entry) in Self.mixing.row(family).enumerated() {
      point.values[index] = d * entry.squaredMagnitude.squareRoot()
      point.values[index + 3] = atan2(entry.imaginary, entry.real) + phase
    }
    return point
  }

  @Test("One flavour coupling in the mass basis has the limit of that flavour, with a complex mixing matrix")
  func flavourLimit() throws {
    let likelihood = try likelihood("coherent-csi-2021")
    for family in ["mu", "e"] {
      let row = try LimitJob(
        analysis: analysis("coherent-csi-2021", nil, flavour: family, mass: 10), backend: ReferenceBackend()
      ).run(masses: [10], threshold: Self.level)[0]
      let limit = try #require(row.coupling)
      let statistic = try likelihood.statistic([flavoured(family, limit)])[0]
      // Delta chi2 is steep: this is 1e-9 in the coupling
      #expect(abs(statistic - row.minimumStatistic - Self.level) < 1e-8)
    }
  }

  @Test("All phases turned together change nothing; a dipole of nu_tau does nothing at a source without them")
  func symmetries() throws {
    let likelihood = try likelihood("ess")
    var point = MomentPoint()
    point.values = [4e-7, 3e-7, 2e-7, 0.3, 1.1, 5]
    var turned = point
    for index in 3..<6 { turned.values[index] += 1.3 }
    var other = point
    other.values[4] += 1.3
    let values = try likelihood.statistic([
      point, turned, other, flavoured("tau", 1e-4), MomentPoint(), flavoured("mu", 3e-7),
      flavoured("mu", 3e-7, rotatedBy: 2),
    ])
    #expect(abs(values[0] - values[1]) < 1e-10 * values[0])
    #expect(abs(values[0] - values[2]) > 1)
    #expect(abs(values[3] - values[4]) < 1e-9)
    #expect(values[5] > 1 && abs(values[5] - values[6]) < 1e-10 * values[5])
  }

  @Test("Solar neutrinos see the sizes alone, and profiling the others changes no sensitivity")
  func solar() throws {
    let likelihood = try likelihood("darwin", mass: 2)
    #expect(!likelihood.hasPhases)
    var point = MomentPoint()
    point.values = [4e-8, 3e-8, 2e-8, 0, 0, 0]
    var turned = point
    turned.values = [4e-8, 3e-8, 2e-8, 0.3, 1.1, 5]
    let values = try likelihood.statistic([point, turned])
    #expect(abs(values[0] - values[1]) <= 1e-12 * values[0])
    let limits = MomentLimits(likelihood: likelihood, threshold: Self.level)
    let single = try [MomentParameter.lambda14, .lambda24, .lambda34].map { try limits.alone($0) }
    let minimum = try limits.minimum(single: single).statistic
    #expect(abs(minimum) < 1e-9)
    let alone = try #require(single[1])
    let profiled = try #require(try limits.profiled(.lambda24, single: single, minimum: minimum))
    #expect(abs(profiled / alone - 1) < 1e-6)
  }

  @Test("Limits on one moment are those of --model transition; profiled, a source without nu_tau has none")
  func single() throws {
    let likelihood = try likelihood("ess")
    let limits = MomentLimits(likelihood: likelihood, threshold: Self.level)
    let single = try [MomentParameter.lambda14, .lambda24, .lambda34].map { try limits.alone($0) }
    for (index, name) in ["lambda14", "lambda24", "lambda34"].enumerated() {
      let spec = try Catalogue.load("ess")
      let interaction = try InteractionCatalogue.named("transition")
        .make(flavour: nil, parameters: ["\(name)=1"], source: spec.source.components)
      let expected = try #require(
        try LimitJob(analysis: analysis("ess", interaction, mass: 10), backend: ReferenceBackend())
          .run(masses: [10], threshold: Self.level)[0].coupling)
      #expect(abs(try #require(single[index]) / expected - 1) < 1e-8)
    }
    #expect(
      try limits.profiled(.lambda24, single: single, minimum: limits.minimum(single: single).statistic) == nil
    )
  }

  /// Python (numpy, scipy): events of d_mu and d_e that `spectrum ess --m4 10 --d 1e-6` prints, U from the angles, the pull in closed form; minima
  /// by Nelder-Mead from 20 and by BFGS from 60 starts.
  @Test(
    "The statistic and its minima over moments and phases are those of a separate calculation",
    arguments: [
      (1.0, 1.0, 64.50108074963437, 195.77290598054302, 0.011353666716248543),
      (0.6, 0.9, 40.37147700655758, 154.27113239843203, 0.00460580753858954),
      (0.3, 1.2, 112.50639151524331, 253.53533106095554, 2.2804721271949617),
    ])
  func separate(x: Double, y: Double, plain: Double, phased: Double, profiled: Double) throws {
    let likelihood = try likelihood("ess")
    var point = MomentPoint()
    point[.lambda14] = x * 1e-6
    point[.lambda24] = y * 1e-6
    var other = point
    (other[.lambda34], other[.phase24], other[.phase34]) = (0.5e-6, 1.2, 2.2)
    let values = try likelihood.statistic([point, other])
    #expect(abs(values[0] - plain) < 1e-8 * plain && abs(values[1] - phased) < 1e-8 * phased)
    let largest = [[1e-5, 1e-5, 1e-5]]
    let size = try MomentSearch(likelihood: likelihood, parameters: [.lambda34])
      .minima(from: [point], largest: largest)[0]
    #expect(abs(size.statistic - plain) < 1e-4 && size.point[.lambda34] < 1e-8)
    let all = try MomentSearch(likelihood: likelihood, parameters: [.lambda34, .phase24, .phase34])
      .minima(from: [point], largest: largest)[0]
    #expect(abs(all.statistic - profiled) < 1e-6)
  }

  @Test("The gradient is the difference of neighbouring values")
  func gradient() throws {
    let likelihood = try likelihood("ess", "darwin", mass: 5)
    var point = MomentPoint()
    point.values = [4e-7, 3e-7, 2e-7, 0.3, 1.1, 5]
    let gradient = try likelihood.values([point])[0].gradient
    for index in gradient.indices {
      let step = index < 3 ? 1e-12 : 1e-5
      let ends = [-step, step].map { side in
        var end = point
        end.values[index] += side
        return end
      }
      let values = try likelihood.statistic(ends)
      let difference = (values[1] - values[0]) / (2 * step)
      let scale = gradient[index < 3 ? 0 : 3] + gradient[index < 3 ? 1 : 4]
      #expect(abs(difference - gradient[index]) < 1e-4 * max(abs(gradient[index]), abs(scale)))
    }
  }

  @Test("A plane of a fixed third moment has the level where its edge has the limit on one moment alone")
  func plane() throws {
    let likelihood = try likelihood("ess")
    let alone = try #require(
      try MomentLimits(likelihood: likelihood, threshold: Self.level).alone(.lambda14))
    let values = (0...20).map { 2 * alone * Double($0) / 20 }
    let outcome = try MomentPlane(
      likelihood: likelihood,
      request: MomentPlane.Request(
        x: .lambda14, y: .lambda24, xValues: values, yValues: values, fixed: MomentPoint(), profiled: [],
        threshold: Self.level), single: [alone, nil, nil]
    ).run()
    #expect(outcome.minimum < 1e-9 && outcome.delta[0] < 1e-9)
    let start = try #require(outcome.contours.first?.points.last { $0.d == 0 })
    #expect(abs(start.m4 / alone - 1) < 0.01)  // linear between points a tenth of it apart
  }
}

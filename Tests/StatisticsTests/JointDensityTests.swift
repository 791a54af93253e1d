import Foundation
import ReferenceBackend
import ScanCore
import Testing

@testable import Statistics

@Suite("Joint density, interpolated templates") struct JointDensityTests {
  /// A Poisson block with a pull that scales the signal, and a Gaussian bin with a shape.
  private let plan = JointPlan(
    rest: [2, 3, 10], variance: [0, 0, 4],
    pulls: [
      JointPull(name: "signal", width: 0.25, events: [4, 2, 0]),
      JointPull(name: "shape", width: 1, events: [0, 0, 1.5], isNormalisation: false),
    ],
    blocks: [
      JointBlock(name: "a", bins: 0..<2, signalShares: [1, 0]),
      JointBlock(name: "b", bins: 2..<3, signalShares: [0, 0]),
    ])
  private let data = JointData(observed: [7, 0, 13], centres: [1.1, 0.8])

  /// By hand: mu = (2 + 1.2 (4 + 3), 3 + 1.2 (2 + 1), 10 + 0.5 1.5 + 2) = (10.4, 6.6, 12.75),
  /// 2 (10.4 - 7 + 7 ln(7/10.4)) + 2 6.6 + 0.25^2/4 + (0.1/0.25)^2 + 0.3^2
  @Test("chi2 at given pulls is what its formula says")
  func value() throws {
    let density = try JointDensity(plan: plan, data: data)
    let expected =
      2 * (10.4 - 7 + 7 * log(7 / 10.4)) + 13.2 + 0.0625 / 4 + 0.4 * 0.4 + 0.3 * 0.3
    #expect(isClose(density.chiSquare(pulls: [0.2, -0.5], signal: [3, 1, 2]), expected, relative: 1e-13))
  }

  @Test("It is lowest where the reference finds the minimum over the pulls, and as low")
  func minimum() throws {
    let density = try JointDensity(plan: plan, data: data)
    let found = try ReferenceBackend().load(plan)
      .profile([JointPoint(set: 0, row: 0, strength: 2)], data: data, templates: [3, 1, 2])
    let signal = [6.0, 2, 4]
    let least = density.chiSquare(pulls: found.pulls, signal: signal)
    #expect(isClose(least, found.statistic[0], relative: 1e-12))
    for (a, b) in [(1e-3, 0.0), (-1e-3, 0), (0, 1e-3), (0, -1e-3)] {
      #expect(density.chiSquare(pulls: [found.pulls[0] + a, found.pulls[1] + b], signal: signal) > least)
    }
  }

  @Test("Outside the domain it is infinite")
  func domain() throws {
    let density = try JointDensity(plan: plan, data: data)
    #expect(density.chiSquare(pulls: [-1, 0], signal: [3, 1, 2]) == .infinity)
    #expect(density.chiSquare(pulls: [0, 0], signal: [-9, 1, 2]) == .infinity)
    #expect(density.chiSquare(pulls: [0, -1], signal: [3, 1, 2]).isFinite)
    #expect(throws: StatisticsError.self) { try JointDensity(plan: plan, data: JointData(observed: [1])) }
  }

  @Test("Interpolation is exact for parabolas, and of third order for an exponential")
  func interpolation() throws {
    func error(_ nodes: [Double], _ f: (Double) -> Double) throws -> Double {
      let table = try InterpolatedTemplates(nodes: nodes, templates: nodes.flatMap { [f($0), 2 * f($0)] })
      return stride(from: 0, through: 4, by: 0.01).map { x in
        let signal = table.signal(at: x)
        return max(abs(signal[0] - f(x)), abs(signal[1] / 2 - f(x)))
      }.max() ?? .nan
    }
    #expect(try error([0, 0.3, 1.1, 2, 2.5, 4]) { 5 + 2 * $0 + $0 * $0 } < 1e-13)
    let errors = try [20, 40].map { count in
      try error((0...count).map { 4 * Double($0) / Double(count) }) { exp(-$0) }
    }
    #expect(errors[0] / errors[1] > 7)
  }

  @Test("Interpolated signals are never negative and stay within the range of the nodes")
  func clamped() throws {
    let table = try InterpolatedTemplates(nodes: [0, 1, 2, 3], templates: [4, 1, 0, 0])
    #expect(stride(from: -1, through: 4, by: 0.01).allSatisfy { table.signal(at: $0)[0] >= 0 })
    #expect(table.signal(at: -1) == [4] && table.signal(at: 5) == [0])
    #expect(throws: StatisticsError.self) { try InterpolatedTemplates(nodes: [1, 0], templates: [1, 2]) }
  }

  @Test("The region of highest density of given cells holds the fewest cells that reach the level")
  func threshold() throws {
    let density = SampledDensity(x: [0, 1], y: [0, 1], mass: [5, 1, 3, 1])
    #expect(try density.threshold(level: 0.45) == 0.5)
    #expect(try density.threshold(level: 0.75) == 0.3)
    #expect(throws: StatisticsError.self) { try density.threshold(level: 1) }
  }

  /// Samples spread evenly over a range that the grid ends at: no cell may lose to the border.
  @Test("Smoothing keeps an even density even up to the borders")
  func borders() throws {
    let values = (0..<400).map { (Double($0) + 0.5) / 400 }
    let samples = values.flatMap { x in stride(from: 0, to: 400, by: 8).map { (x: x, y: values[$0 + 4]) } }
    let density = try SampledDensity(samples: samples, independent: 1e5, x: 0...1, y: 0...1, cells: 25)
    #expect(isClose(density.mass.reduce(0, +), 1, relative: 1e-12))
    // one kernel width from a border mass is moved by up to a few percent
    #expect(density.mass.allSatisfy { isClose($0, 1 / 625, relative: 0.25) })
  }
}

import Backends
import Experiments
import Pipeline
import Rates
import ReferenceBackend
import SIMDBackend
import ScanCore
import Scanning
import Testing
import Verification

/// The main job on a small grid: what must not depend on how the work is cut or where it runs.
@Suite("Scans")
struct ScanTests {
  private static func analysis(_ mode: IntegralMode = .moments) throws -> Analysis {
    let cpu = try CPUBackend()
    return try Analysis(
      model: RateModel(Catalogue.load("coherent-csi-2021")),
      settings: AnalysisSettings(flavour: "mu", mode: mode, dataSet: .observed),
      masses: masses, backend: cpu, planningBackend: cpu)
  }
  private static let masses = [0.1, 2, 9, 17, 29, 31, 44]
  private static let couplings = (0..<13).map { 1e-7 * pow(10, 0.25 * Double($0)) }

  private static func scan(
    _ analysis: Analysis, _ backend: any Backend, job: ScanJob = .factored, dof: Int = 1,
    tilePoints: Int? = nil
  ) throws -> (statistic: [Double], summary: ScanSummary) {
    let plan = ScanPlan(
      rates: analysis.signalPlan, likelihood: analysis.likelihood, masses: masses, couplings: couplings,
      job: job,
      degreesOfFreedom: dof)
    var statistic: [Double] = []
    let summary = try ScanDriver(
      plan: plan, devices: [backend], reference: ReferenceBackend(),
      schedule: ScanSchedule(tilePoints: tilePoints)
    ).run { statistic += $0.statistic }
    return (statistic, summary)
  }

  @Test("The tile shape does not change a bit", arguments: [1, 13, 14, 40, 1000])
  func tiles(points: Int) throws {
    let analysis = try Self.analysis()
    let cpu = try CPUBackend()
    #expect(try Self.scan(analysis, cpu).statistic == Self.scan(analysis, cpu, tilePoints: points).statistic)
  }

  @Test("The number of workers does not change a bit", arguments: [1, 2, 3])
  func workers(count: Int) throws {
    let analysis = try Self.analysis()
    let expected = try Self.scan(analysis, CPUBackend(workers: 1)).statistic
    #expect(try Self.scan(analysis, CPUBackend(workers: count)).statistic == expected)
  }

  @Test("Pointwise gives the bits of factored in double precision", arguments: IntegralMode.allCases)
  func pointwise(mode: IntegralMode) throws {
    let analysis = try Self.analysis(mode)
    let cpu = try CPUBackend()
    #expect(try Self.scan(analysis, cpu, job: .pointwise).statistic == Self.scan(analysis, cpu).statistic)
  }

  @Test("Every backend and precision finds the same statistic")
  func backends() throws {
    let analysis = try Self.analysis()
    let expected = try Self.scan(analysis, ReferenceBackend()).statistic
    let simd = try Self.scan(analysis, CPUBackend()).statistic
    for backend in BackendCatalogue.everything().backends {
      let found = try Self.scan(analysis, backend).statistic
      if backend.identity.precision == .double && backend.identity.backend != "reference" {
        #expect(found == simd, "\(backend.identity)")
      }
      let worst = zip(found, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? .infinity
      #expect(worst <= (backend.identity.precision == .double ? 1e-10 : 1e-4), "\(backend.identity)")
    }
  }

  @Test("The spot check notices a backend that is wrong by 1e-8")
  func spotCheck() throws {
    let analysis = try Self.analysis()
    let wrong = PerturbedBackend(try CPUBackend(), relative: 1e-8)
    #expect(try Self.scan(analysis, CPUBackend()).summary.spotCheck.passed)
    #expect { try Self.scan(analysis, wrong) } throws: { error in
      (error as? ScanError)?.message.contains("and the reference differ by") == true
    }
  }

  @Test(
    "Delta chi2 starts at zero where the best fit is the Standard Model, and one or two dof share the statistic"
  )
  func degreesOfFreedom() throws {
    let analysis = try Self.analysis()
    let cpu = try CPUBackend()
    let one = try Self.scan(analysis, cpu)
    let two = try Self.scan(analysis, cpu, dof: 2)
    #expect(one.statistic.min() ?? -1 >= -1e-9)
    for row in Self.masses.indices {
      let shift = one.summary.minimumStatistic[row] - one.summary.globalMinimum
      for column in Self.couplings.indices {
        let i = row * Self.couplings.count + column
        #expect(abs(two.statistic[i] - one.statistic[i] - shift) <= 1e-9 * max(1, two.statistic[i]))
      }
    }
  }

  private static func pow(_ base: Double, _ exponent: Double) -> Double {
    var result = 1.0  // quarter decades are enough here
    for _ in 0..<Int((exponent * 4).rounded()) { result *= base.squareRoot().squareRoot() }
    return result
  }
}

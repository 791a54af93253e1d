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

/// Limits of interactions: against each other where two are the same physics, and against the statistic written out.
@Suite("Interactions: limits [UPS-35]")
struct InteractionLimitTests {
  private static let threshold = 2.705543454095404

  private func analysis(
    _ name: String, _ parameters: [String] = [], flavour: ActingFlavour? = nil, masses: [Double] = [0],
    data: DataSet = .observed, experiment: String = "coherent-csi-2021"
  ) throws -> Analysis {
    let backend = try CPUBackend()
    let spec = try Catalogue.load(experiment)
    let interaction = try InteractionCatalogue.named(name)
      .make(flavour: flavour, parameters: parameters, source: spec.source.components)
    return try Analysis(
      model: RateModel(spec),
      settings: AnalysisSettings(flavour: flavour?.rawValue ?? "mu", dataSet: data), masses: masses,
      backend: backend, planningBackend: backend, interaction: interaction)
  }

  private func rows(
    _ name: String, _ parameters: [String] = [], flavour: ActingFlavour? = nil, masses: [Double] = [0],
    data: DataSet = .observed, backend: (any Backend)? = nil
  ) throws -> [LimitJob.Row] {
    let analysis = try analysis(name, parameters, flavour: flavour, masses: masses, data: data)
    return try LimitJob(analysis: analysis, backend: backend ?? CPUBackend())
      .run(masses: masses, threshold: Self.threshold)
  }

  @Test("A magnetic moment has the limit of the dipole at m4 = 1e-6 MeV")
  func magneticMoment() throws {
    let dipole = try #require(try rows("dipole", masses: [1e-6])[0].coupling)
    let moment = try #require(try rows("magnetic-moment")[0].coupling)
    #expect(abs(moment / dipole - 1) < 1e-9)
  }

  @Test("Transition moments of one flavour coupling have the limit of that flavour")
  func transition() throws {
    // lambda_i4 = U_mui with delta = 0: real, so that neutrinos and antineutrinos alike scatter by d_mu alone
    let mixing = LeptonRow.mu
    let parameters = [
      "delta=0", "lambda14=\(mixing[0]),lambda24=\(mixing[1]),lambda34=\(mixing[2])",
    ]
    let moments = try rows("transition", parameters, masses: [5, 20]).map { try #require($0.coupling) }
    let dipole = try rows("dipole", masses: [5, 20]).map { try #require($0.coupling) }
    for (a, b) in zip(moments, dipole) { #expect(abs(a / b - 1) < 1e-9) }
  }

  /// U_mu of the default angles at delta = 0, independent Python (numpy).
  private enum LeptonRow {
    static let mu = [-0.4914880503410952, 0.5634485303662695, 0.6640521440368972]
  }

  @Test("Anapole moments have the limits of the charge radius over -6")
  func anapole() throws {
    let radius = try #require(try rows("charge-radius")[0].allowed)
    let anapole = try #require(try rows("anapole")[0].allowed)
    #expect(radius.count == 2 && anapole.count == 2)
    for (a, b) in zip(radius, anapole.reversed()) {
      #expect(abs(a.lowerBound / (-6 * b.upperBound) - 1) < 1e-9)
      #expect(abs(a.upperBound / (-6 * b.lowerBound) - 1) < 1e-9)
    }
  }

  @Test(
    "A vector far above the momentum transfer has limits g proportional to m_V, and those of a rescaled charge"
  )
  func heavyVector() throws {
    let limits = try rows("vector", masses: [1e5, 2e5]).map { try #require($0.coupling) }
    #expect(abs(limits[1] / limits[0] - 2) < 1e-5)
    let charges = ["neutrino=4", "proton=3", "neutron=3", "electron=1"]
    let strong = try #require(try rows("vector", charges, masses: [1e5])[0].coupling)
    #expect(abs(strong / limits[0] - 0.5) < 1e-9)
  }

  @Test(
    "Every end of an allowed interval lies on the level, for the charge radius on the reference too",
    arguments: [
      ("charge-radius", 0.0), ("millicharge", 0), ("vector", 20), ("vector-b-l", 200),
    ])
  func ends(model: String, mass: Double) throws {
    let analysis = try analysis(model, masses: [mass])
    let row = try LimitJob(analysis: analysis, backend: CPUBackend())
      .run(masses: [mass], threshold: Self.threshold)[0]
    let ends = try #require(row.allowed).flatMap { [$0.lowerBound, $0.upperBound] }.filter { $0 != 0 }
    #expect(!ends.isEmpty && ends.allSatisfy { $0.isFinite })
    // the reference is slow in debug builds: once is enough
    let isSmall = model == "charge-radius"
    for backend in (isSmall ? [try CPUBackend(), ReferenceBackend()] : [try CPUBackend()]) as [any Backend] {
      let profile = try LimitJob(analysis: analysis, backend: backend)
        .profile(masses: [mass], couplings: ends + [row.bestCoupling])
      for delta in profile.rows[0].delta.dropLast() { #expect(abs(delta - Self.threshold) < 1e-6) }
      #expect(abs(profile.rows[0].delta.last ?? 1) < 1e-8)
      // a fine walk finds no point below the level outside, and none above it inside
      let span = ends.map(abs).max() ?? 0
      let low: Double = ends.contains { $0 < 0 } ? -1.5 * span : 0
      let step: Double = (1.5 * span - low) / 200
      let walk: [Double] = (0...200).map { low + step * Double($0) }
      let deltas = try LimitJob(analysis: analysis, backend: backend).profile(masses: [mass], couplings: walk)
        .rows[0].delta
      for (coupling, delta) in zip(walk, deltas) {
        let isAllowed = row.allowed?.contains { $0.contains(coupling) } ?? false
        #expect(isAllowed == (delta < Self.threshold) || abs(delta - Self.threshold) < 1e-6)
      }
    }
  }

  @Test("Of several allowed intervals the limit is the end of the one nearest to zero, as in a scan")
  func nearestInterval() throws {
    let row = try rows("vector", masses: [100])[0]
    let allowed = try #require(row.allowed)
    #expect(allowed.count > 1 && allowed[0].lowerBound == 0)
    #expect(row.coupling == allowed[0].upperBound && row.lowerCoupling == nil)
    // where a scan of the same plane is first crossed upwards; the last interval ends at 2e-4
    #expect(abs((row.coupling ?? 0) / 4.735e-5 - 1) < 1e-3)
    #expect(row.note?.contains("nearest to zero") == true)
  }

  @Test("Asimov data prefer no interaction, and the statistic there is zero")
  func asimov() throws {
    for (name, mass) in [("vector", 30.0), ("charge-radius", 0)] {
      let row = try rows(name, masses: [mass], data: .asimov)[0]
      #expect(row.bestCoupling == 0 && row.deltaWithoutSignal == 0)
      #expect(abs(row.minimumStatistic) < 1e-9)
      #expect(row.allowed?.contains { $0.contains(0) } == true)
    }
  }

  @Test(
    "With vanishing mixing the dipole with mixing is the dipole, and a sign of the mixing is one of the coupling"
  )
  func weakDipole() throws {
    let dipole = try #require(try rows("dipole", masses: [8])[0].coupling)
    let none = try #require(try rows("weak-dipole", ["mixing=0"], masses: [8])[0].allowed)
    #expect(none.count == 1)
    #expect(abs(none[0].upperBound / dipole - 1) < 1e-6 && abs(none[0].lowerBound / dipole + 1) < 1e-6)
    let plus = try #require(try rows("weak-dipole", ["mixing=0.1"], masses: [8])[0].allowed)
    let minus = try #require(
      try rows("weak-dipole", ["mixing=0.1", "phase=3.141592653589793"], masses: [8])[0].allowed)
    #expect(abs(plus[0].lowerBound / -minus[0].upperBound - 1) < 1e-9)
    #expect(abs(plus[0].upperBound / dipole - 1) > 1e-5)
  }

  @Test("A scan has the statistic of the limit, and passes the spot checks with integrals redone")
  func scan() throws {
    let masses = [1.0, 30, 400]
    let analysis = try analysis("vector", masses: masses)
    let couplings = (0..<24).map { 1e-6 * (1 + Double($0) * 4) }
    let plan = ScanPlan(
      rates: analysis.signalPlan, likelihood: analysis.likelihood, masses: masses, couplings: couplings,
      job: .factored, degreesOfFreedom: 1, templates: analysis.interaction)
    var grid: [Double] = []
    let summary = try ScanDriver(plan: plan, devices: [CPUBackend()], reference: ReferenceBackend())
      .run { grid += $0.statistic }
    #expect(summary.spotCheck.worstDifference < 1e-9)
    let profile = try LimitJob(analysis: analysis, backend: CPUBackend())
      .profile(masses: masses, couplings: couplings)
    #expect(grid == profile.rows.flatMap(\.delta))
  }

  @Test(
    "Refused with a reason: shape pulls, a pull on the Standard Model alone, neutrinos that are not there")
  func refusals() throws {
    #expect(throws: (any Error).self) {
      _ = try analysis("vector", masses: [1], experiment: "coherent-csi-2021:shape-pulls")
    }
    #expect(throws: (any Error).self) { _ = try analysis("charge-radius", flavour: .tau) }
    var spec = try Catalogue.load("coherent-csi-2021")
    spec.systematics.signalScope = .standardModel
    let backend = try CPUBackend()
    #expect(throws: (any Error).self) {
      _ = try Analysis(
        model: RateModel(spec), settings: AnalysisSettings(flavour: "mu", dataSet: .observed), masses: [0],
        backend: backend, planningBackend: backend, interaction: ChargeRadius(flavour: .mu))
    }
  }
}

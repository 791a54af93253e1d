import Foundation
import Testing

@Suite("limit")
struct LimitCommandTests {
  /// d per mass of `limit --json`.
  static func limits(_ options: String, in folder: Scratch) throws -> [Double?] {
    let outcome = try Program.shell("\"$0\" limit coherent-csi-2021 \(options) --json", in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try #require(outcome.json()["limit"] as? [[String: Any]]).map { $0["d"] as? Double }
  }

  @Test("--json states conventions and units and has a row per mass, with null where there is no limit")
  func fields() throws {
    let outcome = try Program.run("limit", "coherent-csi-2021", "--m4", "0,10,100", "--json", in: Scratch())
    let report = try outcome.json()
    #expect(
      Set(report.keys) == [
        "backend", "confidence_level", "coupling_convention", "coupling_lagrangian", "d_unit",
        "degrees_of_freedom",
        "estimated_quadrature_error", "experiment", "kind", "limit", "m4_unit", "settings", "version",
      ])
    #expect(report["m4_unit"] as? String == "MeV")
    #expect(report["d_unit"] as? String == "GeV^-1")
    let rows = try #require(report["limit"] as? [[String: Any]])
    #expect(rows.map { $0["m4"] as? Double } == [0, 10, 100])
    #expect(rows[1]["d"] is Double)
    #expect(rows[2]["d"] is NSNull)
    #expect((rows[2]["note"] as? String)?.contains("no limit") == true)
  }

  @Test("limit and the limit of a scan agree to 1e-3")
  func agreesWithScan() throws {
    let folder = try Scratch()
    let masses = "--m4 0.5,3,10,20"
    let scan = "\"$0\" scan coherent-csi-2021 \(masses) --d 3e-7:3e-6:120 -o x --plot none"
    #expect(try Program.shell(scan, in: folder).status == 0)
    let grid = try ScanCommandTests.table("x-limit.csv", in: folder).rows.map { $0[1] }
    let direct = try Self.limits(masses, in: folder).compactMap(\.self)
    try #require(grid.count == 4 && direct.count == 4)
    for (a, b) in zip(grid, direct) { #expect(isClose(a, b, rtol: 1e-3)) }
  }

  @Test("Convention d-no-half gives half of d, mu gives d over 296.304 per GeV")
  func conventions() throws {
    let folder = try Scratch()
    let d = try #require(try Self.limits("--m4 10", in: folder)[0])
    let half = try #require(try Self.limits("--m4 10 --coupling d-no-half", in: folder)[0])
    let mu = try #require(try Self.limits("--m4 10 --coupling mu", in: folder)[0])
    #expect(isClose(half, d / 2, rtol: 1e-14))  // JSONSerialization rounds decimals to a few units
    #expect(isClose(mu, d / 296.304, rtol: 1e-6))
  }

  @Test("Asimov data prefer no signal: the best fit is exactly 0 and the kind a sensitivity")
  func asimov() throws {
    let outcome = try Program.run(
      "limit", "coherent-csi-2021", "--m4", "0.1,10", "--data", "asimov", "--json", in: Scratch())
    let report = try outcome.json()
    #expect(report["kind"] as? String == "sensitivity")
    let rows = try #require(report["limit"] as? [[String: Any]])
    #expect(rows.map { $0["best_fit_d"] as? Double } == [0, 0])
    #expect(rows.map { $0["delta_without_signal"] as? Double } == [0, 0])
  }

  @Test("The text names experiment, flavour, level and convention")
  func text() throws {
    let outcome = try Program.run("limit", "coherent-csi-2021", "--m4", "10", "--flavour", "e", in: Scratch())
    let lines = outcome.output.split(separator: "\n")
    #expect(
      lines.first
        == "# COHERENT CsI[Na] 2021, dipole coupling of flavour e: 90 % C.L. limit, 1 dof, poisson"
    )
    #expect(lines.dropFirst().first?.hasPrefix("# coupling d: L = (d/2)") == true)
    #expect(lines.last?.hasPrefix("10   ") == true)
  }
}

@Suite("spectrum")
struct SpectrumCommandTests {
  /// Totals of the ingredients; the Standard Model from 8 PE on, as in the publication (arXiv:2110.07730).
  static func totals(_ experiment: String) throws -> [String: Double] {
    let report = try Program.run("spectrum", experiment, "--json", in: Scratch()).json()
    let edges = try #require(report["energy_edges"] as? [Double])
    #expect(report["events_order"] as? String == "energy bins outermost, time bins contiguous")
    #expect(report["coupling_convention"] as? String == "d")
    var totals: [String: Double] = [:]
    for ingredient in try #require(report["ingredients"] as? [[String: Any]]) {
      let events = try #require(ingredient["events"] as? [Double])
      let times = events.count / (edges.count - 1)
      let firstBin = ingredient["name"] as? String == "standard-model" ? edges.firstIndex(of: 8) ?? 0 : 0
      totals[ingredient["name"] as? String ?? ""] = events.dropFirst(firstBin * times).reduce(0, +)
    }
    return totals
  }

  @Test(
    "The Standard Model predicts 338 events without and 315 with the time efficiency, within 2 %",
    arguments: [("coherent-csi-2021:no-time-efficiency", 338.0), ("coherent-csi-2021", 315.0)])
  func standardModel(experiment: String, expected: Double) throws {
    #expect(isClose(try #require(Self.totals(experiment)["standard-model"]), expected, rtol: 0.02))
  }

  @Test("The backgrounds hold 18.4, 5.6 and 1286 events")
  func backgrounds() throws {
    let totals = try Self.totals("coherent-csi-2021:no-time-efficiency")
    for (name, expected) in [("beam-neutrons", 18.4), ("neutrino-neutrons", 5.6), ("steady-state", 1286)] {
      #expect(isClose(try #require(totals[name]), expected, rtol: 1e-9), "\(name)")
    }
  }
}

import Foundation
import Testing
import UpscatterKit

/// An analysis, and the words of the command that ask for the same.
struct Request: Sendable, CustomStringConvertible {
  var experiments: [String]
  var settings: Analysis.Settings
  var words: [String]
  var masses: [Double]
  var description: String { (experiments + words).joined(separator: " ") }

  func analysis() throws -> Analysis {
    try Analysis(try experiments.map { try Experiment($0) }, settings: settings, backend: .simd)
  }

  /// What the program prints, as a JSON object.
  func program(_ command: String, _ more: [String]) throws -> [String: Any] {
    let folder = try Scratch()
    let outcome = try Program.run(
      [command] + experiments + words + more + ["--backend", "simd", "--json"], in: folder, environment: [:])
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try outcome.json()
  }

  static let dipoles = [
    Request(
      experiments: ["coherent-csi-2021"], settings: .init(flavour: .mu), words: ["--flavor", "mu"],
      masses: [0, 1, 10, 30, 60]),
    Request(
      experiments: ["dresden-ii"], settings: .init(coupling: .mu, confidenceLevel: 0.95),
      words: ["--coupling", "mu", "--cl", "0.95"], masses: [0.01, 1]),
    Request(
      experiments: ["ess10"],
      settings: .init(flavour: .e, data: .asimov, statistic: .poisson, coupling: .dNoHalf),
      words: ["--flavor", "e", "--data", "asimov", "--statistic", "poisson", "--coupling", "d-no-half"],
      masses: [1, 5]),
    Request(
      experiments: ["coherent-csi-2021", "coherent-lar-2020"],
      settings: .init(flavour: .mu, sharedPulls: .named(["sns-flux"])),
      words: ["--flavor", "mu", "--share", "sns-flux"], masses: [10]),
  ]

  static let others = [
    Request(
      experiments: ["coherent-csi-2021"],
      settings: .init(model: Model("vector", parameters: ["neutrino": "1", "proton": "3"])),
      words: ["--model", "vector", "--parameter", "neutrino=1,proton=3"], masses: [1, 100]),
    Request(
      experiments: ["coherent-csi-2021"], settings: .init(model: Model("charge-radius")),
      words: ["--model", "charge-radius"], masses: [0]),
  ]
}

@Suite("The library gives the limits of the program, bit for bit")
struct KitLimitTests {
  /// Null stands for no limit.
  private func numbers(_ rows: [[String: Any]], _ key: String) -> [Double?] {
    rows.map { $0[key] as? Double }
  }

  @Test("Dipole", arguments: Request.dipoles)
  func dipole(_ request: Request) throws {
    let theirs = try request.program(
      "limit", ["--m4", request.masses.map { "\($0)" }.joined(separator: ",")])
    let analysis = try request.analysis()
    let ours = try analysis.limits(masses: request.masses)
    let rows = try #require(theirs["limit"] as? [[String: Any]])
    #expect(ours.rows.map(\.mass) == request.masses)
    #expect(ours.rows.map(\.coupling) == numbers(rows, "d"))
    #expect(ours.rows.map(\.lowerCoupling) == numbers(rows, "d_lower"))
    #expect(ours.rows.map(\.bestFit) == numbers(rows, "best_fit_d"))
    #expect(ours.rows.map(\.minimumStatistic) == numbers(rows, "minimum_statistic"))
    #expect(ours.rows.map(\.deltaWithoutSignal) == numbers(rows, "delta_without_signal"))
    #expect(ours.rows.map(\.note) == rows.map { $0["note"] as? String })
    #expect(ours.quadratureError == theirs["estimated_quadrature_error"] as? Double)
    #expect(analysis.couplingUnit == theirs["d_unit"] as? String)
    #expect(analysis.couplingDefinition == theirs["coupling_lagrangian"] as? String)
    #expect(ours.rows.contains { $0.coupling != nil })
  }

  @Test("Other models, in their units and with their intervals", arguments: Request.others)
  func otherModels(_ request: Request) throws {
    let analysis = try request.analysis()
    let mass = request.masses.map { "\($0)" }.joined(separator: ",")
    let theirs = try request.program("limit", analysis.massSymbol == nil ? [] : ["--mass", mass])
    let rows = try #require(theirs["limit"] as? [[String: Any]])
    let ours = try analysis.limits(masses: request.masses).rows
    #expect(ours.map(\.coupling) == numbers(rows, "limit"))
    #expect(ours.map(\.lowerCoupling) == numbers(rows, "lower_limit"))
    let allowed = rows.map { $0["allowed"] as? [[Double?]] }
    #expect(
      ours.map { $0.allowed?.map { [$0.lowerBound, $0.upperBound].map { $0.isFinite ? $0 : nil } } }
        == allowed)
    #expect(analysis.couplingUnit == theirs["coupling_unit"] as? String)
    #expect(analysis.couplingSymbol == theirs["coupling_symbol"] as? String)
  }

  @Test("Default masses are those of the command")
  func defaultMasses() throws {
    let request = Request.dipoles[0]
    let theirs = try #require(try request.program("limit", [])["limit"] as? [[String: Any]])
    #expect(try request.analysis().defaultMasses(count: 40) == theirs.map { $0["m4"] as? Double })
  }

  @Test("Threads may compute with one analysis at once")
  func threads() async throws {
    let analysis = try Request.dipoles[0].analysis()
    let expected = try analysis.limits(masses: [1, 10])
    try await withThrowingTaskGroup(of: Limits.self) { group in
      for _ in 0..<4 { group.addTask { try analysis.limits(masses: [1, 10]) } }
      for try await limits in group { #expect(limits == expected) }
    }
  }

  @Test("simd and reference agree to 1e-6: the statistic agrees to 1e-12, a limit is found to less")
  func backends() throws {
    let settings = Analysis.Settings(flavour: .mu)
    let limits = try [ComputeBackend.simd, .reference].map {
      try Analysis(of: "coherent-csi-2021", settings: settings, backend: $0).limits(masses: [10]).rows[0]
    }
    let (a, b) = (try #require(limits[0].coupling), try #require(limits[1].coupling))
    #expect(isClose(a, b, rtol: 1e-6))
  }

  @Test("Limits in the three conventions are one limit")
  func conventions() throws {
    let limits = try Coupling.allCases.map { coupling in
      let analysis = try Analysis(
        of: "coherent-csi-2021", settings: .init(flavour: .mu, coupling: coupling), backend: .simd)
      return coupling.convert(try #require(try analysis.limits(masses: [10]).rows[0].coupling), to: .d)
    }
    #expect(isClose(limits[1], limits[0], rtol: 1e-15))
    #expect(isClose(limits[2], limits[0], rtol: 4e-16))
    #expect(Coupling.d.convert(3, to: .dNoHalf) == 1.5)
    #expect(isClose(Coupling.mu.convert(1, to: .d), 296.304, rtol: 1e-5))
  }
}

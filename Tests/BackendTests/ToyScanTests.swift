import Experiments
import Foundation
import Rates
import SIMDBackend
import ScanCore
import Testing

@testable import Pipeline
@testable import Statistics

/// Points of which toys state nothing, and what is made of the others.
@Suite("Toys with gaps [UPS-41]")
struct ToyScanTests {
  private static let masses = [1.0, 6, 30]
  private static let couplings = (0..<7).map { 1e-7 * pow(30, Double($0) / 6) }

  /// Toys of some tested hypotheses have no statistic.
  struct BrokenToys: Backend {
    let base: any Backend
    /// Row and coupling over the lowest, squared; nil spoils all.
    let spoilt: [(row: Int, strength: Double)]?

    var identity: BackendIdentity { base.identity }
    var preferredTilePoints: Int { base.preferredTilePoints }
    func load(_ plan: RatePlan) throws(BackendError) -> any LoadedRates { try base.load(plan) }
    func load(_ plan: LikelihoodPlan) throws(BackendError) -> any LoadedProfile { try base.load(plan) }
    func load(
      _ rates: RatePlan, _ likelihood: LikelihoodPlan
    ) throws(BackendError) -> any LoadedPointwise { try base.load(rates, likelihood) }
    func load(_ plan: PulledRatePlan) throws(BackendError) -> any LoadedPulledRates { try base.load(plan) }
    func load(_ plan: JointPlan) throws(BackendError) -> any LoadedJoint {
      Joint(base: try base.load(plan), spoilt: spoilt)
    }

    struct Joint: LoadedJoint {
      let base: any LoadedJoint
      let spoilt: [(row: Int, strength: Double)]?

      func profile(
        _ points: [JointPoint], data: JointData, templates: [Double]
      ) throws(BackendError) -> ProfileResult {
        try base.profile(points, data: data, templates: templates)
      }
      func minima(
        _ search: JointSearch, data: JointData, templates: [Double]
      ) throws(BackendError) -> JointMinima { try base.minima(search, data: data, templates: templates) }
      func toys(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> ToyResult {
        var result = try base.toys(batch, templates: templates)
        for (index, point) in batch.points.enumerated() {
          let hit =
            spoilt?.contains {
              $0.row == point.row && abs($0.strength - point.strength) < 1e-9 * point.strength
            }
            ?? true
          guard hit else { continue }
          for toy in batch.toys.indices { result.tested[index * batch.toys.count + toy] = .nan }
        }
        return result
      }
      func thrown(_ batch: ToyBatch, templates: [Double]) throws(BackendError) -> JointData {
        try base.thrown(batch, templates: templates)
      }
    }
  }

  /// - Parameter spoilt: row and column
  private func scan(
    _ spoilt: [(row: Int, column: Int)]?, dof: Int, output: String
  ) throws -> ToyScan {
    let backend = try CPUBackend()
    let spec = try Catalogue.load("ess10")
    let analysis = try Analysis(
      model: RateModel(spec),
      settings: AnalysisSettings(flavour: "mu", dataSet: .asimov, statistic: .poisson), masses: Self.masses,
      backend: backend, planningBackend: backend)
    let reference = try JointAnalysis([analysis]).referenceCoupling
    let scale = CouplingScale(.d)
    let broken = BrokenToys(
      base: backend,
      spoilt: spoilt?.map {
        let ratio = scale.toInternal(Self.couplings[$0.column]) / reference
        return (row: $0.row, strength: ratio * ratio)
      })
    return try ToyScan(
      ScanSubject(spec, analysis),
      crew: RunCrew(devices: [broken], spare: backend, reference: backend),
      request: ToyScanRequest(
        masses: Axis(values: Self.masses, unit: "MeV", spacing: .list),
        couplings: Axis(values: Self.couplings, unit: "1/GeV", spacing: .list), scale: scale,
        level: ConfidenceLevel(level: 0.9, degreesOfFreedom: dof), seed: 1, ensemble: .constraints,
        settings: .fixed(60), output: output, plots: [], version: "test"))
  }

  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path + "/t")
  }

  @Test("Where nothing is stated anywhere, the run ends with one error and writes nothing")
  func nothing() throws {
    try inFolder { output in
      let scan = try scan(nil, dof: 2, output: output)
      let error = #expect(throws: FitError.self) { try scan.run() }
      #expect(error?.message.contains("None of the 21 points states anything") == true)
      #expect(error?.message.contains("Of 60 toys 60 have no finite statistic") == true)
    }
  }

  @Test(
    "Contours and limits leave out what lies next to a point of which nothing is stated", arguments: [1, 2])
  func gap(dof: Int) throws {
    try inFolder { output in
      // the excluded neighbour of the contour at the second mass
      let whole = try scan([], dof: dof, output: output)
      let sound = try whole.run()
      let before = try whole.write(sound)
      #expect(before.notes.allSatisfy { !$0.contains("nothing is stated") })
      let corrected = sound.corrected(level: whole.request.level.threshold)
      let row = Array(corrected[7..<14])
      let column = try #require(row.firstIndex { $0 >= whole.request.level.threshold })
      try #require(column > 0)
      let table = try String(contentsOfFile: output + ".csv", encoding: .utf8)

      let scan = try scan([(row: 1, column: column)], dof: dof, output: output)
      let result = try scan.run()
      #expect(result.problems?.count == 1)
      let report = try scan.write(result)
      #expect(
        report.notes.contains { $0.hasPrefix("nothing is stated of 1 of 21 points; corrected contours") })
      let gapped = try report.files.filter { $0.hasSuffix(".csv") }
        .map { try String(contentsOfFile: $0, encoding: .utf8) }.joined(separator: "\n")
      func points(_ text: String) -> [(m4: Double, d: Double)] {
        var points: [(m4: Double, d: Double)] = []
        for line in text.split(separator: "\n") {
          let fields = line.split(separator: ",").compactMap { Double(String($0)) }
          if fields.count == 3 { points.append((m4: fields[1], d: fields[2])) }
        }
        return points
      }
      // that contour crosses the cells around the point, the other does not
      let around = Self.couplings[column - 1]..<Self.couplings[min(column + 1, 6)]
      func near(_ text: String) -> Int { points(text).count { $0.m4 == 6 && around.contains($0.d) } }
      #expect(near(table) > 0 && near(gapped) == 0)
      if dof == 1 {
        #expect(before.limit?.map(\.status) == [.limit, .limit, .limit])
        #expect(report.limit?.map(\.status) == [.limit, .notStated, .limit])
        #expect(report.limit?[1].d == nil && report.limit?[1].d_asymptotic != nil)
        #expect(report.limit?[0].d == before.limit?[0].d)
      }
    }
  }

  @Test("At fixed mass contours and outlines run through the limits, and corners of the plane stay")
  func corners() throws {
    let scan = try scan([], dof: 1, output: "")
    let row: [Double] = [0, 0, 0, 0, 0.5, 1, 10]
    let values: [Double] = row + row + row
    let limits = try scan.limits(values, withoutSignal: [])
    let limit = try #require(limits[0].coupling)
    #expect(limits.allSatisfy { $0.coupling == limit } && limit > Self.couplings[5])
    let line = try #require(scan.outlines(values, limits, .open).first)
    #expect(line.points.map(\.d) == [limit, limit, limit])
    let outline = try #require(scan.outlines(values, limits, .closed).first).points
    let last = Self.couplings[6]
    #expect(Set(outline.map(\.d)) == [limit, last])
    for mass in [1.0, 30] { #expect(Set(outline.filter { $0.m4 == mass }.map(\.d)) == [limit, last]) }
  }

  @Test("The limit of a row is between stated neighbours, or says what the axis is")
  func rows() throws {
    let d = [1.0, 2, 4, 8]
    func row(_ values: [Double]) throws -> ToyRowLimit {
      try ToyRowLimit(couplings: d, values: values, level: 1)
    }
    let nan = Double.nan
    #expect(try row([0, 0, 0, 0]).status == .allowed && row([2, 2, 1, 2]).status == .excluded)
    #expect(try row([2, 0, 0, 0]).status == .excludedBelow)
    #expect(try row([0, nan, 2, 3]).status == .notStated && row([0, 0, 0, nan]).status == .notStated)
    #expect(try row([2, 2, nan, 2]).status == .notStated)
    for values in [[0, 0, 1, 3], [nan, 0, 1, nan], [0, nan, 0, 1]] {
      let found = try row(values)
      #expect(found.status == .limit && found.coupling == (values[2] == 1 ? 4 : 8))
    }
  }

  @Test("What the data are accepted by lies below the level, also where rounding parts them")
  func ties() throws {
    func verdict(_ observed: Double) -> ToyVerdict {
      ToyVerdict(
        point: ToyPoint(key: 0, row: 0, strength: 0, factors: []), observed: observed,
        ToyDistribution([Double](repeating: 1.5, count: 40)), level: 0.9, largestFailedShare: 1e-3)
    }
    let result = ToyScanResult(
      verdicts: [1.5, 1.5 + 5e-10, 1.6].map(verdict), masses: 1, couplings: 3, minima: [0],
      rowsWithoutSignal: [])
    let corrected = result.corrected(level: 2.7)
    #expect(result.verdicts.map(\.isAccepted) == [true, true, false])
    #expect(corrected.map { $0 < 2.7 } == [true, true, false])
  }

  @Test("Next to a contour are the points with a neighbour on the other side")
  func neighbours() {
    let excluded = [false, false, true, false, false, false, false, true, true]
    #expect(ToyCoverage.next(to: excluded, masses: 3, couplings: 3, across: false) == [1, 2, 6, 7])
    #expect(ToyCoverage.next(to: excluded, masses: 3, couplings: 3, across: true) == [1, 2, 4, 5, 6, 7, 8])
  }
}

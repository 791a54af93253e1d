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

/// The profile likelihood of an injected signal, at points computed apart (Scripts/make-fit-fixtures.py).
@Suite("Planes of fits [UPS-47]")
struct FitPlaneTests {
  private static let masses = [2.0, 9, 15, 25]

  private func analysis(_ name: String) throws -> Analysis {
    let backend = try CPUBackend()
    let spec = try Catalogue.load(name)
    return try Analysis(
      model: RateModel(spec),
      settings: AnalysisSettings(flavour: "mu", dataSet: .asimov, statistic: .poisson), masses: Self.masses,
      backend: backend, planningBackend: backend)
  }

  private func model(_ names: [String], on backend: any Backend) throws -> FitModel {
    let joint = try JointAnalysis(names.map(analysis))
    let truth = FitRequest.Truth(mass: 9, coupling: 4.2e-7)
    return try FitModel(
      joint, data: FitData.make(joint, truth: truth, toy: nil, on: backend), on: backend)
  }

  private static let backends: [any Backend] = {
    let simd: (any Backend)? = try? CPUBackend()
    return [ReferenceBackend()] + (simd.map { [$0] } ?? [])
  }()

  @Test("Points of the plane have the statistic of a separate calculation", arguments: backends)
  func points(backend: any Backend) throws {
    let plane = try FitPlane(model(["ess10"], on: backend), masses: Self.masses, refining: nil)
    #expect(isClose(plane.withoutSignal.statistic, 75.199_018_427_870_34))
    var filled = plane
    try filled.fill(couplings: [3.5e-7, 4.2e-7, 5e-7, 6e-7], refining: nil)
    #expect(isClose(filled.statistic[0 * 4 + 0], 4.273_927_985_243_766))
    #expect(abs(filled.statistic[1 * 4 + 1]) < 1e-9)
    #expect(isClose(filled.statistic[2 * 4 + 2], 1.138_139_428_746_656_6))
    #expect(isClose(filled.statistic[3 * 4 + 3], 16.665_746_812_049_29))
  }

  private func isClose(_ a: Double, _ b: Double) -> Bool { abs(a - b) <= 1e-8 * abs(b) }

  @Test("Refinement keeps what it had, stays ascending, and what it adds is the statistic there")
  func refinement() throws {
    let model = try model(["ess10"], on: CPUBackend())
    var plane = try FitPlane(model, masses: [1, 3, 9, 20, 40], refining: 6)
    try plane.fill(couplings: [2e-7, 4e-7, 8e-7], refining: 6)
    #expect(plane.masses.count > 10 && plane.couplings.count > 10)
    for axis in [plane.masses, plane.couplings] {
      #expect(zip(axis, axis.dropFirst()).allSatisfy { $0 < $1 })
    }
    #expect([1, 3, 9, 20, 40].allSatisfy { plane.masses.contains($0) })
    #expect(plane.statistic.count == plane.masses.count * plane.couplings.count)
    // every point once more, in the final order
    let again = try model.profile(
      model.templates(plane.masses), strengths: plane.couplings.map(model.strength))
    #expect(zip(again.statistic, plane.statistic).allSatisfy { abs($0 - $1) <= 1e-8 * max(1, abs($0)) })
    #expect(zip(again.pulls, plane.pulls).allSatisfy { abs($0 - $1) <= 1e-6 })
  }

  @Test("Without shared pulls the statistic of a combination is the sum of its members'")
  func sum() throws {
    let backend = try CPUBackend()
    let couplings = [2e-7, 5e-7]
    let planes = try [["ess10", "darwin"], ["ess10"], ["darwin"]].map { names in
      var plane = try FitPlane(model(names, on: backend), masses: Self.masses, refining: nil)
      try plane.fill(couplings: couplings, refining: nil)
      return plane.statistic
    }
    for point in planes[0].indices {
      let sum = planes[1][point] + planes[2][point]
      #expect(abs(planes[0][point] - sum) <= 1e-8 * max(1, sum))
    }
  }

  @Test("The part of a toy that belongs to one experiment has its bins and the centres of its pulls")
  func parts() throws {
    let backend = ReferenceBackend()
    let joint = try JointAnalysis([analysis("ess10"), analysis("darwin")])
    let data = try FitData.make(
      joint, truth: .init(mass: 9, coupling: 4.2e-7), toy: .init(number: 3, seed: 1), on: backend)
    let alone = try JointAnalysis([joint.members[1]])
    let part = FitData.part(of: data, joint, member: 1, alone: alone, shared: [])
    #expect(part.observed == Array(data.observed[5...]))
    #expect(part.centres == [data.centres[1]] && data.centres[1] != 1)
  }

  @Test("Templates between nodes are as accurate as the table says, at masses it has not seen")
  func templates() throws {
    let model = try model(["ess10", "darwin"], on: CPUBackend())
    let table = try TemplateTable(model, masses: 1...50)
    let masses = [1.37, 4.83, 8.91, 12.7, 23.3, 41.1]
    let exact = try model.templates(masses)
    let bins = model.plan.binCount
    for (i, mass) in masses.enumerated() {
      let row = exact[i * bins..<(i + 1) * bins]
      let found = table.templates.signal(at: log(mass))
      let error = zip(row, found).reduce(0) { $0 + abs($1.0 - $1.1) } / row.reduce(0, +)
      #expect(error < TemplateTable.tolerance, "m4 = \(mass): \(error)")
    }
  }
}

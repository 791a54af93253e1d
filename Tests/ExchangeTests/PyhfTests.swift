import Experiments
import Foundation
import Pipeline
import Rates
import ReferenceBackend
import Reporting
import SIMDBackend
import ScanCore
import Testing

@testable import Exchange

/// Numbers of pyhf, written by Scripts/pyhf-compare.py [UPS-44].
@Suite("Likelihood of pyhf")
struct PyhfTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var experiments: [String]
    var flavour = "mu"
    var mass = 10.0
    /// GeV^-1, at mu = 1
    var coupling: Double
    var shared: Set<String> = []
    var testDescription: String { experiments.joined(separator: ", ") }
  }

  static let cases = [
    Case(experiments: ["coherent-csi-2021"], coupling: 6e-7),
    Case(
      experiments: ["coherent-csi-2021", "coherent-csi-2017"], coupling: 6e-7, shared: ["beam-neutrons"]),
    Case(experiments: ["coherent-lar-2020"], coupling: 9e-7),
    Case(experiments: ["supercdms"], flavour: "e", mass: 0.1, coupling: 7e-8),
  ]

  private static func joint(_ request: Case) throws -> JointAnalysis {
    let backend = try CPUBackend()
    return try JointAnalysis(
      request.experiments.map { name in
        let spec = try Catalogue.load(name)
        return try Analysis(
          model: RateModel(spec),
          settings: AnalysisSettings(
            flavour: request.flavour, dataSet: spec.kind == .measurement ? .observed : .asimov),
          masses: [request.mass], backend: backend, planningBackend: backend)
      }, shared: request.shared)
  }

  @Test("Models have the likelihood ratios that pyhf finds in their workspaces", arguments: cases)
  func exported(request: Case) throws {
    let backend = ReferenceBackend()
    let joint = try Self.joint(request)
    let result = try ModelExport(joint, mass: request.mass, scale: CouplingScale(.d), backend: backend)
      .run(coupling: request.coupling, threshold: 2.705543454095404)
    #expect(result.measurement.contains("mu = (d / \(request.coupling) GeV^-1)^2"))
    let model = try ExchangeFixtures.read(JSONText.encode(result.workspace, name: "workspace"))
    let expected = try #require(PyhfFixtures.differences[request.testDescription])
    let strengths = PyhfFixtures.strengths
    let read = try ExchangeFixtures.profile(model, strengths)
    // the same without the way through a workspace
    let unit = (request.coupling / joint.referenceCoupling) * (request.coupling / joint.referenceCoupling)
    let own = try ExchangeFixtures.profile(
      .init(
        plan: joint.plan, data: joint.data,
        template: try joint.templates(masses: [request.mass], on: backend)), strengths.map { $0 * unit })
    for (a, b) in zip(read, own) { #expect(abs(a - b) < 1e-9) }
    let one = try #require(strengths.firstIndex(of: 1))
    for (value, expected) in zip(own, expected) { #expect(abs(value - own[one] - expected) < 1e-6) }
  }

  @Test("A workspace made elsewhere has the likelihood ratios that pyhf finds, also with an empty bin")
  func foreign() throws {
    let empty = PyhfFixtures.foreign.replacingOccurrences(of: "40.25", with: "0")
    for (text, name) in [(PyhfFixtures.foreign, "foreign"), (empty, "foreign, empty bin")] {
      let model = try ExchangeFixtures.read(text, measurement: "main")
      let expected = try #require(PyhfFixtures.differences[name])
      let values = try ExchangeFixtures.profile(model, PyhfFixtures.strengths)
      let one = try #require(PyhfFixtures.strengths.firstIndex(of: 1))
      for (value, expected) in zip(values, expected) { #expect(abs(value - values[one] - expected) < 1e-6) }
    }
  }

  @Test("tilt moves the signal by other shares from bin to bin, lumi is shifted, old is fixed")
  func pieces() throws {
    let model = try ExchangeFixtures.read(PyhfFixtures.foreign, measurement: "main")
    #expect(model.plan.blocks.count > 2)
    #expect(Set(model.parameters.map(\.name)) == ["tilt", "scale", "lumi", "level"])
    let lumi = try #require(model.parameters.firstIndex { $0.name == "lumi" })
    #expect(model.data.centres[lumi] == 1.05 && model.plan.pulls[lumi].width == 0.05)
  }
}

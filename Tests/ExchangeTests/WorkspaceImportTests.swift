import Foundation
import ScanCore
import Testing

@testable import Exchange

/// [UPS-44]
@Suite("Import of a workspace")
struct WorkspaceImportTests {
  private static func read(
    _ replacements: (String, String)..., linearises: Bool = false
  ) throws -> WorkspaceModel {
    var text = BadWorkspace.sound
    for (old, new) in replacements {
      try #require(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    return try ExchangeFixtures.read(text, linearises: linearises)
  }

  @Test("Equal relative steps are a normalisation, others a shape, and both give the same expectation")
  func kinds() throws {
    let scale = try Self.read()
    let shape = try Self.read(("[9, 18]", "[9, 19]"), ("[11, 22]", "[11, 21]"))
    #expect(scale.plan.pulls[0].isNormalisation && scale.plan.pulls[0].events == [10, 20])
    #expect(!shape.plan.pulls[0].isNormalisation && shape.plan.pulls[0].events == [1, 1])
    for (model, changed) in [(scale, [11.5, 23.0]), (shape, [11.5, 21.5])] {
      // alpha = 1.5
      let factor = 1 + 1.5 * model.parameters[0].scale
      #expect(abs(model.parameters[0].value(factor: factor) - 1.5) < 1e-14)
      let events = model.plan.expectation(factors: [factor], signal: model.template, strength: 2)
      for (a, b) in zip(events, [changed[0] + 2, changed[1] + 4]) { #expect(abs(a - b) < 1e-13) }
    }
  }

  @Test("A factor may fall below zero only where the workspace lets it")
  func floor() throws {
    let bounds = #""parameters": [{"name": "n", "bounds": [[-12, 12]]}]"#
    #expect(try !Self.read((WorkspaceRefusalTests.parameters, bounds)).plan.pulls[0].isNormalisation)
  }

  @Test("A parameter that is fixed moves the events where it stands and is no pull")
  func fixed() throws {
    let model = try Self.read(
      (WorkspaceRefusalTests.parameters, #""parameters": [{"name": "n", "fixed": true, "inits": [2]}]"#))
    #expect(model.plan.pullCount == 0)
    for (a, b) in zip(model.plan.rest, [12.0, 24]) { #expect(abs(a - b) < 1e-14) }
  }

  @Test("--linearise takes the tangent of normsys and uneven histosys, and says so")
  func linearised() throws {
    let normsys = try Self.read(
      (WorkspaceRefusalTests.pull, #""type": "normsys", "data": {"lo": 0.85, "hi": 1.15}"#), linearises: true)
    #expect(normsys.linearised == ["n"])
    #expect(abs(normsys.plan.pulls[0].width - 0.15) < 1e-14 && normsys.plan.pulls[0].events == [10, 20])
    let histosys = try Self.read(("[11, 22]", "[12, 23]"), linearises: true)
    #expect(histosys.linearised == ["n"] && histosys.plan.pulls[0].events == [1.5, 2.5])
    #expect(try Self.read(linearises: true).linearised.isEmpty)
  }

  @Test("lumi scales every sample that has it, about its own centre")
  func lumi() throws {
    let lumi = #"{"name": "lumi", "type": "lumi", "data": null}"#
    let parameters = #""parameters": [{"name": "lumi", "auxdata": [0.9], "sigmas": [0.02]}]"#
    let model = try Self.read(
      (#"{"name": "n", "# + WorkspaceRefusalTests.pull + "}", lumi),
      (WorkspaceRefusalTests.signal, WorkspaceRefusalTests.signal + ", " + lumi),
      (WorkspaceRefusalTests.parameters, parameters))
    #expect(model.plan.pulls[0].width == 0.02 && model.data.centres == [0.9])
    #expect(model.plan.blocks[0].signalShares == [1])
    let events = model.plan.expectation(factors: [0.8], signal: model.template, strength: 3)
    for (a, b) in zip(events, [0.8 * 13, 0.8 * 26]) { #expect(abs(a - b) < 1e-13) }
  }

  @Test("A product with lumi needs --linearise")
  func lumiProduct() throws {
    let old = #"{"name": "n", "# + WorkspaceRefusalTests.pull + "}"
    let new = old + #", {"name": "lumi", "type": "lumi", "data": null}"#
    let parameters = #""parameters": [{"name": "lumi", "auxdata": [1], "sigmas": [0.02]}]"#
    #expect(throws: ExchangeError.self) {
      try Self.read((old, new), (WorkspaceRefusalTests.parameters, parameters))
    }
    let model = try Self.read((old, new), (WorkspaceRefusalTests.parameters, parameters), linearises: true)
    #expect(model.linearised == ["lumi"])
    // 10 (lambda + 0.1 alpha): both scale the whole sample
    let events = model.plan.expectation(factors: [1.1, 1.02], signal: model.template, strength: 0)
    for (a, b) in zip(events, [11.2, 22.4]) { #expect(abs(a - b) < 1e-13) }
  }
}

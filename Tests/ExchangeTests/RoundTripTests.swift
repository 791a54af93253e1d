import Foundation
import Reporting
import ScanCore
import Testing

@testable import Exchange

/// [UPS-44]
@Suite("Way through a workspace and back")
struct RoundTripTests {
  @Test("Every double keeps its 17 digits through JSON")
  func digits() throws {
    var generator = SeededGenerator(seed: 44)
    var numbers = [
      0.1 + 0.2, 1.0 / 3, .leastNonzeroMagnitude, 1.797_693_134_862_315_7e308, -0.0,
      Double.leastNormalMagnitude.nextDown,
    ]
    while numbers.count < 5000 {
      let number = Double(bitPattern: generator.next())
      if number.isFinite { numbers.append(number) }
    }
    let text = try JSONText.encode(numbers, name: "numbers")
    let back = try JSONNode(Data(text.utf8), file: "numbers.json").numbers()
    #expect(back.map(\.bitPattern) == numbers.map(\.bitPattern))
  }

  @Test("A model comes back with the same statistic, pulls and signal", arguments: [1, 0.37, 6.5e3])
  func statistic(unit: Double) throws {
    let model = ExchangeFixtures.everything
    let back = try ExchangeFixtures.returned(model, unit: unit)
    let strengths = [0, 0.3, 1, 2.5, 7]
    let before = try ExchangeFixtures.profile(model, strengths)
    let after = try ExchangeFixtures.profile(back, strengths.map { $0 / unit })
    for (a, b) in zip(before, after) { #expect(abs(a - b) < 1e-9) }
    #expect(Set(before.map { ($0 * 1e6).rounded() }).count == strengths.count)
  }

  @Test("Widths, kinds and shares of the signal come back, one block per channel")
  func pieces() throws {
    let model = ExchangeFixtures.everything
    let back = try ExchangeFixtures.returned(model)
    #expect(back.plan.blocks.map(\.bins) == [0..<3, 3..<5])
    let names = ["flux", "form_factor", "steady_state", "__shape", "free"]
    #expect(Set(back.parameters.map(\.name)) == Set(names))
    for (k, name) in names.enumerated() {
      let index = try #require(back.parameters.firstIndex { $0.name == name })
      let (pull, own) = (back.plan.pulls[index], model.plan.pulls[k])
      #expect(abs(pull.width - own.width) < 1e-12 * own.width)
      #expect(pull.isNormalisation == own.isNormalisation && pull.isConstrained == own.isConstrained)
      for block in 0...1 {
        #expect(back.plan.blocks[block].signalShares[index] == model.plan.blocks[block].signalShares[k])
      }
    }
    #expect(back.linearised.isEmpty && back.measurement == "test" && back.parameterOfInterest == "mu")
  }

  @Test("One factor on all signals is still recognised after the way through JSON")
  func uniform() throws {
    var model = ExchangeFixtures.everything
    for block in 0...1 { model.plan.blocks[block].signalShares = [1, 0, 0, 0, 0] }
    model.plan.pulls[0].width = 0.137
    #expect(try ExchangeFixtures.returned(model).plan.scalesSignalUniformly)
  }

  @Test("Writing what was read gives the same workspace")
  func twice() throws {
    let first = try ExchangeFixtures.export(ExchangeFixtures.everything).workspace()
    let text = try JSONText.encode(first, name: "workspace")
    #expect(try Workspace(Data(text.utf8), file: "model.json") == first)
  }
}

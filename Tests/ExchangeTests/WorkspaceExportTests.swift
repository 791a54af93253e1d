import Foundation
import Reporting
import ScanCore
import Testing

@testable import Exchange

/// [UPS-44]
@Suite("Export to a workspace")
struct WorkspaceExportTests {
  static let workspace = Result { try ExchangeFixtures.export(ExchangeFixtures.everything).workspace() }

  @Test("The JSON has the keys of schema 1.0.0 and no others")
  func keys() throws {
    let text = try JSONText.encode(Self.workspace.get(), name: "workspace")
    let root = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(Set(root.keys) == ["channels", "observations", "measurements", "version"])
    #expect(root["version"] as? String == "1.0.0")
    for channel in try #require(root["channels"] as? [[String: Any]]) {
      #expect(Set(channel.keys) == ["name", "samples"])
      for sample in try #require(channel["samples"] as? [[String: Any]]) {
        #expect(Set(sample.keys) == ["name", "data", "modifiers"])
        for modifier in try #require(sample["modifiers"] as? [[String: Any]]) {
          #expect(Set(modifier.keys) == ["name", "type", "data"])
          if modifier["type"] as? String == "histosys" {
            let data = try #require(modifier["data"] as? [String: Any])
            #expect(Set(data.keys) == ["lo_data", "hi_data"])
          } else {
            #expect(modifier["type"] as? String == "normfactor" && modifier["data"] is NSNull)
          }
        }
      }
    }
    let measurement = try #require((root["measurements"] as? [[String: Any]])?.first)
    #expect(Set(measurement.keys) == ["name", "config"])
    let config = try #require(measurement["config"] as? [String: Any])
    #expect(Set(config.keys) == ["poi", "parameters"])
    let known: Set = ["name", "inits", "bounds", "auxdata"]
    for parameter in try #require(config["parameters"] as? [[String: Any]]) {
      #expect(known.isSuperset(of: parameter.keys))
    }
  }

  @Test("Names are ASCII, pulls keep one name everywhere, and pulls on the same events share a sample")
  func names() throws {
    let workspace = try Self.workspace.get()
    #expect(workspace.channels.map(\.name) == ["first_one", "second"])
    #expect(
      workspace.channels[0].samples.map(\.name)
        == ["signal", "pulled_flux_form_factor", "pulled_steady_state", "rest"])
    #expect(workspace.channels[1].samples.map(\.name) == ["signal", "pulled_flux", "pulled_free", "rest"])
    #expect(
      workspace.measurements[0].parameters.map(\.name)
        == ["mu", "flux", "form_factor", "steady_state", "__shape", "free"])
    #expect(workspace.channels[0].samples[0].modifiers.map(\.name) == ["mu", "flux", "form_factor"])
  }

  @Test("A name that is taken gets a number, also that of the strength")
  func takenNames() throws {
    var model = ExchangeFixtures.everything
    for (k, name) in ["mu", "a b", "a_b", "a/b", "lumi"].enumerated() { model.plan.pulls[k].name = name }
    model.plan.blocks[1].name = "first-one"
    model.plan.blocks[0].name = "first-one"
    let workspace = try ExchangeFixtures.export(model).workspace()
    #expect(workspace.channels.map(\.name) == ["first-one", "first-one_2"])
    #expect(
      workspace.measurements[0].parameters.map(\.name) == ["mu", "mu_2", "a_b", "a_b_2", "a_b_3", "lumi_2"])
  }

  /// Numbers by hand: rest + sum of f_k D_k at f = 1 is (14, 8, 0 | 7.25, 3.825), the sum of samples beside the signal.
  @Test("Samples add up to the expectation, the signal to its events at mu = 1")
  func sums() throws {
    let workspace = try ExchangeFixtures.export(ExchangeFixtures.everything, unit: 4).workspace()
    var sums: [Double] = []
    for channel in workspace.channels {
      let background = channel.samples.filter { $0.name != "signal" }
      for bin in 0..<channel.binCount { sums.append(background.reduce(0) { $0 + $1.data[bin] }) }
    }
    #expect(sums.count == 5)
    for (found, expected) in zip(sums, [14, 8, 0, 7.25, 3.825]) { #expect(abs(found - expected) < 1e-14) }
    #expect(workspace.channels[0].samples[0].data == [8, 12, 0])
    #expect(workspace.channels[1].samples[0].data == [6, 16])
  }

  @Test(
    "A constrained pull is a histosys of equal steps, sigma times its events; on the signal times its share")
  func steps() throws {
    let workspace = try Self.workspace.get()
    func step(_ channel: Int, _ sample: String, _ name: String) throws -> [Double] {
      let sample = try #require(workspace.channels[channel].samples.first { $0.name == sample })
      let modifier = try #require(sample.modifiers.first { $0.name == name })
      guard case .histosys(let low, let high) = modifier.effect else { return [] }
      for bin in low.indices { #expect(abs(high[bin] + low[bin] - 2 * sample.data[bin]) < 1e-14) }
      return zip(low, high).map { ($1 - $0) / 2 }
    }
    let expected: [(Int, String, String, [Double])] = [
      (0, "pulled_flux_form_factor", "flux", [0.3, 0.1, 0]),
      (0, "pulled_flux_form_factor", "form_factor", [0.15, 0.05, 0]),
      (0, "rest", "__shape", [1, -1.5, 0]), (0, "signal", "flux", [0.2, 0.3, 0]),
      (1, "signal", "flux", [0.075, 0.2]), (1, "pulled_flux", "flux", [0.2, 0.07]),
    ]
    for (channel, sample, name, steps) in expected {
      let found = try step(channel, sample, name)
      #expect(found.count == steps.count)
      for (a, b) in zip(found, steps) { #expect(abs(a - b) < 1e-14) }
    }
  }

  @Test("Bounds keep f > 0, constraints keep their centres, a free pull is a normfactor")
  func parameters() throws {
    let workspace = try Self.workspace.get()
    let parameters = workspace.measurements[0].parameters
    #expect(parameters[0].bounds == Workspace.Bounds(0, 10) && parameters[0].initial == 1)
    #expect(parameters[1].bounds == Workspace.Bounds((1e-6 - 1) / 0.1, 20))
    #expect(parameters[2].bounds == Workspace.Bounds((1e-6 - 1) / 0.05, 20))
    #expect(parameters[3].bounds == Workspace.Bounds(-20, 20))
    #expect(parameters[1].centre == nil)
    #expect(abs(try #require(parameters[3].centre) - 0.01 / 0.021) < 1e-14)
    #expect(parameters[4].centre == -0.25)
    // 11 observed, 8 expected: ten times 11 / 8
    #expect(parameters[5].bounds == Workspace.Bounds(1e-6, 13.75))
    #expect(workspace.channels[1].samples[2].modifiers == [.init(name: "free", effect: .normfactor)])
  }

  @Test("What a workspace cannot hold is refused with its name and a cure")
  func refusals() throws {
    func message(_ change: (inout ExchangeFixtures.Model) -> Void) -> String {
      var model = ExchangeFixtures.everything
      change(&model)
      do throws(ExchangeError) {
        _ = try ExchangeFixtures.export(model).workspace()
        return "no error"
      } catch {
        #expect(error.kind == .notExpressible)
        return error.message
      }
    }
    let gaussian = message { $0.plan.variance[4] = 2 }
    #expect(gaussian.contains("second: bin 1") && gaussian.contains("--statistic poisson"))
    let scaled = message { $0.plan.blocks[0].signalShares[4] = 1 }
    #expect(scaled.contains("first one") && scaled.contains("\"free\" scales the signal"))
    let shape = message { $0.plan.pulls[3].isConstrained = false }
    #expect(shape.contains("\"Σ shape\"") && shape.contains("width"))
    let empty = message { $0.data.observed[2] = 1 }
    #expect(empty.contains("bin 2 expects 0.0") && empty.contains("Merge"))
  }
}

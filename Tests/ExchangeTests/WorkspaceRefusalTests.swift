import Foundation
import ScanCore
import Testing

@testable import Exchange

/// A small workspace with one thing changed, and what the message must say.
struct BadWorkspace: Sendable, CustomTestStringConvertible {
  var found: String
  var replacement: String
  var says: [String]
  var testDescription: String { says[0] }

  init(_ found: String, _ replacement: String, _ says: String...) {
    (self.found, self.replacement, self.says) = (found, replacement, says)
  }

  static let sound = """
    {"version": "1.0.0", "channels": [{"name": "c", "samples": [
      {"name": "s", "data": [1, 2], "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]},
      {"name": "b", "data": [10, 20], "modifiers": [
        {"name": "n", "type": "histosys", "data": {"lo_data": [9, 18], "hi_data": [11, 22]}}]}]}],
      "observations": [{"name": "c", "data": [11, 21]}],
      "measurements": [{"name": "m", "config": {"poi": "mu", "parameters": []}}]}
    """
}

/// [UPS-44]
@Suite("Workspaces that are refused")
struct WorkspaceRefusalTests {
  static let signal = #"{"name": "mu", "type": "normfactor", "data": null}"#
  static let pull = #""type": "histosys", "data": {"lo_data": [9, 18], "hi_data": [11, 22]}"#
  static let parameters = #""parameters": []"#

  static let cases = [
    BadWorkspace(#""1.0.0", "#, #""1.0.0" "#, "this is not JSON", "line 1, column 21"),
    BadWorkspace(#"{"poi": "mu", "parameters": []}}]}"#, "", "this is not JSON", "end of file on line 6"),
    BadWorkspace("[1, 2]", "[1, NaN]", "this is not JSON", "line 2"),
    BadWorkspace(
      "[1, 2]", "[1, 1e999]", "line ", "channels[0].samples[0].data[1]", "beyond double precision"),
    BadWorkspace("[1, 2]", "[5e300, 2]", "\"mu\" scales", "cannot be squared"),
    BadWorkspace(
      "[11, 22]}", String(repeating: "[", count: 30) + String(repeating: "]", count: 30) + "}",
      "line 4: lists and objects lie more than 20 deep"),
    BadWorkspace("[11, 22]}", "[11, null]}", "data.hi_data[1] (line 4)"),
    BadWorkspace(#""poi": "mu""#, #""poi": 3"#, "measurements[0].config.poi (line 6)"),
    BadWorkspace("[1, 2]", "[1, \"2\"]", "channels[0].samples[0].data[1]", "the text \"2\"", "a number"),
    BadWorkspace("[1, 2]", "[1, null]", "channels[0].samples[0].data[1]", "null"),
    BadWorkspace("[1, 2]", "[]", "channels[0].samples[0].data", "a list of 0"),
    BadWorkspace("[10, 20]", "[10]", "channels[0].samples[1].data", "1 numbers", "2, one per bin"),
    BadWorkspace("[11, 21]", "[11, 21, 3]", "observations[0].data", "3 numbers", "2, one per bin"),
    BadWorkspace("[11, 21]", "[11, -1]", "observations[0].data[1]", "-1.0 events", "0 or more"),
    BadWorkspace("[9, 18]", "[9]", "samples[1].modifiers[0].data.lo_data", "1 numbers"),
    BadWorkspace(
      #"[{"name": "c", "data": [11"#, #"[{"name": "d", "data": [11"#, "observations[0]", "no channel \"d\"",
      "are c"),
    BadWorkspace(#""observations": [{"name": "c", "data": [11, 21]}],"#, "", "no \"observations\""),
    BadWorkspace(
      #""samples": ["#, #""title": "x", "samples": ["#, "channels[0]", "\"title\" is unknown", "name, samples"
    ),
    BadWorkspace(#""version": "1.0.0""#, #""version": "2.0.0""#, "version", "2.0.0", "Schema 1.0.0"),
    BadWorkspace(#""name": "b""#, #""name": "s""#, "samples[1]", "\"s\" appears twice"),
    BadWorkspace(signal, signal + ", " + signal, "modifiers[1]", "\"mu\" twice"),
    BadWorkspace(
      pull, #""type": "staterror", "data": [1, 2]"#, "samples[1].modifiers[0].type",
      "\"n\" is of the type staterror",
      "a parameter of its own"),
    BadWorkspace(pull, #""type": "shapesys", "data": [1, 2]"#, "shapesys", "Poisson constraint"),
    BadWorkspace(pull, #""type": "shapefactor", "data": null"#, "shapefactor", "free parameter"),
    BadWorkspace(pull, #""type": "custom", "data": null"#, "type custom", "Taken are"),
    BadWorkspace(
      pull, #""type": "normsys", "data": {"lo": 0.9, "hi": 1.1}"#, "normsys \"n\" (0.9, 1.1)", "exponential",
      "--linearise"),
    BadWorkspace(
      "[11, 22]", "[11, 23]", "channels[0].samples[1].modifiers[0] (line 4)", "in bin 1", "23.0 upwards",
      "18.0 downwards",
      "--linearise"),
    BadWorkspace(
      #""modifiers": [{"name": "mu""#,
      #""modifiers": [{"name": "k", "type": "normfactor", "data": null}, {"name": "mu""#,
      "samples[0] (s) (line 2)", "product of k and mu", "fixed"),
    BadWorkspace(
      pull, pull + #"}, {"name": "k", "type": "normfactor", "data": null"#, "samples[1] (b)",
      "product of k and n"),
    BadWorkspace(
      #""name": "n", "type""#, #""name": "mu", "type""#, "the name \"mu\" is used by a histosys",
      "channel c (line 1)"),
    BadWorkspace(
      "[10, 20]", "[10, 26]", "histosys \"n\" is not linear", "in bin 1"),
    BadWorkspace(
      #""poi": "mu""#, #""poi": "nu""#, "measurement \"m\" (line 6)", "\"nu\" is no modifier", "signal: mu"),
    BadWorkspace(#""poi": "mu""#, #""poi": "n""#, "\"n\" is no normfactor", "signal: mu"),
    BadWorkspace(parameters, #""parameters": [{"name": "mu", "fixed": true}]"#, "\"mu\" is fixed"),
    BadWorkspace(parameters, #""parameters": [{"name": "n", "sigmas": [2]}]"#, "\"n\" has `sigmas`"),
    BadWorkspace(parameters, #""parameters": [{"name": "mu", "auxdata": [2]}]"#, "\"mu\" has `auxdata`"),
    BadWorkspace(
      parameters, #""parameters": [{"name": "n", "inits": [2, 3]}]"#, "parameters[0].inits", "2 values"),
    BadWorkspace(
      parameters, #""parameters": [{"name": "n", "bounds": [[5, -5]]}]"#, "bounds", "smaller one first"),
    BadWorkspace(
      parameters, #""parameters": [{"name": "n"}, {"name": "n"}]"#, "parameters[1]", "appears twice"),
    BadWorkspace(
      pull, #""type": "lumi", "data": null"#, "the lumi modifier is called \"n\"", "must be \"lumi\""),
    BadWorkspace(
      #""name": "n", "# + pull, #""name": "lumi", "type": "lumi", "data": null"#, "\"lumi\" has no `auxdata`",
      "needs both"),
    BadWorkspace("[1, 2]", "[0, 0]", "modifier \"mu\" (line 2)", "hold no events"),
    BadWorkspace(
      signal,
      signal
        + #", {"name": "n", "type": "histosys", "data": {"lo_data": [1, -1e308], "hi_data": [1, 1e308]}}"#,
      "modifier \"n\" (line 2): what it moves by", "inf"),
    BadWorkspace("[10, 20]", "[10, -20]", "not linear"),
  ]

  @Test("The workspace the cases start from is sound") func sound() throws {
    let model = try ExchangeFixtures.read(BadWorkspace.sound)
    #expect(model.plan.pulls.map(\.width) == [0.1] && model.plan.rest == [0, 0])
  }

  @Test("The message names file, place, value and cure", arguments: cases)
  func message(_ bad: BadWorkspace) throws {
    let text = BadWorkspace.sound.replacingOccurrences(of: bad.found, with: bad.replacement)
    try #require(text != BadWorkspace.sound)
    do throws(ExchangeError) {
      _ = try ExchangeFixtures.read(text)
      Issue.record("no error: \(text)")
    } catch {
      #expect(error.kind == .badWorkspace && error.message.hasPrefix("model.json"))
      for part in bad.says { #expect(error.message.contains(part), "\(error.message)") }
    }
  }

  @Test("A negative expectation and more parameters than pulls are refused")
  func sizes() throws {
    let negative = BadWorkspace.sound.replacingOccurrences(of: "[10, 20]", with: "[-10, 20]")
      .replacingOccurrences(of: "[9, 18]", with: "[-11, 18]").replacingOccurrences(
        of: "[11, 22]", with: "[-9, 22]")
    do throws(ExchangeError) {
      _ = try ExchangeFixtures.read(negative)
      Issue.record("a negative expectation was taken")
    } catch {
      #expect(error.message.hasPrefix("model.json, channel c (line 1): bin 0 expects -10.0 events"))
    }
    let many = (0...JointPlan.maximumPulls).map { #"{"name": "n\#($0)", \#(Self.pull)}"# }.joined(
      separator: ", ")
    let text = BadWorkspace.sound.replacingOccurrences(of: #"{"name": "n", \#(Self.pull)}"#, with: many)
    do throws(ExchangeError) {
      _ = try ExchangeFixtures.read(text)
      Issue.record("33 parameters were taken")
    } catch {
      #expect(error.message.contains("33 parameters") && error.message.contains("at most 32"))
      #expect(error.message.hasPrefix("model.json, measurement \"m\" (line 6): "))
    }
  }

  @Test("Among several measurements one must be chosen by its name")
  func measurements() throws {
    let second =
      #", {"name": "other", "config": {"poi": "mu", "parameters": [{"name": "n", "fixed": true}]}}]}"#
    let text = String(BadWorkspace.sound.dropLast(2)) + second
    #expect(try ExchangeFixtures.read(text, measurement: "m").plan.pullCount == 1)
    #expect(try ExchangeFixtures.read(text, measurement: "other").plan.pullCount == 0)
    for name in [nil, "third"] {
      do throws(ExchangeError) {
        _ = try ExchangeFixtures.read(text, measurement: name)
        Issue.record("a measurement was chosen")
      } catch {
        #expect(error.kind == .notExpressible && error.message.contains("\"m\", \"other\""))
      }
    }
  }
}

import Experiments
import Testing

/// One broken line of the sample and what must be said about it.
struct Fault: Sendable, CustomTestStringConvertible {
  /// Text of the sample and what replaces it.
  let old: String
  let new: String
  /// Text whose place in the changed file the error must name.
  let place: String
  /// Words the message must hold.
  var words: [String]
  var file = "sample.yaml"

  init(_ old: String, _ new: String, at place: String, _ words: String..., file: String = "sample.yaml") {
    self.old = old
    self.new = new
    self.place = place
    self.words = words
    self.file = file
  }

  init(_ other: Fault, words: [String]) {
    self = other
    self.words = words
  }

  var testDescription: String { "\(old) -> \(new)" }

  /// Line and column of `place` in the changed text.
  func expectedPosition() -> (line: Int, column: Int)? {
    guard let text = file == "sample.yaml" ? Sample.yaml : Sample.tables[file],
      let change = text.range(of: old),
      let range = text.replacingCharacters(in: change, with: new).range(of: place)
    else { return nil }
    let before = text.replacingCharacters(in: change, with: new)[..<range.lowerBound]
    let line = before.split(separator: "\n", omittingEmptySubsequences: false)
    return (line.count, (line.last?.count ?? 0) + 1)
  }

  /// Loads the broken sample and compares place and words.
  func check() throws {
    let folder = try Sample.folder(replacing: old, with: new, in: file)
    let error = try #require(folder.fault("sample.yaml"), "it loads")
    let position = try #require(expectedPosition(), "the sample has no such text")
    #expect(error.file.hasSuffix(file), "\(error)")
    #expect(error.line == position.line && error.column == position.column, "\(error)")
    for word in words { #expect(error.description.contains(word), "\(error)") }
    #expect(Catalogue.validate(folder.path("sample.yaml")).first == error)
  }
}

@Suite("Faults in the YAML file")
struct BadYAMLTests {
  static let structureFaults: [Fault] = [
    Fault("neutrons: 2", "neutronz: 2", at: "neutronz", "unknown key `neutronz`", "Did you mean `neutrons`?"),
    Fault("mass: 2500 g", "extra: 1\n  mass: 2500 g", at: "extra", "unknown key", "`molar-mass`"),
    Fault("title: A sample", "title: A\ntitle: B", at: "title: A", "more than once"),
    Fault("  mass: 2500 g\n", "", at: "molar-mass", "no key `mass`"),
    Fault("schema: 1", "schema: 2", at: "2", "`1`", "schema"),
    Fault("schema: 1\n", "", at: "name", "no key `schema`"),
    Fault("name: sample", "name: example", at: "example", "`sample`", "name of the file"),
    Fault("kind: measurement", "kind: measured", at: "measured", "`measurement` or `projection`"),
    Fault("references: [own]", "references: own", at: "own", "a list"),
    Fault(
      "references: [own]", "references: [own]\nincludes-data-of: other", at: "other", "a list"),
    Fault(
      "references: [own]", "references: [own]\nincludes-data-of: [other, sample]", at: "sample]",
      "the name of another experiment"),
    Fault(
      "references: [own]", "references: [own]\nincludes-data-of: [other:variant]", at: "other:variant",
      "without variant or path"),
    Fault("title: A sample", "title:", at: "\nkind", "a text"),
    Fault("kind: measurement", "kind: projection", at: "{ table: observed", "projection"),
    Fault(
      "  observed: { table: observed.csv, column: events }\n", "", at: "energy:\n    unit",
      "no key `observed`"),
    Fault("- name: He4", "- name: [He4]", at: "[He4]", "a text"),
    Fault("detector:\n", "detector: 5\nold:\n", at: "old", "unknown key `old`"),
    Fault("time: none", "time: nothing", at: "nothing", "`delayed-exponential` or `none`"),
    Fault("lindhard: {", "lindhart: {", at: "lindhart", "Did you mean `lindhard`?"),
    Fault("set: { analysis.electrons", "set: { analysis.x.electrons", at: "analysis.x", "no `x` in the file"),
  ]

  @Test("A fault of structure is named with its place", arguments: structureFaults)
  func structure(_ fault: Fault) throws {
    if fault.old.contains("set: {") {
      let folder = try Sample.folder(replacing: fault.old, with: fault.new)
      let findings = Catalogue.validate(folder.path("sample.yaml"))
      #expect(findings.first?.description.contains(fault.words[0]) == true)
      #expect(findings.first?.line == fault.expectedPosition()?.line)
    } else {
      try fault.check()
    }
  }

  static let valuesFaults: [Fault] = [
    Fault("mass: 2500 g", "mass: 2500", at: "2500", "mass", "unit"),
    Fault("mass: 2500 g", "mass: 2500 m", at: "2500 m", "kg"),
    Fault("mass: 2500 g", "mass: -2500 g", at: "-2500", "greater than zero"),
    Fault("mass: 2500 g", "mass: 0 g", at: "0 g", "greater than zero"),
    Fault("mass: 2500 g", "mass: nan g", at: "nan", "mass"),
    Fault("mass: 2500 g", "mass: .inf kg", at: ".inf", "mass"),
    Fault("mass: 2500 g", "mass: 1e999 g", at: "1e999", "mass"),
    Fault("mass: 2500 g", "mass: [1, 2]", at: "[1, 2]", "a text", "a list of 2"),
    Fault("mass: 2500 g", "mass: {kg: 1}", at: "{kg", "a mapping"),
    Fault("weak-mixing: 0.2386", "weak-mixing: 1.2", at: "1.2", "at most one"),
    Fault("weak-mixing: 0.2386", "weak-mixing: nan", at: "nan", "plain number"),
    Fault("weak-mixing: 0.2386", "weak-mixing: 0x1p-2", at: "0x1p-2", "plain number"),
    Fault("weak-mixing: 0.2386", "weak-mixing: 23 %", at: "23 %", "plain number"),
    Fault("5 /GeV^2", "5 /GeV", at: "1.1663788e-5", "-2"),
    Fault(
      "{ nuclear: 3 eV, electron: 3 eV }", "3 eV", at: "3 eV", "one energy for each kind of recoil",
      "{ nuclear: 3 eV, electron: 3 eV }"),
    Fault(
      "{ nuclear: 3 eV, electron: 3 eV }", "{ nuclear: 3 eV }", at: "{ nuclear: 3 eV }",
      "no floor for electron recoils"),
    Fault(
      "{ nuclear: 3 eV, electron: 3 eV }", "{ electron: 3 eV }", at: "{ electron: 3 eV }",
      "no floor for nuclear recoils"),
    Fault("electron: 3 eV }", "electron: 0 eV }", at: "0 eV", "greater than zero"),
    Fault("protons: 2\n", "protons: 2.5\n", at: "2.5\n", "whole number"),
    Fault("protons: 2\n", "protons: 300\n", at: "300", "from 1 to 120"),
    Fault("4.00260325413 u", "3.7 u", at: "3.7 u", "within 1 %"),
    Fault("molar-mass: 4.0026 g/mol", "molar-mass: 40 g/mol", at: "40 g/mol", "sum over the nuclei"),
    Fault("proton-radius: 1.8", "proton-radius: 1.0", at: "1.0 fm", "a radius greater than"),
    Fault("element: He }", "element: Ne }", at: "{ table: levels", "0 electrons"),
    Fault("baseline: 20 m", "baseline: 0 m", at: "0 m", "greater than zero"),
    Fault("width: 12 %", "width: -12 %", at: "-12 %", "greater than zero"),
    Fault("weight: 0.9", "weight: 0.7", at: "[ { energy", "add up"),
    Fault("a: 0.9,", "a: 1.9,", at: "{ a: 1.9", "at most one"),
    Fault("d: 0,", "d: -0.95,", at: "{ a: 0.9", "greater than zero"),
    Fault("b: 2 /keVee", "b: 2 /PE", at: "2 /PE", "/keVee"),
    Fault("c: 1 keVee", "c: 1", at: "1, d", "keVee"),
    Fault("center: 500 ns", "center: 500 m", at: "500 m", "a time"),
    Fault("delayed: no", "delayed: maybe", at: "maybe", "`yes` or `no`"),
  ]

  @Test("A wrong value is named with its place and what was expected", arguments: valuesFaults)
  func values(_ fault: Fault) throws { try fault.check() }

  private static let listed = "listed: none }\n"

  private static func shape(_ text: String, at place: String, _ words: String...) -> Fault {
    Fault(Fault(listed, listed + "  shape: \(text)\n", at: place), words: words)
  }

  static let shapeFaults: [Fault] = [
    shape("{}", at: "{}\n", "a mapping of names"),
    shape("{ a: { onset: 5 ns } }", at: "onset: 5", "exactly one of", "`arrival-onset`"),
    shape("{ a: energy-scale }", at: "energy-scale", "without parameters"),
    shape("{ a b: { energy-scale: 2 % } }", at: "a b", "letters, digits"),
    shape("{ flat: { energy-scale: 2 % } }", at: "flat: { energy", "no other pull has", "Rename"),
    shape("{ a: { energy-scale: 20 % } }", at: "20 % } }", "at most 16.0 %", "six widths"),
    shape("{ a: { energy-scale: -2 % } }", at: "-2 %", "greater than zero"),
    shape("{ a: { energy-scale: 2 } }", at: "2 } }", "200.0 %"),
    shape("{ a: { quenching: { plus-one-sigma: [0.1] } } }", at: "quenching: { plus", "polynomial"),
    shape("{ a: { neutron-radius: 8 % } }", at: "8 %", "a width below", "He4", "surface alone"),
    shape(
      "{ a: { neutron-radius: 0.1 % }, b: { neutron-radius: 0.1 % } }", at: "neutron-radius: 0.1 % } }",
      "second pull", "quadrature"),
    shape("{ a: { arrival-onset: 80 ns } }", at: "arrival-onset", "exponential ones of `line`"),
    shape(
      "{ a: { energy-scale: 1 % }, b: { energy-scale: 1 % }, c: { energy-scale: 1 % }, d: { energy-scale: 1 % }, "
        + "e: { energy-scale: 1 % }, f: { energy-scale: 1 % }, g: { energy-scale: 1 % } }",
      at: "{ a: { energy",
      "7 pulls that move the signal", "at most 6"),
    shape(
      "{ a: { energy-scale: 1 % }, b: { energy-scale: 1 % }, c: { energy-scale: 1 % }, d: { energy-scale: 1 % }, "
        + "e: { energy-scale: 1 % }, f: { energy-scale: 1 % }, g: { energy-scale: 1 % }, h: { energy-scale: 1 % }, "
        + "i: { energy-scale: 1 % } }",
      at: "{ a: { energy",
      "9 shape pulls", "at most 8"),
  ]

  @Test("A wrong pull of a shape is named with its place and the cure", arguments: shapeFaults)
  func shapePulls(_ fault: Fault) throws { try fault.check() }

  @Test("Pulls of shapes are read in the order of the file, in internal units")
  func soundShapePulls() throws {
    let folder = try Sample.folder(
      replacing: Self.listed,
      with: Self.listed + "  shape: { scale: { energy-scale: 2 % }, radius: { neutron-radius: 0.001 } }\n")
    let spec = try Catalogue.load(folder.path("sample.yaml"))
    #expect(spec.systematics.shapePulls.map(\.name) == ["scale", "radius"])
    #expect(
      spec.systematics.shapePulls.map(\.effect) == [.energyScale(width: 0.02), .neutronRadius(width: 0.001)])
    let csi = try Catalogue.load("coherent-csi-2021:shape-pulls").systematics.shapePulls
    #expect(csi.map(\.name) == ["quenching-1", "quenching-2", "neutron-radius", "onset"])
    #expect(csi[0].effect == .quenching(plusOneSigma: [0.0613632, 3.51547, -85.5548, 595.562]))
    #expect(csi[3].effect == .arrivalOnset(width: 0.08))
  }

  private static let signal = "scope: sm-only }"

  static let partFaults: [Fault] = [
    Fault(
      signal, "scope: sm-only, parts: { flux: 10 %, quenching: 7 % } }", at: "{ flux", "12.2066 %", "12 %"),
    Fault(signal, "scope: sm-only, parts: {} }", at: "{} }", "a mapping of names", "leave `parts` out"),
    Fault(signal, "scope: sm-only, parts: { flux: 0 } }", at: "0 } }", "greater than"),
    Fault(signal, "scope: sm-only, parts: { flux: none } }", at: "none } }", "`none`"),
    Fault(signal, "scope: sm-only, parts: { flat: 10 % } }", at: "flat: 10", "no other pull has", "Rename"),
    Fault(signal, "scope: sm-only, parts: { signal: 10 % } }", at: "signal: 10", "no other pull has"),
    Fault(signal, "scope: sm-only, parts: { a/b: 10 % } }", at: "a/b", "letters, digits"),
    Fault(
      "width: 12 %, scope: sm-only }", "width: none, scope: sm-only, parts: { flux: 10 % } }", at: "{ flux",
      "`width: none`", "leave `parts` out"),
  ]

  @Test("A wrong part of the signal pull is named with its place and the cure", arguments: partFaults)
  func parts(_ fault: Fault) throws { try fault.check() }

  @Test("Parts of the signal pull are read in the order of the file and leave its width as it is")
  func soundParts() throws {
    let folder = try Sample.folder(
      replacing: Self.signal, with: "scope: sm-only, parts: { flux: 0.1, quenching: 3.8 % } }")
    let spec = try Catalogue.load(folder.path("sample.yaml"))
    #expect(spec.systematics.signalWidth == 0.12)
    #expect(spec.systematics.signalParts.map(\.name) == ["flux", "quenching"])
    #expect(spec.systematics.signalParts.map(\.width) == [0.1, 0.038])
    // the whole width may be named
    let whole = try Sample.folder(
      replacing: Self.signal, with: "scope: sm-only, parts: { flux: 12 % } }")
    #expect(try Catalogue.load(whole.path("sample.yaml")).systematics.signalParts[0].width == 0.12)
  }

  static let binsFaults: [Fault] = [
    Fault("edges: [1, 2, 4]", "edges: [1, 4, 2]", at: "2]", "an edge greater than 4.0"),
    Fault("edges: [1, 2, 4]", "edges: [1, 1, 4]", at: "1, 4]", "an edge greater than 1.0"),
    Fault("edges: [1, 2, 4]", "edges: [1]", at: "[1]\n", "2 to 1001 bin edges"),
    Fault("edges: [1, 2, 4]", "edges: [-1, 2, 4]", at: "-1, 2", "zero or greater"),
    Fault("edges: [0, 500, 1000]", "edges: [0, 500, nan]", at: "nan]", "plain number"),
    Fault("unit: ns", "unit: m", at: "m\n    edges: [0", "a time"),
    Fault("unit: keVee", "unit: PE", at: "truncated-gaussian", "keVee"),
    Fault("energy: [1, 3]", "energy: [1, 3, 5]", at: "[1, 3, 5]", "2 numbers"),
    Fault("energy: [1, 3]", "energy: [1, -3]", at: "-3", "zero or greater"),
    Fault("energy: [1, 3]", "energy: [0, 0]", at: "[0, 0]", "all zero"),
    Fault("events: [1, 2, 3, 4]", "events: [1, 2, 3]", at: "[1, 2, 3]", "4 numbers"),
    Fault("name: listed", "name: flat", at: "- name: flat\n      total", "twice"),
    Fault("listed: none", "listen: none", at: "listen", "Did you mean `listed`?"),
    Fault("0.25, listed: none", "0.25", at: "{ flat: 0.25", "no key `listed`"),
    Fault("label: reactor", "label: line", at: "pion-decay", "twice"),
  ]

  @Test("A fault of bins, backgrounds and pulls is named with its place", arguments: binsFaults)
  func bins(_ fault: Fault) throws { try fault.check() }

  static let syntaxFaults: [Fault] = [
    Fault("references: [own]", "references: [own", at: "source", "malformed YAML"),
    Fault("kind: measurement", "kind: 'measurement", at: "", "malformed YAML"),
    Fault("  mass: 2500 g", "\tmass: 2500 g", at: "\tmass", "malformed YAML"),
    Fault("title: A sample", "title: A: sample", at: "A: sample", "malformed YAML"),
    Fault("title: A sample", "title: &anchor A sample", at: "&anchor", "anchor or alias"),
    Fault(
      "title: A sample", "title: " + String(repeating: "*name ", count: 30), at: "*name", "30 words",
      "no YAML aliases"),
    Fault("title: A sample", "title: *name", at: "*name", "malformed YAML", "undefined alias"),
  ]

  @Test("Malformed YAML is reported at its place", arguments: syntaxFaults)
  func syntax(_ fault: Fault) throws {
    let folder = try Sample.folder(replacing: fault.old, with: fault.new)
    let error = try #require(folder.fault("sample.yaml"))
    for word in fault.words { #expect(error.description.contains(word), "\(error)") }
    if !fault.place.isEmpty { #expect(error.line == fault.expectedPosition()?.line, "\(error)") }
  }

  @Test("Several faults are found in one go")
  func several() throws {
    let text = Sample.yaml.replacing("mass: 2500 g", with: "mass: 1").replacing(
      "couplings: tree", with: "couplings: x"
    )
    .replacing("baseline: 20 m", with: "baseline: 20").replacing("title:", with: "titel:")
    let folder = try Sample.folder()
    try folder.write(text, to: "sample.yaml")
    let found = Catalogue.validate(folder.path("sample.yaml")).map(\.description)
    for word in ["`titel`", "detector.mass", "analysis.couplings", "baseline", "no key `title`"] {
      #expect(found.contains { $0.contains(word) }, "\(word) in \(found)")
    }
  }

  @Test(
    "Texts that would blow up a parser are refused",
    arguments: [
      "", "\u{0}", "---\n---\n", "[", String(repeating: "[", count: 100_000),
      String(repeating: "- ", count: 50_000),
      String(repeating: "{a: ", count: 50_000), String(repeating: "? ", count: 50_000), "5", "[1, 2]",
      "? [a]\n: b\n",
      (0..<40).map { "a\($0): &a\($0) [*a\(max(0, $0 - 1)), *a\(max(0, $0 - 1))]" }.joined(separator: "\n"),
      "a0: &a0 [1]\n" + (1..<12).map { "a\($0): &a\($0) [*a\($0 - 1), *a\($0 - 1)]" }.joined(separator: "\n"),
    ])
  func hostile(_ text: String) throws {
    let folder = try ScratchFolder()
    try folder.write(text, to: "sample.yaml")
    #expect(folder.fault("sample.yaml") != nil)
  }
}

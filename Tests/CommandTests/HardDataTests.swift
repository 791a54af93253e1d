import Foundation
import Testing

/// Data and pulls at the edge of what a likelihood can mean: every command states the same, or says why not.
@Suite("Hard data")
struct HardDataTests {
  /// 30 g of xenon at the ESS.
  /// - Parameter rest: from `channel.observed` on
  private static func entry(_ name: String, edges: String = "[0.1, 5, 10, 15, 20, 25, 30]", _ rest: String)
    -> String
  {
    """
    schema: 1
    name: \(name)
    title: Hard data
    kind: measurement
    references: ["none"]
    source:
      pion-decay-at-rest: { neutrinos-per-proton: 0.3, protons-on-target: 2.8e23, baseline: 20 m }
    detector:
      mass: 0.03 kg
      molar-mass: 131.293 g/mol
      nuclei:
        - element: Xe
          per-formula-unit: 1
          form-factor: { helm: { radii: charge, neutron-skin: 0 fm, skin: 0.9 fm } }
      quenching: none
      response: ideal
      efficiency: { energy: none, recoil: none, time: none }
      recoil-floor: { nuclear: 0.05 keV }
    \(LimitFixture.analysis)
    channel:
      energy: { unit: keV, edges: \(edges) }
    \(rest)
    systematics:
      statistic: poisson
      signal: { width: 5 %, scope: dipole-and-sm }

    """
  }

  private static let background = "  backgrounds:\n    - { name: bkg, events: [30, 20, 10, 5, 3, 2] }"
  private static let commands = [
    "limit %@ --m4 5,10,20 --json", "scan %@ --m4 5,10,20 --d 1e-7:1e-5:4 --dof 2 --plot none -o s --json",
    "toys %@ --m4 5,10,20 --d 1e-7:1e-5:3 --toys 20 --plot none -o t --json",
    "fit %@ --m4 5:20:4 --d 1e-7:1e-5:6 --no-refine --plot none -o f --json",
  ]

  /// Runs the four commands on a file.
  private func outcomes(_ name: String, _ text: String, in folder: Scratch) throws -> [Program.Outcome] {
    try folder.write(text, to: "\(name).yaml")
    return try Self.commands.map {
      try Program.shell("\"$0\" " + $0.replacingOccurrences(of: "%@", with: "\(name).yaml"), in: folder)
    }
  }

  @Test(
    "What no fit can deal with is refused by all commands in the same words",
    arguments: [
      (
        entry("hard", edges: "[0.1, 5, 10, 15, 20, 100, 150]", "  observed: [9, 4, 2, 1, 0, 1]"),
        "hard: 1.0 events are observed in bin 6 of 6, where neither backgrounds nor the Standard Model give any"
      ),
      (
        entry("hard", edges: "[1000, 1500, 2000]", "  observed: [0, 0]"),
        "No energy bin of hard can see any recoil"
      ),
      (
        entry(
          "hard",
          "  observed: [70, 42, 21, 10, 6, 4]\n  backgrounds:\n    - { name: a, events: [30, 20, 10, 5, 3, 2] }\n"
            + "    - { name: b, events: [60, 40, 20, 10, 6, 4] }") + "  backgrounds: { a: free, b: free }\n",
        "hard: the free background \"b\" has the shape of \"a\""
      ),
    ])
  func refused(text: String, says: String) throws {
    let folder = try Scratch()
    for outcome in try outcomes("hard", text, in: folder) {
      #expect(outcome.status == 64)
      #expect(outcome.errors.contains(says), "\(outcome.errors)")
      #expect(outcome.output.isEmpty && !outcome.errors.contains("Fatal"))
    }
    #expect(try folder.names() == ["hard.yaml"])
  }

  @Test(
    "Empty bins, a background known to 300 % and backgrounds of one shape that have widths are fitted, every number finite",
    arguments: [
      entry("hard", edges: "[0.1, 5, 10, 15, 20, 100, 150]", "  observed: [9, 4, 2, 1, 0, 0]"),
      entry("hard", "  observed: [40, 22, 11, 5, 3, 2]\n" + background) + "  backgrounds: { bkg: 300 % }\n",
      entry(
        "hard",
        "  observed: [70, 42, 21, 10, 6, 4]\n  backgrounds:\n    - { name: a, events: [30, 20, 10, 5, 3, 2] }\n"
          + "    - { name: b, events: [30, 20, 10, 5, 3, 2] }") + "  backgrounds: { a: 20 %, b: 20 % }\n",
    ])
  func fitted(text: String) throws {
    let folder = try Scratch()
    for (command, outcome) in zip(Self.commands, try outcomes("hard", text, in: folder)) {
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
      // how JSON says NaN and infinity here
      for word in ["\"nan\"", "\"inf\"", "\"-inf\""] {
        #expect(!outcome.output.contains(word), "\(command): \(outcome.output)")
      }
    }
    let toys = try Program.shell("cat t.json", in: folder).json()
    #expect(
      (toys["worst_points"] as? [Any])?.isEmpty == true && (toys["critical_value"] as? [Any])?.count == 2)
  }

  @Test("A shape that drives a bin below zero clips toys, and the points where it does are named")
  func clipped() throws {
    let folder = try Scratch()
    let text =
      Self.entry("hard", "  observed: [40, 22, 11, 5, 3, 2]\n" + Self.background) + """
          backgrounds: { bkg: 5 % }
          shape:
            tilt: { background-shape: { background: bkg, plus-one-sigma: [45, 25, 8, 2, 0.5, 0.1] } }

        """
    try folder.write(text, to: "hard.yaml")
    let outcome = try Program.shell(
      "\"$0\" toys hard.yaml --m4 5,10 --d 1e-6,1e-5 --toys 60 --backend reference --plot none -o t --json",
      in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    let worst = try #require(report["worst_points"] as? [[String: Any]])
    let most = try #require(worst.compactMap { $0["clipped"] as? Int }.max())
    #expect(most > 0)
    let notes = try #require(report["notes"] as? [String])
    let note = try #require(notes.first { $0.contains("which was thrown as zero") })
    #expect(note.contains("m4 = ") && note.contains("d = 1e-06 GeV^-1 (\(most) of 60)"), "\(note)")
  }

  @Test(
    "A best fit at an end of the mass axis is named by scan, toys and fit; a range of d without it by fit")
  func ends() throws {
    let folder = try Scratch()
    // no minimum between 8 and 20 MeV: these recoils want a lighter N
    let text =
      Self.entry("hard", "  observed: [40, 22, 11, 5, 3, 2]\n" + Self.background)
      + "  backgrounds: { bkg: 5 % }\n"
    try folder.write(text, to: "hard.yaml")
    for command in Self.commands.dropFirst() {
      let line = command.replacingOccurrences(of: "%@", with: "hard.yaml")
        .replacingOccurrences(of: "--m4 5,10,20", with: "--m4 8,12,20")
        .replacingOccurrences(of: "--m4 5:20:4", with: "--m4 8:20:4")
      let outcome = try Program.shell("\"$0\" \(line)", in: folder)
      let report = try outcome.json()
      let fit = report["fit"] as? [String: Any]
      let notes = try #require((fit?["notes"] ?? report["notes"]) as? [String])
      #expect(notes.contains { $0.contains("lies at the lowest mass of the axis") }, "\(notes)")
    }
    try folder.write(
      Self.entry("hard", "  observed: [60, 22, 11, 5, 3, 2]\n" + Self.background)
        + "  backgrounds: { bkg: 5 % }\n",
      to: "hard.yaml")
    let cut = try Program.shell(
      "\"$0\" fit hard.yaml --m4 5:20:4 --d 1e-7:1e-6:5 --no-refine --plot none -o f --json", in: folder)
    let notes = try #require((try cut.json()["fit"] as? [String: Any])?["notes"] as? [String])
    #expect(notes.contains { $0.contains("lies outside the coupling axis") }, "\(notes)")
  }
}

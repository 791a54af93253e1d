import Testing

@testable import Experiments

@Suite("Backgrounds per mass, energy and time")
struct BackgroundRateTests {
  /// The argon file of `SourceFile`: 1 kg, a reactor for 100 s, edges as given.
  private static func folder(
    _ background: String, edges: String = "[1, 1.5, 3.5]", unit: String = "keV", from: String = ""
  ) throws -> ScratchFolder {
    let channel =
      "energy: { unit: \(unit), edges: \(edges)\(from) }\n  backgrounds:\n    - { name: flat, \(background) }"
    let yaml = SourceFile.yaml(source: SourceFile.reactor())
      .replacing("energy: { unit: keV, edges: [0.1, 1] }", with: channel)
      .replacing("scope: dipole-and-sm }", with: "scope: dipole-and-sm }\n  backgrounds: { flat: none }")
    let folder = try ScratchFolder()
    try folder.write(yaml, to: "own.yaml")
    try folder.write(
      """
      energy_low [keV],energy_high [keV],level [counts/(kg keV d)],bare
      1,1.5,4,4
      1.5,3.5,3,3

      """, to: "levels.csv")
    return folder
  }

  private static func events(_ folder: ScratchFolder) throws -> [Double] {
    let channel = try Catalogue.load(folder.path("own.yaml")).channel
    guard case .events(let events) = channel.backgrounds[0].shape else { return [] }
    return events
  }

  /// 1 kg x 10 d x (0.5 and 2 keV) x 3 counts/(kg keV d) = 15 and 60
  @Test(
    "A rate is multiplied by mass, live time and bin width, in any of its units",
    arguments: [
      "3 counts/(kg keV d)", "3 /(kg keV d)", "3 /kg/keV/d", "3 events/(d kg keV)", "3e-3 /(g keV d)",
      "3e-3 counts/(kg eV d)", "1095.75 /(kg keV y)", "3000 /(t keV d)", "0.125 counts/(kg keV h)",
      "3 /(kg keVee d)",
    ])
  func units(rate: String) throws {
    let events = try Self.events(Self.folder("rate: \(rate), live-time: 10 d"))
    #expect(events.count == 2)
    #expect(zip(events, [15, 60]).allSatisfy { isClose($0, $1) }, "\(events)")
  }

  @Test("A list or a table gives one rate per bin, and lower bins can be left out")
  func perBin() throws {
    let list = try Self.events(
      Self.folder("rate: [4 /(kg keV d), 3 /(kg keV d)], live-time: 10 d", from: ", from: 1.5 keV"))
    #expect(list.count == 1 && isClose(list[0], 60))
    let table = try Self.events(
      Self.folder("rate: { table: levels.csv, column: level }, live-time: 10 d"))
    #expect(zip(table, [20, 60]).allSatisfy { isClose($0, $1) }, "\(table)")
  }

  @Test("The live time can be that of the source")
  func sourceTime() throws {
    // 100 s of 3 per 10 s, kg and keV
    let events = try Self.events(Self.folder("rate: 0.3 /(kg keV s), live-time: source"))
    #expect(zip(events, [15, 60]).allSatisfy { isClose($0, $1) }, "\(events)")
  }

  @Test("With a time axis the events spread like any other product")
  func timeAxis() throws {
    let folder = try Sample.folder(
      replacing: """
        total: 12
              energy: [1, 3]
        """,
      with: """
        rate: [2 /(kg keV d), 3 /(kg keV d)]
              live-time: 4 d
        """)
    let spec = try Catalogue.load(folder.path("sample.yaml"))
    // 2.5 kg x 4 d: 20 in 1 keV, 60 in 2 keV
    #expect(
      spec.channel.backgrounds[0].shape
        == .product(
          energyWeights: [20, 60], time: .exponential(rate: 0), total: 80, timeEfficiencyApplies: true))
  }

  @Test("Faults are named with their place")
  func faults() throws {
    let wrong: [(background: String, place: String, word: String)] = [
      ("rate: 3, live-time: 10 d", "3, live", "counts/(kg keV d)"),
      ("rate: 3 counts/(kg d), live-time: 10 d", "3 counts", "per mass, energy and time"),
      ("rate: 3 counts/(kg keV keV), live-time: 10 d", "3 counts", "per mass, energy and time"),
      ("rate: -3 /(kg keV d), live-time: 10 d", "-3", "zero or greater"),
      ("rate: 3 /(kg keV d)", "{ name: flat", "`live-time`"),
      ("rate: 3 /(kg keV d), live-time: 10 m", "10 m", "a time"),
      ("rate: 3 /(kg keV d), live-time: 10 d, total: 5", "total: 5", "unknown key"),
      ("rate: 3 /(kg keV d), live-time: 10 d, time-efficiency: applied", "applied", "no time axis"),
      ("rate: [3 /(kg keV d)], live-time: 10 d", "[3 /(kg", "2 numbers"),
    ]
    for (background, place, word) in wrong {
      try SourceFile.expectFault(Self.folder(background), at: place, [word])
    }
    try SourceFile.expectFault(
      Self.folder("rate: { table: levels.csv, column: bare }, live-time: 10 d"), at: "bare", ["no unit"],
      file: "levels.csv")
    let pions = try Sample.folder(
      replacing: """
        total: 12
              energy: [1, 3]
        """, with: "rate: 2 /(kg keV d)\n      live-time: source")
    let fault = try #require(pions.fault("sample.yaml"))
    #expect(fault.description.contains("`source`") && fault.description.contains("300 d"), "\(fault)")
  }

  @Test("A channel that is not in keV takes no rate")
  func photoelectrons() throws {
    let folder = try ScratchFolder()
    let files = try #require(Catalogue.copy(of: "csi-benchmark", name: "own"))
    for (file, text) in files where file != "experiment.yaml" { try folder.write(text, to: file) }
    let yaml = try #require(files["experiment.yaml"])
    let lines = yaml.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("  backgrounds:") })
    let end = try #require(lines.firstIndex { $0.hasPrefix("systematics:") })
    let own =
      lines[..<start] + ["  backgrounds: [{ name: flat, rate: 3 /(kg keV d), live-time: 10 d }]", ""]
      + lines[end...]
    try folder.write(own.joined(separator: "\n"), to: "own.yaml")
    try SourceFile.expectFault(folder, at: "3 /(kg keV d)", ["a channel in PE"])
  }
}

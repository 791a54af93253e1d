import Experiments
import Foundation
import Testing

@Suite("Loading from disk")
struct LoadingTests {
  @Test("The sample loads with everything converted to internal units")
  func sample() throws {
    let folder = try Sample.folder()
    #expect(Catalogue.validate(folder.path("sample.yaml")) == [])
    let spec = try Catalogue.load(folder.path("sample.yaml"))
    #expect(spec.detector.massKilograms == 2.5)
    #expect(spec.channel.timeEdges == [0, 0.5, 1])
    #expect(spec.channel.observed == [3, 5, 7, 11])
    #expect(spec.systematics.backgroundWidths == ["flat": 0.25])
    #expect(spec.detector.quenching == .lindhard(protons: 2, k: 0.15))
    #expect(spec.detector.response == .truncatedGaussian(noise: 6.85e-5, pairEnergy: 2.96e-6, fano: 0.1))
    #expect(spec.source.components.map(\.label) == ["nu_mu", "nu_mu_bar", "nu_e", "line", "reactor"])
    #expect(spec.source.components[3].spectrum == .lines(energies: [0.75, 0.43], weights: [0.9, 0.1]))
    #expect(spec.source.components[4].fluence == 2e13)
    #expect(spec.source.components[4].arrivalTimes == .gaussianPulse(center: 0.5, width: 0.1, delayed: false))
    #expect(Set(spec.inputDigests.keys) == Set(Sample.tables.keys).union(["sample.yaml"]))
  }

  @Test("What a data set includes is kept, and the catalogue says that of CsI, whose numbers differ")
  func includedData() throws {
    let folder = try Sample.folder(
      replacing: "references: [own]", with: "references: [own]\nincludes-data-of: [first, second]")
    let spec = try Catalogue.load(folder.path("sample.yaml"))
    #expect(spec.includesDataOf == ["first", "second"])
    let (whole, part) = (
      try Catalogue.load("coherent-csi-2021:no-electrons"), try Catalogue.load("coherent-csi-2017")
    )
    #expect(whole.includesDataOf == [part.entry] && part.includesDataOf == [])
    #expect(whole.channel.hasData(of: try Catalogue.load(whole.entry).channel))
    #expect(!whole.channel.hasData(of: part.channel))
  }

  @Test("A tabulated spectrum is normalised to unit integral")
  func spectrum() throws {
    let folder = try Sample.folder()
    let spec = try Catalogue.load(folder.path("sample.yaml"))
    // Triangle of height 3 over 1 to 4 MeV: area 4.5.
    #expect(spec.source.components[4].spectrum == .table(energies: [1, 2, 4], density: [0, 3 / 4.5, 0]))
  }

  @Test("A variant cuts bins and keeps the background per bin")
  func variant() throws {
    let folder = try Sample.folder()
    let spec = try Catalogue.load(folder.path("sample.yaml") + ":bare")
    #expect(spec.name == "sample:bare")
    #expect(spec.analysis.includeElectrons == false)
    #expect(spec.channel.energyEdges == [2, 4])
    #expect(spec.channel.observed == [7, 11])
    let shapes = spec.channel.backgrounds.map(\.shape)
    #expect(shapes[1] == .events([3, 4]))
    #expect(
      shapes[0]
        == .product(energyWeights: [3], time: .exponential(rate: 0), total: 9, timeEfficiencyApplies: true))
  }

  @Test("Windows line ends and a byte-order mark do no harm")
  func lineEnds() throws {
    let folder = try ScratchFolder()
    for (name, text) in Sample.tables {
      try folder.write(text.replacingOccurrences(of: "\n", with: "\r\n"), to: name)
    }
    try folder.write("\u{feff}" + Sample.yaml.replacingOccurrences(of: "\n", with: "\r\n"), to: "sample.yaml")
    #expect(folder.fault("sample.yaml") == nil)
  }

  @Test("The template loads under any name it is given", arguments: ["my-experiment", "a", "x_1.2"])
  func template(_ name: String) throws {
    let folder = try ScratchFolder()
    try folder.write(Catalogue.template(name: name), to: "\(name).yaml")
    #expect(Catalogue.validate(folder.path("\(name).yaml")) == [])
    #expect(try Catalogue.load(folder.path("\(name).yaml")).name == name)
  }

  @Test("Every catalogue entry loads the same from disk", arguments: Catalogue.entryNames)
  func catalogueOnDisk(_ name: String) throws {
    let folder = try ScratchFolder()
    let entry = folder.url.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: entry, withIntermediateDirectories: true)
    for file in Catalogue.files(of: name) {
      try folder.write(try #require(Catalogue.text(of: name, file: file)), to: "\(name)/\(file)")
    }
    #expect(try Catalogue.load(folder.path("\(name)/experiment.yaml")) == Catalogue.load(name))
  }

  @Test("A spec survives JSON", arguments: Catalogue.entryNames)
  func codable(_ name: String) throws {
    let spec = try Catalogue.load(name)
    let copy = try JSONDecoder().decode(ExperimentSpec.self, from: JSONEncoder().encode(spec))
    #expect(copy == spec)
  }

  @Test("An unknown name is answered with the catalogue and the nearest spelling")
  func unknownName() {
    let error = #expect(throws: ExperimentError.self) { try Catalogue.load("coherent-csi-2o21") }
    #expect(error?.cure.contains("Did you mean `coherent-csi-2021`?") == true)
    #expect(error?.expected.contains("`csi-benchmark`") == true)
  }

  @Test("An unknown variant is answered with the variants there are")
  func unknownVariant() {
    let error = #expect(throws: ExperimentError.self) { try Catalogue.load("coherent-csi-2021:no-electron") }
    #expect(error?.cure.contains("Did you mean `no-electrons`?") == true)
  }

  @Test(
    "A missing file, a folder and a name without file are refused",
    arguments: ["none.yaml", "", "/", ":", "a:b"])
  func missing(_ name: String) throws {
    let folder = try ScratchFolder()
    #expect(folder.fault(name) != nil)
    #expect(throws: ExperimentError.self) { try Catalogue.load(name) }
  }

  @Test("A file that is too large or not UTF-8 is refused")
  func unreadable() throws {
    let folder = try ScratchFolder()
    try Data(repeating: UInt8(ascii: "#"), count: (16 << 20) + 1).write(
      to: folder.url.appendingPathComponent("big.yaml"))
    #expect(folder.fault("big.yaml")?.expected.contains("at most") == true)
    try Data([0x61, 0xff, 0xfe]).write(to: folder.url.appendingPathComponent("latin.yaml"))
    #expect(folder.fault("latin.yaml")?.found == "bytes that are not UTF-8")
    try FileManager.default.createDirectory(
      at: folder.url.appendingPathComponent("folder.yaml"), withIntermediateDirectories: true)
    #expect(folder.fault("folder.yaml")?.found == "no such file")
  }
}

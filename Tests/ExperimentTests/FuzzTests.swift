import Experiments
import Foundation
import Testing

/// SplitMix64 (S. Vigna, 2015): the same mutations on every machine.
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}

/// Breaks bytes of a text in the ways people and disks do.
private struct Mutator {
  var generator: SeededGenerator

  private static let words = [
    "nan", "inf", "-1", "0", "1e999", "1e-400", "9999999999999999999", ": ", "- ", "[", "]", "{", "}", "\n",
    "\t", "&a ",
    "*a", "'", "\"", "#", "%", "|", ">", "? ", "!!int ", "\u{0}", "\u{e9}", "\u{2028}", "\r", ",", "none",
    "<<: ", "---\n",
    "null", "~", "  ", "1.1.1", "+", "/", "1e60", "0x10",
  ]

  init(seed: UInt64) { generator = SeededGenerator(state: seed) }

  mutating func mutate(_ text: [UInt8]) -> [UInt8] {
    var bytes = text
    for _ in 0..<Int.random(in: 1...3, using: &generator) { step(&bytes) }
    return bytes
  }

  private mutating func step(_ bytes: inout [UInt8]) {
    guard !bytes.isEmpty else { return }
    let start = Int.random(in: 0..<bytes.count, using: &generator)
    let end = min(bytes.count, start + Int.random(in: 1...12, using: &generator))
    let word = Array(Self.words.randomElement(using: &generator)?.utf8 ?? "".utf8)
    switch Int.random(in: 0..<8, using: &generator) {
    case 0: bytes.removeSubrange(start..<end)
    case 1: bytes.insert(contentsOf: bytes[start..<end], at: start)
    case 2: bytes[start] = UInt8.random(in: 0...255, using: &generator)
    case 3: bytes.replaceSubrange(start..<end, with: word)
    case 4: swapLines(&bytes)
    case 5: if start % 8 == 0 { bytes.removeLast(bytes.count - start) }
    case 6: replaceNumber(&bytes, from: start, with: word)
    default: bytes.insert(contentsOf: word, at: start)
    }
  }

  private mutating func swapLines(_ bytes: inout [UInt8]) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let (i, j) = (
      Int.random(in: 0..<lines.count, using: &generator), Int.random(in: 0..<lines.count, using: &generator)
    )
    lines.swapAt(i, j)
    bytes = Array(lines.joined(separator: [UInt8(ascii: "\n")]))
  }

  private func replaceNumber(_ bytes: inout [UInt8], from start: Int, with word: [UInt8]) {
    let isDigit: (UInt8) -> Bool = { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    guard let first = bytes[start...].firstIndex(where: isDigit) else { return }
    let end = bytes[first...].firstIndex { !isDigit($0) } ?? bytes.count
    bytes.replaceSubrange(first..<end, with: word)
  }
}

@Suite("Mutated input")
struct FuzzTests {
  /// Loads a folder; a value must be finite throughout (JSON refuses anything else), an error must name its
  /// file.
  private func loadsOrExplains(_ path: String, _ comment: String) -> Bool {
    do throws(ExperimentError) {
      let spec = try Catalogue.load(path)
      #expect(throws: Never.self, "\(comment)") { try JSONEncoder().encode(spec) }
      return true
    } catch {
      #expect(!error.file.isEmpty && !error.found.isEmpty && !error.cure.isEmpty, "\(comment)")
      return false
    }
  }

  @Test("A mutated experiment file yields an experiment or an error", arguments: 1...8)
  func yaml(_ seed: Int) throws {
    let folder = try Sample.folder()
    var mutator = Mutator(seed: UInt64(seed))
    var accepted = 0
    for round in 0..<250 {
      let bytes = mutator.mutate(Array(Sample.yaml.utf8))
      try Data(bytes).write(to: folder.url.appendingPathComponent("sample.yaml"))
      if loadsOrExplains(folder.path("sample.yaml"), "seed \(seed), round \(round)") { accepted += 1 }
    }
    // Strict: most mutations are noticed; comments, titles and equivalent numbers are not.
    #expect(accepted < 125, "seed \(seed)")
  }

  @Test("A mutated table yields an experiment or an error", arguments: Sample.tables.keys.sorted(), 1...2)
  func table(_ name: String, _ seed: Int) throws {
    let folder = try Sample.folder()
    let text = Array(try #require(Sample.tables[name]).utf8)
    var mutator = Mutator(seed: UInt64(1000 + seed))
    for round in 0..<100 {
      try Data(mutator.mutate(text)).write(to: folder.url.appendingPathComponent(name))
      _ = loadsOrExplains(folder.path("sample.yaml"), "\(name), seed \(seed), round \(round)")
    }
  }

  @Test("Mutated sources and elements yield an experiment or an error", arguments: 1...4)
  func sources(_ seed: Int) throws {
    let table = "energy [MeV],total [1/MeV]\n1,0\n2,3\n4,0\n"
    let source = """
      \(SourceFile.reactor(spectra: "{ table: total.csv }", fractions: nil))
        \(SourceFile.solar(components: "[be7, b8]", more: "fluxes: { b8: 5e6 /cm^2/s }, ", oscillation: SourceFile.adiabatic))
        chromium-51: { exposure: 55.4 d, flux: { cylinder: { activity: 5 MCi, distance: 9 cm, radius: 2 cm, height: 3 cm } } }
        diffuse-supernova:
          live-time: 1 y
          fluxes: { e: 20 /cm^2/s, e_bar: 18 /cm^2/s, x: 15 /cm^2/s }
          temperatures: { e: 3 MeV, e_bar: 5 MeV, x: 8 MeV }
      """
    let folder = try SourceFile.folder(source: source, tables: ["total.csv": table])
    #expect(loadsOrExplains(folder.path("own.yaml"), "as it is"))
    let text = Array(SourceFile.yaml(source: source).utf8)
    var mutator = Mutator(seed: UInt64(500 + seed))
    for round in 0..<60 {
      try Data(mutator.mutate(text)).write(to: folder.url.appendingPathComponent("own.yaml"))
      _ = loadsOrExplains(folder.path("own.yaml"), "sources, seed \(seed), round \(round)")
    }
  }

  @Test(
    "Mutated response tables and Gaussian data yield an experiment or an error", arguments: [false, true])
  func responseTables(_ isBinned: Bool) throws {
    let edits = isBinned ? ResponseTableTests.untimed + ResponseTableTests.binned : ResponseTableTests.curves
    let folder = try ResponseTableTests.folder(edits)
    let names = ["sample.yaml"] + ResponseTableTests.tables.keys.sorted()
    var mutator = Mutator(seed: isBinned ? 31 : 32)
    for name in names {
      let url = folder.url.appendingPathComponent(name)
      let sound = try Data(contentsOf: url)
      for round in 0..<60 {
        try Data(mutator.mutate(Array(sound))).write(to: url)
        _ = loadsOrExplains(folder.path("sample.yaml"), "\(name), round \(round)")
      }
      try sound.write(to: url)
    }
  }

  @Test("A mutated catalogue entry yields an experiment or an error")
  func entry() throws {
    let folder = try ScratchFolder()
    let name = "coherent-csi-2021"
    for file in Catalogue.files(of: name) where file.hasSuffix(".csv") {
      try folder.write(try #require(Catalogue.text(of: name, file: file)), to: file)
    }
    let text = Array(try #require(Catalogue.text(of: name, file: "experiment.yaml")).utf8)
    var mutator = Mutator(seed: 77)
    for round in 0..<40 {
      try Data(mutator.mutate(text)).write(to: folder.url.appendingPathComponent("\(name).yaml"))
      _ = loadsOrExplains(folder.path("\(name).yaml"), "round \(round)")
    }
  }
}

import CatalogueFiles
import Experiments
import Foundation
import Hashing
import Testing

/// Equal to a stated relative tolerance.
func isClose(_ a: Double, _ b: Double, relative: Double = 1e-12) -> Bool {
  abs(a - b) <= relative * max(abs(a), abs(b))
}

@Suite("The catalogue")
struct CatalogueTests {
  @Test("Every entry and each of its variants loads", arguments: Catalogue.entryNames)
  func loads(_ name: String) throws {
    #expect(Catalogue.validate(name) == [])
    let spec = try Catalogue.load(name)
    #expect(spec.name == name)
    for variant in try Catalogue.variants(of: name) {
      let changed = try Catalogue.load("\(name):\(variant.name)")
      #expect(changed.name == "\(name):\(variant.name)")
      #expect(changed != spec)
    }
  }

  @Test("Every entry can be copied under another name", arguments: Catalogue.entryNames)
  func copies(entry: String) throws {
    let folder = try ScratchFolder()
    for (file, text) in try #require(Catalogue.copy(of: entry, name: "own")) {
      try folder.write(text, to: file == "experiment.yaml" ? "own.yaml" : file)
    }
    var copy = try Catalogue.load(folder.path("own.yaml"))
    let original = try Catalogue.load(entry)
    #expect(copy.name == "own")
    copy.name = original.name
    copy.inputDigests = original.inputDigests
    #expect(copy == original)
    #expect(Catalogue.validate(folder.path("own.yaml")).isEmpty)
  }

  @Test("The first two entries are there")
  func names() {
    #expect(Catalogue.entryNames.contains("coherent-csi-2021"))
    #expect(Catalogue.entryNames.contains("csi-benchmark"))
  }

  @Test("Every file of the catalogue's folders is embedded byte by byte, and nothing else")
  func embedding() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../../Sources/CatalogueFiles").standardizedFileURL
    var onDisk: [String: Data] = [:]
    for part in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where part != "include" && part != "embed.c" {
      let root = folder.appendingPathComponent(part)
      for path in try FileManager.default.subpathsOfDirectory(atPath: root.path) {
        var isFolder: ObjCBool = false
        let url = root.appendingPathComponent(path)
        #expect(FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder))
        if !isFolder.boolValue { onDisk["\(part)/\(path)"] = try Data(contentsOf: url) }
      }
    }
    var embedded: [String: Data] = [:]
    var index: Int32 = 0
    while let entry = catalogue_file(index) {
      embedded[String(cString: entry.pointee.path)] = Data(
        bytes: entry.pointee.text, count: entry.pointee.length)
      index += 1
    }
    #expect(onDisk.count > 20)
    #expect(embedded == onDisk)
  }

  @Test("Every entry has a REFERENCE and digests of all its inputs", arguments: Catalogue.entryNames)
  func provenance(_ name: String) throws {
    #expect(Catalogue.text(of: name, file: "REFERENCE") != nil)
    let inputs = Set(Catalogue.files(of: name)).subtracting(["REFERENCE", "validation.yaml"])
    // A variant may have tables of its own.
    var digests = try Catalogue.load(name).inputDigests
    for variant in try Catalogue.variants(of: name) {
      digests.merge(try Catalogue.load("\(name):\(variant.name)").inputDigests) { first, _ in first }
    }
    // Tables of the library count too, under their path.
    let library = digests.keys.filter { $0.hasPrefix("library/") }
    #expect(Set(digests.keys).subtracting(library) == inputs)
    for (file, digest) in digests {
      let text = try #require(Catalogue.text(of: name, file: file) ?? Catalogue.libraryText(file))
      #expect(SHA256.hexDigest(of: text.utf8) == digest)
    }
  }

  @Test(
    "SHA-256 gives the digests of FIPS 180-4",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func digest(_ text: String, _ expected: String) {
    #expect(SHA256.hexDigest(of: text.utf8) == expected)
  }
}

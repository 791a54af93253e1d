import Foundation
import OpenCLBackend
import Testing

@Suite("Kernel cache of the program", .enabled(if: !OpenCLPlatforms.devices.isEmpty))
struct KernelCacheCommandTests {
  private let limit = "\"$0\" limit coherent-csi-2021 --flavor mu --m4 10 --backend opencl"

  @Test("Two processes share an empty cache, and damaged files are replaced without a word")
  func sharedCache() throws {
    let folder = try Scratch()
    let script = """
      export UPSCATTER_CACHE_DIR="$PWD/cache"
      \(limit) > a.txt 2> a.err & first=$!
      \(limit) > b.txt 2> b.err & second=$!
      wait $first && wait $second && cmp a.txt b.txt
      """
    let both = try Program.shell(script, in: folder)
    #expect(both.status == 0, "\(both.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("cache/programs"))
    #expect(!names.isEmpty && names.allSatisfy { $0.hasSuffix(".bin") })
    for name in names { try folder.write("no program", to: "cache/programs/\(name)") }
    let again = try Program.shell(
      "UPSCATTER_CACHE_DIR=$PWD/cache \(limit) > c.txt && cmp a.txt c.txt", in: folder)
    #expect(again.status == 0, "\(again.errors)")
    #expect(!again.errors.contains("cache"))
    for name in names { #expect(try folder.bytes("cache/programs/\(name)").count > 1000, "\(name)") }
  }

  @Test(
    "Without a cache nothing is written",
    arguments: ["UPSCATTER_NO_CACHE=1", "UPSCATTER_CACHE_DIR=/proc/none"])
  func noCache(setting: String) throws {
    let folder = try Scratch()
    let outcome = try Program.shell("HOME=$PWD XDG_CACHE_HOME= \(setting) \(limit)", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path(".cache/upscatter")))
  }
}

import Foundation
import ScanCore
import Testing

@testable import OpenCLBackend

/// A folder of its own for one test, removed when the value goes.
private final class ScratchCache: Sendable {
  let folder: CacheFolder

  init() {
    folder = CacheFolder(
      path: FileManager.default.temporaryDirectory.path + "/upscatter-cache-\(UUID().uuidString)")
  }
  deinit { try? FileManager.default.removeItem(atPath: folder.path) }

  func url(_ name: String) -> URL { URL(fileURLWithPath: folder.path + "/" + name) }
}

@Suite("Program cache")
struct ProgramCacheTests {
  private let key = String(repeating: "0123456789abcdef", count: 4)
  private let binary = (0..<5000).map { UInt8(truncatingIfNeeded: $0 * 37) }

  @Test("What is stored comes back, under its own key only")
  func roundTrip() {
    let scratch = ScratchCache()
    let cache = ProgramCache(scratch.folder)
    #expect(cache.binary(for: key) == nil)
    cache.store(binary, for: key)
    #expect(cache.binary(for: key) == binary)
    #expect(cache.binary(for: String(key.reversed())) == nil)
    #expect(scratch.folder.names(in: "programs") == ["\(key).bin"], "no temporary file is left")
  }

  @Test("A file that is damaged anywhere counts as absent and is replaced")
  func damage() throws {
    let scratch = ScratchCache()
    let cache = ProgramCache(scratch.folder)
    cache.store(binary, for: key)
    let url = scratch.url(ProgramCache.fileName(key))
    let whole = try Data(contentsOf: url)
    for position in [0, 19, 30, 85, 100, 160, whole.count / 2, whole.count - 1] {
      var damaged = whole
      damaged[position] ^= 1
      try damaged.write(to: url)
      #expect(cache.binary(for: key) == nil, "bit flipped at \(position)")
    }
    for length in [0, 1, 20, 155, 156, 157, whole.count - 1] {
      try whole.prefix(length).write(to: url)
      #expect(cache.binary(for: key) == nil, "cut to \(length)")
    }
    try (whole + Data([0])).write(to: url)
    #expect(cache.binary(for: key) == nil, "one byte too many")
    cache.store(binary, for: key)
    #expect(cache.binary(for: key) == binary)
  }

  @Test("The file of another program is not taken for this one")
  func foreign() throws {
    let scratch = ScratchCache()
    let cache = ProgramCache(scratch.folder)
    let other = String(key.reversed())
    cache.store(binary, for: other)
    try FileManager.default.moveItem(
      at: scratch.url(ProgramCache.fileName(other)), to: scratch.url(ProgramCache.fileName(key)))
    #expect(cache.binary(for: key) == nil)
  }

  @Test("A folder that cannot be made is no error", arguments: ["/proc/upscatter", "/dev/null/upscatter"])
  func unwritable(path: String) {
    let cache = ProgramCache(CacheFolder(path: path))
    cache.store(binary, for: key)
    #expect(cache.binary(for: key) == nil)
  }

  @Test("Readers beside eight writers see one whole binary or none")
  func concurrentWriters() async {
    let scratch = ScratchCache()
    let cache = ProgramCache(scratch.folder)
    let key = key
    let versions = (1...8).map { version in [UInt8](repeating: UInt8(version), count: 40_000 * version) }
    await withTaskGroup(of: Int.self) { group in
      for version in versions {
        group.addTask {
          for _ in 0..<5 { cache.store(version, for: key) }
          return 0
        }
        group.addTask {
          (0..<10).count { _ in cache.binary(for: key).map { !versions.contains($0) } ?? false }
        }
      }
      for await wrong in group { #expect(wrong == 0) }
    }
    #expect(cache.binary(for: key).map(versions.contains) == true)
    #expect(scratch.folder.names(in: "programs").count == 1)
  }

  @Test(
    "Text, options and every property of the device and its driver are in the key", .enabled(if: hasOpenCL))
  func keys() {
    let device = OpenCLPlatforms.devices[0]
    let key = ProgramCache.key(source: "ab", options: "c", device: device)
    #expect(key != ProgramCache.key(source: "a", options: "bc", device: device))
    #expect(key != ProgramCache.key(source: "ab", options: "d", device: device))
    #expect(key == ProgramCache.key(source: "ab", options: "c", device: device))
    let parts = device.identityParts
    for part in [device.name, device.vendor, device.driver, device.platformVersion] {
      #expect(parts.contains(part) && !part.isEmpty)
    }
  }

  @Test("The folder follows the environment")
  func location() {
    let home = ["HOME": "/home/someone"]
    #expect(CacheFolder.standard(home)?.path == "/home/someone/.cache/upscatter")
    #expect(CacheFolder.standard(home.merging(["XDG_CACHE_HOME": "/x"]) { $1 })?.path == "/x/upscatter")
    #expect(
      CacheFolder.standard(home.merging(["XDG_CACHE_HOME": "x"]) { $1 })?.path
        == "/home/someone/.cache/upscatter")
    #expect(CacheFolder.standard(["XDG_CACHE_HOME": "/x", "UPSCATTER_CACHE_DIR": "own"])?.path == "own")
    #expect(CacheFolder.standard(home.merging(["UPSCATTER_NO_CACHE": "1"]) { $1 }) == nil)
    #expect(CacheFolder.standard(home.merging(["UPSCATTER_NO_CACHE": "0"]) { $1 }) != nil)
    #expect(CacheFolder.standard([:]) == nil)
  }
}

@Suite("Programs from the cache", .enabled(if: hasOpenCL))
struct CachedProgramTests {
  private let device = OpenCLPlatforms.devices[0]
  private let options = "-cl-std=CL1.2"

  private func source(_ name: String) -> String { "__kernel void \(name)(__global int *x) { x[0] = 1; }\n" }

  private func hasKernel(_ name: String, _ text: String, _ context: DeviceContext) throws -> Bool {
    let program = try context.program("test.cl", source: text, options: options)
    return
      (try? KernelRunner(program, kernel: name, on: context, precision: .single, preferredLocalSize: 1))
      != nil
  }

  @Test("A second process finds the binary of the first")
  func reuse() throws {
    let scratch = ScratchCache()
    #expect(try hasKernel("first", source("first"), DeviceContext(device, cache: scratch.folder)))
    #expect(try hasKernel("second", source("second"), DeviceContext(device, cache: scratch.folder)))
    // the binary of one text under the key of the other shows which of text and binary is used
    let cache = ProgramCache(scratch.folder)
    let keys = ["first", "second"].map {
      ProgramCache.key(source: source($0), options: options, device: device)
    }
    let second = try #require(cache.binary(for: keys[1]))
    cache.store(second, for: keys[0])
    #expect(try hasKernel("second", source("first"), DeviceContext(device, cache: scratch.folder)))
    #expect(try hasKernel("first", source("first"), DeviceContext(device, cache: nil)))
  }

  @Test("A binary the driver refuses is built again from the text and replaced")
  func refusedBinary() throws {
    let scratch = ScratchCache()
    let cache = ProgramCache(scratch.folder)
    let key = ProgramCache.key(source: source("own"), options: options, device: device)
    let rubbish = [UInt8](repeating: 0x5a, count: 400)
    cache.store(rubbish, for: key)
    #expect(try hasKernel("own", source("own"), DeviceContext(device, cache: scratch.folder)))
    #expect(cache.binary(for: key) != rubbish)
  }

  @Test("Several builders of one program at a time all succeed and leave one good file")
  func concurrentBuilds() async throws {
    let scratch = ScratchCache()
    let (device, options, text) = (device, options, source("shared"))
    let contexts = try (0..<4).map { _ in try DeviceContext(device, cache: scratch.folder) }
    try await withThrowingTaskGroup(of: Void.self) { group in
      for context in contexts {
        group.addTask { _ = try context.program("test.cl", source: text, options: options) }
      }
      try await group.waitForAll()
    }
    let key = ProgramCache.key(source: text, options: options, device: device)
    #expect(ProgramCache(scratch.folder).binary(for: key) != nil)
    #expect(scratch.folder.names(in: "programs").count == 1)
    #expect(try hasKernel("shared", text, DeviceContext(device, cache: scratch.folder)))
  }

  @Test("A cache folder that cannot be used costs nothing but time")
  func unusableFolder() throws {
    let folder = CacheFolder(path: "/proc/upscatter")
    #expect(try hasKernel("own", source("own"), DeviceContext(device, cache: folder)))
  }
}

@Suite("Tuned work-group sizes")
struct LocalSizeTunerTests {
  /// Feeds parts of one size until the tuner has decided, with the given rates.
  private func run(_ tuner: inout LocalSizeTuner, parts: Int, rate: (Int) -> Double) -> [Int] {
    (0..<parts).map { _ in
      let size = tuner.nextSize
      tuner.note(size: size, items: 1000, seconds: 1000 / rate(size))
      return size
    }
  }

  @Test("Short jobs keep the first candidate, long ones try all and keep the fastest")
  func choice() {
    let kept = Kept()
    var tuner = LocalSizeTuner(candidates: [64, 32, 128], stored: nil, patience: 0.25) { size, _ in
      kept.add(size)
    }
    let rates: (Int) -> Double = { [64: 10_000, 32: 8_000, 128: 20_000][$0] ?? 1 }
    #expect(run(&tuner, parts: 3, rate: rates) == [64, 64, 64])
    #expect(kept.sizes.isEmpty)
    #expect(run(&tuner, parts: 6, rate: rates) == [64, 32, 128, 128, 32, 64])
    #expect(tuner.chosen == 128 && kept.sizes == [128])
    #expect(run(&tuner, parts: 3, rate: rates) == [128, 128, 128])
    #expect(kept.sizes == [128], "decided once")
  }

  @Test("A stored size is used at once; one that is no candidate is not")
  func stored() {
    let known = LocalSizeTuner(candidates: [4, 1, 16], stored: 16) { _, _ in }
    #expect(known.nextSize == 16)
    let foreign = LocalSizeTuner(candidates: [4, 1, 16], stored: 1000) { _, _ in }
    #expect(foreign.nextSize == 4)
  }

  @Test("Parts too short to time decide nothing")
  func shortParts() {
    let kept = Kept()
    var tuner = LocalSizeTuner(candidates: [4, 1], stored: nil, patience: 0) { size, _ in kept.add(size) }
    for _ in 0..<20 { tuner.note(size: tuner.nextSize, items: 10, seconds: 1e-6) }
    #expect(kept.sizes.isEmpty && tuner.nextSize == 4)
  }

  @Test(
    "Sizes are kept per device, kernel, precision and layout; damaged files count as absent",
    .enabled(if: hasOpenCL))
  func store() throws {
    let scratch = ScratchCache()
    let store = TuningStore(folder: scratch.folder)
    let device = OpenCLPlatforms.devices[0]
    store.store(16, itemsPerSecond: 5e6, device, "profile_points", .double, .lanes)
    #expect(store.size(device, "profile_points", .double, .lanes) == 16)
    #expect(store.size(device, "profile_points", .single, .lanes) == nil)
    #expect(store.size(device, "pointwise_points", .double, .lanes) == nil)
    #expect(store.size(device, "profile_points", .double, .staged) == nil)
    #expect(store.all(for: device).map(\.localSize) == [16])
    let name = try #require(scratch.folder.names(in: "tuning").first)
    try Data("{ \"localSize\": ".utf8).write(to: scratch.url("tuning/" + name))
    #expect(store.size(device, "profile_points", .double, .lanes) == nil)
    #expect(store.all(for: device).isEmpty)
  }

  @Test("A long job tunes itself, stores what it found and keeps its bits", .enabled(if: hasOpenCL))
  func longJob() throws {
    let scratch = ScratchCache()
    let device = OpenCLPlatforms.devices[0]
    let backend = try OpenCLBackend(
      device, precision: .single, library: .embedded, layout: .lanes, cache: scratch.folder)
    let item = TinyPlans.likelihood
    let rows = 64
    let tile = Tile(
      masses: [Double](repeating: 10, count: rows),
      couplingSquares: (0..<rows * 1024).map { Double($0 % 1024) * 0.03 }, columns: 1024)
    let templates = (0..<rows * item.binCount).map { Double($0 % 7) }
    let loaded = try backend.tuning(patience: 0, localSizes: [4, 1]).load(item)
    let store = TuningStore(folder: scratch.folder)
    var results: Set<ProfileResult> = []
    for _ in 0..<200 where store.all(for: device).isEmpty {
      results.insert(try loaded.evaluate(tile, templates: templates))
    }
    #expect(store.all(for: device).count == 1)
    #expect(results.count == 1)
  }
}

/// What a tuner stored.
private final class Kept {
  private(set) var sizes: [Int] = []
  func add(_ size: Int) { sizes.append(size) }
}

import CUpscatter
import Foundation
import Testing
import UpscatterC
import UpscatterKit

/// Calls go through the header, as those of a C program do.
@Suite("C interface")
struct InterfaceTests {
  private let ok = upscatter_status(UPSCATTER_OK)

  /// The text of a buffer up to its NUL.
  private func string(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private func open(_ names: [String]) throws -> OpaquePointer {
    let texts = names.map { strdup($0) }
    defer { texts.forEach { Foundation.free($0) } }
    var analysis: OpaquePointer?
    let status = texts.map { UnsafePointer<CChar>($0) }
      .withUnsafeBufferPointer { upscatter_open($0.baseAddress, $0.count, &analysis) }
    #expect(status == ok, "\(String(cString: upscatter_last_error()))")
    return try #require(analysis)
  }

  @Test("Limits, events and grid are those of the Swift library")
  func numbers() throws {
    let analysis = try open(["coherent-csi-2021"])
    defer { upscatter_free(analysis) }
    #expect(upscatter_set(analysis, "flavor", "mu") == ok)
    #expect(upscatter_set(analysis, "backend", "simd") == ok)
    #expect(upscatter_set(analysis, "coupling", "d-no-half") == ok)
    let kit = try Analysis(
      of: "coherent-csi-2021", settings: .init(flavour: .mu, coupling: .dNoHalf), backend: .simd)

    let masses = [1.0, 10, 60]
    var limit = [0.0, 0, 0]
    var (lower, best, delta) = (limit, limit, limit)
    #expect(upscatter_limits(analysis, masses, 3, &limit, &lower, &best, &delta) == ok)
    let rows = try kit.limits(masses: masses).rows
    #expect(limit[0] == rows[0].coupling && limit[1] == rows[1].coupling)
    #expect(limit[2].isNaN && rows[2].coupling == nil)
    #expect(lower.map { $0.isNaN ? nil : $0 } == rows.map(\.lowerCoupling))
    #expect(best == rows.map(\.bestFit) && delta == rows.map(\.deltaWithoutSignal))

    var (energy, time, ingredients) = (0, 0, 0)
    #expect(upscatter_bins(analysis, 0, &energy, &time) == ok)
    #expect(upscatter_ingredient_count(analysis, 0, &ingredients) == ok)
    #expect(energy == 9 && time == 11)
    var events = [Double](repeating: -1, count: ingredients * energy * time)
    #expect(upscatter_events(analysis, 0, 10, 1e-6, &events, events.count) == ok)
    #expect(events == (try kit.spectra(mass: 10, coupling: 1e-6))[0].ingredients.flatMap(\.events))
    var edges = ([Double](repeating: 0, count: 10), [Double](repeating: 0, count: 12))
    #expect(upscatter_edges(analysis, 0, &edges.0, 10, &edges.1, 12) == ok)
    #expect(edges.0 == kit.experiments[0].energyEdges && edges.1 == kit.experiments[0].timeEdges)
    var observed = [Double](repeating: -1, count: 99)
    #expect(upscatter_observed(analysis, 0, &observed, 99) == ok)
    #expect(observed == kit.experiments[0].observed)

    var pulls = 0
    #expect(upscatter_pull_count(analysis, &pulls) == ok)
    var (statistic, values) = ([Double](repeating: 0, count: 4), [Double](repeating: 0, count: 4 * pulls))
    var crossing = [0.0, 0]
    #expect(
      upscatter_grid(
        analysis, [1, 10], 2, [1e-7, 1e-5], 2, 1, &statistic, 4, &values, values.count, &crossing, 2) == ok)
    let grid = try kit.grid(masses: [1, 10], couplings: [1e-7, 1e-5], storesPulls: true)
    #expect(statistic == grid.delta && values == grid.pullValues)
    #expect(crossing.map { $0.isNaN ? nil : $0 } == grid.limit)
    #expect(String(cString: upscatter_notes()) == grid.notes.joined(separator: "\n"))
  }

  @Test("Texts state the size they need, and are whole or not given")
  func texts() throws {
    let analysis = try open(["coherent-csi-2021", "coherent-lar-2020"])
    defer { upscatter_free(analysis) }
    #expect(upscatter_set(analysis, "flavor", "mu") == ok)
    #expect(upscatter_set(analysis, "backend", "simd") == ok)
    var needed = 0
    #expect(upscatter_get(analysis, "coupling_unit", nil, 0, &needed) == ok)
    #expect(needed == 7)
    var text = [CChar](repeating: 1, count: 7)
    #expect(upscatter_get(analysis, "coupling_unit", &text, 7, nil) == ok)
    #expect(string(text) == "GeV^-1")
    #expect(upscatter_get(analysis, "coupling_unit", &text, 6, nil) == upscatter_status(UPSCATTER_BAD_SIZE))
    #expect(text[0] == 0)
    #expect(upscatter_get(analysis, "remarks", nil, 0, &needed) == ok && needed > 30)
    var name = [CChar](repeating: 1, count: 64)
    #expect(upscatter_experiment_get(analysis, 1, "name", &name, 64, nil) == ok)
    #expect(string(name) == "coherent-lar-2020")
    #expect(String(cString: upscatter_version()) == Upscatter.version)
    #expect(upscatter_abi_version() == UPSCATTER_ABI_VERSION)
  }

  @Test("Messages belong to the thread of the call, and are cut at the end of a character")
  func messages() async throws {
    #expect(upscatter_free(OpaquePointer(bitPattern: 0x1234_5678)) == upscatter_status(UPSCATTER_BAD_HANDLE))
    let own = String(cString: upscatter_last_error())
    #expect(own.contains("no handle"))
    let thread = Thread {
      // a thread without failures has no message
      if upscatter_last_error().pointee != 0 { Issue.record("the message came from another thread") }
    }
    thread.start()
    while !thread.isFinished { usleep(1000) }
    let long = String(repeating: "ν", count: 5000)
    var analysis: OpaquePointer?
    let text = strdup(long)
    defer { Foundation.free(text) }
    #expect(upscatter_open([UnsafePointer(text)], 1, &analysis) == upscatter_status(UPSCATTER_BAD_INPUT))
    let message = String(cString: upscatter_last_error())
    #expect(message.utf8.count <= 8191 && message.utf8.count > 8185 && !message.contains("\u{FFFD}"))
    #expect(analysis == nil)
  }

  @Test("Threads compute on one handle while another changes its choices and frees it")
  func threads() async throws {
    let analysis = try open(["coherent-csi-2021"])
    let address = UInt(bitPattern: analysis)
    #expect(upscatter_set(analysis, "flavor", "mu") == ok)
    #expect(upscatter_set(analysis, "backend", "simd") == ok)
    var expected: [String: Double] = [:]
    for coupling in ["d", "d-no-half"] {
      var limit = 0.0
      #expect(upscatter_set(analysis, "coupling", coupling) == ok)
      #expect(upscatter_limits(analysis, [10], 1, &limit, nil, nil, nil) == ok)
      expected[coupling] = limit
    }
    await withTaskGroup(of: (Int32, Double).self) { group in
      for _ in 0..<6 {
        group.addTask {
          var limit = 0.0
          return (upscatter_limits(OpaquePointer(bitPattern: address), [10], 1, &limit, nil, nil, nil), limit)
        }
      }
      for turn in 0..<10 { upscatter_set(analysis, "coupling", turn.isMultiple(of: 2) ? "d" : "d-no-half") }
      #expect(upscatter_free(analysis) == ok)
      for await (status, limit) in group {
        if status == ok {
          #expect(expected.values.contains(limit))
        } else {
          #expect(status == upscatter_status(UPSCATTER_BAD_HANDLE))
        }
      }
    }
    #expect(upscatter_free(analysis) == upscatter_status(UPSCATTER_BAD_HANDLE))
  }

  @Test("The functions have the types that the header declares")
  func types() {
    func same<H, S>(_ header: H, _ own: S, location: SourceLocation = #_sourceLocation) {
      // imported pointers without a word on NULL are implicitly unwrapped: the same type as an optional
      #expect(H.self == S.self, sourceLocation: location)
    }
    same(upscatter_version, UpscatterC.version)
    same(upscatter_catalogue_count, UpscatterC.catalogueCount)
    same(upscatter_catalogue_name, UpscatterC.catalogueName)
    same(upscatter_open, UpscatterC.open)
    same(upscatter_free, UpscatterC.free)
    same(upscatter_set, UpscatterC.set)
    same(upscatter_get, UpscatterC.get)
    same(upscatter_experiment_count, UpscatterC.experimentCount)
    same(upscatter_experiment_get, UpscatterC.experimentGet)
    same(upscatter_bins, UpscatterC.bins)
    same(upscatter_edges, UpscatterC.edges)
    same(upscatter_observed, UpscatterC.observed)
    same(upscatter_ingredient_count, UpscatterC.ingredientCount)
    same(upscatter_ingredient_name, UpscatterC.ingredientName)
    same(upscatter_events, UpscatterC.events)
    same(upscatter_default_masses, UpscatterC.defaultMasses)
    same(upscatter_limits, UpscatterC.limits)
    same(upscatter_pull_count, UpscatterC.pullCount)
    same(upscatter_pull_name, UpscatterC.pullName)
    same(upscatter_grid, UpscatterC.grid)
  }
}

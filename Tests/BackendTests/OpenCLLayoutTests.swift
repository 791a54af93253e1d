import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing
import Verification

@testable import OpenCLBackend

@Suite("OpenCL layouts", .enabled(if: hasOpenCL))
struct OpenCLLayoutTests {
  private static var layouts: [KernelLayout] { KernelLayout.allCases }

  private func backend(
    _ layout: KernelLayout, _ precision: Precision = .double,
    device: OpenCLDevice = OpenCLPlatforms.devices[0]
  ) throws -> OpenCLBackend {
    try OpenCLBackend(device, precision: precision, library: .embedded, layout: layout, cache: nil)
  }

  /// A full plan at columns and rows that fill no vector and no work-group.
  private func awkward(columns: Int, rows: Int) -> VerificationCase {
    var item = AwkwardPlans.selfCheck
    item.masses = (0..<rows).map { 0.1 + 43 * Double($0) / Double(rows) }
    item.couplingSquares = (0..<columns).map { 30 * Double($0 * $0) / Double(columns * columns) }
    return item
  }

  private func results(_ backend: any Backend, _ item: VerificationCase) throws -> [ProfileResult] {
    let rates = try backend.load(item.rates).evaluate(masses: item.masses)
    let stride = item.rates.valuesPerMass
    let templates = item.masses.indices.flatMap {
      item.likelihood.fold.fold(rates[$0 * stride..<($0 + 1) * stride])
    }
    var results = [
      try backend.load(item.likelihood).evaluate(item.tile, templates: templates),
      try backend.load(item.rates, item.likelihood).evaluate(item.tile),
    ]
    // lanes sweep until the last of them has converged
    for index in results.indices { results[index].sweeps = 0 }
    return results
  }

  @Test(
    "Every layout gives the bits of simd, whatever vectors and work-groups the grid fills", arguments: layouts
  )
  func sameBits(layout: KernelLayout) throws {
    let simd = try CPUBackend(workers: 1)
    let backend = try backend(layout)
    for (columns, rows) in [(1, 1), (1, 70), (3, 33), (8, 5), (17, 9), (130, 3)] {
      let item = awkward(columns: columns, rows: rows)
      #expect(try results(backend, item) == results(simd, item), "\(columns) columns, \(rows) rows")
    }
  }

  @Test(
    "Every layout meets the tolerances in mixed and single precision, both statistics", arguments: layouts)
  func tolerances(layout: KernelLayout) throws {
    let precisions = OpenCLPlatforms.devices[0].precisions.filter { $0 != .double }
    let candidates: [any Backend] = try precisions.map { try backend(layout, $0) }
    let reports = compareBackends(
      reference: ReferenceBackend(), candidates: candidates,
      cases: AwkwardPlans.tiny + [AwkwardPlans.selfCheck])
    #expect(reports.count >= 3 * candidates.count)
    for report in reports where !report.passed { Issue.record("\(report)") }
  }

  @Test("Results do not depend on the size of work-groups", arguments: layouts)
  func localSizes(layout: KernelLayout) throws {
    let item = awkward(columns: 37, rows: 11)
    let expected = try results(CPUBackend(workers: 1), item)
    for size in [1, 4, 32, 64] {
      #expect(try results(backend(layout).tuning(localSizes: [size]), item) == expected, "\(size)")
    }
  }

  @Test("Where local memory is too small the kernels do without", arguments: [0, 512])
  func littleLocalMemory(bytes: Int) throws {
    var device = OpenCLPlatforms.devices[0]
    device.localMemoryBytes = bytes
    let item = awkward(columns: 9, rows: 4)
    #expect(try results(backend(.staged, device: device), item) == results(CPUBackend(workers: 1), item))
  }

  @Test("Work-groups are lower where local memory holds few templates")
  func groupHeight() throws {
    var device = OpenCLPlatforms.devices[0]
    let item = awkward(columns: 1, rows: 70)
    let packed = PackedLikelihood(item.likelihood).reals.count
    device.localMemoryBytes = 8 * (packed + 3 * item.likelihood.binCount)
    #expect(try results(backend(.staged, device: device), item) == results(CPUBackend(workers: 1), item))
  }

  @Test("A layout named in the environment is taken; any other word is an error that lists them")
  func override() throws {
    let device = OpenCLPlatforms.devices[0]
    #expect(try KernelLayout.preferred(on: device, override: "staged") == .staged)
    #expect(try KernelLayout.preferred(on: device, override: "plain") == .plain)
    let own: KernelLayout = device.kind == .cpu ? .lanes : .staged
    for nothing in [nil, ""] { #expect(try KernelLayout.preferred(on: device, override: nothing) == own) }
    #expect { try KernelLayout.preferred(on: device, override: "vectors") } throws: { error in
      let message = (error as? BackendError)?.message ?? ""
      return message.contains("\"vectors\"") && message.contains("lanes, staged, plain")
    }
  }
}

@Suite("OpenCL parts", .enabled(if: hasOpenCL))
struct OpenCLPartTests {
  @Test("Profiles do not depend on how many parts overlap", arguments: [1, 2, 3, 5])
  func parts(rowsPerPart: Int) throws {
    let item = AwkwardPlans.selfCheck
    let backend = try OpenCLBackend(precision: .double)
    let templates = item.masses.indices.flatMap { row in
      (0..<item.likelihood.binCount).map { Double(($0 * 7 + row * 3) % 11) }
    }
    let whole = try backend.load(item.likelihood).evaluate(item.tile, templates: templates)
    let limit = rowsPerPart * item.tile.columns * item.likelihood.pullCount
    let cut = try backend.withPartLimit(limit).load(item.likelihood).evaluate(item.tile, templates: templates)
    #expect(cut == whole)
    #expect(Set(whole.statistic).count > item.masses.count)
  }

  @Test("An error in a late part is reported, and the next job runs as if nothing had happened")
  func errorMidway() throws {
    let item = AwkwardPlans.selfCheck
    let tile = item.tile
    let limit = tile.columns * item.likelihood.pullCount
    let loaded = try OpenCLBackend(precision: .single).withPartLimit(limit).load(item.rates, item.likelihood)
    let before = try loaded.evaluate(tile)
    var broken = tile
    broken.couplingSquares[4 * tile.columns] = 1e39
    #expect { try loaded.evaluate(broken) } throws: { error in
      guard let error = error as? BackendError else { return false }
      return error.kind == .unsupportedPlan && error.message.contains("position \(4 * tile.columns)")
    }
    #expect(try loaded.evaluate(tile) == before)
  }

  @Test("The device's own clock says what uploads, kernels and downloads took")
  func timings() throws {
    let item = AwkwardPlans.selfCheck
    let limit = item.tile.columns * item.likelihood.pullCount
    let backend = try OpenCLBackend(precision: .double).withPartLimit(limit)
    let loaded = try backend.load(item.rates, item.likelihood)
    backend.resetTimings()
    #expect(backend.timings == DeviceTimings())
    _ = try loaded.evaluate(item.tile)
    let timings = backend.timings
    #expect(timings.launches == item.masses.count)
    #expect(timings.kernelSeconds > 0 && timings.uploadSeconds > 0 && timings.downloadSeconds > 0)
    #expect(timings.kernelSeconds < 60)
  }
}

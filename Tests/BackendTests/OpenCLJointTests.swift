import SIMDBackend
import ScanCore
import Testing

@testable import OpenCLBackend
@testable import Verification

@Suite("Joint likelihoods with OpenCL", .enabled(if: hasOpenCL))
struct OpenCLJointTests {
  private static let layouts = [KernelLayout.lanes, .plain]

  private func backend(
    _ layout: KernelLayout, _ precision: Precision = .double,
    device: OpenCLDevice = OpenCLPlatforms.devices[0]
  ) throws -> OpenCLBackend {
    try OpenCLBackend(device, precision: precision, library: .embedded, layout: layout)
  }

  private struct Everything: Equatable {
    var profile: ProfileResult
    var minima: [JointMinima]
    var thrown: [JointData]
    var toys: [ToyResult]

    init(_ item: JointVerificationCase, on backend: any Backend) throws {
      let loaded = try backend.load(item.plan)
      profile = try loaded.profile(item.points, data: item.data, templates: item.templates)
      // lanes sweep until the last of them has converged
      profile.sweeps = 0
      minima = try item.searches.map { try loaded.minima($0, data: item.data, templates: item.templates) }
      thrown = try item.batches.map { try loaded.thrown($0, templates: item.templates) }
      toys = try item.batches.map { try loaded.toys($0, templates: item.templates) }
    }
  }

  @Test(
    "Published experiments have the bits of simd, one alone and two together", arguments: layouts,
    [["coherent-csi-2021"], ["coherent-csi-2021", "ess"], ["conus-plus"]])
  func experiments(layout: KernelLayout, names: [String]) throws {
    let fixture = try JointFixtures.make(
      names, flavour: names == ["conus-plus"] ? "e" : "mu", masses: [1, 4, 10, 20])
    let bins = fixture.plan.binCount
    let totals = (0..<4).map { row in
      fixture.templates[row * bins..<(row + 1) * bins].reduce(0) { $0 + abs($1) }
    }
    let search = JointSearch(rows: 0..<4)
    let batch = ToyBatch(
      seed: 99, ensemble: .constraints, toys: 5..<9,
      points: (0..<2).map { row in
        ToyPoint(key: UInt64(row), row: row, strength: 30 / max(totals[row], 1), factors: [])
      }, search: search)
    let points = (0..<4).flatMap { row in
      [0, 30].map { JointPoint(set: 0, row: row, strength: $0 / max(totals[row], 1)) }
    }
    let item = JointVerificationCase(
      name: "", plan: fixture.plan, templates: fixture.templates, data: fixture.joint.data, points: points,
      searches: [search], batches: [batch])
    let found = try Everything(item, on: backend(layout))
    #expect(try found == Everything(item, on: CPUBackend(workers: 2)))
    #expect(found.toys[0].tested.allSatisfy { $0.isFinite && $0 > 0 })
  }

  @Test("Results do not depend on how points, data sets and toys are cut into parts", arguments: layouts)
  func parts(layout: KernelLayout) throws {
    var item = AwkwardJointPlans.primes
    item.points = [[JointPoint]](repeating: item.points, count: 50).flatMap { $0 }
    item.batches = [item.batches[0]]
    item.batches[0].toys = 0..<500
    var many = item
    many.points = []
    many.batches = []
    many.searches = [item.searches[1]]
    many.data.observed = [[Double]](repeating: item.data.observed, count: 300).flatMap { $0 }
    many.data.centres = [[Double]](repeating: item.data.centres, count: 300).flatMap { $0 }
    // working memory of one work-group takes all of it; two parts or more of each job
    let limit = layout == .lanes ? 720 : 5700
    let whole = try backend(layout)
    for item in [item, many] {
      #expect(try Everything(item, on: whole.withPartLimit(limit)) == Everything(item, on: whole))
    }
    for limit in [item.plan.binCount - 1, item.plan.binCount * 9] {
      let small = whole.withPartLimit(limit)
      #expect {
        try small.load(item.plan).profile(item.points, data: item.data, templates: item.templates)
      } throws: {
        ($0 as? BackendError)?.kind == .outOfMemory
      }
    }
  }

  @Test("No points, no data sets and no toys give no numbers")
  func empty() throws {
    let item = AwkwardJointPlans.primes
    for backend in [try backend(.plain), try CPUBackend(workers: 1)] as [any Backend] {
      let loaded = try backend.load(item.plan)
      #expect(try loaded.profile([], data: item.data, templates: item.templates).statistic.isEmpty)
      let none = JointData(observed: [])
      #expect(try loaded.minima(item.searches[0], data: none, templates: item.templates).statistic.isEmpty)
      var batch = item.batches[0]
      batch.toys = 3..<3
      #expect(try loaded.toys(batch, templates: item.templates).tested.isEmpty)
      #expect(try loaded.toys(batch, templates: item.templates).unconverged == [0, 0])
      #expect(try loaded.thrown(batch, templates: item.templates).observed.isEmpty)
    }
  }

  @Test("A device without 64-bit floating point fits, and says why it throws no toys")
  func noDouble() throws {
    var device = OpenCLPlatforms.devices[0]
    device.supportsDouble = false
    let item = AwkwardJointPlans.primes
    let loaded = try backend(.lanes, .single, device: device).load(item.plan)
    let found = try loaded.profile(item.points, data: item.data, templates: item.templates)
    #expect(found.unconverged == 0)
    #expect { try loaded.toys(item.batches[0], templates: item.templates) } throws: { error in
      guard let error = error as? BackendError else { return false }
      return error.kind == .unsupportedPlan && error.message.contains("64-bit floating point")
    }
  }

  @Test("Templates beyond 32 bits are an error in mixed precision")
  func tooLarge() throws {
    var item = AwkwardJointPlans.primes
    item.templates[3] = 1e39
    let loaded = try backend(.lanes, .mixed).load(item.plan)
    #expect {
      try loaded.profile(item.points, data: item.data, templates: item.templates)
    } throws: { error in
      guard let error = error as? BackendError else { return false }
      return error.kind == .unsupportedPlan && error.message.contains("position 3")
    }
  }
}

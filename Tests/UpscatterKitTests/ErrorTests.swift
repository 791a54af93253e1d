import Foundation
import Testing
import UpscatterKit

@Suite("Errors of the library")
struct KitErrorTests {
  private func expect(
    _ kind: UpscatterError.Kind, _ word: String, _ body: () throws -> Void,
    location: SourceLocation = #_sourceLocation
  ) {
    do {
      try body()
      Issue.record("nothing was thrown", sourceLocation: location)
    } catch let error as UpscatterError {
      #expect(error.kind == kind, "\(error)", sourceLocation: location)
      #expect(error.message.contains(word), "\(error)", sourceLocation: location)
    } catch {
      Issue.record("\(type(of: error)): \(error)", sourceLocation: location)
    }
  }

  private func analysis(_ settings: Analysis.Settings = .init(flavour: .mu)) throws -> Analysis {
    try Analysis(of: "coherent-csi-2021", settings: settings, backend: .simd)
  }

  @Test("Unknown names and faulty files")
  func names() throws {
    expect(.badInput, "coherent-csi-2021") { _ = try Experiment("coherent-csi-2012") }
    expect(.badInput, "no-such-variant") { _ = try Experiment("coherent-csi-2021:no-such-variant") }
    expect(.badInput, "absent.yaml") { _ = try Experiment("/absent.yaml") }
    expect(.badInput, "nowhere") { _ = try Experiment.variants(of: "nowhere") }
    let folder = try Scratch()
    try folder.write("name: mine\ntitle: [\n", to: "mine.yaml")
    expect(.badInput, "mine.yaml:") { _ = try Experiment(folder.path("mine.yaml")) }
  }

  @Test("Settings that do not suit")
  func settings() throws {
    expect(.usage, "at least one") { _ = try Analysis([]) }
    expect(.usage, "magic") { _ = try analysis(.init(model: Model("magic"))) }
    expect(.usage, "colour") { _ = try analysis(.init(model: Model("vector", parameters: ["colour": "1"]))) }
    expect(.usage, "--coupling") { _ = try analysis(.init(model: Model("vector"), coupling: .mu)) }
    for level in [0, 1, -1, Double.nan, .infinity] {
      expect(.usage, "--cl") { _ = try analysis(.init(confidenceLevel: level)) }
    }
    for tolerance in [0, 1, Double.nan] {
      expect(.usage, "--tolerance") { _ = try analysis(.init(tolerance: tolerance)) }
    }
    expect(.usage, "--share") { _ = try analysis(.init(sharedPulls: .all)) }
    expect(.usage, "same experiment") {
      let one = try Experiment("coherent-csi-2021")
      _ = try Analysis([one, one], settings: .init(flavour: .mu), backend: .simd)
    }
    expect(.usage, "holds no neutrinos") { _ = try analysis(.init(flavour: .tau)).limits(masses: [10]) }
  }

  @Test("Backends that are not there")
  func backends() throws {
    expect(.usage, "abacus") { _ = try ComputeBackend.named("abacus") }
    for workers in [0, -1, 5000] {
      expect(.usage, "--workers") { _ = try Analysis(of: "ess", backend: .simd(workers: workers)) }
    }
    expect(.unavailable, "--precision") {
      _ = try Analysis(of: "ess", backend: ComputeBackend.named("simd", precision: .single))
    }
    expect(.unavailable, "no-such-device") {
      _ = try Analysis(of: "ess", backend: .opencl(device: "no-such-device"))
    }
  }

  @Test(
    "Masses out of domain",
    arguments: [[], [-1], [Double.nan], [.infinity], [1, 1], [2, 1], [1e101], [1, .nan]])
  func masses(_ masses: [Double]) throws {
    let analysis = try analysis()
    expect(.usage, "masses") { _ = try analysis.limits(masses: masses) }
    expect(.usage, "masses") { _ = try analysis.grid(masses: masses, couplings: [1e-6]) }
  }

  @Test("Points and grids out of domain")
  func points() throws {
    let analysis = try analysis()
    for coupling in [-1e-6, Double.nan, .infinity, 1e101] {
      expect(.usage, "coupling") { _ = try analysis.spectra(mass: 10, coupling: coupling) }
      expect(.usage, "coupling") { _ = try analysis.grid(masses: [10], couplings: [coupling]) }
    }
    expect(.usage, "masses") { _ = try analysis.grid(masses: [0], couplings: [1e-6]) }
    let axis = (1...(1 << 15)).map(Double.init)
    expect(.usage, "268435456") { _ = try analysis.grid(masses: axis, couplings: axis) }
    for count in [-1, 0, 1, Int.max] {
      expect(.usage, "points") { _ = try analysis.defaultMasses(count: count) }
    }
    expect(.usage, "experiment 1") { _ = try analysis.ingredientNames(ofExperiment: 1) }
    let radius = try self.analysis(.init(model: Model("charge-radius")))
    expect(.usage, "has no mass") { _ = try radius.limits(masses: [1]) }
    expect(.usage, "has no mass") { _ = try radius.grid(masses: [1], couplings: [1]) }
    #expect(try radius.defaultMasses(count: 5) == [0])
  }

  @Test("Sizes at the ends of what is accepted give numbers, none of them NaN")
  func extremes() throws {
    let analysis = try analysis()
    for (mass, coupling) in [(1e100, 1e100), (1e-300, 1e-300), (0, 0), (10, 1e100)] {
      let events = try analysis.spectra(mass: mass, coupling: coupling)[0].ingredients.flatMap(\.events)
      #expect(!events.contains { $0.isNaN })
    }
    #expect(
      try analysis.limits(masses: [1e-300, 1e-10, 1e100]).rows.map { $0.coupling != nil } == [
        true, true, false,
      ])
  }
}

@Suite("Experiments of the library")
struct KitExperimentTests {
  @Test("The catalogue loads, with bins, data and flavours")
  func catalogue() throws {
    let names = Experiment.catalogueNames
    #expect(names.contains("coherent-csi-2021") && names == names.sorted())
    let csi = try Experiment("coherent-csi-2021")
    #expect(csi.name == "coherent-csi-2021" && csi.kind == .measurement && csi.flavours == [.e, .mu])
    #expect(csi.energyEdges.count == 10 && csi.timeEdges.count == 12 && csi.binCount == 99)
    #expect(csi.observed?.count == 99 && csi.energyUnit == "PE")
    #expect(try Experiment("ess").observed == nil)
    #expect(try Experiment.variants(of: "coherent-csi-2021").contains { $0.name == "no-electrons" })
    #expect(Model.names.contains("dipole"))
  }

  @Test("What experiments could share is said where they do not")
  func remarks() throws {
    let experiments = try ["coherent-csi-2021", "coherent-lar-2020"].map { try Experiment($0) }
    let apart = try Analysis(experiments, settings: .init(flavour: .mu), backend: .simd)
    #expect(apart.remarks.count == 1 && apart.remarks[0].contains("sns-flux"))
    let shared = try Analysis(
      experiments, settings: .init(flavour: .mu, sharedPulls: .all), backend: .simd)
    #expect(shared.remarks.isEmpty)
    let twice = try ["coherent-csi-2021", "coherent-csi-2017"].map { try Experiment($0) }
    let whole = try Analysis(twice, settings: .init(flavour: .mu), backend: .simd)
    #expect(whole.remarks.contains { $0.contains("coherent-csi-2021 include those of coherent-csi-2017") })
    let asimov = try Analysis(twice, settings: .init(flavour: .mu, data: .asimov), backend: .simd)
    #expect(!asimov.remarks.contains { $0.contains("include those") })
    #expect(try shared.pulls().count == apart.pulls().count - 1 || shared.pulls() != apart.pulls())
  }
}

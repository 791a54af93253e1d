import Foundation
import Reporting
import Testing
import UpscatterKit

@Suite("Spectra and grids of the library")
struct KitGridTests {
  @Test("Events are those of the program", arguments: [0, 2])
  func events(_ index: Int) throws {
    let request = Request.dipoles[index]
    let theirs = try request.program("spectrum", ["--m4", "0.5", "--d", "1e-6"])
    let analysis = try request.analysis()
    let spectrum = try analysis.spectra(mass: 0.5, coupling: 1e-6)[0]
    let ingredients = try #require(theirs["ingredients"] as? [[String: Any]])
    #expect(spectrum.ingredients.map(\.name) == ingredients.map { $0["name"] as? String })
    #expect(spectrum.ingredients.map(\.events) == ingredients.map { $0["events"] as? [Double] })
    #expect(try analysis.ingredientNames() == spectrum.ingredients.map(\.name))
    #expect(spectrum.ingredients.allSatisfy { $0.events.count == spectrum.experiment.binCount })
    #expect(spectrum["dipole"] != nil && spectrum["nothing"] == nil)
    #expect(spectrum.experiment.observed == theirs["observed"] as? [Double])
    #expect(spectrum.experiment.energyEdges == theirs["energy_edges"] as? [Double])
    #expect(spectrum.experiment.timeEdges == theirs["time_edges"] as? [Double])
  }

  @Test("Several experiments have a spectrum each, that of the experiment alone")
  func several() throws {
    let both = try Request.dipoles[3].analysis().spectra(mass: 10, coupling: 1e-6)
    #expect(both.map(\.experiment.name) == ["coherent-csi-2021", "coherent-lar-2020"])
    let alone = try Analysis(of: "coherent-lar-2020", settings: .init(flavour: .mu), backend: .simd)
    #expect(both[1] == (try alone.spectra(mass: 10, coupling: 1e-6)[0]))
  }

  @Test(
    "A grid is that of a scan: statistic, pulls, limits and contours", arguments: [0, 3],
    Grid.DegreesOfFreedom.allCases)
  func grid(_ index: Int, freedom: Grid.DegreesOfFreedom) throws {
    let request = Request.dipoles[index]
    let masses = [1.0, 5, 10, 20, 40]
    let couplings = [1e-7, 3e-7, 1e-6, 3e-6, 1e-5]
    let folder = try Scratch()
    let outcome = try Program.run(
      ["scan"] + request.experiments + request.words
        + ["--m4", "1,5,10,20,40", "--d", "1e-7,3e-7,1e-6,3e-6,1e-5", "--dof", "\(freedom.rawValue)"]
        + ["--backend", "simd", "--plot", "none", "--output", "scan"], in: folder, environment: [:])
    try #require(outcome.status == 0, "\(outcome.errors)")
    let file = try ResultFile.read(folder.path("scan.h5"))

    let analysis = try request.analysis()
    let grid = try analysis.grid(
      masses: masses, couplings: couplings, degreesOfFreedom: freedom, storesPulls: true)
    var delta: [Double] = []
    try ResultFile.forEachRow(folder.path("scan.h5")) { _, values in delta += values }
    #expect(grid.delta == delta)
    #expect(grid.minimumStatistic == file.minimum || freedom == .two)
    #expect(grid.pulls.map(\.name) == file.pullNames)
    #expect(try analysis.pulls() == grid.pulls)
    for (number, pull) in grid.pulls.enumerated() {
      let theirs = try ResultFile.pull(pull.name, of: folder.path("scan.h5"))
      #expect(
        stride(from: number, to: grid.pullValues.count, by: grid.pulls.count).map { grid.pullValues[$0] }
          == theirs)
    }
    #expect(freedom == .one ? grid.limit == file.limit : grid.limit.isEmpty)
    #expect(
      grid.contours.map { $0.points.map { [$0.mass, $0.coupling] } }
        == file.contours.map { $0.points.map { [$0.m4, $0.d] } })
    #expect(!grid.contours.isEmpty)
    #expect(grid[mass: 1, coupling: 2] == delta[7])
    #expect(grid[mass: 5, coupling: 0] == nil)
  }

  @Test("Pulls are left out unless they are asked for")
  func withoutPulls() throws {
    let grid = try Request.dipoles[0].analysis().grid(masses: [10], couplings: [1e-7, 1e-6])
    #expect(grid.pullValues.isEmpty)
    #expect(grid.delta.count == 2 && grid.contours.isEmpty)
    #expect(isClose(grid.level, 2.7055, rtol: 1e-4))
  }
}

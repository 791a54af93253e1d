import Foundation
import Testing
import Units
import ReferenceTables

/// A folder of rate tables for 10 kg of caesium-133, in the format of the reference tables; counts are those
/// of `RateFixtures`.
private struct RateTableFolder {
  var process =
    #""kind": "dipole_cevns", "m4": "8", "mu": "\#(1e-6 / PhysicalConstants.bohrMagnetonInverseGeV)""#
  var extraKey = ""
  var counts = RateFixtures.caesiumCounts[2].2
  var weight = 1.0

  private var configs: String {
    let protons = 5e14 * 4 * Double.pi * 1e4
    let mass = 132.905451961 * PhysicalConstants.atomicMassUnit - 55 * PhysicalConstants.electronMass
    return """
      {"configs": [{"id": "cs", "mass_kg": "10", "molar_mass": "132.905451961",
        "target": [{"name": "Cs133", "Z": 55, "N": 78, "M": "\(mass)", "stoich": "1",
          "ff": {"kind": "helm", "rms_p": "4.804", "rms_n": "5.09", "s": "0.9"}}],
        "pidar": {"r": "1", "npot": "\(protons)", "L_m": "1"},
        "processes": [{\(process), "flavours": ["e"]}], \(extraKey)
        "edges": ["1", "5", "10", "20", "40"]}]}
      """
  }

  /// Writes the folder, checks it and removes it; `missing` is left out.
  func check(missing: String = "") throws -> [TableReport] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "rate-tables-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let edges = [1, 5, 10, 20, 40]
    let rows = counts.enumerated().map { "cs,\($0),\(edges[$0]),\(edges[$0 + 1]),\($1),1e-20" }
    let files = [
      "configs.json": configs,
      // no recoil above 2 E^2 / M = 45 keV
      "rates.csv": "config,T_MeV,dRdT_per_MeV\ncs,0.1,0.0\n",
      "response.csv": "config,T_MeV,lo,hi,Eee_MeV,weight\ncs,0.007,5,10,0.007,\(weight)\n",
      "counts.csv": (["config,bin,lo,hi,counts,quad_rel_change"] + rows).joined(separator: "\n"),
    ]
    for (name, text) in files where name != missing {
      try Data(text.utf8).write(to: folder.appendingPathComponent(name))
    }
    return checkRateTables(folder: folder.path)
  }
}

@Suite("Reference tables of rates")
struct RateTableTests {
  @Test("Right tables pass")
  func right() throws {
    let reports = try RateTableFolder().check()
    #expect(reports.count == 4)
    for report in reports { #expect(report.passed, "\(report)") }
  }

  @Test("A count that is off by 1e-9 fails, and the report names its row")
  func perturbed() throws {
    var folder = RateTableFolder()
    folder.counts[2] *= 1 + 1e-9
    let report = try #require(try folder.check().first { $0.quantity == "binned counts" })
    #expect(!report.passed && report.worstCase.contains("bin 2"))
  }

  @Test("A wrong bin weight fails")
  func wrongWeight() throws {
    let reports = try RateTableFolder(weight: 0.999).check()
    #expect(reports.filter { !$0.passed }.map(\.quantity) == ["bin weight"])
  }

  @Test("A bin that is not listed fails")
  func missingBin() throws {
    var folder = RateTableFolder()
    folder.counts.removeLast()
    #expect(try folder.check().contains { $0.problems.contains { $0.contains("every bin") } })
  }

  @Test(
    "A key, process or value that is not understood fails every table and is named",
    arguments: [
      (#""kind": "dipole_cevns", "m4": "8", "mu": "1e-9""#, #""live_time": "3","#, "live_time"),
      (#""kind": "anapole_cevns""#, "", "anapole_cevns"),
      (#""kind": "dipole_cevns", "m4": "heavy", "mu": "1e-9""#, "", "m4"),
      (#""kind": "dipole_cevns", "mu": "1e-9""#, "", "m4"),
    ])
  func notUnderstood(process: String, extraKey: String, name: String) throws {
    let reports = try RateTableFolder(process: process, extraKey: extraKey).check()
    #expect(reports.allSatisfy { !$0.passed && $0.problems.contains { $0.contains(name) } })
  }

  @Test(
    "A missing file is a failure, not a skip",
    arguments: ["configs.json", "rates.csv", "response.csv", "counts.csv"])
  func missingFile(name: String) throws {
    #expect(try RateTableFolder().check(missing: name).contains { !$0.passed && !$0.problems.isEmpty })
  }
}

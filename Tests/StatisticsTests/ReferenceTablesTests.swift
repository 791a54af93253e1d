import Foundation
import ReferenceBackend
import Testing
import ReferenceTables

@Suite struct ReferenceTablesTests {
  /// Runs the checks on a folder with the given files, which is removed afterwards.
  private func reports(_ files: [String: String]) throws -> [TableReport] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "upscatter-tables-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (name, text) in files {
      try text.write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }
    return checkReferenceTables(folder: folder.path, backend: ReferenceBackend())
  }

  private static let statistics = """
    {"note": "", "chi2_pull": [{"nobs": [9], "nth": ["9"], "sigma_stat": [3], "sigma_sys": "0.1", "a_min": 0, "chi2_min": 0}],
     "poisson_ls": [{"nobs": [4], "templates": [[4]], "sigma": [0.1], "eta_min": [0], "chi2_min": 0, "chi2_at_zero_pulls": 0}],
     "asimov_z": [{"s": "5", "b": "100", "Z": "0.49591781131627108"}],
     "cls_upper": [{"n": 0, "b": "1.5", "cl": "0.9", "s_up": "2.3025850929940457"}],
     "fc_90": [{"n": 0, "b": 0, "lo": "0", "hi": "2.435915", "tolerance": "2e-5"}],
     "chi2_quantiles": [{"dof": 2, "cl": "0.9", "value": "4.6051701859880914"}]}
    """

  @Test("a file that no check covers is a failing report that names it")
  func unknownFile() throws {
    let report = try #require(try reports(["surprise.csv": "a,b\n1,2\n"]).first { $0.file == "surprise.csv" })
    #expect(!report.passed)
    #expect(report.problems.contains { $0.contains("no check covers") })
  }

  @Test("a folder that does not exist, or is empty, fails")
  func missingFolder() throws {
    let missing = checkReferenceTables(folder: "/nonexistent-tables", backend: ReferenceBackend())
    #expect(missing.count == 1 && !missing[0].passed)
    let empty = try reports([:])
    #expect(empty.count == 1 && !empty[0].passed)
  }

  @Test("the statistics table passes, and fails when one digit is wrong")
  func statisticsTable() throws {
    let good = try reports(["stats.json": Self.statistics]).filter { $0.file == "stats.json" }
    #expect(good.count == 6)
    for report in good {
      #expect(report.passed, "\(report.quantity): \(report.worstCase) \(report.problems)")
    }
    let wrong = Self.statistics.replacingOccurrences(of: "0.4959178", with: "0.4959188")
    let reports = try reports(["stats.json": wrong]).filter { $0.file == "stats.json" }
    #expect(reports.filter { !$0.passed }.map(\.quantity) == ["asimov_z"])
  }

  @Test(
    "a statistics table with an unknown section, a missing one or a number that is none fails",
    arguments: [("asimov_z", "asimov_y"), ("\"2.435915\"", "\"two\""), ("\"note\"", "\"extra\""), ("{", "[")])
  func damagedTable(old: String, new: String) throws {
    let text = Self.statistics.replacingOccurrences(of: old, with: new)
    let found = try reports(["stats.json": text]).filter { $0.file == "stats.json" }
    #expect(found.count == 1 && !found[0].passed)
    #expect(found[0].problems.contains { $0.contains("stats.json") })
  }
}

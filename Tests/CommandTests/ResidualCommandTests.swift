import Foundation
import Testing

/// Data with uncertainties of their own, from the file to every command.
@Suite("Experiments with Gaussian data")
struct ResidualCommandTests {
  /// The template as a measurement of differences, one negative, with a free background.
  private static func folder() throws -> Scratch {
    let folder = try Scratch()
    let outcome = try Program.shell("\"$0\" experiments new residual --output residual.yaml", in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    let edits = """
      s/^kind: projection/kind: measurement/
      s/^  # observed: .*/  observed: [230, 95.5, 50, 31, -2.5]/
      s/^  # uncertainties: .*/  uncertainties: [18, 11, 9, 9, 7]/
      s/statistic: poisson/statistic: gaussian/
      s/steady-state: 2 %/steady-state: free/
      """
    try Data(edits.utf8).write(to: folder.url.appendingPathComponent("edits.sed"))
    let edited = try Program.shell("sed -i -f edits.sed residual.yaml", in: folder)
    try #require(edited.status == 0, "\(edited.errors)")
    return folder
  }

  @Test("limit and both jobs of scan agree, say the statistic, and name the pulls that leave no trace")
  func limits() throws {
    let folder = try Self.folder()
    let limit = try Program.shell("\"$0\" limit residual.yaml --m4 10 --json", in: folder)
    try #require(limit.status == 0, "\(limit.errors)")
    #expect(limit.errors.contains("their pulls are not in the result: steady-state"))
    let report = try limit.json()
    #expect((report["settings"] as? [String: Any])?["statistic"] as? String == "gaussian")
    let row = try #require((report["limit"] as? [[String: Any]])?.first)
    let coupling = try #require(row["d"] as? Double)
    for job in ["factored", "pointwise"] {
      let scan = try Program.shell(
        "\"$0\" scan residual.yaml --m4 5,10,20 --d 2e-7:1e-6:150 --job \(job) -o \(job) --plot none",
        in: folder)
      #expect(scan.status == 0, "\(scan.errors)")
      #expect(scan.output.contains("their pulls are not in the result: steady-state"))
      let rows = try ScanCommandTests.table("\(job)-limit.csv", in: folder).rows
      #expect(abs(rows[1][1] / coupling - 1) < 1e-3)
    }
  }

  @Test("--statistic poisson is refused for such data, and --statistic gaussian changes nothing")
  func statistic() throws {
    let folder = try Self.folder()
    let refused = try Program.shell("\"$0\" limit residual.yaml --m4 10 --statistic poisson", in: folder)
    #expect(refused.status == 64 && refused.errors.contains("uncertainties of its own"), "\(refused.errors)")
    let own = try Program.shell("\"$0\" limit residual.yaml --m4 10", in: folder)
    let same = try Program.shell("\"$0\" limit residual.yaml --m4 10 --statistic gaussian", in: folder)
    #expect(own.status == 0 && own.output == same.output)
  }
}

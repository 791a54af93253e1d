import Foundation
import Testing

/// [UPS-44]
@Suite("export and import")
struct ExchangeCommandTests {
  private static let model = "--flavor mu --m4 10 --backend reference --output model.json"

  @Test("The limit of an exported model is that of limit, at mu = 1, and --d moves mu by the square")
  func limit() throws {
    let folder = try Scratch()
    let wrote = try Program.shell("\"$0\" export coherent-csi-2021 \(Self.model)", in: folder)
    #expect(wrote.status == 0, "\(wrote.errors)")
    #expect(wrote.output.contains("channel coherent-csi-2021: 99 bins, observed data"))
    #expect(try folder.names() == ["model.json"])
    let read = try Program.shell(
      "\"$0\" import model.json --backend reference --profile 0,0.5,1 --json", in: folder)
    let report = try read.json()
    #expect(
      Set(report.keys) == [
        "backend", "best_fit", "blocks", "confidence_level", "degrees_of_freedom", "delta_without_signal",
        "limit",
        "linearised", "lower_limit", "measurement", "minimum_statistic", "parameter_of_interest", "profile",
        "pulls",
        "version", "workspace",
      ])
    #expect(isClose(try #require(report["limit"] as? Double), 1, rtol: 1e-9))
    #expect(report["best_fit"] as? Double == 0 && report["lower_limit"] is NSNull)
    let profile = try #require(report["profile"] as? [[String: Any]]).compactMap { $0["delta"] as? Double }
    #expect(profile.count == 3 && profile[0] == 0)
    #expect(isClose(profile[2], 2.705_543_454_095_404, rtol: 1e-9))
    let limit = try #require(try LimitCommandTests.limits("--m4 10", in: folder)[0])
    #expect((report["measurement"] as? String)?.contains("mu = (d / 5.7418793") == true)

    let other = try Program.shell(
      "\"$0\" export coherent-csi-2021 --d 1e-6 \(Self.model) && \"$0\" import model.json --backend reference --json",
      in: folder)
    let text = try #require(other.output.range(of: "\n{").map { String(other.output[$0.lowerBound...]) })
    let moved = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(isClose(try #require(moved["limit"] as? Double), limit * limit * 1e12, rtol: 1e-8))
  }

  @Test("The table names limit, pulls and what was replaced by tangents")
  func table() throws {
    let folder = try Scratch()
    try folder.write(Self.normsys, to: "model.json")
    let refused = try Program.run("import", "model.json", in: folder)
    #expect(refused.status == 65 && refused.errors.contains("--linearise"))
    let read = try Program.run("import", "model.json", "--linearize", "--backend", "reference", in: folder)
    #expect(read.status == 0, "\(read.errors)")
    for part in [
      "90 % C.L., 1 dof, mu >= 0", "replaced by tangents: n", "limit", "n                       alpha",
    ] {
      #expect(read.output.contains(part), "\(read.output)")
    }
  }

  /// A fit that goes where pyhf would not let it.
  @Test("A pull outside the bounds of the workspace is named")
  func bounds() throws {
    let folder = try Scratch()
    let narrow = Self.normsys.replacingOccurrences(
      of: #""parameters": []"#, with: #""parameters": [{"name": "n", "bounds": [[-0.1, 0.1]]}]"#)
    try folder.write(narrow, to: "model.json")
    let read = try Program.run("import", "model.json", "--linearise", "--backend", "reference", in: folder)
    #expect(read.status == 0 && read.errors.contains("outside the bounds of the workspace, -0.1 to 0.1"))
  }

  static let normsys = #"""
    {"version": "1.0.0", "channels": [{"name": "c", "samples": [
      {"name": "s", "data": [1, 2], "modifiers": [{"name": "mu", "type": "normfactor", "data": null}]},
      {"name": "b", "data": [100, 200], "modifiers": [{"name": "n", "type": "normsys", "data": {"lo": 0.9, "hi": 1.1}}]}]}],
      "observations": [{"name": "c", "data": [90, 180]}],
      "measurements": [{"name": "m", "config": {"poi": "mu", "parameters": []}}]}
    """#

  static let requests = [
    BadRequest("export coherent-csi-2021 --output x.json", 64, "--m4 is missing", "--m4 10"),
    BadRequest("export coherent-csi-2021 --m4 -1 --output x.json", 64, "--m4 -1.0", "0 or greater"),
    BadRequest("export coherent-csi-2021 --m4 10 --d 0 --output x.json", 64, "--d 0.0", "greater than 0"),
    BadRequest("export coherent-csi-2021 --m4 10", 64, "--output"),
    BadRequest(
      "export coherent-csi-2021 --m4 100 --backend reference --output x.json", 64, "m4 = 100.0 MeV",
      "smaller mass"),
    BadRequest(
      "export coherent-csi-2021 --m4 10 --share flux --output x.json", 64, "--share flux", "none in common"),
    BadRequest("export coherent-csi-2021 --m4 10 --dof 2 --output x.json", 64, "--dof 2", "fixed mass"),
    BadRequest(
      "export coherent-csi-2021 dresden-ii --m4 1 --output x.json", 64, "takes the flavour mu", "--flavor"),
    BadRequest(
      "export conus-plus --m4 1 --backend reference --output x.json", 64, "conus-plus: bin 0",
      "Poisson counts"),
    BadRequest(
      "export coherent-csi-2021:shape-pulls --m4 10 --backend reference --output x.json", 64,
      "acts non-linearly"),
    BadRequest(
      "export coherent-csi-2021 --m4 10 --backend reference --output no/x.json", 73, "no/x.json",
      "does not exist"),
    BadRequest("import nothing.json", 65, "nothing.json cannot be read"),
    BadRequest("import nothing.json --cl 2", 64, "--cl 2.0"),
    BadRequest("import nothing.json --dof 2", 64, "--dof 2", "fixed mass"),
    BadRequest("import nothing.json --profile 2,1", 64, "--profile", "ascending"),
  ]

  @Test("A request that cannot succeed ends with its exit code and a cure", arguments: requests)
  func refused(_ request: BadRequest) throws {
    let folder = try Scratch()
    let outcome = try Program.shell("\"$0\" \(request.arguments)", in: folder)
    #expect(outcome.status == request.status, "\(outcome.errors)")
    for part in request.says { #expect(outcome.errors.contains(part), "\(outcome.errors)") }
    #expect(try folder.names().isEmpty)
  }
}

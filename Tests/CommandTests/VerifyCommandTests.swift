import Foundation
import Testing

@Suite("verify")
struct VerifyCommandTests {
  @Test("--tiny passes on every backend of this machine")
  func tiny() throws {
    let outcome = try Program.run("verify", "--tiny", "--json", in: Scratch())
    #expect(outcome.status == 0, "\(outcome.output.suffix(400))")
    let report = try outcome.json()
    #expect(report["passed"] as? Bool == true)
    #expect(try #require(report["backends"] as? [[String: Any]]).count >= 24)
  }

  /// Massless kinematics of a target of 2 MeV and a neutrino of 3 MeV: E_min = (1 + sqrt 5) / 2 at T = 1 MeV, and
  /// T_max = 2 E^2 / (M + 2 E) = 9/4 MeV.
  static func kinematics(maximum: String) -> String {
    """
    # two numbers known in closed form
    case,target,M_MeV,m4_MeV,E_MeV,T_MeV,Emin_MeV(T),Ethr_MeV,Tmin_MeV(E),Tmax_MeV(E)
    0,toy,2,0,3,1,1.618033988749894848,0,0,\(maximum)

    """
  }

  static func verify(_ files: [String: String]) throws -> Program.Outcome {
    let folder = try Scratch()
    for (name, text) in files { try folder.write(text, to: name) }
    return try Program.run("verify", "--tiny", "--backend", "simd", "--reference-tables", ".", in: folder)
  }

  @Test("A right number in a reference table passes, a wrong one fails and is named")
  func wrongNumber() throws {
    let right = try Self.verify(["kinematics.csv": Self.kinematics(maximum: "2.25")])
    #expect(right.output.contains("pass  kinematics.csv, T_max: 1 rows"))
    let wrong = try Self.verify(["kinematics.csv": Self.kinematics(maximum: "2.2500001")])
    #expect(wrong.status == 1)
    #expect(wrong.output.contains("FAIL  kinematics.csv, T_max: 1 rows, worst 4."))
    #expect(wrong.output.contains("at line 3"))
    #expect(wrong.output.hasSuffix("NOT verified\n"))
  }

  @Test(
    "A table that cannot be read and a file that no check covers fail",
    arguments: [
      ("kinematics.csv", "not a table at all\n"), ("kinematics.csv", kinematics(maximum: "two")),
      ("surprise.csv", "a,b\n1,2\n"),
    ])
  func unreadable(name: String, text: String) throws {
    let outcome = try Self.verify([name: text])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("FAIL  \(name)"))
  }

  @Test("An empty folder of tables fails")
  func empty() throws {
    #expect(try Self.verify([:]).status == 1)
  }
}

@Suite("experiments")
struct ExperimentsCommandTests {
  @Test("A new experiment file checks and gives a limit")
  func new() throws {
    let folder = try Scratch()
    #expect(
      try Program.run("experiments", "new", "my-argon", "--output", "my-argon.yaml", in: folder).status == 0)
    let check = try Program.run("experiments", "check", "my-argon.yaml", in: folder)
    #expect(check.status == 0)
    #expect(check.output.hasSuffix("\nmy-argon.yaml: good\n"))
    let brief = try Program.run("experiments", "check", "--brief", "my-argon.yaml", in: folder)
    #expect(brief.output == "my-argon.yaml: good\n")
    let limit = try Program.run("limit", "my-argon.yaml", "--m4", "10", "--json", in: folder)
    #expect(limit.status == 0)
    #expect(try limit.json()["kind"] as? String == "sensitivity")
    let again = try Program.run("experiments", "new", "my-argon", "--output", "my-argon.yaml", in: folder)
    #expect(again.status == 73)
    #expect(again.errors.contains("the file exists"))
  }

  @Test("check reports every fault of every file and goes on")
  func check() throws {
    let folder = try Scratch()
    let template = try Program.run("experiments", "new", "argon", in: folder).output
    let broken = template.replacing("mass: 100 kg", with: "mass: -1 kg").replacing(
      "kind: projection", with: "kind: dream")
    try folder.write(broken, to: "argon.yaml")
    let outcome = try Program.run(
      "experiments", "check", "argon.yaml", "coherent-csi-2021", "--brief", in: folder)
    #expect(outcome.status == 65)
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.filter { $0.hasPrefix("argon.yaml:") }.count == 2)
    #expect(lines.last == "coherent-csi-2021: good")
  }

  @Test(
    "list has a line for every entry, its variants on request, and the whole catalogue checks without a warning"
  )
  func list() throws {
    let folder = try Scratch()
    let list = try Program.run("experiments", in: folder)
    #expect(list.output.contains("coherent-csi-2021       measurement   e,mu        COHERENT CsI[Na] 2021"))
    let check = try Program.run("experiments", "check", in: folder)
    #expect(check.status == 0)
    let names = list.output.split(separator: "\n").map { $0.prefix { $0 != " " } }
    #expect(names.count > 25 && names.allSatisfy { !$0.isEmpty })
    #expect(check.output == names.map { "\($0): good\n" }.joined())
    let all = try Program.run("experiments", "list", "--all", in: folder).output.split(separator: "\n")
    #expect(all.contains { $0.hasPrefix("  :shape-pulls ") })
    #expect(all.count { !$0.hasPrefix("  :") } == names.count)
  }
}

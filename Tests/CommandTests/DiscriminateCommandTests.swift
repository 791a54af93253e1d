import Foundation
import Testing

@Suite("discriminate")
struct DiscriminateCommandTests {
  private func run(_ arguments: String, in folder: Scratch) throws -> Program.Outcome {
    try Program.shell("\"$0\" discriminate \(arguments) --backend reference", in: folder)
  }

  @Test("Several models, parameters and conventions: JSON names them all, the plot holds the toys")
  func report() throws {
    let folder = try Scratch()
    let outcome = try run(
      "ess --truth dipole:m4=10,d=1e-6,masses=0.01,flavor=mu --against magnetic-moment --against nsi:quark=u,pair=mu-mu "
        + "--toys 8 --plot t.svg --json", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    let pairs = try #require(report["against"] as? [[String: Any]])
    #expect(pairs.map { $0["model"] as? String } == ["magnetic-moment", "nsi"])
    #expect(pairs.map { $0["coupling_unit"] as? String } == ["mu_B", "1"])
    #expect((pairs[1]["identity"] as? String)?.contains("quark=u") == true)
    let toys = try #require(pairs[0]["toys"] as? [String: Any])
    #expect((toys["of_truth"] as? [Double])?.count == 8)
    // where the toys are fitted; a model without a mass has none
    #expect(toys["masses_of_truth"] as? [Double] == [0.01, 10] && toys["masses_of_other"] == nil)
    let power = try #require(pairs[0]["truth_true"] as? [String: Any])
    let separation = try #require(power["toys"] as? [String: Any])
    #expect(separation["p_value"] is Double && separation["p_value_error"] is Double)
    #expect((report["settings"] as? [[String: Any]])?.first?["data_set"] as? String == "asimov")
    #expect(power["delta_chi2"] is Double && power["asimov_normal"] is NSNull)
    #expect(try folder.names() == ["t-magnetic-moment.gp", "t-magnetic-moment.svg", "t-nsi.gp", "t-nsi.svg"])
    #expect(try folder.read("t-nsi.gp").contains("toys of nsi"))
  }

  @Test("A coupling is read in its convention: 1e-6 GeV^-1 is 3.375e-9 mu_B")
  func conventions() throws {
    let folder = try Scratch()
    let texts = try ["magnetic-moment:d=3.375e-9", "dipole:m4=0,d=1e-6,masses=0"].map { truth in
      let report = try run("ess --truth \(truth) --against charge-radius --toys 0 --json", in: folder).json()
      let pair = try #require((report["against"] as? [[String: Any]])?.first)
      return try #require((pair["truth_true"] as? [String: Any])?["delta_chi2"] as? Double)
    }
    #expect(isClose(texts[0], texts[1], rtol: 1e-3))
  }

  @Test("The text ends with a sentence and a legend; a coupling may have the symbol of its model")
  func text() throws {
    let toys = try run(
      "ess --truth dipole:m4=10,d=1e-6,masses=10 --against charge-radius --toys 8", in: Scratch())
    #expect(toys.status == 0, "\(toys.errors)")
    // no toy of 8 beyond: 1 - 0.1^(1/8)
    #expect(toys.output.contains("excludes charge-radius with p < 0.2501 (90 %), Z > 0.6742 (90 %)."))
    #expect(toys.output.contains("normal: Z if T were normal") && !toys.output.contains("0 +- 0"))
    let both = try ["g", "d"].map {
      try run("ess --truth vector:m4=30,\($0)=1e-5 --against charge-radius --toys 0", in: Scratch()).output
    }
    #expect(
      both[0] == both[1] && both[0].contains("the Asimov set excludes charge-radius by sqrt(Delta chi2) = "))
  }

  @Test("Two experiments are one likelihood")
  func several() throws {
    let outcome = try run(
      "ess ess10 --truth dipole:m4=10,d=3e-7,masses=10 --against charge-radius --toys 0 --json", in: Scratch()
    )
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    #expect(report["experiments"] as? [String] == ["ess", "ess10"])
    let pair = try #require((report["against"] as? [[String: Any]])?.first)
    let delta = try #require((pair["truth_true"] as? [String: Any])?["delta_chi2"] as? Double)
    #expect(delta >= 3.6655)  // that of ess alone
    #expect((pair["events_truth"] as? [Double])?.count == 9)
  }

  @Test(
    "Requests without meaning are wrong usage, with the cure",
    arguments: [
      ("--truth dipole:d=1e-6 --against vector", "needs the mass of the signal"),
      ("--truth dipole:m4=x,d=1e-6 --against vector", "x is none"),
      ("--truth dipole:m4=10 --against vector", "needs the coupling"),
      ("--truth dipole:m4=10,d=-1 --against vector", "-1 is none"),
      ("--truth dipole:m4=10,d=1e-6,d=2e-6 --against vector", "given twice"),
      ("--truth dipole:m4=10,mass=3,d=1 --against vector", "two names of the same"),
      ("--truth dipole:m4 --against vector", "not name=value"),
      ("--truth magnetic-moment:m4=10,d=1e-9 --against vector", "has no mass"),
      ("--truth dipole:m4=10,d=1e-6 --against vectr", "Did you mean `vector`"),
      ("--truth dipole:m4=10,d=1e-6 --against vector:g=1", "unknown"),
      ("--truth dipole:m4=10,d=1e-6 --against vector:mass=1,masses=1:5:3", "not both"),
      ("--truth dipole:m4=100,d=1e-6 --against charge-radius", "Choose a smaller mass"),
      ("--truth vector:m4=3,r2=1e-4 --against charge-radius", "Write d=VALUE or g=VALUE"),
      ("--truth vector:m4=3,g=1e-4,d=1 --against charge-radius", "are couplings"),
      ("--truth dipole:m4=10,d=1e-6 --against vector --toys 1", "--toys 1"),
      ("--truth dipole:m4=10,d=1e-6 --against vector --toys 0 --plot x.svg", "leave --plot out"),
    ])
  func refusals(arguments: String, message: String) throws {
    let outcome = try run("ess \(arguments)", in: Scratch())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}

import Foundation
import Testing

@Suite("--model")
struct InteractionCommandTests {
  private func run(_ arguments: String, in folder: Scratch) throws -> Program.Outcome {
    try Program.shell("\"$0\" \(arguments)", in: folder)
  }

  @Test("limit --json names quantity, unit, definition and parameters of the model")
  func limit() throws {
    let report = try run(
      "limit coherent-csi-2021 --model vector --parameter electron=0 --mass 10,100 --json", in: Scratch()
    ).json()
    #expect(report["model"] as? String == "model=vector neutrino=1.0 proton=3.0 neutron=3.0 electron=0.0")
    #expect(report["mass_symbol"] as? String == "m_V")
    #expect(report["coupling_symbol"] as? String == "g" && report["coupling_unit"] as? String == "1")
    let rows = try #require(report["limit"] as? [[String: Any]])
    #expect(rows.map { $0["mass"] as? Double } == [10, 100])
    #expect(rows.allSatisfy { $0["limit"] is Double && $0["allowed"] is [[Double]] })
    let settings = try #require(report["settings"] as? [String: Any])
    #expect(settings["flavour"] as? String == "all" && settings["model"] as? String == "vector")
  }

  @Test("A signed coupling has both ends; the profile crosses the level at them")
  func signed() throws {
    let folder = try Scratch()
    let report = try run("limit coherent-csi-2021 --model charge-radius --json", in: folder).json()
    let row = try #require((report["limit"] as? [[String: Any]])?.first)
    let upper = try #require(row["limit"] as? Double)
    #expect(try #require(row["lower_limit"] as? Double) < 0 && upper > 0)
    let profile = try run(
      "limit coherent-csi-2021 --model charge-radius --profile=-1e-32,0,\(upper) --json", in: folder
    ).json()
    let delta = try #require(((profile["profile"] as? [[String: Any]])?.first)?["delta"] as? [Double])
    #expect(delta.count == 3 && abs(delta[2] - 2.705543) < 1e-5)
  }

  @Test("A scan of a mediator writes files that name its mass and coupling, and no dipole limits in its plot")
  func scan() throws {
    let folder = try Scratch()
    let outcome = try run(
      "scan coherent-csi-2021 --model vector-b-l --mass 1:300:4 --d 1e-5:1e-3:30 -o v", in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let text = try folder.read("v-limit.csv")
    #expect(text.contains("\nm_V [MeV],g [1]\n"))
    #expect(text.contains("# model: model=vector-b-l neutrino=-1.0"))
    #expect(try folder.read("v.gp").contains("m}_{V}"))
    #expect(!(try folder.read("v.gp").contains("Borexino")))
    let drawn = try run("plot v.h5 --output again.svg", in: folder)
    #expect(drawn.status == 0, "\(drawn.errors)")
  }

  @Test("spectrum shows interference, negative where it is destructive, and draws it with the Standard Model")
  func spectrum() throws {
    let folder = try Scratch()
    let outcome = try run(
      "spectrum coherent-csi-2021 --model charge-radius --d 1e-31 --plot s.svg --json --recoils 10",
      in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    let own = try #require((report["ingredients"] as? [[String: Any]])?.last)
    #expect(own["name"] as? String == "charge-radius")
    let components = try #require(report["signal_by_component"] as? [String: [Double]])
    #expect(Set(components.keys) == ["nu_mu", "nu_mu_bar"])
    let negative = try run(
      "spectrum coherent-csi-2021 --model charge-radius --d=-1e-31 --plot n.svg --json", in: folder)
    let other = try #require((try negative.json()["ingredients"] as? [[String: Any]])?.last)
    let totals = try [own, other].map { try #require($0["total"] as? Double) }
    #expect(totals[0] > 0 && totals[1] < 0)
    #expect(try folder.read("n.svg").contains("standard-model with charge-radius"))
  }

  @Test("The decay of N at the limit: m4 = 10 MeV, mu = 1e-9 mu_B (Dirac) has Gamma = 1.75e-18 MeV")
  func decay() throws {
    let report = try run(
      "limit coherent-csi-2021 --m4 10 --coupling mu --decay-energy 30 --decay-path 50 --json", in: Scratch()
    ).json()
    let row = try #require((report["limit"] as? [[String: Any]])?.first)
    let limit = try #require(row["d"] as? Double)
    let decay = try #require(row["decay"] as? [[String: Any]])
    #expect(decay.map { $0["nature"] as? String } == ["dirac", "majorana"])
    let width = try #require(decay[0]["width_mev"] as? Double)
    #expect(isClose(width, 1.7466e-18 * (limit / 1e-9) * (limit / 1e-9), rtol: 1e-3))
    // p/m4 hbar c/Gamma with p = sqrt(30^2 - 10^2) MeV
    let length = try #require(decay[0]["decay_length_cm"] as? Double)
    #expect(isClose(length, 800.0.squareRoot() / 10 * 1.973269804e-11 / width, rtol: 1e-9))
  }

  @Test(
    "Requests without meaning are wrong usage, with the cure",
    arguments: [
      ("limit coherent-csi-2021 --model vectr", "Did you mean `vector`"),
      ("limit coherent-csi-2021 --model millicharge --m4 5", "has no mass"),
      ("limit coherent-csi-2021 --model vector --coupling mu", "Leave --coupling out"),
      ("limit coherent-csi-2021 --profile 1,2", "for --model other than dipole"),
      ("limit coherent-csi-2021 --model vector --decay-energy 30", "weak-dipole"),
      ("limit coherent-csi-2021 --decay-path 30", "needs --decay-energy"),
      ("limit coherent-csi-2021 --parameter x=1", "has no parameters"),
      (
        "limit coherent-csi-2021 --model transition --parameter lambda14=1 --flavor mu",
        "act on every flavour"
      ),
      ("limit coherent-csi-2021:shape-pulls --model scalar --mass 5", "change shapes"),
      ("scan coherent-csi-2021 --model millicharge", "no mass to scan"),
      ("scan coherent-csi-2021 --model scalar --job pointwise", "Leave --job out"),
      ("scan coherent-csi-2021 --sign minus", "Leave --sign out"),
      ("limit coherent-csi-2021 --model charge-radius --flavor tau", "Choose another --flavor"),
      (
        "limit coherent-csi-2021 --model vector --parameter neutrino=0 --mass 1",
        "not all its charges are zero"
      ),
    ])
  func refusals(arguments: String, message: String) throws {
    let outcome = try run(arguments, in: Scratch())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}

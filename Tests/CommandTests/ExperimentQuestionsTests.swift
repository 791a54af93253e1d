import Foundation
import Testing

/// `experiments new` with answers, as options or asked for.
@Suite("Questions of experiments new")
struct ExperimentQuestionsTests {
  @Test(
    "Answers make a file that check accepts, with these numbers in it",
    arguments: [
      ("--source pion-decay-at-rest", "mu", ["element: Ar", "protons-on-target: 1.5e+23"]),
      (
        "--source reactor --mass 2.5kg --background 3", "e",
        ["mass: 2.5kg", "rate: 3 counts/(kg keV d)", "element: Ge"]
      ),
      (
        "--source solar --target NaI --threshold 30eV", "all",
        ["element: Na", "element: I", "molar-mass: 149.894", "[0.03, "]
      ),
      (
        "--source chromium-51 --target CsI --exposure '55 d' --threshold 5eV", "e",
        ["live-time: 55 d", "element: Cs"]
      ),
      ("--target Xe --exposure '2 y'", "mu", ["protons-on-target: 3e+23", "edges: [20, "]),
    ])
  func options(arguments: String, flavour: String, says: [String]) throws {
    let folder = try Scratch()
    let made = try Program.shell("\"$0\" experiments new mine \(arguments) --output mine.yaml", in: folder)
    #expect(made.status == 0, "\(made.errors)")
    let text = try folder.read("mine.yaml")
    for words in says { #expect(text.contains(words), "\(words) in \(text)") }
    let check = try Program.run("experiments", "check", "mine.yaml", "--json", in: folder)
    #expect(check.status == 0, "\(check.output)\(check.errors)")
    let limit = try Program.run(
      "limit", "mine.yaml", "--flavor", flavour, "--m4", "0.1", "--json", in: folder)
    #expect(limit.status == 0, "\(limit.errors)")
    #expect((try limit.json()["limit"] as? [[String: Any]])?.first?["d"] as? Double ?? 0 > 0)
  }

  @Test("What is asked has defaults that depend on the source; an answer that cannot be is asked for again")
  func asks() throws {
    let folder = try Scratch()
    let lines = ["reactr", "reactor", "", "5 kg", "1 m", "", "1 MeV", "0.1 keV", "none", "2"]
    let asked = try Program.shell(
      "printf '%s\\n' \(lines.map { "'\($0)'" }.joined(separator: " ")) | \"$0\" experiments new mine --ask",
      in: folder)
    #expect(asked.status == 0, "\(asked.errors)")
    for words in [
      "Did you mean `reactor`?", "target: an element", "[Ge]: ", "1 m: expected a time", "no recoil counts",
      "none: expected a rate",
    ] { #expect(asked.errors.contains(words), "\(words) in \(asked.errors)") }
    let given = try Program.shell(
      "\"$0\" experiments new mine --source reactor --mass '5 kg' --threshold '0.1 keV' --background 2",
      in: folder)
    #expect(try folder.read("mine.yaml") == given.output)
  }

  @Test("On a terminal it asks, for the name too; an end of the input writes nothing")
  func terminal() throws {
    let folder = try Scratch()
    let typed = "printf 'mine\\nsolar\\n\\n\\n\\n\\n\\n' | script -qec '\"$0\" experiments new' /dev/null"
    let outcome = try Program.shell(typed.replacingOccurrences(of: "$0", with: Program.path), in: folder)
    #expect(outcome.output.contains("background"), "\(outcome.output)\(outcome.errors)")
    #expect(try Program.run("experiments", "check", "mine.yaml", in: folder).status == 0)
    let ended = try Program.shell("printf 'solar\\n' | \"$0\" experiments new other --ask", in: folder)
    #expect(ended.status == 64 && ended.errors.contains("nothing was written"))
    #expect(try folder.names() == ["mine.yaml"])
  }

  @Test("Away from a terminal and without answers it is the template, and what cannot be is refused")
  func template() throws {
    let folder = try Scratch()
    let template = try Program.run("experiments", "new", "mine", in: folder)
    #expect(template.status == 0 && template.output.contains("Other sources, alone or together"))
    let json = try Program.run("experiments", "new", "mine", "--json", in: folder)
    #expect(try json.json()["text"] as? String == template.output)
    for (arguments, words) in [
      ("new", "needs a name"), ("new x --mass 5", "--mass 5: expected a mass"),
      ("new x --target Qq", "no element"),
      ("new x --threshold '1 MeV'", "--threshold 1 MeV: no recoil counts"),
      ("new --like ess10 x --mass 5kg", "Leave --like out"),
    ] {
      let refused = try Program.shell("\"$0\" experiments \(arguments)", in: folder)
      #expect(refused.status == 64 && refused.errors.contains(words), "\(refused.errors)")
    }
    #expect(try folder.names().isEmpty)
  }
}

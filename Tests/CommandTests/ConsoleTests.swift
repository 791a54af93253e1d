import Foundation
import Testing

/// `--quiet`, `--progress`, `--color`, and help with slips.
@Suite("Console")
struct ConsoleTests {
  static let esc = "\u{1B}["

  @Test("--quiet leaves nothing on standard error but errors")
  func quiet() throws {
    let folder = try Scratch()
    let arguments = ["experiments", "new", "--like", "ess10"]
    let loud = try Program.run(arguments + ["loud"], in: folder, environment: [:])
    #expect(loud.status == 0 && loud.errors.contains("wrote"))
    let quiet = try Program.run(arguments + ["silent", "--quiet"], in: folder, environment: [:])
    #expect(quiet.status == 0 && quiet.errors.isEmpty)
    #expect(try folder.names() == ["loud", "silent"])
    let failed = try Program.run(arguments + ["silent", "-q"], in: folder, environment: [:])
    #expect(failed.status == 73 && failed.errors.contains("the folder exists"))
  }

  @Test("A bar is drawn where it is asked for, shows rate, time left and load, and goes away")
  func bar() throws {
    let scan = [
      "scan", "coherent-csi-2021:shape-pulls", "--m4", "1:30:6", "--d", "1e-7:1e-5:6", "--plot", "none", "-o",
      "x",
    ]
    let drawn = try Program.run(scan + ["--progress", "bar"], in: Scratch(), environment: [:])
    #expect(drawn.status == 0)
    #expect(drawn.errors.contains("\r") && drawn.errors.contains("planning the integrals ..."))
    #expect(drawn.errors.hasSuffix("\r\u{1B}[K"))
    for style in ["none", "lines", "auto"] {
      let outcome = try Program.run(scan + ["--progress", style], in: Scratch(), environment: [:])
      #expect(outcome.status == 0 && !outcome.errors.contains("\r"))
    }
  }

  @Test("Errors have colour where it is asked for, and none through pipes")
  func color() throws {
    let line = ["limit", "nothing-2021"]
    let plain = try Program.run(line, in: Scratch(), environment: [:])
    #expect(plain.status == 65 && !plain.errors.contains(Self.esc))
    let colored = try Program.run(line + ["--color", "always"], in: Scratch(), environment: [:])
    #expect(colored.errors.hasPrefix(Self.esc + "1;31mupscatter:" + Self.esc + "0m"))
    let never = try Program.run(line + ["--color", "never"], in: Scratch(), environment: [:])
    #expect(never.errors == plain.errors)
  }

  @Test(
    "On a terminal errors have colour unless NO_COLOR, TERM or an option says otherwise",
    arguments: [
      ("", "", true), ("NO_COLOR=1", "", false), ("NO_COLOR=", "", true), ("TERM=dumb", "", false),
      ("", "--color never", false), ("NO_COLOR=1", "--color always", true),
    ])
  func terminal(environment: String, option: String, isColored: Bool) throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      "script -qec 'env -u NO_COLOR TERM=xterm \(environment) '\"$0\"' limit nothing-2021 \(option)' typescript",
      in: folder)
    let said = try folder.read("typescript") + outcome.output
    #expect(said.contains("no experiment of this name"))
    #expect(said.contains(Self.esc + "1;31m") == isColored)
  }

  @Test(
    "What is misspelt gets a suggestion",
    arguments: [
      ("scna", "`scan`"), ("experiments shwo", "`show`"), ("experimens list", "`experiments`"),
      ("scan coherent-csi-2021 --data observd", "`observed`"),
      ("scan coherent-csi-2021 --backend smid", "`simd`"),
      ("scan coherent-csi-2021 --jbo pointwise", "--job"), ("limit coherent-csi-2021 --method clss", "`cls`"),
      ("toys coherent-csi-2021 --ensemble proiled", "`profiled`"),
      ("scan coherent-csi-2021 --plot pfd", "`pdf`"),
      ("limit coherent-csi-2021 --m4 1 --flavor taw", "`tau`"),
      ("limit xenonnt", "`xenonnt-er-sr0`"), ("limit coherent-csi-2021:no-electron", "`no-electrons`"),
      ("moments ess --m4 1 --plane lambda15:lambda24", "`lambda14`"),
      ("validate coherent-csi-2221", "`coherent-csi-2021`"),
      ("experiments show coherent-csi-2021 --file REFERENSE", "`REFERENCE`"),
      ("experiments show drezden-ii", "`dresden-ii`"),
      ("experiments new x --source solr", "`solar`"), ("config scna", "`scan`"),
    ])
  func suggestions(arguments: String, suggestion: String) throws {
    let outcome = try Program.shell("\"$0\" \(arguments)", in: Scratch())
    #expect(outcome.status == 64 || outcome.status == 65)
    #expect(outcome.errors.contains("Did you mean"), "\(outcome.errors)")
    #expect(outcome.errors.contains(suggestion), "\(outcome.errors)")
  }

  @Test("One letter that is no flavour is no slip of another")
  func noSuggestion() throws {
    let outcome = try Program.shell("\"$0\" limit coherent-csi-2021 --m4 1 --flavor x", in: Scratch())
    #expect(outcome.status == 64 && !outcome.errors.contains("Did you mean"))
  }

  @Test(
    "Every command that prints results prints them as JSON with keys in snake_case",
    arguments: [
      "devices", "experiments list", "experiments show ess --file REFERENCE", "experiments check ess10",
      "experiments new my-argon", "validate ess10", "spectrum ess10 --m4 10", "limit ess10 --m4 1,10",
      "config",
      "export ess10 --statistic poisson --m4 10 -o model.json", "verify --tiny --backend simd",
      "scan ess10 --m4 1:10:4 --d 1e-8:1e-5:4 --plot none -o x", "limit ess10 --explain",
      "discriminate ess10 "
        + "--truth dipole:m4=10,d=1e-6 --against magnetic-moment --toys 0",
    ])
  func json(arguments: String) throws {
    let outcome = try Program.shell("\"$0\" \(arguments) --json --quiet", in: Scratch())
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.isEmpty)
    let value = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    #expect(Self.keys(value).filter { $0.contains { $0.isUppercase } && !Self.isName($0) } == [])
  }

  /// Components, targets, files and parameters are names.
  private static func isName(_ key: String) -> Bool {
    key.contains(".") || key.contains("/") || key.count <= 4
  }

  private static func keys(_ value: Any) -> [String] {
    if let object = value as? [String: Any] { return object.flatMap { [$0.key] + keys($0.value) } }
    return (value as? [Any])?.flatMap(keys) ?? []
  }
}

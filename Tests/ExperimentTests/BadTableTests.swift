import Experiments
import Testing

@Suite("Faults in the tables")
struct BadTableTests {
  static let faults: [Fault] = [
    Fault("nu_e", "nu_x", at: "time_low", "a column `nu_e`", "Did you mean `nu_x`?", file: "times.csv"),
    Fault(",events", ",counts", at: "energy_low", "a column `events`", file: "observed.csv"),
    Fault(
      "2,4,0,0.5,7", "2,4,0,0.5", at: "2,4,0,0.5\n", "4 cells", "5, one per column", file: "observed.csv"),
    Fault("2,4,0,0.5,7", "2,4,0,0.5,seven", at: "seven", "`seven`", "a number", file: "observed.csv"),
    Fault("2,4,0,0.5,7", "2,4,0,0.5,nan", at: "nan", "`nan`", file: "observed.csv"),
    Fault("2,4,0,0.5,7", "2,4,0,0.5,inf", at: "inf", "`inf`", file: "observed.csv"),
    Fault("2,4,0,0.5,7", "2,4,0,0.5,-7", at: "-7", "zero or greater", file: "observed.csv"),
    Fault("2,4,0,0.5,7", "2,4,0,0.5,", at: "\n2,4,0.5,1", "a number", file: "observed.csv"),
    Fault("2,4,0,0.5,7", "2,5,0,0.5,7", at: "5,0,0.5", "4.0, the edge of bin 3", file: "observed.csv"),
    Fault("1,2,0.5,1,5\n", "", at: "2,4,0,", "the edge of bin 2", file: "observed.csv"),
    Fault("2,4,0.5,1,11\n", "", at: "2,4,0,0.5,7", "3 rows", "4, one per bin", file: "observed.csv"),
    Fault("energy_low [keVee]", "energy_low [keV]", at: "energy_low", "keVee", file: "observed.csv"),
    Fault("energy_low [keVee]", "energy_low", at: "energy_low", "no unit", file: "observed.csv"),
    Fault("us],events", "us],events [kg]", at: "events [kg]", "no unit", file: "observed.csv"),
    Fault(
      "time_high [us]", "time_low [us]", at: "time_low [us],events", "distinct names", file: "observed.csv"),
    Fault("0.5,1,0.25", "0.6,1,0.25", at: "0.6", "the bin before", file: "times.csv"),
    Fault("0,0.5,0.75", "0.5,0.5,0.75", at: "0.5,0.75", "more than the lower edge", file: "times.csv"),
    Fault("0.75,0.25,0.125\n0.5", "1.75,0.25,0.125\n0.5", at: "1.75", "at most one", file: "times.csv"),
    Fault("0,0.5,0.75", "0,0.5,-0.75", at: "-0.75", "zero or greater", file: "times.csv"),
    Fault("2,3", "1,3", at: "1,3", "more than 1.0 MeV", file: "spectrum.csv"),
    Fault("2,3", "2,0", at: "0\n2,0", "integral", file: "spectrum.csv"),
    Fault("24.6,2", "24.6,1.5", at: "1.5", "a whole number", file: "levels.csv"),
    Fault("24.6,2", "-24.6,2", at: "-24.6", "zero or greater", file: "levels.csv"),
  ]

  @Test("A fault in a table is named with file, line and column", arguments: faults)
  func fault(_ fault: Fault) throws { try fault.check() }

  @Test(
    "A table that is missing, empty or elsewhere is refused where the file names it",
    arguments: [
      ("nothing.csv", "no such file"), ("../observed.csv", "plain name"), ("/etc/passwd", "plain name"),
      ("observed.txt", "plain name"), (".csv", "plain name"), ("[a, b]", "a list of 2"),
    ])
  func names(_ name: String, _ words: String) throws {
    let fault = Fault("table: observed.csv", "table: \(name)", at: "\(name), column", words)
    try fault.check()
  }

  @Test(
    "A table without header or rows is refused",
    arguments: ["", "\n\n", "# only a comment\n", "a,b\n", "a,b"])
  func empty(_ text: String) throws {
    let folder = try Sample.folder()
    try folder.write(text, to: "observed.csv")
    let error = try #require(folder.fault("sample.yaml"))
    #expect(error.file == "observed.csv")
  }
}

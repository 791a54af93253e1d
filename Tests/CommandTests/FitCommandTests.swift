import Foundation
import Testing

/// `fit` of a known signal against numbers made from the events of `spectrum` alone (Scripts/make-fit-fixtures.py).
@Suite("fit")
struct FitCommandTests {
  static let injected = "ess10 --statistic poisson --flavor mu --inject-m4 9 --inject-d 4.2e-7"
  static let axes = "--m4 1:50:20 --d 1e-7:2e-6:40"

  static func fit(_ arguments: String, in folder: Scratch) throws -> [String: Any] {
    let outcome = try Program.shell("\"$0\" fit \(arguments) --plot none --json -o f", in: folder)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return try outcome.json()
  }

  static func fit(_ report: [String: Any]) throws -> [String: Any] {
    try #require(report["fit"] as? [String: Any])
  }

  static func best(_ report: [String: Any]) throws -> [String: Any] {
    try #require(fit(report)["best_fit"] as? [String: Any])
  }

  static func regions(_ fit: [String: Any]) throws -> [[String: Any]] {
    try #require(fit["regions"] as? [[String: Any]])
  }

  static func intervals(_ region: [String: Any], _ name: String) throws -> [(low: Double, high: Double)] {
    try #require(region[name] as? [[String: Any]]).map {
      (try #require($0["low"] as? Double), try #require($0["high"] as? Double))
    }
  }

  @Test("The expectation of a signal is fitted by that signal, with the intervals of a separate calculation")
  func intervals() throws {
    let report = try Self.fit("\(Self.injected) \(Self.axes)", in: Scratch())
    let best = try Self.best(report)
    #expect(isClose(try #require(best["m4"] as? Double), 9, rtol: 2e-3))
    #expect(isClose(try #require(best["d"] as? Double), 4.2e-7, rtol: 1e-3))
    #expect(try #require(best["statistic"] as? Double) < 1e-6)
    #expect(isClose(try #require(best["delta_without_signal"] as? Double), 75.199_018_43, rtol: 1e-7))
    let pull = try #require((best["pulls"] as? [[String: Any]])?.first)
    #expect(isClose(try #require(pull["error"] as? Double), 0.029_316_355, rtol: 1e-4))
    let regions = try Self.regions(Self.fit(report))
    #expect(regions.compactMap { $0["confidence_level"] as? Double } == [0.68, 0.9, 0.95])
    let expected = [
      (19.167_913, 3.818_006_9e-7, 5.690_957_6e-7), (21.344_607, 3.625_762_0e-7, 6.498_496_9e-7),
    ]
    for (region, ends) in zip(regions, expected) {
      let mass = try #require(try Self.intervals(region, "m4").first)
      let d = try #require(try Self.intervals(region, "d").first)
      // below 9 MeV the spectra are alike: the interval has no lower end
      #expect(mass.low == 1 && isClose(mass.high, ends.0, rtol: 1e-4))
      #expect(isClose(d.low, ends.1, rtol: 1e-3) && isClose(d.high, ends.2, rtol: 1e-3))
      #expect(region["closes"] as? Bool == false)
      #expect(region["opening"] as? String == "reaches the lowest mass of the axis")
    }
  }

  @Test("The other convention of the coupling is half the number for the same fit")
  func convention() throws {
    let half = try Self.fit(
      "ess10 --statistic poisson --flavor mu --inject-m4 9 --inject-d 2.1e-7 --coupling d-no-half --m4 5:15:8 --cl 0.9",
      in: Scratch())
    let truth = try #require(try Self.fit(half)["truth"] as? [String: Any])
    #expect(truth["d"] as? Double == 2.1e-7)
    let best = try Self.best(half)
    #expect(isClose(try #require(best["d"] as? Double), 2.1e-7, rtol: 1e-3))
    #expect(isClose(try #require(best["delta_without_signal"] as? Double), 75.199_018_43, rtol: 1e-7))
  }

  /// Quantiles by direct sums over (ln m4, ln d, f); tolerances are five errors of a quantile for 2000 independent samples, from
  /// the spread of the neighbouring ones.
  @Test("The posterior agrees with direct integration")
  func posterior() throws {
    let (mass, d) = ([1.6426, 13.2361], [3.868_359e-7, 4.623_262e-7])
    let report = try Self.fit(
      "\(Self.injected) \(Self.axes) --posterior --prior linear --cl 0.68", in: Scratch())
    let posterior = try #require(try Self.fit(report)["posterior"] as? [String: Any])
    #expect(posterior["converged"] as? Bool == true)
    #expect(try #require(posterior["effective_samples"] as? Double) > 2000)
    let region = try #require(try Self.regions(posterior).first)
    let found = (
      try #require(try Self.intervals(region, "m4").first),
      try #require(try Self.intervals(region, "d").first)
    )
    // sqrt(0.16 0.84/2000) = 0.008 of probability: 4 % of m4 and 0.8 % of d per error at these quantiles, at most
    #expect(isClose(found.0.low, mass[0], rtol: 0.15) && isClose(found.0.high, mass[1], rtol: 0.08))
    #expect(isClose(found.1.low, d[0], rtol: 0.015) && isClose(found.1.high, d[1], rtol: 0.025))
  }

  @Test("An ensemble that has not converged states no region, and the picture claims none")
  func notConverged() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      "\"$0\" fit \(Self.injected) \(Self.axes) --posterior --steps 1000 --walkers 12 --cl 0.9 -o f",
      in: folder)
    // without gnuplot the script is there all the same
    let script = try folder.read("f.gp")
    #expect(script.contains("pulls profiled") && !script.contains("Posterior"))
    #expect(outcome.status == 0 || outcome.errors.contains("gnuplot"), "\(outcome.errors)")
    let report = try Program.shell("cat f.json", in: folder).json()
    let fit = try Self.fit(report)
    let posterior = try #require(fit["posterior"] as? [String: Any])
    #expect(posterior["converged"] as? Bool == false)
    #expect(try Self.regions(posterior).isEmpty)
    let notes = try #require(fit["notes"] as? [String])
    #expect(notes.contains { $0.contains("not sampled well enough") })
  }

  @Test("A combination states itself and each experiment alone; together they close what neither closes")
  func combination() throws {
    let report = try Self.fit(
      "ess10 darwin --statistic poisson --flavor mu --inject-m4 9 --inject-d 4.2e-7 --m4 1:50:30 --alone --cl 0.9",
      in: Scratch())
    let alone = try #require(report["alone"] as? [[String: Any]])
    #expect(try alone.map { try #require($0["experiments"] as? [String]) } == [["ess10"], ["darwin"]])
    let closed = try ([Self.fit(report)] + alone).map { try Self.regions($0).first?["closes"] as? Bool }
    #expect(closed == [true, false, false])
    // no shared pulls: what the experiments have against no signal adds up
    let differences = try ([Self.fit(report)] + alone).map { fit in
      try #require((fit["best_fit"] as? [String: Any])?["delta_without_signal"] as? Double)
    }
    #expect(isClose(differences[0], differences[1] + differences[2], rtol: 1e-6))
  }

  @Test("Masses that no neutrino can produce: no minimum, every region open, and said")
  func flat() throws {
    let report = try Self.fit(
      "darwin --flavor mu --inject-m4 30 --inject-d 4e-7 --m4 20:40:5 --d 1e-8:1e-6:5 --cl 0.9", in: Scratch()
    )
    let best = try Self.best(report)
    #expect(best["has_minimum"] as? Bool == false && best["m4"] is NSNull && best["d"] as? Double == 0)
    let fit = try Self.fit(report)
    let region = try #require(try Self.regions(fit).first)
    #expect(region["closes"] as? Bool == false && region["includes_no_signal"] as? Bool == true)
    let notes = try #require(fit["notes"] as? [String])
    #expect(notes.contains { $0.hasPrefix("no minimum inside the range") })
    #expect(notes.contains { $0.hasPrefix("the injected signal adds no events") })
  }

  @Test("A best fit at an end of the mass axis is said")
  func edge() throws {
    let report = try Self.fit("\(Self.injected) --m4 9:50:12 --cl 0.9", in: Scratch())
    #expect(try Self.best(report)["at_mass_end"] as? String == "low")
    let notes = try #require(try Self.fit(report)["notes"] as? [String])
    #expect(notes.contains { $0.contains("lowest mass of the axis") })
  }

  @Test("A toy is the same each time, and another number or seed is another toy")
  func toys() throws {
    let folder = try Scratch()
    let best = try ["--toy 0", "--toy 0", "--toy 1", "--toy 0 --seed 2"].map { toy in
      try #require(
        try Self.best(Self.fit("\(Self.injected) --m4 1:50:8 --no-refine --cl 0.9 \(toy)", in: folder))["d"]
          as? Double)
    }
    #expect(best[0] == best[1])
    #expect(Set(best).count == 3)
  }

  @Test("Every file is written, equal runs give equal bytes")
  func files() throws {
    let folder = try Scratch()
    let command =
      "\"$0\" fit \(Self.injected) --m4 1:50:12 --d 1e-7:2e-6:20 --no-refine --cl 0.68,0.9 --plot none -o f"
    try #require(try Program.shell(command, in: folder).status == 0)
    #expect(try folder.names() == ["f-68.csv", "f-90.csv", "f.h5", "f.json"])
    let first = try folder.names().map { try folder.bytes($0) }
    try #require(try Program.shell(command, in: folder).status == 0)
    #expect(try folder.names().map { try folder.bytes($0) } == first)
    let table = try folder.read("f-90.csv").split(separator: "\n")
    #expect(table[0].hasPrefix("# 90 % C.L. region, profile likelihood, 2 dof"))
    let head = try #require(table.firstIndex { !$0.hasPrefix("#") })
    #expect(table[head] == "piece,m4 [MeV],d [1/GeV]")
    #expect(table.count > head + 10)
  }

  @Test(
    "What cannot be done is refused with the culprit",
    arguments: [
      ("ess10 --inject-m4 9", 64, "--inject-m4 and --inject-d belong together"),
      (
        "ess10 --inject-m4 90 --inject-d 1e-7 --m4 1:50:5", 64, "--inject-m4 90.0: lies outside the mass axis"
      ),
      (
        "ess10 --inject-m4 9 --inject-d 1e-3 --d 1e-7:1e-6:5", 64,
        "--inject-d 0.001: lies outside the coupling axis"
      ),
      (
        "ess --inject-m4 9 --inject-d 1", 64,
        "--inject-d 1.0: 2.35e+16 events in one bin, more than the 1e+09"
      ),
      ("ess10 --inject-m4 9 --inject-d 1 --toy 0", 64, "events in one bin, more than the 1e+09"),
      ("ess10 --toy 3", 64, "--toy 3: a toy is thrown from an injected signal"),
      ("ess10 --cl 0.9,1.2", 64, "--cl 0.9,1.2"),
      ("ess10 --model charge-radius", 64, "has no mass to reconstruct"),
      ("ess10 --model vector", 64, "interferes with the Standard Model"),
      ("ess10 dresden-ii", 64, "--flavor is needed"),
      ("coherent-csi-2021 coherent-csi-2021", 64, "count twice"),
      ("coherent-csi-2021 --inject-m4 9 --inject-d 1e-6 --data observed", 64, "--data observed"),
      ("coherent-csi-2021:shape-pulls", 64, "acts non-linearly"),
      ("darwin --m4 30:40:3", 64, "no coupling of any mass of the axis makes a visible signal"),
      ("ess10 --posterior --walkers 7", 64, "--walkers 7"),
      ("ess10 --output out/", 64, "names no file"),
      ("ess10 ess --share flux", 64, "--share flux: no two of these experiments have a pull of this name"),
    ])
  func refuses(arguments: String, status: Int32, message: String) throws {
    let outcome = try Program.shell("\"$0\" fit \(arguments)", in: Scratch())
    #expect(outcome.status == status)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}

import Testing

@testable import Experiments

/// Responses, efficiencies and data given by tables, read from files: what they become, and what is said when they are
/// wrong.
@Suite("Tables of responses and data in experiment files")
struct ResponseTableTests {
  static let tables = [
    "quenching.csv": "recoil [keV],factor\n0.5,0.1\n2,0.2\n",
    "recoil.csv": "recoil [keV],efficiency\n0.5,0\n2,0.9\n",
    "energy.csv": "energy [keVee],efficiency\n1,0.25\n3,1\n",
    "matrix.csv": "recoil [keV],bin_1,bin_2\n1,0,0\n2,0.3,0.1\n5,0.2,0.7\n",
    "residuals.csv": "energy_low [keVee],energy_high [keVee],value,error\n1,2,-3.5,2\n2,4,4.5,1.5\n",
    "bins.csv": "bin,value,error\n1,-3.5,2\n2,4.5,1.5\n",
    "shape.csv": "energy_low [keVee],energy_high [keVee],up,down\n1,2,3,1\n2,4,2,6\n",
  ]

  /// Edits of the sample that leave out its time axis.
  static let untimed = [
    ("    arrival-times: { table: times.csv }\n", ""),
    ("      arrival-times: { exponential: { rate: 0 /us } }\n", ""),
    ("      arrival-times: { gaussian-pulse: { center: 500 ns, width: 0.1 us, delayed: no } }\n", ""),
    ("  time:\n    unit: ns\n    edges: [0, 500, 1000]\n", ""),
    ("      time: { exponential: { rate: 0 /us } }\n      time-efficiency: applied\n", ""),
    ("events: [1, 2, 3, 4]", "events: [1, 2]"),
    (
      "  observed: { table: observed.csv, column: events }\n",
      "  observed: { table: residuals.csv, column: value }\n  uncertainties: { table: residuals.csv, column: error }\n"
    ), ("statistic: poisson", "statistic: gaussian"),
  ]
  static let binned = [
    ("quenching: { lindhard: { protons: 2, k: 0.15 } }", "quenching: none"),
    (
      "response: { truncated-gaussian: { noise: 68.5 eV, pair-energy: 2.96 eV, fano: 0.1 } }",
      "response: { matrix: { nuclear: matrix.csv, electron: none } }"
    ), ("energy: { logistic: { a: 0.9, b: 2 /keVee, c: 1 keVee, d: 0, maximum: 8 keVee } }", "energy: none"),
    ("unit: keVee\n    edges: [1, 2, 4]", "unit: bin\n    bins: 2"),
    ("table: residuals.csv, column: value", "table: bins.csv, column: value"),
    ("table: residuals.csv, column: error", "table: bins.csv, column: error"),
    (", channel.energy.from: 2 keVee", ""),
  ]

  /// A folder with the sample changed by several edits, each of which must apply, and extra tables.
  static func folder(
    _ edits: [(String, String)], tables changed: [String: String] = [:]
  ) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    var text = Sample.yaml
    for (old, new) in edits {
      let range = try #require(text.range(of: old), "\(old)")
      text.replaceSubrange(range, with: new)
    }
    for (name, table) in Sample.tables.merging(tables) { $1 }.merging(changed) { $1 } {
      try folder.write(table, to: name)
    }
    try folder.write(text, to: "sample.yaml")
    return folder
  }

  static func load(_ edits: [(String, String)], tables: [String: String] = [:]) throws -> ExperimentSpec {
    let folder = try folder(edits, tables: tables)
    return try withExtendedLifetime(folder) { try Catalogue.load(folder.path("sample.yaml")) }
  }

  static let curves = [
    ("{ lindhard: { protons: 2, k: 0.15 } }", "{ table: quenching.csv }"),
    ("{ logistic: { a: 0.9, b: 2 /keVee, c: 1 keVee, d: 0, maximum: 8 keVee } }", "{ table: energy.csv }"),
    ("recoil: none", "recoil: { nuclear: { table: recoil.csv }, electron: none }"),
  ]

  // MARK: - What is read

  @Test("Curves over recoil and reconstructed energy")
  func curves() throws {
    let spec = try Self.load(Self.curves)
    #expect(spec.detector.quenching == .table(TabulatedCurve(nodes: [0.5e-3, 2e-3], values: [0.1, 0.2])))
    #expect(spec.detector.energyEfficiency == .table(TabulatedCurve(nodes: [1, 3], values: [0.25, 1])))
    let curve = TabulatedCurve(nodes: [0.5e-3, 2e-3], values: [0, 0.9])
    #expect(spec.detector.recoilEfficiency == RecoilEfficiencySpec(nuclear: curve, electron: nil))
    let both = try Self.load([("recoil: none", "recoil: { table: recoil.csv }")])
    #expect(both.detector.recoilEfficiency == RecoilEfficiencySpec(nuclear: curve, electron: curve))
    #expect(both.inputDigests["recoil.csv"] != nil)
  }

  @Test("The Gaussian resolution with its three terms", arguments: ["quadrature", "sum"])
  func resolution(combination: String) throws {
    let spec = try Self.load([
      (
        "truncated-gaussian: { noise: 68.5 eV, pair-energy: 2.96 eV, fano: 0.1 }",
        "gaussian: { noise: 20 eV, stochastic: 0.31, constant: 0.37 %, combination: \(combination) }"
      )
    ])
    let expected = GaussianResolution(
      noise: 0.02, stochastic: 0.31, constant: 0.0037, combination: combination == "sum" ? .sum : .quadrature)
    #expect(spec.detector.response == .gaussian(expected))
  }

  @Test("Residuals with uncertainties, signed shapes and a free background under the Gaussian statistic")
  func residuals() throws {
    let shape =
      "listed: free }\n  shape:\n    tilt: { background-shape: { background: flat, plus-one-sigma: { table: shape.csv, "
      + "column: up }, minus-one-sigma: [1, -6] } }"
    let spec = try Self.load(Self.untimed + [("listed: none }", shape)])
    #expect(spec.channel.observed == [-3.5, 4.5] && spec.channel.uncertainties == [2, 1.5])
    #expect(spec.systematics.statistic == .gaussian && spec.systematics.freeBackgrounds == ["listed"])
    #expect(spec.systematics.backgroundWidths == ["flat": 0.25, "listed": SystematicsSpec.freeWidth])
    let effect = ShapePullSpec.Effect.backgroundShape(
      background: "flat", plusOneSigma: [3, 2], minusOneSigma: [1, -6])
    #expect(spec.systematics.shapePulls == [ShapePullSpec(name: "tilt", effect: effect)])
  }

  @Test("A response matrix with bins that have no energy")
  func matrix() throws {
    let spec = try Self.load(Self.untimed + Self.binned)
    let matrix = ResponseMatrixSpec(recoils: [1e-3, 2e-3, 5e-3], probabilities: [0, 0, 0.3, 0.1, 0.2, 0.7])
    #expect(spec.detector.response == .matrix(nuclear: matrix, electron: nil))
    #expect(spec.channel.energyEdges == [0, 1, 2] && spec.channel.energyUnit == "bin")
    #expect(spec.channel.observed == [-3.5, 4.5])
  }

  private static let fluxRatio =
    untimed.filter { !$0.1.contains("residuals") && !$0.0.contains("events: [") && !$0.0.contains("applied") }
    + [
      ("edges: [1, 2, 4]", "edges: [1, 4]"), (", channel.energy.from: 2 keVee", ""),
      ("signal: { width: 12 %", "signal: { width: none"),
      ("    backgrounds: { flat: 0.25, listed: none }\n".replacing("    ", with: "  "), ""),
      (
        """
          observed: { table: observed.csv, column: events }
          backgrounds:
            - name: flat
              total: 12
              energy: [1, 3]
              time: { exponential: { rate: 0 /us } }
              time-efficiency: applied
            - name: listed
              events: [1, 2, 3, 4]

        """,
        "  observed:\n    flux-ratio-limit: { limit: 1.4e7 /cm^2/s, prediction: 5.16e10 /m^2/s, confidence: 90 % }\n"
      ),
    ]

  @Test("A limit on a flux in place of events")
  func flux() throws {
    let spec = try Self.load(Self.fluxRatio)
    let limit = try #require(spec.channel.fluxRatioLimit)
    #expect(limit.limit == 1.4e7 && limit.prediction == 5.16e6 && limit.confidence == 0.9)
    #expect(spec.channel.observed == nil)
  }

  // MARK: - What is refused

  private static let curve = [("{ lindhard: { protons: 2, k: 0.15 } }", "{ table: quenching.csv }")]
  private static let noTrack = [("recoil: none", "recoil: { table: recoil.csv }")]

  /// Edits, a table in place of a good one, and words of the message.
  struct Refusal: Sendable, CustomTestStringConvertible {
    var edits: [(String, String)]
    var tables: [String: String] = [:]
    var words: [String]
    var testDescription: String { words.joined(separator: ", ") }
  }

  static let refusals = [
    Refusal(
      edits: curve,
      tables: ["quenching.csv": "recoil [keV],factor\n" + (1...2001).map { "\($0),0.1\n" }.joined()],
      words: ["quenching.csv:2002", "2001 rows", "at most 2000"]),
    Refusal(
      edits: curve, tables: ["quenching.csv": "recoil [keV],factor\n2,0.1\n2,0.2\n"],
      words: ["quenching.csv:3", "ascend"]),
    Refusal(
      edits: curve, tables: ["quenching.csv": "recoil [keV],factor\n2,0.1\n"],
      words: ["quenching.csv:2", "two or more"]),
    Refusal(
      edits: curve, tables: ["quenching.csv": "recoil [us],factor\n2,0.1\n3,1\n"],
      words: ["quenching.csv:1", "an energy"]),
    Refusal(
      edits: curve, tables: ["quenching.csv": "recoil [keV],factor\n2,-0.1\n3,1\n"],
      words: ["quenching.csv:2", "zero or greater"]),
    Refusal(
      edits: noTrack, tables: ["recoil.csv": "recoil [keV],efficiency\n1,0.5\n2,1.5\n"],
      words: ["recoil.csv:3", "from zero to one"]),
    Refusal(
      edits: noTrack, tables: ["recoil.csv": "recoil [keV],efficiency\n1,0\n2,0\n"],
      words: ["zero everywhere"]),
    Refusal(edits: [("recoil: none", "recoil: all")], words: ["`none`, `{ table: FILE }`"]),
    Refusal(edits: [("recoil: none\n    time", "time")], words: ["no key `recoil`"]),
    Refusal(
      edits: [
        (
          "truncated-gaussian: { noise: 68.5 eV, pair-energy: 2.96 eV, fano: 0.1 }",
          "gaussian: { noise: 0 keV, stochastic: 0, constant: 0, combination: sum }"
        )
      ], words: ["a resolution of zero"]),
    Refusal(edits: [("statistic: poisson", "statistic: chi2")], words: ["`poisson`", "`gaussian`"]),
    Refusal(edits: [("  statistic: poisson\n", "")], words: ["no key `statistic`"]),
    Refusal(edits: untimed.dropLast() + [], words: ["`channel.uncertainties`", "statistic: gaussian"]),
    Refusal(
      edits: untimed,
      tables: ["residuals.csv": "energy_low [keVee],energy_high [keVee],value,error\n1,2,1,0\n2,4,1,1\n"],
      words: ["residuals.csv:2", "greater than zero"]),
    Refusal(
      edits: untimed + [("listed: none }", "listed: none }\n  shape:\n    r: { neutron-radius: 5 % }")],
      words: ["Gaussian statistic", "background-shape"]),
    Refusal(
      edits: [
        (
          "listed: none }",
          "listed: none }\n  shape:\n    r: { background-shape: { background: flt, plus-one-sigma: [1, 2, 3, 4] } }"
        )
      ],
      words: ["`flat`"]),
    Refusal(
      edits: [
        (
          "listed: none }",
          "listed: none }\n  shape:\n    r: { background-shape: { background: flat, plus-one-sigma: [1, 2, 3] } }"
        )
      ],
      words: ["4 numbers, one per bin"]),
    Refusal(
      edits: untimed + binned, tables: ["matrix.csv": "recoil [keV],bin_1,bin_2\n1,0,0\n2,0.7,0.4\n"],
      words: ["matrix.csv:3", "at most one over all bins"]),
    Refusal(
      edits: untimed + binned, tables: ["matrix.csv": "recoil [keV],bin_1\n1,0\n2,0.7\n"],
      words: ["matrix.csv:1", "`bin_2`"]),
    Refusal(
      edits: untimed + binned, tables: ["matrix.csv": "recoil [keV],bin_1,bin_2,bin_3\n1,0,0,0\n2,0.7,0,0\n"],
      words: ["matrix.csv:1", "`bin_3`"]),
    Refusal(
      edits: untimed + binned, tables: ["bins.csv": "bin,value,error\n1,1,1\n3,1,1\n"],
      words: ["bins.csv:3", "analysis bin"]),
    Refusal(
      edits: untimed + binned + [("recoil: none", "recoil: { table: recoil.csv }")],
      words: ["beside a response matrix"]),
    Refusal(
      edits: untimed + binned + [("bins: 2", "edges: [0, 1, 2]")],
      words: ["`bins`, the number of analysis bins"]),
    Refusal(edits: [("edges: [1, 2, 4]", "edges: [1, 2, 4]\n    bins: 2")], words: ["`edges`"]),
    Refusal(
      edits: fluxRatio + [("limit: 1.4e7 /cm^2/s", "limit: 5e6 /cm^2/s")], words: ["above the prediction"]),
    Refusal(
      edits: fluxRatio + [("edges: [1, 4]", "edges: [1, 2, 4]")],
      words: ["2 energy bins with a flux-ratio limit"]),
    Refusal(edits: fluxRatio + [("width: none", "width: 5 %")], words: ["a pull with a flux-ratio limit"]),
    Refusal(edits: fluxRatio + [("confidence: 90 %", "confidence: 90")], words: ["confidence"]),
  ]

  @Test("Faults are named with file, line and cure", arguments: refusals)
  func refused(refusal: Refusal) throws {
    let folder = try Self.folder(refusal.edits, tables: refusal.tables)
    let fault = try #require(folder.fault("sample.yaml"), "it loads")
    #expect(fault.line > 0)
    for word in refusal.words { #expect(fault.description.contains(word), "\(fault)") }
  }
}

import Pipeline
import Rates
import Statistics

/// What `limit --json` prints of a method, under the names of the dipole or of another model.
struct MethodReport: Encodable {
  struct Discovery: Encodable {
    var m4: Double?
    var best_fit: Double?
    var q0: Double
    var significance: Double
    var p_value: Double
    var toys: Toys?
    var problem: String?

    struct Toys: Encodable {
      var p_value: Double
      /// 68.27 %
      var range: [Double]
      var passing: Int
      var toys: Int
      @WrittenNull var significance: Double?
    }

    init(_ found: StrengthDiscovery, best: (m4: Double?, coupling: Double)? = nil) {
      (m4, best_fit) = (best?.m4, best?.coupling)
      (q0, significance, p_value) = (found.statistic, found.significance, found.pValue)
      toys = found.toys.map {
        Toys(
          p_value: $0.value, range: [$0.lower, $0.upper], passing: $0.passing, toys: $0.toys,
          significance: found.toySignificance)
      }
      problem = found.problem
    }
  }

  /// Keys of the rows.
  private struct Names {
    var mass, limit, lower, best, range, lowerRange, expected: String
    static let dipole = Names(
      mass: "m4", limit: "d", lower: "d_lower", best: "best_fit_d", range: "d_range",
      lowerRange: "d_lower_range",
      expected: "expected_d")
    static let other = Names(
      mass: "mass", limit: "limit", lower: "lower_limit", best: "best_fit", range: "limit_range",
      lowerRange: "lower_limit_range", expected: "expected_limit")
  }

  private struct Key: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { nil }
  }

  private struct Row: Encodable {
    var row: StrengthLimitRow
    var names: Names
    var request: StrengthLimitRequest
    var scale: CouplingScale
    var decay: [DecayAtLimit.Result]?

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: Key.self)
      let own = { (value: Double) -> Double? in value.isFinite ? scale.fromInternal(value) : nil }
      let ends = { (range: ClosedRange<Double>?) in range.map { [own($0.lowerBound), own($0.upperBound)] } }
      if scale.mass != nil { try values.encode(row.m4, forKey: Key(names.mass)) }
      try values.encode(row.coupling.flatMap(own), forKey: Key(names.limit))
      if request.method == .likelihood {
        try values.encode(row.lowerCoupling.flatMap(own), forKey: Key(names.lower))
      }
      if request.toys != nil {
        try values.encode(ends(row.range), forKey: Key(names.range))
        if request.method == .likelihood {
          try values.encode(ends(row.lowerRange), forKey: Key(names.lowerRange))
        }
      }
      if request.bands {
        try values.encode(row.expected.isEmpty ? nil : row.expected.map(own), forKey: Key(names.expected))
      }
      try values.encode(own(row.fit.bestCoupling), forKey: Key(names.best))
      try values.encode(row.fit.minimumStatistic, forKey: Key("minimum_statistic"))
      try values.encode(row.fit.deltaWithoutSignal, forKey: Key("delta_without_signal"))
      if request.discovery {
        try values.encode(row.discovery.map { Discovery($0) }, forKey: Key("discovery"))
      }
      try values.encodeIfPresent(decay, forKey: Key("decay"))
      try values.encodeIfPresent(
        row.fit.allowed.map { $0.map { [own($0.lowerBound), own($0.upperBound)] } }, forKey: Key("allowed"))
      try values.encode(row.notes, forKey: Key("notes"))
    }
  }

  private let result: StrengthLimitResult
  private let request: StrengthLimitRequest
  private let scale: CouplingScale
  private let model: (any Interaction)?
  private let decay: DecayAtLimit?
  private let files: [String]

  init(
    _ result: StrengthLimitResult, _ request: StrengthLimitRequest, _ scale: CouplingScale,
    model: (any Interaction)?, _ decay: DecayAtLimit?, files: [String]
  ) {
    (self.result, self.request, self.scale) = (result, request, scale)
    (self.model, self.decay, self.files) = (model, decay, files)
  }

  func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: Key.self)
    let names = model == nil ? Names.dipole : .other
    try values.encode(
      result.rows.map {
        Row(
          row: $0, names: names, request: request, scale: scale,
          decay: decay?.results(m4: $0.m4, coupling: $0.coupling))
      }, forKey: Key("limit"))
    try values.encode(request.method.rawValue, forKey: Key("method"))
    try values.encode(request.toys == nil ? "asymptotic" : "toys", forKey: Key("p_values"))
    if request.bands {
      try values.encode(request.bandToys == nil ? "asymptotic" : "toys", forKey: Key("expected"))
      try values.encode([-2, -1, 0, 1, 2], forKey: Key("expected_sigma"))
    }
    if let toys = request.toys ?? request.bandToys {
      try values.encode(toys, forKey: Key("toys"))
      try values.encode(request.seed, forKey: Key("seed"))
      try values.encode(request.ensemble.rawValue, forKey: Key("ensemble"))
    }
    if request.discovery {
      try values.encode(
        result.best.map {
          Discovery($0, best: (scale.mass == nil ? nil : $0.m4, scale.fromInternal($0.coupling)))
        }, forKey: Key("discovery"))
    }
    try values.encode(result.notes, forKey: Key("notes"))
    if !files.isEmpty { try values.encode(files, forKey: Key("files")) }
    try encodeConventions(&values)
  }

  private func encodeConventions(_ values: inout KeyedEncodingContainer<Key>) throws {
    guard let model else {
      try values.encode("MeV", forKey: Key("m4_unit"))
      try values.encode(scale.label.convention, forKey: Key("coupling_convention"))
      try values.encode(scale.definition, forKey: Key("coupling_lagrangian"))
      try values.encode(scale.unit, forKey: Key("d_unit"))
      return
    }
    try values.encode(model.identity, forKey: Key("model"))
    try values.encode(model.title, forKey: Key("model_title"))
    try values.encodeIfPresent(model.mass?.symbol, forKey: Key("mass_symbol"))
    try values.encode("MeV", forKey: Key("mass_unit"))
    try values.encode(scale.symbol, forKey: Key("coupling_symbol"))
    try values.encode(scale.unit, forKey: Key("coupling_unit"))
    try values.encode(scale.definition, forKey: Key("coupling_definition"))
  }
}

import Experiments
import Rates
import ScanCore
import Statistics
import Units

/// A check carried out: our number beside the published one.
package struct ValidationRow: Sendable, Codable {
  /// Entry, with variant.
  package var experiment: String
  /// What was computed: "standard-model events, 8-60 PE".
  package var quantity: String
  package var unit: String
  package var ours: Double
  package var published: Double
  package var uncertainty: Double?
  package var within: Double
  package var source: String
  package var remark: String?

  package var ratio: Double { ours / published }
  package var passed: Bool { abs(ours - published) <= within * abs(published) }
}

/// A statement about several entries tried: the limits at each mass.
package struct StatementRow: Sendable, Codable {
  package struct Limits: Sendable, Codable {
    package var experiment: String
    /// GeV^-1, convention A, per mass; nil where there is none.
    package var couplings: [Double?]
  }
  package var statement: ValidationStatement
  package var strongest: Limits
  package var others: [Limits]

  /// The strongest has a limit at every mass, below those of all others.
  package var passed: Bool {
    strongest.couplings.enumerated().allSatisfy { index, coupling in
      guard let coupling else { return false }
      return others.allSatisfy { ($0.couplings[index] ?? .infinity) > coupling }
    }
  }
}

/// Recomputes what the catalogue must reproduce.
package struct Validation {
  let backend: any Backend

  /// - Parameter backend: computes; in double precision, for it also judges the quadrature
  package init(backend: any Backend) { self.backend = backend }

  package func run(_ check: ValidationCheck) throws -> ValidationRow {
    let spec = try Catalogue.load(check.experiment)
    func row(_ quantity: String, _ unit: String, _ ours: Double) -> ValidationRow {
      ValidationRow(
        experiment: check.experiment, quantity: quantity, unit: unit, ours: ours, published: check.published,
        uncertainty: check.uncertainty, within: check.within, source: check.source, remark: check.remark)
    }
    switch check.quantity {
    case .events(let name, let from, let to):
      let bins = try energyBins(spec, from: from, to: to)
      return row(
        "\(name) events, \(spec.channel.energyEdges[bins.lowerBound])-\(spec.channel.energyEdges[bins.upperBound]) "
          + spec.channel.energyUnit, "", try events(name, spec, bins: bins))
    case .limit(let query):
      let convention = try convention(query)
      return row(
        "limit \(text(query))", convention.unit, convention.fromInternal(try limit(spec, query)))
    case .limitRatio(let query, let other):
      let ratio = try limit(spec, query) / limit(Catalogue.load(other), query)
      return row("limit over that of \(other), \(text(query))", "", ratio)
    }
  }

  package func run(_ statement: ValidationStatement) throws -> StatementRow {
    func limits(_ experiment: String) throws -> StatementRow.Limits {
      let spec = try Catalogue.load(experiment)
      let rows = try limitRows(spec, flavour: statement.flavour, masses: statement.masses)
      return StatementRow.Limits(experiment: experiment, couplings: rows.map(\.coupling))
    }
    return StatementRow(
      statement: statement, strongest: try limits(statement.strongest),
      others: try statement.others.map(limits))
  }

  // MARK: - Events

  /// Bins first ..< last, so that the edges are those of the range.
  private func energyBins(_ spec: ExperimentSpec, from: Double?, to: Double?) throws -> Range<Int> {
    let edges = spec.channel.energyEdges
    let first = from.map { edge in edges.firstIndex(of: edge) } ?? 0
    let last = to.map { edge in edges.firstIndex(of: edge) } ?? edges.count - 1
    guard let first, let last, first < last else {
      throw CheckError(
        "\(spec.name): the range \(from ?? edges[0]) to \(to ?? edges[edges.count - 1]) \(spec.channel.energyUnit) does "
          + "not begin and end at edges of the channel.")
    }
    return first..<last
  }

  private func events(_ name: String, _ spec: ExperimentSpec, bins: Range<Int>) throws -> Double {
    let timeBins = max(1, spec.channel.timeEdges.count - 1)
    let range = bins.lowerBound * timeBins..<bins.upperBound * timeBins
    if name == "observed" {
      guard let observed = spec.channel.observed else {
        throw CheckError("\(spec.name) is a projection and has no observed events.")
      }
      return observed[range].reduce(0, +)
    }
    let model = try RateModel(spec)
    if name == "standard-model" {
      return try analysis(model, spec, flavour: flavour(spec), masses: [0]).standardModelEvents[range]
        .reduce(0, +)
    }
    guard let background = model.backgroundTemplates().first(where: { $0.name == name }) else {
      throw CheckError("\(spec.name) has no background \"\(name)\".")
    }
    return background.events[range].reduce(0, +)
  }

  /// A flavour of the source: plans need one although the Standard Model does not.
  private func flavour(_ spec: ExperimentSpec) -> String {
    spec.source.components.first?.flavour.family ?? "e"
  }

  // MARK: - Limits

  private func limit(_ spec: ExperimentSpec, _ query: LimitQuery) throws -> Double {
    let row = try limitRows(spec, flavour: query.flavour, masses: [query.m4])[0]
    guard let coupling = row.coupling else {
      throw CheckError("\(spec.name) has no limit \(text(query)): \(row.note ?? "").")
    }
    return coupling
  }

  private func limitRows(
    _ spec: ExperimentSpec, flavour: String, masses: [Double]
  ) throws -> [LimitJob.Row] {
    let analysis = try analysis(RateModel(spec), spec, flavour: flavour, masses: masses)
    return try LimitJob(analysis: analysis, backend: backend)
      .run(masses: masses, threshold: ConfidenceLevel(level: 0.9, degreesOfFreedom: 1).threshold)
  }

  private func analysis(
    _ model: RateModel, _ spec: ExperimentSpec, flavour: String, masses: [Double]
  ) throws -> Analysis {
    let settings = AnalysisSettings(
      flavour: flavour, dataSet: spec.kind == .measurement ? .observed : .asimov,
      statistic: spec.systematics.statistic == .gaussian ? .gaussian : .poisson)
    return try Analysis(
      model: model, settings: settings, masses: masses, backend: backend, planningBackend: backend)
  }

  private func convention(_ query: LimitQuery) throws -> CouplingConvention {
    guard let convention = CouplingConvention(rawValue: query.coupling) else {
      throw CheckError("There is no coupling convention \"\(query.coupling)\".")
    }
    return convention
  }

  private func text(_ query: LimitQuery) -> String {
    "\(query.coupling) (\(query.flavour)) at m4 = \(query.m4) MeV"
  }
}

/// A check that does not fit its entry.
package struct CheckError: Error, CustomStringConvertible {
  package var description: String
  init(_ description: String) { self.description = description }
}

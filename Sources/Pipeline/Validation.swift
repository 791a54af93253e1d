import Experiments
import Foundation
import Rates
import ScanCore
import Statistics
import Units

/// Recomputes what the catalogue must reproduce.
package struct Validation {
  let backend: any Backend

  /// - Parameter backend: computes; in double precision, for it also judges the quadrature
  package init(backend: any Backend) { self.backend = backend }

  package func run(_ check: ValidationCheck) throws -> ValidationRow {
    let spec = try Catalogue.load(check.experiment)
    func row(_ quantity: String, _ unit: String, _ ours: Double) -> ValidationRow {
      ValidationRow(
        experiment: check.experiment, quantity: quantity, compares: check.compares, unit: unit, ours: ours,
        published: check.published, uncertainty: check.uncertainty, within: check.within,
        source: check.source, remark: check.remark)
    }
    switch check.quantity {
    case .events(let name, let from, let to):
      let bins = try energyBins(spec, from: from, to: to)
      return row(
        ValidationLabel.events(name, channel: spec.channel, bins: bins), "",
        try events(name, spec, bins: bins))
    case .limit(let query):
      let convention = try convention(query)
      return row(
        ValidationLabel.limit(query), convention.unit, convention.fromInternal(try limit(spec, query)))
    case .lowerLimit(let query):
      guard let lower = try limitRows(spec, flavour: query.flavour, masses: [query.m4])[0].lowerCoupling
      else {
        throw CheckError("\(spec.name) allows zero: there is no lower end of an interval.")
      }
      let convention = try convention(query)
      return row(ValidationLabel.lowerLimit(query), convention.unit, convention.fromInternal(lower))
    case .chiSquare:
      let fit = try limitRows(spec, flavour: flavour(spec), masses: [0])[0]
      return row(
        "chi2 of the fit without signal, \(spec.channel.energyEdges.count - 1) bins", "",
        fit.minimumStatistic + fit.deltaWithoutSignal)
    case .limitRatio(let query, let other):
      let ratio = try limit(spec, query) / limit(Catalogue.load(other), query)
      return row("\(ValidationLabel.limit(query)), over that of \(other)", "", ratio)
    }
  }

  package func run(_ statement: ValidationStatement) throws -> StatementRow {
    func limits(_ experiment: String) throws -> StatementRow.Limits {
      if experiment.hasPrefix(Self.publishedPrefix) {
        return StatementRow.Limits(
          experiment: experiment, couplings: try published(experiment, masses: statement.masses))
      }
      let spec = try Catalogue.load(experiment)
      let rows = try limitRows(spec, flavour: statement.flavour, masses: statement.masses)
      return StatementRow.Limits(experiment: experiment, couplings: rows.map(\.coupling))
    }
    var experiments = [statement.experiment]
    if case .below(let others) = statement.relation { experiments += others }
    return StatementRow(statement: statement, limits: try experiments.map(limits))
  }

  static let publishedPrefix = "published:"

  /// Couplings of a published curve at some masses (GeV^-1, convention A): the lowest where it has several.
  private func published(_ name: String, masses: [Double]) throws -> [Double?] {
    let curves = Catalogue.publishedCurves()
    guard let curve = curves.first(where: { Self.publishedPrefix + $0.name == name }) else {
      throw CheckError("There is no published curve \"\(name)\".")
    }
    let points = zip(curve.m4, curve.coupling).map { (log($0), log($1)) }
    return masses.map { mass in
      let x = log(mass)
      return zip(points, points.dropFirst()).compactMap { a, b -> Double? in
        guard min(a.0, b.0) <= x, x <= max(a.0, b.0), a.0 != b.0 else { return nil }
        return exp(a.1 + (x - a.0) / (b.0 - a.0) * (b.1 - a.1))
      }.min()
    }
  }

  /// Dipole events per energy bin at the points that spectra are compared at (d = 2.1e-7 GeV^-1, convention A), and those of
  /// the Standard Model.
  package func benchmarks(_ experiment: String) throws -> BenchmarkSpectra {
    let spec = try Catalogue.load(experiment)
    let masses = [2.0, 10, 20, 30]
    let analysis = try Self.analysis(spec, flavour: "mu", masses: masses, backend: backend)
    let spectra = try masses.map { mass in
      try analysis.spectrum(channel: spec.channel, m4: mass, coupling: 2.1e-7, recoils: [], backend: backend)
    }
    return BenchmarkSpectra(
      experiment: experiment, edges: spec.channel.energyEdges, unit: spec.channel.energyUnit, masses: masses,
      dipole: spectra.map { $0.energyProjection($0.ingredients.last?.events ?? []) },
      standardModel: analysis.standardModelEvents)
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
    if name == "standard-model" {
      return try Self.analysis(spec, flavour: flavour(spec), masses: [0], backend: backend)
        .standardModelEvents[range].reduce(0, +)
    }
    let backgrounds = try RateModel(spec).backgroundTemplates()
    if name == "expected" {
      let standardModel = try events("standard-model", spec, bins: bins)
      return backgrounds.reduce(standardModel) { $0 + $1.events[range].reduce(0, +) }
    }
    guard let background = backgrounds.first(where: { $0.name == name }) else {
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
      throw CheckError("\(spec.name) has no \(ValidationLabel.limit(query)): \(row.note ?? "").")
    }
    return coupling
  }

  private func limitRows(
    _ spec: ExperimentSpec, flavour: String, masses: [Double]
  ) throws -> [LimitJob.Row] {
    let analysis = try Self.analysis(spec, flavour: flavour, masses: masses, backend: backend)
    return try LimitJob(analysis: analysis, backend: backend)
      .run(masses: masses, threshold: ConfidenceLevel(level: 0.9, degreesOfFreedom: 1).threshold)
  }

  /// The analysis an entry asks for: its own data and statistic.
  static func analysis(
    _ spec: ExperimentSpec, flavour: String, masses: [Double], backend: any Backend
  ) throws -> Analysis {
    let settings = AnalysisSettings(
      flavour: flavour, dataSet: spec.kind == .measurement ? .observed : .asimov,
      statistic: spec.systematics.statistic == .gaussian ? .gaussian : .poisson)
    return try Analysis(
      model: RateModel(spec), settings: settings, masses: masses, backend: backend, planningBackend: backend)
  }

  private func convention(_ query: LimitQuery) throws -> CouplingConvention {
    guard let convention = CouplingConvention(rawValue: query.coupling) else {
      throw CheckError("There is no coupling convention \"\(query.coupling)\".")
    }
    return convention
  }
}

/// A check that does not fit its entry.
package struct CheckError: Error, CustomStringConvertible {
  package var description: String
  init(_ description: String) { self.description = description }
}

import Foundation
import ScanCore
import Statistics

/// Returns one report per section of `stats.json`: pull chi2 [UPS-13], Poissonian least squares with pulls [UPS-12],
/// Asimov significance, CLs, Feldman-Cousins [UPS-18] and chi2 quantiles [UPS-14]. The two chi2 sections also run
/// through the minimiser of `backend`.
package func checkStatisticsTable(folder: String, backend: any Backend) -> [TableReport] {
  do throws(ReferenceTableError) {
    let table = try StatisticsTable(folder: folder)
    let checks = StatisticsTableChecks(table: table, backend: backend)
    return [
      checks.pullChiSquares(), checks.poissonLeastSquares(), checks.significances(), checks.clsLimits(),
      checks.feldmanCousins(), checks.quantiles(),
    ]
  } catch {
    var failure = TableComparison(file: StatisticsTable.file, quantity: "whole file", tolerance: 0)
    failure.fail(error.description)
    return [failure.report]
  }
}

/// The contents of `stats.json`; numbers may be written as decimal strings.
private struct StatisticsTable: Decodable {
  static let file = "stats.json"

  struct PullRow: Decodable {
    let nobs: [Number]
    let nth: [Number]
    let sigmaStat: [Number]
    let sigmaSys: Number
    let aMin: Number
    let chi2Min: Number
  }
  struct PoissonRow: Decodable {
    let nobs: [Number]
    let templates: [[Number]]
    let sigma: [Number]
    let etaMin: [Number]
    let chi2Min: Number
    let chi2AtZeroPulls: Number
  }
  struct SignificanceRow: Decodable {
    let s: Number
    let b: Number
    let Z: Number
  }
  struct CLsRow: Decodable {
    let n: Int
    let b: Number
    let cl: Number
    let sUp: Number
  }
  struct IntervalRow: Decodable {
    let n: Int
    let b: Number
    let lo: Number
    let hi: Number
  }
  struct QuantileRow: Decodable {
    let dof: Int
    let cl: Number
    let value: Number
  }

  let chi2Pull: [PullRow]
  let poissonLs: [PoissonRow]
  let asimovZ: [SignificanceRow]
  let clsUpper: [CLsRow]
  let fc90: [IntervalRow]
  let chi2Quantiles: [QuantileRow]

  init(folder: String) throws(ReferenceTableError) {
    let data = Data(try readReferenceText(folder: folder, file: Self.file).utf8)
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      let sections = try decoder.decode([String: Anything].self, from: data).keys
      let known = ["note", "chi2Pull", "poissonLs", "asimovZ", "clsUpper", "fc90", "chi2Quantiles"]
      let unknown = sections.filter { !known.contains($0) && !known.map(Self.snakeCase).contains($0) }
        .sorted()
      guard unknown.isEmpty else {
        throw ReferenceTableError(
          file: Self.file, problem: "unknown section \(unknown.joined(separator: ", "))")
      }
      self = try decoder.decode(StatisticsTable.self, from: data)
    } catch let error as ReferenceTableError {
      throw error
    } catch {
      throw ReferenceTableError(file: Self.file, problem: "cannot be decoded: \(error)")
    }
  }

  private static func snakeCase(_ name: String) -> String {
    name == "fc90" ? "fc_90" : name.map { $0.isUppercase ? "_" + $0.lowercased() : String($0) }.joined()
  }
}

/// Any JSON value, ignored.
private struct Anything: Decodable {
  init(from decoder: any Decoder) throws {}
}

/// A finite number, as such or as a decimal string.
private struct Number: Decodable {
  let value: Double
  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = (try? container.decode(String.self)) ?? ""
    let found = try text.isEmpty ? container.decode(Double.self) : Double(text) ?? .nan
    guard found.isFinite else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "\"\(text)\" is not a finite number")
    }
    value = found
  }
}

extension [Number] {
  fileprivate var values: [Double] { map(\.value) }
}

// MARK: - Checks

private struct StatisticsTableChecks {
  let table: StatisticsTable
  let backend: any Backend

  private func comparison(_ quantity: String, tolerance: Double) -> TableComparison {
    TableComparison(file: StatisticsTable.file, quantity: quantity, tolerance: tolerance)
  }

  /// Runs `body` for every row; what it throws is a problem of the table.
  private func each<Row>(
    _ rows: [Row], _ name: String, tolerance: Double,
    _ body: (Row, String, inout TableComparison) throws -> Void
  ) -> TableReport {
    var result = comparison(name, tolerance: tolerance)
    for (index, row) in rows.enumerated() {
      do {
        try body(row, "\(name), row \(index)", &result)
      } catch {
        result.fail("\(name), row \(index): \(error)")
      }
    }
    return result.report
  }

  func pullChiSquares() -> TableReport {
    each(table.chi2Pull, "chi2_pull", tolerance: 1e-12) { row, name, result in
      let found = try pullChiSquare(
        observed: row.nobs.values, prediction: row.nth.values, uncertainties: row.sigmaStat.values,
        width: row.sigmaSys.value)
      result.add(found.pull, reference: row.aMin.value, "\(name), a_min")
      result.add(found.value, reference: row.chi2Min.value, "\(name), chi2_min")
      let plan = likelihood(
        .gaussian, observed: row.nobs.values, templates: [row.nth.values], widths: [row.sigmaSys.value],
        variance: row.sigmaStat.values.map { $0 * $0 })
      let profiled = try evaluate(plan)
      result.add(
        profiled.pulls[0], reference: row.aMin.value, "\(name), a_min of \(backend.identity.backend)")
      result.add(
        profiled.statistic[0], reference: row.chi2Min.value,
        "\(name), chi2_min of \(backend.identity.backend)")
    }
  }

  func poissonLeastSquares() -> TableReport {
    each(table.poissonLs, "poisson_ls", tolerance: 1e-11) { row, name, result in
      let templates = row.templates.map(\.values)
      let plan = likelihood(
        .poisson, observed: row.nobs.values, templates: templates, widths: row.sigma.values, variance: [])
      let profiled = try evaluate(plan)
      result.add(profiled.statistic[0], reference: row.chi2Min.value, "\(name), chi2_min")
      guard row.etaMin.count == profiled.pulls.count else {
        throw ReferenceTableError(file: StatisticsTable.file, problem: "eta_min and sigma differ in length")
      }
      for (k, pull) in profiled.pulls.enumerated() {
        // the statistic is flat at its minimum: the pull is known to the root of its accuracy at worst
        result.add(pull, reference: row.etaMin[k].value, tolerance: 1e-7, "\(name), eta_min \(k)")
      }
      var frozen = plan
      (frozen.pullTemplates, frozen.pullWidths) = ([], [])
      result.add(
        try evaluate(frozen).statistic[0], reference: row.chi2AtZeroPulls.value, "\(name), chi2_at_zero_pulls"
      )
    }
  }

  func significances() -> TableReport {
    each(table.asimovZ, "asimov_z", tolerance: 1e-13) { row, name, result in
      let found = try asimovSignificance(signal: row.s.value, background: row.b.value)
      result.add(found, reference: row.Z.value, name)
    }
  }

  func clsLimits() -> TableReport {
    each(table.clsUpper, "cls_upper", tolerance: 1e-12) { row, name, result in
      let counting = try CountingExperiment(observed: row.n, background: row.b.value)
      result.add(try counting.clsUpperLimit(confidenceLevel: row.cl.value), reference: row.sUp.value, name)
    }
  }

  func feldmanCousins() -> TableReport {
    each(table.fc90, "fc_90", tolerance: 2e-5) { row, name, result in
      let counting = try CountingExperiment(observed: row.n, background: row.b.value)
      let interval = try counting.feldmanCousinsInterval(confidenceLevel: 0.9)
      result.add(interval.lowerBound, reference: row.lo.value, "\(name), lo")
      result.add(interval.upperBound, reference: row.hi.value, "\(name), hi")
    }
  }

  func quantiles() -> TableReport {
    each(table.chi2Quantiles, "chi2_quantiles", tolerance: 1e-13) { row, name, result in
      let found = try chiSquareQuantile(confidenceLevel: row.cl.value, degreesOfFreedom: row.dof)
      result.add(found, reference: row.value.value, name)
    }
  }

  // MARK: - Through a backend

  /// A plan without signal: the prediction is the sum of the templates, each with its own pull.
  private func likelihood(
    _ statistic: StatisticKind, observed: [Double], templates: [[Double]], widths: [Double],
    variance: [Double]
  ) -> LikelihoodPlan {
    let base = observed.indices.map { bin in
      templates.reduce(0) { bin < $1.count ? $0 + $1[bin] : $0 }
    }
    let fold = ComponentFold(componentCount: 1, energyBins: observed.count, timeBins: 1, weights: [1])
    return LikelihoodPlan(
      statistic: statistic, fold: fold, observed: observed, base: base, pullTemplates: templates,
      pullWidths: widths,
      firstPullScalesSignal: false, variance: variance)
  }

  private func evaluate(_ plan: LikelihoodPlan) throws(BackendError) -> ProfileResult {
    let zeros = [Double](repeating: 0, count: plan.binCount)
    return try backend.load(plan).evaluate(
      Tile(masses: [1], couplingSquares: [0], columns: 1), templates: zeros)
  }
}

import Foundation
import Numerical
import Rates

/// Checks `rates.csv`, `response.csv` and `counts.csv` of a folder of reference tables against the program's
/// own rates, for every experiment of `configs.json` [UPS-10].
///
/// A configuration, process, key or row that cannot be read is a problem and makes its report fail.
package func checkRateTables(folder: String) -> [TableReport] {
  let (tables, problems) = RateTables.load(folder: folder)
  return [tables.differentialRates(), tables.visibleEnergies(), tables.responses(), tables.counts()]
    .map { comparison in
      var comparison = comparison
      for problem in problems { comparison.fail(problem) }
      return comparison.report
    }
}

/// The configurations by name and the folder whose rows refer to them.
struct RateTables {
  let folder: String
  let configurations: [String: RateTableConfiguration]

  /// Reads `configs.json`; what cannot be read is reported and left out.
  static func load(folder: String) -> (tables: RateTables, problems: [String]) {
    var configurations: [String: RateTableConfiguration] = [:]
    var problems: [String] = []
    do {
      for (index, entry) in try entries(folder: folder).enumerated() {
        do throws(ConfigurationError) {
          let configuration = try RateTableConfiguration(entry, index: index)
          if configurations.updateValue(configuration, forKey: configuration.id) != nil {
            problems.append("configs.json: configuration \(configuration.id) appears twice")
          }
        } catch {
          problems.append("\(error)")
        }
      }
    } catch {
      problems.append("\(error)")
    }
    return (RateTables(folder: folder, configurations: configurations), problems)
  }

  private static func entries(folder: String) throws -> [ConfigurationValue] {
    let text = try readReferenceText(folder: folder, file: "configs.json")
    let root = try JSONDecoder().decode(ConfigurationValue.self, from: Data(text.utf8))
    var reader = try ConfigurationObject(root, path: "top level")
    if reader.contains("description") { _ = try reader.text("description") }
    let entries = try reader.list("configs")
    try reader.finish()
    return entries
  }

  // MARK: - The tables

  func differentialRates() -> TableComparison {
    compareRows(
      TableComparison(file: "rates.csv", quantity: "dR/dT", tolerance: 1e-11), needsEveryConfiguration: true
    ) {
      row, configuration, comparison throws(ReferenceTableError) in
      let recoil = try row.number("T_MeV")
      comparison.add(
        configuration.differentialRate(recoil: recoil), reference: try row.number("dRdT_per_MeV"),
        "line \(row.line), \(configuration.id), T = \(recoil) MeV")
    }
  }

  func visibleEnergies() -> TableComparison {
    compareRows(TableComparison(file: "response.csv", quantity: "visible energy", tolerance: 1e-12)) {
      row, configuration, comparison throws(ReferenceTableError) in
      let recoil = try row.number("T_MeV")
      comparison.add(
        configuration.response.visibleEnergy(recoil: recoil, kind: .nuclear),
        reference: try row.number("Eee_MeV"),
        "line \(row.line), \(configuration.id), T = \(recoil) MeV")
    }
  }

  func responses() -> TableComparison {
    compareRows(TableComparison(file: "response.csv", quantity: "bin weight", tolerance: 1e-10)) {
      row, configuration, comparison throws(ReferenceTableError) in
      let recoil = try row.number("T_MeV")
      let bin = try Self.bin(of: row, configuration)
      let reference = try row.number("weight")
      let weight = configuration.response.weight(recoil: recoil, kind: .nuclear, bin: bin)
      // Differences of error functions in 40-digit arithmetic print tails below 1e-40 as 0.
      let isZeroTail = reference == 0 && weight < 1e-38
      comparison.add(
        isZeroTail ? 0 : weight, reference: reference,
        "line \(row.line), \(configuration.id), T = \(recoil) MeV, bin \(bin)")
    }
  }

  func counts() -> TableComparison {
    var cache: [String: Result<DirectCounts, IntegrationError>] = [:]
    var seen: [String: Set<Int>] = [:]
    var comparison = compareRows(
      TableComparison(file: "counts.csv", quantity: "binned counts", tolerance: 1e-10)
    ) {
      row, configuration, comparison throws(ReferenceTableError) in
      let bin = try Self.bin(of: row, configuration)
      guard try row.integer("bin") == bin else {
        throw ReferenceTableError(file: row.file, line: row.line, problem: "bin number and edges disagree")
      }
      seen[configuration.id, default: []].insert(bin)
      let result = cache[configuration.id] ?? configuration.directCounts()
      cache[configuration.id] = result
      switch result {
      case .failure(let error):
        throw ReferenceTableError(
          file: row.file, line: row.line, problem: "\(configuration.id) cannot be integrated: \(error)")
      case .success(let counts):
        comparison.add(
          counts.values[bin], reference: try row.number("counts"),
          "line \(row.line), \(configuration.id), bin \(bin)")
      }
    }
    for configuration in configurations.values.sorted(by: { $0.id < $1.id })
    where seen[configuration.id, default: []].count != configuration.response.binCount {
      comparison.fail("counts.csv does not list every bin of \(configuration.id)")
    }
    return comparison
  }

  // MARK: - Rows

  /// Runs `compare` on every row of the comparison's file; what it throws becomes a problem.
  private func compareRows(
    _ start: TableComparison, needsEveryConfiguration: Bool = false,
    _ compare: (ReferenceCSV.Row, RateTableConfiguration, inout TableComparison) throws(ReferenceTableError)
      -> Void
  ) -> TableComparison {
    var comparison = start
    var seen: Set<String> = []
    do throws(ReferenceTableError) {
      for row in try ReferenceCSV(folder: folder, file: start.file).rows {
        do throws(ReferenceTableError) {
          let name = try row.text("config")
          guard let configuration = configurations[name] else {
            throw ReferenceTableError(
              file: row.file, line: row.line, problem: "unknown configuration \"\(name)\"")
          }
          seen.insert(name)
          try compare(row, configuration, &comparison)
        } catch {
          comparison.fail("\(error)")
        }
      }
    } catch {
      comparison.fail("\(error)")
    }
    if needsEveryConfiguration {
      for name in Set(configurations.keys).subtracting(seen).sorted() {
        comparison.fail("\(start.file) has no row for configuration \(name)")
      }
    }
    return comparison
  }

  /// The bin of the configuration whose edges the row names.
  private static func bin(
    of row: ReferenceCSV.Row, _ configuration: RateTableConfiguration
  ) throws(ReferenceTableError) -> Int {
    let (lower, upper) = (try row.number("lo"), try row.number("hi"))
    let edges = configuration.response.energyEdges
    guard let bin = edges.dropLast().firstIndex(of: lower), edges[bin + 1] == upper else {
      throw ReferenceTableError(
        file: row.file, line: row.line, problem: "\(lower) to \(upper) is no bin of \(configuration.id)")
    }
    return bin
  }
}

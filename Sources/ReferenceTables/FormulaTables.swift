import DipolePhysics
import Foundation

/// Compares kinematics, form factors, cross sections, flux moments and assorted formulas with the reference tables of a
/// folder: kinematics.csv, formfactors.csv, xs.csv, moments.csv (with configs.json) and misc.json. Every row and every
/// column is checked; a table that is missing or cannot be read is a failing report.
package func checkFormulaTables(folder: String) -> [TableReport] {
  let checks: [(file: String, check: (String) throws(ReferenceTableError) -> [TableReport])] = [
    ("kinematics.csv", checkKinematicsTable), ("formfactors.csv", checkFormFactorTable),
    ("xs.csv", checkCrossSectionTable), ("moments.csv", checkMomentTable),
    ("misc.json", checkMiscellaneousTable),
  ]
  return checks.flatMap { entry in
    do throws(ReferenceTableError) {
      return try entry.check(folder)
    } catch {
      return [TableReport(unreadable: entry.file, problem: error.description)]
    }
  }
}

extension TableReport {
  /// The failing report of a table that could not be read.
  package init(unreadable file: String, problem: String) {
    self.init(
      file: file, quantity: "table", rows: 0, worstDeviation: 0, worstCase: "", tolerance: 0,
      worstTolerance: 0, problems: [problem], passed: false)
  }
}

// MARK: - Kinematics

/// E_min, E_thr, T_- and T_+ [UPS-2]: 1e-13; T_+- within a relative 1e-6 of threshold, where E is ill-conditioned, 1e-10.
private func checkKinematicsTable(folder: String) throws(ReferenceTableError) -> [TableReport] {
  let file = "kinematics.csv"
  let table = try ReferenceCSV(folder: folder, file: file)
  var comparisons = ["E_min", "E_thr", "T_min", "T_max"].map {
    TableComparison(file: file, quantity: $0, tolerance: 1e-13)
  }
  for row in table.rows {
    do throws(ReferenceTableError) {
      try compareKinematics(row, &comparisons)
    } catch {
      comparisons[0].fail(error.description)
    }
  }
  return comparisons.map(\.report)
}

private func compareKinematics(
  _ row: ReferenceCSV.Row, _ comparisons: inout [TableComparison]
) throws(ReferenceTableError) {
  let (M, m4) = (try row.number("M_MeV"), try row.number("m4_MeV"))
  let (E, T) = (try row.number("E_MeV"), try row.number("T_MeV"))
  let minimum = Kinematics.minimumNeutrinoEnergy(recoil: T, targetMass: M, heavyMass: m4)
  let threshold = Kinematics.thresholdEnergy(targetMass: M, heavyMass: m4)
  let label = "line \(row.line)"
  comparisons[0].add(minimum, reference: try row.number("Emin_MeV(T)"), label)
  comparisons[1].add(threshold, reference: try row.number("Ethr_MeV"), label)
  guard let range = Kinematics.recoilRange(neutrinoEnergy: E, targetMass: M, heavyMass: m4) else {
    comparisons[2].fail("\(label): no recoil is allowed at E = \(E) MeV")
    return
  }
  let tolerance = E - threshold < 1e-6 * threshold ? 1e-10 : 1e-13
  comparisons[2].add(range.lower, reference: try row.number("Tmin_MeV(E)"), tolerance: tolerance, label)
  comparisons[3].add(range.upper, reference: try row.number("Tmax_MeV(E)"), tolerance: tolerance, label)
}

// MARK: - Form factors

/// Helm, Klein-Nystrand and symmetrised Fermi form factors [UPS-7]: 1e-13.
private func checkFormFactorTable(folder: String) throws(ReferenceTableError) -> [TableReport] {
  let file = "formfactors.csv"
  let table = try ReferenceCSV(folder: folder, file: file)
  var comparison = TableComparison(file: file, quantity: "F", tolerance: 1e-13)
  for row in table.rows {
    do throws(ReferenceTableError) {
      let value = try tabulatedFormFactor(row).value(momentumTransfer: try row.number("q_invfm"))
      comparison.add(value, reference: try row.number("F"), "line \(row.line)")
    } catch {
      comparison.fail(error.description)
    }
  }
  return [comparison.report]
}

private func tabulatedFormFactor(_ row: ReferenceCSV.Row) throws(ReferenceTableError) -> FormFactor {
  var parameters = try FormulaParameters(row, column: "params_fm")
  let factor: FormFactor
  switch try row.text("kind") {
  case "helm": factor = .helm(radius: try parameters.number("R0"), skin: try parameters.number("s"))
  case "kn": factor = .kleinNystrand(radius: try parameters.number("RA"), range: try parameters.number("ak"))
  case "sf": factor = .fermi(halfRadius: try parameters.number("c"), diffuseness: try parameters.number("a"))
  case let kind: throw row.failure("unknown form factor \"\(kind)\"")
  }
  try parameters.finish()
  return factor
}

// MARK: - Parameters inside a column

extension ReferenceCSV.Row {
  /// An error that names this row.
  package func failure(_ problem: String) -> ReferenceTableError {
    ReferenceTableError(file: file, line: line, problem: problem)
  }
}

/// A column that holds `name=value;name=value`; every name must be used.
struct FormulaParameters {
  private let row: ReferenceCSV.Row
  private var unread: [String: String] = [:]

  init(_ row: ReferenceCSV.Row, column: String) throws(ReferenceTableError) {
    self.row = row
    for entry in try row.text(column).split(separator: ";") {
      let parts = entry.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, unread.updateValue(String(parts[1]), forKey: String(parts[0])) == nil else {
        throw row.failure("column \"\(column)\": \"\(entry)\" is not name=value, or the name appears twice")
      }
    }
  }

  mutating func text(_ name: String) throws(ReferenceTableError) -> String {
    guard let text = unread.removeValue(forKey: name) else {
      throw row.failure("parameter \"\(name)\" is missing")
    }
    return text
  }

  mutating func number(_ name: String) throws(ReferenceTableError) -> Double {
    let field = try text(name)
    guard let value = Double(field), value.isFinite else {
      throw row.failure("parameter \"\(name)\" is \"\(field)\", expected a finite number")
    }
    return value
  }

  /// Requires a parameter to have the one value that is implemented.
  mutating func require(_ name: String, _ expected: String) throws(ReferenceTableError) {
    let field = try text(name)
    guard field == expected else {
      throw row.failure("parameter \"\(name)\" is \"\(field)\", expected \(expected)")
    }
  }

  func finish() throws(ReferenceTableError) {
    guard unread.isEmpty else {
      throw row.failure("unknown parameter \(unread.keys.sorted().joined(separator: ", "))")
    }
  }
}

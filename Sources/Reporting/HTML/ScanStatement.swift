import Foundation

/// What a scan states, in words.
struct ScanStatement {
  let scan: ScanDigest

  private var provenance: Provenance { scan.provenance }

  /// HTML: what was computed, and the limit at some masses.
  var html: String {
    [what, numbers, convention].map { "<p>\($0)</p>" }.joined(separator: "\n")
  }

  var what: String {
    let escaped = HTMLText.escaped
    let coupling = scan.coupling.html
    let scope =
      provenance.degreesOfFreedom == 1
      ? "at fixed \(scan.mass.html)" : "in the plane of \(scan.mass.html) and \(coupling)"
    let subject =
      provenance.model.map { "of <code>\(escaped($0.onOneLine))</code>" }
      ?? "of the neutrino dipole portal (flavour \(escaped(provenance.flavour)))"
    return "<strong>\(escaped(provenance.experiments.joined(separator: " + ")))</strong>: "
      + "\(escaped(provenance.levelText)) \(provenance.kind) on the coupling \(coupling) \(subject), \(scope): "
      + "Δχ² = \(shortNumber(provenance.level)), \(provenance.degreesOfFreedom) dof, \(coupling) ≥ 0. \(data)"
  }

  private var data: String {
    let sets = provenance.dataSet.components(separatedBy: "; ")
    let statistic = HTMLText.escaped(
      provenance.statistic.replacingOccurrences(of: "poisson", with: "Poisson")
        .replacingOccurrences(of: "gaussian", with: "Gaussian"))
    let words =
      sets.allSatisfy { $0 == "observed" }
      ? "The data are those observed."
      : sets.allSatisfy { $0 == "asimov" }
        ? "The data are an Asimov set, the prediction without a signal: this is what such an experiment would be expected to exclude."
        : "The data are, in this order: \(HTMLText.escaped(provenance.dataSet)) (asimov: the prediction without a signal)."
    let pulls = scan.contents.pullNames.count
    let profiled =
      pulls == 0 ? "" : " with \(pulls) systematic \(pulls == 1 ? "uncertainty" : "uncertainties") profiled"
    return "\(words) Statistic: \(statistic)\(profiled)."
  }

  /// The limit at a few masses of the grid.
  private var numbers: String {
    let limit = scan.contents.limit
    let rows = limit.indices.filter { limit[$0] != nil }
    guard let lowest = rows.min(by: { (limit[$0] ?? .infinity) < (limit[$1] ?? .infinity) }) else {
      return "No mass of the grid has a limit on the axis of couplings."
    }
    let verb = provenance.kind == "sensitivity" ? "Would be excluded" : "Excluded"
    let list = Self.masses(rows, of: scan.contents.m4).map { row in
      "\(value(limit[row])) at \(scan.mass.html) = \(shortNumber(scan.contents.m4[row])) MeV"
    }
    return
      "\(verb): \(scan.coupling.html) above \(list.joined(separator: ", ")). The lowest limit is \(value(limit[lowest])), at "
      + "\(shortNumber(scan.contents.m4[lowest])) MeV; \(rows.count) of \(limit.count) masses have one on the axis."
  }

  private func value(_ limit: Double?) -> String {
    let unit = UnitText.html(provenance.coupling.unit)
    return limit.map { HTMLNumber.scientific($0) + (unit.isEmpty ? "" : " \(unit)") } ?? "none"
  }

  private var convention: String {
    let convention = "convention <code>\(HTMLText.escaped(provenance.coupling.convention))</code>"
    return "The coupling is that of \(LagrangianText.html(provenance.coupling.lagrangian))"
      + (provenance.model == nil ? ", \(convention)." : "")
  }

  /// Rows next to whole powers of ten; the first, the middle and the last where the axis holds fewer than two.
  static func masses(_ rows: [Int], of m4: [Double]) -> [Int] {
    guard let first = rows.first, let last = rows.last, m4[first] > 0 else { return [] }
    let decades =
      Int(
        ceil(log10(m4[first]) - 1e-9))...max(
        Int(ceil(log10(m4[first]) - 1e-9)), Int(floor(log10(m4[last]) + 1e-9)))
    let powers = decades.map { pow(10, Double($0)) }.filter { $0 <= m4[last] * (1 + 1e-9) }
    guard powers.count > 1 else { return Array(Set([first, rows[rows.count / 2], last])).sorted() }
    let every = (powers.count + 4) / 5
    let near = stride(from: 0, to: powers.count, by: every).compactMap { index in
      rows.min { abs(log(m4[$0] / powers[index])) < abs(log(m4[$1] / powers[index])) }
    }
    return Array(Set(near)).sorted()
  }
}

/// Numbers as people write them.
enum HTMLNumber {
  /// Four digits: "5.765 × 10<sup>−7</sup>", "0.12".
  static func scientific(_ value: Double) -> String {
    let parts = shortNumber(value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return shortNumber(value) }
    return "\(parts[0]) × 10<sup>\(exponent < 0 ? "−" : "")\(abs(exponent))</sup>"
  }
}

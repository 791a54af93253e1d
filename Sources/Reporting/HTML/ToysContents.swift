/// A result of `upscatter toys` in memory.
package struct ToysContents {
  static let format = "upscatter toys"
  static let quantities = [
    ("delta", "Δχ²"), ("critical", "critical value"), ("p_value", "p-value"),
    ("coverage", "coverage of the asymptotic contour"),
  ]

  struct Summary: Decodable {
    struct Limit: Decodable {
      var m4: Double
      var d: Double?
      var d_asymptotic: Double?
    }
    struct Trouble: Decodable {
      var m4: Double
      var d: Double
      var toys: Int
      var failed: Int
      var unconverged: Int
      var clipped: Int
    }
    struct Coverage: Decodable {
      var points: Int
      var mean: Double?
      var error: Double?
    }
    var notes: [String]
    var seed: UInt64
    var ensemble: String
    var confidence_level: Double
    var degrees_of_freedom: Int
    var asymptotic_critical_value: Double
    var toys: Int
    var limit: [Limit]?
    var worst_points: [Trouble]
    var contour_coverage: Coverage?
  }

  let contents: ArrayContents
  let summary: Summary

  package init(reading path: String) throws(ReportError) {
    contents = try ArrayContents(reading: path, grids: Self.quantities.map(\.0))
    summary = try contents.decoded(Summary.self, of: path)
  }

  package var name: String { contents.name }
  package var m4: [Double] { contents.m4 }
  package var d: [Double] { contents.d }
  /// masses x couplings; NaN where nothing is stated
  package var delta: [Double] { contents.grids["delta"] ?? [] }
  package var critical: [Double] { contents.grids["critical"] ?? [] }
  package var provenance: FitProvenance { contents.provenance }
  /// Delta chi2 of the asymptotic contour.
  package var level: Double { summary.asymptotic_critical_value }
  package var ensemble: String { summary.ensemble }
  package var levelText: String { "\(shortNumber(100 * summary.confidence_level)) % C.L." }
  package var degreesOfFreedom: Int { summary.degrees_of_freedom }
  package var seed: UInt64 { summary.seed }
}

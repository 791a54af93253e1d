import Reporting
import ScanCore
import Statistics

/// Toys at every point of a grid [UPS-41].
package struct ToyScanRequest: Sendable {
  package var masses: Axis
  /// In the unit of `scale`.
  package var couplings: Axis
  package var scale: CouplingScale
  /// One degree of freedom: the minimum is over the coupling at the same mass; two: over the plane.
  package var level: ConfidenceLevel
  package var seed: UInt64
  package var ensemble: ToyEnsemble
  package var settings: ToySettings
  /// Path without extension.
  package var output: String
  package var plots: [String]
  package var version: String
  /// Of the plots.
  package var style = PlotStyle.light

  package init(
    masses: Axis, couplings: Axis, scale: CouplingScale, level: ConfidenceLevel, seed: UInt64,
    ensemble: ToyEnsemble, settings: ToySettings, output: String, plots: [String], version: String
  ) {
    self.masses = masses
    self.couplings = couplings
    self.scale = scale
    self.level = level
    self.seed = seed
    self.ensemble = ensemble
    self.settings = settings
    self.output = output
    self.plots = plots
    self.version = version
  }
}

/// What the toys of a grid say; arrays are masses x couplings, couplings contiguous.
package struct ToyScanResult: Sendable {
  package var verdicts: [ToyVerdict]
  package var masses: Int
  package var couplings: Int
  /// chi2 of the data at the best coupling of every mass.
  package var minima: [Double]
  /// Masses that no experiment sees.
  package var rowsWithoutSignal: [Int]

  /// Statistic of the data.
  package var observed: [Double] { verdicts.map(\.observed) }
  package var toys: Int { verdicts.reduce(0) { $0 + $1.toys } }
  /// Points of which nothing is stated, and why the first of them.
  package var problems: (count: Int, first: String)? {
    let reasons = verdicts.compactMap(\.problem)
    return reasons.first.map { (reasons.count, $0) }
  }

  /// A number per point, NaN where nothing is stated.
  func values(_ value: (ToyVerdict) -> Double?) -> [Double] { verdicts.map { value($0) ?? .nan } }

  /// As below, of these verdicts.
  func corrected(level: Double) -> [Double] {
    Self.corrected(observed: observed, critical: values { $0.criticalValue?.value }, level: level)
  }

  /// Delta chi2 moved so that the corrected contour lies at `level`: observed - critical + level, below it where the data are
  /// accepted (also where rounding parts two equal values). NaN where nothing is stated.
  static func corrected(observed: [Double], critical: [Double], level: Double) -> [Double] {
    zip(observed, critical).map { observed, critical in
      if critical.isNaN { return .nan }
      let value = observed - critical + level
      return observed <= critical + ToyDistribution.tie ? min(value, level.nextDown) : value
    }
  }
}

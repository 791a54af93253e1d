import ScanCore
import Statistics

/// How an upper limit on a coupling is defined [UPS-14, UPS-42, UPS-53].
package enum LimitMethod: String, Codable, Sendable, CaseIterable {
  /// Ends of the interval Delta chi2 <= Q of one degree of freedom; 2.706 at 90 %.
  case likelihood
  /// q~ = z^2 with P(normal < z) = CL; 1.642 at 90 %.
  case oneSided = "one-sided"
  /// CLs of q~ equal to 1 - CL.
  case cls

  /// Delta chi2 at the asymptotic limit. For `cls` that of the likelihood, which only serves the best fit.
  /// - Parameter level: of one degree of freedom; above 1/2 for `oneSided`
  package func threshold(_ level: ConfidenceLevel) throws -> Double {
    guard self == .oneSided else { return level.threshold }
    guard level.level > 0.5 else {
      throw RequestError(
        "--cl \(level.level): a one-sided limit lies above the best fit for levels above 0.5 only. Choose 0.9, for example, or "
          + "another --method.")
    }
    let z = try significance(pValue: 1 - level.level)
    return z * z
  }

  /// In outputs.
  package var title: String {
    switch self {
    case .likelihood: "Delta chi2"
    case .oneSided: "one-sided"
    case .cls: "CLs"
    }
  }

  var statistic: TestStatistic { self == .likelihood ? .deltaChiSquare : .oneSided }
}

/// What `StrengthLimits` is asked for.
package struct StrengthLimitRequest: Sendable {
  package var method: LimitMethod
  package var level: ConfidenceLevel
  /// p-values come from so many toys of each kind; nil: asymptotic.
  package var toys: Int?
  package var seed: UInt64
  package var ensemble: ToyEnsemble
  /// Limits expected without a signal.
  package var bands: Bool
  package var discovery: Bool

  package init(
    method: LimitMethod, level: ConfidenceLevel, toys: Int?, seed: UInt64, ensemble: ToyEnsemble, bands: Bool,
    discovery: Bool
  ) {
    self.method = method
    self.level = level
    self.toys = toys
    self.seed = seed
    self.ensemble = ensemble
    self.bands = bands
    self.discovery = discovery
  }

  /// Toys of the bands where they are not asymptotic.
  package var bandToys: Int? { bands && method != .cls ? toys ?? Self.defaultBandToys : nil }
  package static let defaultBandToys = 1000

  /// Whether templates at every mass are needed, and not only Delta chi2.
  package var needsTemplates: Bool { method == .cls || toys != nil || bands || discovery }
}

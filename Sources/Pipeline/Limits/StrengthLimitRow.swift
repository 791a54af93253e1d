import Statistics

/// The limit of one mass, with what else was asked for. Couplings in internal units.
package struct StrengthLimitRow: Sendable {
  /// The best fit; its limit is that of Delta chi2.
  package var fit: LimitJob.Row
  /// nil where `notes` say why.
  package var coupling: Double?
  /// Lower end of the allowed interval; of the method `likelihood` only.
  package var lowerCoupling: Double?
  /// Where the binomial error of the toys leaves both; nil without toys, or where they do not decide.
  package var range: ClosedRange<Double>?
  package var lowerRange: ClosedRange<Double>?
  /// Limits expected without a signal at -2, -1, 0, 1, 2 standard deviations; infinite where they are not reached. Empty where
  /// none were asked for or stated.
  package var expected: [Double] = []
  package var discovery: StrengthDiscovery?
  package var notes: [String]

  package var m4: Double { fit.m4 }
}

/// How far the data are from no signal at one mass, or at any of several.
package struct StrengthDiscovery: Sendable {
  /// Best fit.
  package var m4: Double
  package var coupling: Double
  package var statistic: Double
  /// Asymptotic, local.
  package var significance: Double
  package var pValue: Double
  /// Share of toys without a signal that are at least as far; over all masses where these are searched.
  package var toys: PValue?
  package var problem: String?

  /// Of the share of the toys; nil where none or all are as far.
  package var toySignificance: Double? {
    toys.flatMap { try? Statistics.significance(pValue: $0.value) }
  }
}

package struct StrengthLimitResult: Sendable {
  package var rows: [StrengthLimitRow]
  /// Over all masses; nil where discovery was not asked for, or there is no signal at any mass.
  package var best: StrengthDiscovery?
  package var notes: [String]

  /// What a picture on logarithmic axes can show.
  var drawn: [StrengthLimitRow] { rows.filter { $0.m4 > 0 } }

  /// Whether there is a curve to draw: a limit, or an expected one, and more than one mass.
  package var isDrawable: Bool {
    drawn.count > 1 && drawn.contains { $0.coupling != nil || $0.expected.contains(where: \.isFinite) }
  }
}

import Foundation
import ScanCore

/// Whether a prediction describes the data at all: limits are differences of chi2 and do not show it.
enum FitQuality {
  /// A chi2 (or a Poisson deviance, near one per bin) this many of its standard deviations above the number of bins
  /// is taken for a fault of data or model, not for a fluctuation.
  static let suspicious = 10.0

  /// - Parameters:
  ///   - chiSquare: at the best fit
  ///   - bins: of the likelihood
  static func warning(chiSquare: Double, bins: Int) -> String? {
    guard chiSquare > Double(bins) + suspicious * (2 * Double(bins)).squareRoot() else { return nil }
    return
      "the best fit has a chi2 of \(NumberWords.short(chiSquare)) for \(bins) bins: the prediction does not describe the "
      + "data, and a limit from them means little. Check the observed counts, the backgrounds and the widths of the pulls."
  }
}

extension Analysis {
  /// What to know before trusting a limit whose best fit has this statistic; nil for the prediction itself as data.
  package func fitWarning(minimumStatistic: Double?) -> String? {
    guard settings.dataSet == .observed, let minimumStatistic else { return nil }
    return FitQuality.warning(chiSquare: minimumStatistic, bins: likelihood.binCount)
      .map { "WARNING: " + $0 }
  }
}

/// Best pull and chi2 of a prediction with one normalisation uncertainty.
package struct PullChiSquare: Hashable, Sendable {
  /// a, relative change of the prediction at the minimum
  package var pull: Double
  /// chi2 at the minimum
  package var value: Double
}

/// Returns the least chi2 over the normalisation a, in closed form [UPS-13]:
///
///     chi2 = min_a sum (n_i - t_i (1 + a))^2 / s_i^2 + (a / w)^2,   a = sum(r t/s^2) / (sum(t^2/s^2) + 1/w^2), r = n - t
///
/// Equals r^T (diag s^2 + w^2 t t^T)^-1 r. Source: arXiv:2008.02759.
/// - Parameters:
///   - observed: n, events per bin
///   - prediction: t, events per bin
///   - uncertainties: s, events per bin, > 0
///   - width: w, relative, > 0
package func pullChiSquare(
  observed: [Double], prediction: [Double], uncertainties: [Double], width: Double
) throws(StatisticsError) -> PullChiSquare {
  try requireDomain(
    prediction.count == observed.count && uncertainties.count == observed.count,
    "There are \(observed.count) observed, \(prediction.count) predicted and \(uncertainties.count) uncertainties",
    "one of each per bin")
  try requireDomain(width.isFinite && width > 0, "The pull width is \(width)", "a finite number > 0")
  try requireDomain(
    uncertainties.allSatisfy { $0.isFinite && $0 > 0 }, "An uncertainty is not positive",
    "finite and > 0 in every bin")
  try requireDomain(
    (observed + prediction).allSatisfy(\.isFinite), "An event number is not finite", "finite in every bin")
  var projection = 0.0
  var norm = 1 / (width * width)
  for i in observed.indices {
    let t = prediction[i] / uncertainties[i]
    projection += (observed[i] - prediction[i]) / uncertainties[i] * t
    norm += t * t
  }
  let pull = projection / norm
  var value = (pull / width) * (pull / width)
  for i in observed.indices {
    let rest = (observed[i] - prediction[i] * (1 + pull)) / uncertainties[i]
    value += rest * rest
  }
  return PullChiSquare(pull: pull, value: value)
}

import Experiments

extension DetectorResponse {
  /// Standard deviation of the reconstructed energy where its mean is `mean`, both in the unit of the channel [UPS-9]; nil for
  /// responses without a resolution.
  package func resolution(at mean: Double) -> Double? {
    switch model {
    case .gaussian(let resolution): return resolution.width(at: mean)
    case .truncatedGaussian(let noise, let pairEnergy, let fano):
      return 1e3 * (noise * noise + 1e-3 * mean * pairEnergy * fano).squareRoot()
    case .gammaPhotoelectrons(let aKeV, let bPerKeV):
      return mean / (1 + bPerKeV * aKeV * mean).squareRoot()
    case .ideal, .matrix: return nil
    }
  }
}

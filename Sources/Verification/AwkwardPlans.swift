import Foundation
import ScanCore

/// Small invented plans that meet the corners of the kernels: sizes that fill no vector or work-group, thresholds
/// inside bins, empty bins, masses that nothing can produce, every process, mode and statistic.
package enum AwkwardPlans {
  /// All of them.
  package static var all: [VerificationCase] {
    [
      onePoint, primes, thresholdInsideBin, emptyBins, massAboveAllEnergies, manySegments, linesOnly,
      electrons,
      contact, massiveContact, spinZero, reversedSign, quadrature, quadratureWithElectrons, gaussian,
      gaussianWithScaledSignal, mixedBins, mixedBinsWithScaledSignal, noPulls,
      twoPulls,
      threePulls, scaledSignal, hugeSignals, hugeScaledSignals, longRow, longColumn,
    ]
  }

  /// One case that touches both integrals and four pulls in a few milliseconds: for a quick check.
  package static var selfCheck: VerificationCase { primes }

  // MARK: - Shapes

  static var onePoint: VerificationCase {
    make("1 x 1", SyntheticPlan(), SyntheticLikelihood(), masses: [11], couplings: [0.7])
  }

  static var primes: VerificationCase {
    make(
      "7 x 13 points, 5 x 3 bins",
      SyntheticPlan(segments: 3, components: 3, hasLines: true, bins: 5, seed: 3),
      SyntheticLikelihood(timeBins: 3, pulls: 4), masses: [0.01, 0.3, 2, 7, 19, 31, 43],
      couplings: ladder(13, to: 30))
  }

  static var longRow: VerificationCase {
    make(
      "3 x 257 points", SyntheticPlan(segments: 2, components: 2, bins: 3, seed: 4),
      SyntheticLikelihood(timeBins: 2, pulls: 4), masses: [1, 12, 33], couplings: ladder(257, to: 50))
  }

  static var longColumn: VerificationCase {
    make(
      "257 x 1 points", SyntheticPlan(segments: 2, components: 2, bins: 3, seed: 5),
      SyntheticLikelihood(pulls: 2),
      masses: (1...257).map { Double($0) * 0.21 }, couplings: [1.3])
  }

  // MARK: - Kinematics

  static var thresholdInsideBin: VerificationCase {
    make(
      "threshold inside a bin",
      SyntheticPlan(segments: 2, components: 2, bins: 4, window: 0.002...0.05, seed: 6),
      SyntheticLikelihood(pulls: 4), masses: [20, 26.4, 35, 44, 50, 52, 52.7], couplings: ladder(5, to: 1000))
  }

  static var massAboveAllEnergies: VerificationCase {
    make(
      "masses at and above every energy", SyntheticPlan(hasLines: true, bins: 2, seed: 7),
      SyntheticLikelihood(pulls: 3), masses: [52.5, 52.8, 53, 80, 1e4], couplings: [0, 1, 1e6])
  }

  static var manySegments: VerificationCase {
    make(
      "23 flux segments, two targets",
      SyntheticPlan(targetMasses: [123_800, 118_200], segments: 23, components: 2, bins: 9, seed: 8),
      SyntheticLikelihood(timeBins: 11, pulls: 4), masses: [0.1, 5, 15, 25, 40], couplings: ladder(4, to: 10))
  }

  static var linesOnly: VerificationCase {
    make(
      "lines only",
      SyntheticPlan(segments: 4, components: 1, hasLines: true, hasContinuum: false, bins: 3, seed: 9),
      SyntheticLikelihood(pulls: 2), masses: [0.1, 14, 27, 40, 52], couplings: ladder(3, to: 20))
  }

  static var electrons: VerificationCase {
    make(
      "electrons, recoil above the target mass", electronPlan(.moments),
      SyntheticLikelihood(timeBins: 2, pulls: 4),
      masses: [0.001, 0.1, 1, 3, 5, 6.7, 7], couplings: ladder(5, to: 20))
  }

  private static func electronPlan(_ mode: IntegralMode) -> SyntheticPlan {
    SyntheticPlan(
      mode: mode, targetMasses: [0.51099895], segments: 3, components: 2, hasLines: true, bins: 5,
      window: 0.005...30, recoilOrder: 48, seed: 10)
  }

  // MARK: - Processes and modes

  static var contact: VerificationCase {
    make(
      "contact",
      SyntheticPlan(process: .contact, segments: 3, components: 2, hasLines: true, bins: 5, seed: 11),
      SyntheticLikelihood(timeBins: 3, pulls: 4), masses: [0, 10], couplings: ladder(7, to: 3))
  }

  static var massiveContact: VerificationCase {
    make(
      "massive contact",
      SyntheticPlan(process: .massiveContact, segments: 3, components: 2, hasLines: true, bins: 5, seed: 19),
      SyntheticLikelihood(timeBins: 3, pulls: 4), masses: [0, 0.5, 8, 30, 51, 60], couplings: ladder(5, to: 3)
    )
  }

  static var spinZero: VerificationCase {
    make(
      "spin-0 target", SyntheticPlan(process: .dipoleSpinZero, segments: 2, components: 2, bins: 5, seed: 12),
      SyntheticLikelihood(pulls: 4), masses: [0.5, 8, 30, 51], couplings: ladder(3, to: 20))
  }

  static var reversedSign: VerificationCase {
    make(
      "reversed sign",
      SyntheticPlan(process: .dipoleReversedSign, segments: 2, components: 2, bins: 5, seed: 18),
      SyntheticLikelihood(pulls: 4), masses: [0.5, 8, 30], couplings: ladder(3, to: 20))
  }

  static var quadrature: VerificationCase {
    make(
      "quadrature mode",
      SyntheticPlan(mode: .quadrature, segments: 3, components: 3, hasLines: true, bins: 5, seed: 3),
      SyntheticLikelihood(timeBins: 3, pulls: 4), masses: [0.3, 7, 31, 43], couplings: ladder(5, to: 30))
  }

  static var quadratureWithElectrons: VerificationCase {
    make(
      "quadrature mode, electrons", electronPlan(.quadrature), SyntheticLikelihood(pulls: 4),
      masses: [0.1, 3, 6.7],
      couplings: ladder(5, to: 20))
  }

  // MARK: - Likelihoods

  static var emptyBins: VerificationCase {
    make(
      "bins without response and without events",
      SyntheticPlan(segments: 2, components: 2, bins: 6, emptyBins: [0, 3], seed: 13),
      SyntheticLikelihood(timeBins: 2, pulls: 4, emptyBins: [0, 1, 5, 11]), masses: [1, 20, 45],
      couplings: ladder(7, to: 100))
  }

  static var gaussian: VerificationCase { gaussian("Gaussian statistic", scaled: false) }
  static var gaussianWithScaledSignal: VerificationCase {
    gaussian("Gaussian statistic, pull on the signal", scaled: true)
  }
  private static func gaussian(_ name: String, scaled: Bool) -> VerificationCase {
    make(
      name, SyntheticPlan(segments: 2, components: 2, bins: 7, seed: 14),
      SyntheticLikelihood(statistic: .gaussian, pulls: 1, firstPullScalesSignal: scaled),
      masses: [1, 20, 45],
      couplings: ladder(11, to: 30))
  }

  static var mixedBins: VerificationCase { mixed("Gaussian statistic, mixed bins", scaled: false) }
  static var mixedBinsWithScaledSignal: VerificationCase {
    mixed("Gaussian statistic, mixed bins, pull on the signal", scaled: true)
  }
  private static func mixed(_ name: String, scaled: Bool) -> VerificationCase {
    make(
      name,
      SyntheticPlan(
        segments: 2, components: 2, hasLines: true, bins: 7, emptyBins: [4], mixesBins: true, seed: 19),
      SyntheticLikelihood(statistic: .gaussian, pulls: 1, firstPullScalesSignal: scaled, mixesBins: true),
      masses: [0.5, 20, 45, 52.9], couplings: ladder(11, to: 30))
  }

  static var noPulls: VerificationCase { pulled("no pulls", 0) }
  static var twoPulls: VerificationCase { pulled("two pulls", 2) }
  static var threePulls: VerificationCase { pulled("three pulls", 3) }
  private static func pulled(_ name: String, _ pulls: Int) -> VerificationCase {
    make(
      name, SyntheticPlan(segments: 2, components: 2, bins: 4, seed: 15), SyntheticLikelihood(pulls: pulls),
      masses: [3, 30], couplings: ladder(9, to: 30))
  }

  static var scaledSignal: VerificationCase {
    make(
      "first pull scales the signal", SyntheticPlan(segments: 2, components: 2, bins: 5, seed: 16),
      SyntheticLikelihood(timeBins: 3, pulls: 4, firstPullScalesSignal: true), masses: [3, 30],
      couplings: ladder(9, to: 30))
  }

  static var hugeSignals: VerificationCase {
    make(
      "signals far beyond the data", SyntheticPlan(segments: 2, components: 2, bins: 5, seed: 17),
      SyntheticLikelihood(timeBins: 3, pulls: 4), masses: [3, 30], couplings: [1e3, 1e4, 1e5, 1e6])
  }

  static var hugeScaledSignals: VerificationCase {
    make(
      "signals far beyond the data, scaled by a pull",
      SyntheticPlan(segments: 2, components: 2, bins: 5, seed: 18),
      SyntheticLikelihood(timeBins: 3, pulls: 4, firstPullScalesSignal: true), masses: [3, 30],
      couplings: [30, 1e2, 1e3, 1e4, 1e5, 1e6])
  }

  // MARK: - Building

  /// Zero, then logarithmic steps over four decades up to `largest`.
  private static func ladder(_ count: Int, to largest: Double) -> [Double] {
    let steps = (1..<count).map { step -> Double in
      let decades = 4 * Double(count - 1 - step) / Double(count)
      return largest * pow(10, -decades)
    }
    return [0] + steps
  }

  private static func make(
    _ name: String, _ rates: SyntheticPlan, _ likelihood: SyntheticLikelihood, masses: [Double],
    couplings: [Double]
  ) -> VerificationCase {
    let plan = rates.plan()
    return VerificationCase(
      name: name, rates: plan, likelihood: likelihood.plan(for: plan), masses: masses,
      couplingSquares: couplings)
  }
}

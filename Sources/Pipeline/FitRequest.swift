import Reporting
import ScanCore
import Statistics

/// What `upscatter fit` is asked for [UPS-47].
package struct FitRequest: Sendable {
  /// A signal put into the expectation that is fitted.
  package struct Truth: Codable, Hashable, Sendable {
    /// MeV
    package var mass: Double
    /// Internal units.
    package var coupling: Double

    package init(mass: Double, coupling: Double) {
      self.mass = mass
      self.coupling = coupling
    }
  }

  /// A toy of the truth in place of its expectation.
  package struct Toy: Codable, Hashable, Sendable {
    package var number: Int
    package var seed: UInt64

    package init(number: Int, seed: UInt64) {
      self.number = number
      self.seed = seed
    }
  }

  package var masses: [Double]
  /// In the unit of `scale`; nil: around sensitivity, best fit and truth.
  package var couplings: [Double]?
  package var scale: CouplingScale
  /// Ascending, between 0 and 1.
  package var levels: [Double]
  package var truth: Truth?
  package var toy: Toy?
  /// Whether axes get more values where the likelihood changes quickly.
  package var refines: Bool
  /// Names of pulls that experiments have in common.
  package var shared: Set<String>
  /// Whether each experiment is fitted alone too.
  package var alone: Bool
  package var posterior: PosteriorRequest?
  package var version: String
  /// Of the pictures.
  package var style = PlotStyle.light
  /// Of the picture; nil: made from the names of the experiments.
  package var title: String?

  package init(
    masses: [Double], couplings: [Double]?, scale: CouplingScale, levels: [Double], truth: Truth?, toy: Toy?,
    refines: Bool, shared: Set<String>, alone: Bool, posterior: PosteriorRequest?, version: String
  ) {
    self.masses = masses
    self.couplings = couplings
    self.scale = scale
    self.levels = levels
    self.truth = truth
    self.toy = toy
    self.refines = refines
    self.shared = shared
    self.alone = alone
    self.posterior = posterior
    self.version = version
  }
}

/// How the posterior is sampled [UPS-48], [UPS-49].
package struct PosteriorRequest: Codable, Hashable, Sendable {
  /// In what d has a flat prior; m4 has one in log m4.
  package enum Prior: String, Codable, CaseIterable, Sendable {
    case logarithmic = "log"
    case linear
  }

  package var prior: Prior
  package var seed: UInt64
  package var walkers: Int
  /// Steps after which an ensemble that has not converged is given up.
  package var mostSteps: Int

  package init(prior: Prior, seed: UInt64, walkers: Int, mostSteps: Int) {
    self.prior = prior
    self.seed = seed
    self.walkers = walkers
    self.mostSteps = mostSteps
  }
}

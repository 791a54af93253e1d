/// What the program understood of an experiment, in numbers a person can judge, and what looks wrong in it.
package struct ExperimentSummary: Codable, Sendable {
  /// Neutrinos of one component of the source.
  package struct Flux: Codable, Sendable {
    package var label: String
    package var flavour: String
    /// Key below `source`.
    package var section: String
    /// cm^-2 over the exposure
    package var fluence: Double
    /// cm^-2 s^-1; nil for a source without live time
    package var flux: Double?
  }

  /// One kind of recoil: from which energy on it counts, and what its floor takes away.
  package struct Recoils: Codable, Sendable {
    package var kind: String
    /// MeV
    package var floor: Double
    /// MeV; recoils that are selected with 1 % and with 50 % probability, nil where none is
    package var seenFrom: Double?
    package var halfSeenFrom: Double?
    package var largestAcceptance: Double
    /// Parts of the events that lie below the floor, Standard Model and dipole with m4 = 0.
    package var standardModelBelowFloor: Double
    package var dipoleBelowFloor: Double
  }

  /// Standard Model events of one process and flux component.
  package struct Events: Codable, Sendable {
    package var process: String
    package var component: String
    package var total: Double
  }

  package struct Background: Codable, Sendable {
    package var name: String
    package var total: Double
  }

  package var name: String
  package var title: String
  package var kind: String
  package var statistic: String
  package var fluxes: [Flux]
  package var massKilograms: Double
  /// Days that all of the source shone; nil without such a time.
  package var liveTimeDays: Double?
  package var recoils: [Recoils]
  package var energyBins: Int
  package var timeBins: Int
  package var energyUnit: String
  /// Lowest and highest edge, in that unit.
  package var energyRange: [Double]
  package var standardModel: [Events]
  package var backgrounds: [Background]
  /// nil where there are no data, or no counts.
  package var observed: Double?
  package var hasUncertainties: Bool
  /// chi2 (or Poisson deviance) of the data at the best pulls without signal, pulls of shapes at zero; nil for projections.
  package var chiSquare: Double?
  package var pulls: [String]
  package var warnings: [ExperimentWarning]

  package var standardModelTotal: Double { standardModel.reduce(0) { $0 + $1.total } }
  package var expected: Double { standardModelTotal + backgrounds.reduce(0) { $0 + $1.total } }
}

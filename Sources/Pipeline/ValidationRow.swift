import Experiments
import Foundation

/// A check carried out: our number beside the published one.
package struct ValidationRow: Sendable, Codable {
  /// Entry, with variant.
  package var experiment: String
  /// What was computed: "Standard Model events, 8-60 PE".
  package var quantity: String
  /// What agreement says.
  package var compares: ValidationCheck.Comparison
  package var unit: String
  package var ours: Double
  package var published: Double
  package var uncertainty: Double?
  package var within: Double
  package var source: String
  package var remark: String?

  package var ratio: Double { ours / published }
  package var passed: Bool { abs(ours - published) <= within * abs(published) }
}

/// A statement tried: the limits at each mass.
package struct StatementRow: Sendable, Codable {
  package struct Limits: Sendable, Codable {
    package var experiment: String
    /// GeV^-1, convention A, per mass; nil where there is none.
    package var couplings: [Double?]
  }
  package var statement: ValidationStatement
  /// First that of the experiment the statement is about, then those it is held against.
  package var limits: [Limits]

  package var passed: Bool {
    guard let own = limits.first else { return false }
    switch statement.relation {
    case .below: return isBelow(own, limits.dropFirst())
    case .kink(let fraction): return slopeFraction.map { $0 < fraction } ?? false
    }
  }

  /// It has a limit at every mass, below those of all others.
  private func isBelow(_ own: Limits, _ others: ArraySlice<Limits>) -> Bool {
    own.couplings.enumerated().allSatisfy { index, coupling in
      guard let coupling else { return false }
      return others.allSatisfy { other in
        // an experiment of ours without a limit is weaker; a published curve that ends before says nothing
        guard let theirs = other.couplings[index] else {
          return !other.experiment.hasPrefix(Validation.publishedPrefix)
        }
        return theirs > coupling
      }
    }
  }

  /// Slope of ln d(m4) above the middle one of three masses over that below it.
  package var slopeFraction: Double? {
    let (m4, d) = (statement.masses, limits.first?.couplings.compactMap { $0.map { log($0) } } ?? [])
    guard m4.count == 3, d.count == 3, m4[0] < m4[1], m4[1] < m4[2], d[0] < d[1] else { return nil }
    return (d[2] - d[1]) / (m4[2] - m4[1]) / ((d[1] - d[0]) / (m4[1] - m4[0]))
  }
}

/// Events at the benchmark points.
package struct BenchmarkSpectra: Sendable, Codable {
  package var experiment: String
  package var edges: [Double]
  package var unit: String
  /// MeV
  package var masses: [Double]
  /// mass, energy bin
  package var dipole: [[Double]]
  package var standardModel: [Double]
}

import DipolePhysics
import Foundation
import Units

/// Radiative decay N -> nu gamma at the limit [UPS-15]: what a reader needs to judge whether N leaves the detector. The
/// limit itself counts scatterings only.
package struct DecayAtLimit: Sendable {
  /// Total energy of N, MeV.
  let energy: Double
  /// cm; nil where no probability is asked for.
  let path: Double?

  package init(energy: Double, path: Double?) {
    self.energy = energy
    self.path = path
  }

  package struct Result: Codable, Hashable, Sendable {
    /// "dirac" or "majorana"
    package var nature: String
    package var energy_mev: Double
    package var width_mev: Double
    package var decay_length_cm: Double
    /// On the path from where N is produced.
    package var path_cm: Double?
    package var probability: Double?

    package var text: String {
      let chance = probability.map { String(format: ", probability %.3e on %g cm", $0, path_cm ?? 0) } ?? ""
      return "\(nature) N of \(energy_mev) MeV: width \(String(format: "%.4e", width_mev)) MeV, decay length "
        + "\(String(format: "%.4e", decay_length_cm)) cm\(chance)"
    }
  }

  /// One per nature of N; none without a limit, for a massless N or one heavier than its energy.
  /// - Parameters:
  ///   - m4: MeV
  ///   - coupling: mu in GeV^-1, convention A
  package func results(m4: Double, coupling: Double?) -> [Result] {
    guard let coupling, coupling > 0, m4 > 0, energy > m4 else { return [] }
    let moment = coupling / PhysicalConstants.bohrMagnetonInverseGeV
    return HeavyNeutrinoDecay.Nature.allCases.map { nature in
      let width = HeavyNeutrinoDecay.width(heavyMass: m4, magneticMoment: moment, nature: nature)
      let length = HeavyNeutrinoDecay.decayLength(
        energy: energy, heavyMass: m4, magneticMoment: moment, nature: nature)
      return Result(
        nature: nature.rawValue, energy_mev: energy, width_mev: width, decay_length_cm: length, path_cm: path,
        probability: path.map {
          HeavyNeutrinoDecay.decayProbability(from: 0, to: $0, decayLength: length)
        })
    }
  }
}

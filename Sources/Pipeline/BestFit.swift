import Foundation
import ScanCore
import Statistics

/// The lowest point of a plane, between the masses of its axis too [UPS-47].
struct BestFit {
  /// MeV; nil where no signal improves on none: the mass then means nothing.
  var mass: Double?
  /// Internal units; 0 where no signal is preferred.
  var coupling: Double
  var statistic: Double
  var strength: Double
  var pulls: [Double]
  /// chi2 without signal minus chi2 here.
  var deltaWithoutSignal: Double
  /// Signal events per bin at q = 1.
  var signal: [Double]
  /// The best mass is an end of the axis.
  var edge: AxisEnd?

  /// Differences of chi2 up to here are rounding, not a preference.
  static let noPreference = 1e-6
  /// Masses closer to an end of the axis than this factor are not told from it.
  private static let nextToEnd = 1.001
  private static let rounds = 6
  private static let parts = 8

  init(_ plane: FitPlane) throws {
    let model = plane.model
    let bins = model.plan.binCount
    let best = plane.rows.indices.min { plane.rows[$0].statistic < plane.rows[$1].statistic } ?? 0
    var fit = plane.rows[best]
    mass = plane.masses[best]
    signal = Array(plane.templates[best * bins..<(best + 1) * bins])
    var low = plane.masses[max(0, best - 1)]
    var high = plane.masses[min(plane.masses.count - 1, best + 1)]
    for _ in 0..<Self.rounds where low < high {
      let inner = (1..<Self.parts).map { part in
        exp(log(low) + (log(high) - log(low)) * Double(part) / Double(Self.parts))
      }
      let templates = try model.templates(inner)
      let fits = try model.rowFits(templates)
      guard let i = fits.indices.min(by: { fits[$0].statistic < fits[$1].statistic }) else { break }
      if fits[i].statistic < fit.statistic {
        (fit, mass) = (fits[i], inner[i])
        signal = Array(templates[i * bins..<(i + 1) * bins])
        (low, high) = (i > 0 ? inner[i - 1] : low, i + 1 < inner.count ? inner[i + 1] : high)
      } else if let mass {
        low = max(low, inner.last { $0 < mass } ?? low)
        high = min(high, inner.first { $0 > mass } ?? high)
      }
    }
    deltaWithoutSignal = max(0, plane.withoutSignal.statistic - fit.statistic)
    if deltaWithoutSignal <= Self.noPreference {
      (mass, fit) = (nil, plane.withoutSignal)
      deltaWithoutSignal = 0
    }
    statistic = fit.statistic
    strength = fit.strength
    pulls = fit.pulls
    coupling = model.coupling(ofStrength: fit.strength)
    let ends = (plane.masses.first ?? 0, plane.masses.last ?? .infinity)
    edge = mass.flatMap { mass in
      mass <= ends.0 * Self.nextToEnd ? .low : mass * Self.nextToEnd >= ends.1 ? .high : nil
    }
  }
}

/// An end of an axis.
package enum AxisEnd: String, Codable, Sendable { case low, high }

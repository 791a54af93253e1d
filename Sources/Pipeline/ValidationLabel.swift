import Experiments
import Foundation

/// What a check compares, in words.
enum ValidationLabel {
  /// "Standard Model events, 8-60 PE" or "observed events, bins 1-7 of 21".
  static func events(_ name: String, channel: ChannelSpec, bins: Range<Int>) -> String {
    let counted = channel.content.lowercased()
    let what =
      switch name {
      case "observed": "observed \(counted)"
      case "standard-model": "Standard Model \(counted)"
      case "expected": "all expected \(counted)"
      default: "\(counted) of background \(name)"
      }
    return "\(what), \(range(bins, channel))"
  }

  private static func range(_ bins: Range<Int>, _ channel: ChannelSpec) -> String {
    let (edges, unit) = (channel.energyEdges, channel.energyUnit)
    guard unit == "bin" else {
      return String(format: "%g-%g ", edges[bins.lowerBound], edges[bins.upperBound]) + unit
    }
    let all = edges.count - 1
    if bins.count == all { return all == 1 ? "the only bin" : "all \(all) bins" }
    return bins.count == 1
      ? "bin \(bins.upperBound) of \(all)" : "bins \(bins.lowerBound + 1)-\(bins.upperBound) of \(all)"
  }

  /// "massless limit, flavour mu" or "limit at m4 = 10 MeV, flavour e".
  static func limit(_ query: LimitQuery) -> String {
    let mass = query.m4 == 0 ? "massless limit" : "limit at m4 = \(mass(query.m4))"
    return "\(mass), flavour \(query.flavour)"
  }

  /// "lower end of the interval at m4 = 100 eV, flavour all".
  static func lowerLimit(_ query: LimitQuery) -> String {
    let mass = query.m4 == 0 ? "massless" : "at m4 = \(mass(query.m4))"
    return "lower end of the interval \(mass), flavour \(query.flavour)"
  }

  /// A mass in MeV, in the unit that makes it at least one: "100 eV".
  static func mass(_ m4: Double) -> String {
    for (unit, size) in [("GeV", 1e3), ("MeV", 1), ("keV", 1e-3)] where m4 >= size {
      return String(format: "%g ", m4 / size) + unit
    }
    return String(format: "%g eV", m4 / 1e-6)
  }
}

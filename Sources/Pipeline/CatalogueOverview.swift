import Experiments
import Foundation

/// Which entries share an overview of the validation page: those whose neutrinos and recoils are alike, few enough that
/// every curve has a colour of its own.
enum CatalogueGroup: String, CaseIterable {
  case pions, reactors, solarNuclear = "solar-nuclear", solarElectron = "solar-electron", other

  init(_ spec: ExperimentSpec) {
    if spec.source.kinds.contains(.pionDecayAtRest) {
      self = .pions
    } else if !spec.source.kinds.isDisjoint(with: [.reactor, .chromium]) {
      self = .reactors
    } else if spec.source.kinds.contains(.solar) {
      self = spec.analysis.includeNuclei ? .solarNuclear : .solarElectron
    } else {
      self = .other
    }
  }

  var title: String {
    switch self {
    case .pions: "pion decay at rest"
    case .reactors: "reactors and chromium-51"
    case .solarNuclear: "solar neutrinos, nuclear (and electron) recoils"
    case .solarElectron: "solar neutrinos, electron recoils"
    case .other: "other sources"
    }
  }
}

/// Limits of the entries that hold a flavour, over the mass.
struct CatalogueOverview {
  struct Curve {
    var name: String
    var group: CatalogueGroup
    var isSensitivity: Bool
    /// GeV^-1 per mass; nil where there is no limit worth drawing.
    var limit: [Double?]
  }
  let masses: [Double]
  let curves: [Curve]

  /// The lowest limit from data at each mass, sensitivities left out.
  var strongest: [(m4: Double, d: Double)] {
    masses.indices.compactMap { index in
      let values = curves.filter { !$0.isSensitivity }.compactMap { $0.limit[index] }
      return values.min().map { (masses[index], $0) }
    }
  }

  func curves(of group: CatalogueGroup) -> [Curve] {
    curves.filter { $0.group == group && $0.limit.count { $0 != nil } > 1 }
  }
}

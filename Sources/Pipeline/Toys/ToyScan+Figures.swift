import Contours
import Reporting
import ScanCore

/// The pictures of toys: contours beside each other, and the coverage of the asymptotic one.
extension ToyScan {
  var levelText: String { "\(NumberWords.short(100 * request.level.level)) % C.L." }

  /// - Parameter regions: outlines of what toys exclude
  func figure(
    _ contours: [Contour], _ regions: [Contour], _ asymptotic: [Contour], _ provenance: FitProvenance
  ) -> ExclusionPlot {
    func label(_ name: String, _ contours: [Contour]) -> String {
      "\(name), \(levelText)" + (contours.isEmpty ? " (none)" : "")
    }
    return ScanFigure.exclusion(
      title: "\(subject.title): critical values from toys",
      series: [
        ExclusionPlot.Series(
          label: label("Toys", contours), contours: contours, regions: regions, isSensitivity: false),
        ExclusionPlot.Series(
          label: label("Wilks", asymptotic), contours: asymptotic, regions: [], isSensitivity: true),
      ], flavours: [provenance.flavour], m4: request.masses.values, d: request.couplings.values,
      coupling: provenance.coupling, massSymbol: provenance.massSymbol, overlaysIn: nil,
      caption: [
        "\(toysText)  Asymptotic Δχ² = \(NumberWords.short(request.level.threshold)).  \(provenance.coupling.lagrangian)",
        provenance.makerText,
      ])
  }

  func coverageMap(_ result: ToyScanResult, _ provenance: FitProvenance) -> MapPlot {
    let level = request.level.level
    let coverage = result.values { $0.asymptoticCoverage?.value }
    let grey =
      coverage.allSatisfy(\.isFinite)
      ? "" : "  Grey, on prints hatched: too many fits failed, nothing is stated."
    return MapPlot(
      title:
        "\(subject.title), flavour \(provenance.flavour): coverage of the asymptotic \(levelText) contour",
      masses: request.masses.values, couplings: request.couplings.values, values: coverage,
      valueTitle: "share of toys inside", centre: (level, "C.L. \(NumberWords.short(level))"),
      coupling: provenance.coupling, flavour: provenance.flavour,
      massLabel: PlaneAxes.massLabel(provenance.massSymbol),
      caption: [
        "\(toysText)\(grey)", provenance.makerText,
      ])
  }

  /// "90 % C.L. in the plane (2 dof).  1000 toys per point, seed 1, nuisance parameters drawn from their constraints."
  private var toysText: String {
    let scope =
      request.level.degreesOfFreedom == 1 ? "at fixed \(massSymbol) (1 dof)" : "in the plane (2 dof)"
    let settings = request.settings
    let toys = settings.first == settings.most ? "\(settings.most)" : "\(settings.first) to \(settings.most)"
    return "\(levelText) \(scope).  \(toys) toys per point, seed \(request.seed), \(request.ensemble.words)."
  }
}

extension ToyEnsemble {
  /// What happens to the nuisance parameters, in words.
  package var words: String {
    switch self {
    case .constraints: "nuisance parameters drawn from their constraints"
    case .profiled: "nuisance parameters as fitted to the data at each point"
    case .fixed: "nuisance parameters fixed at those fitted to the data"
    }
  }
}

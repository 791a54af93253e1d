import Contours
import Foundation
import Reporting
import Statistics

/// The picture of a fit: its regions filled, those of single experiments and of the posterior as lines.
extension Reconstruction {
  /// The level at which single experiments are drawn: 90 %, or the highest asked for.
  private var aloneLevel: Int {
    request.levels.lastIndex { $0 <= 0.9 + 1e-9 } ?? request.levels.count - 1
  }

  func figure(_ all: FitOutcome, _ alone: [FitOutcome], _ provenance: FitProvenance) -> RegionPlot {
    let level = aloneLevel
    let percents = { (levels: [Double]) in
      levels.map { NumberWords.short(100 * $0) }.joined(separator: ", ") + " %"
    }
    let shown = alone.isEmpty ? Array(all.levels.indices) : [level]
    var series = [
      RegionPlot.Series(
        label: (alone.isEmpty ? "Profile likelihood, " : "All together, ")
          + percents(shown.map { request.levels[$0] }),
        fills: shown.reversed().map { all.levels[$0].outlines }, lines: shown.map { all.levels[$0].contours },
        style: .main)
    ]
    for outcome in alone {
      series.append(
        RegionPlot.Series(
          label: "\(outcome.experiments.joined(separator: " + ")), \(percents([request.levels[level]]))",
          fills: [], lines: [outcome.levels[level].contours], style: .alone))
    }
    if !all.posteriorLevels.isEmpty {
      let drawn = shown.map { all.posteriorLevels[$0] }
      series.append(
        RegionPlot.Series(
          label: "Posterior, \(percents(drawn.map(\.region.confidenceLevel)))", fills: [],
          lines: drawn.map(\.contours), style: .posterior))
    }
    var marks: [RegionPlot.Mark] = []
    let scale = request.scale
    if let truth = request.truth {
      marks.append(
        RegionPlot.Mark(
          kind: .truth, label: "Injected signal",
          point: ContourPoint(m4: truth.mass, d: scale.fromInternal(truth.coupling))))
    }
    if let mass = all.best.mass {
      marks.append(
        RegionPlot.Mark(
          kind: .bestFit, label: "Best fit",
          point: ContourPoint(m4: mass, d: scale.fromInternal(all.best.coupling))))
    }
    return RegionPlot(
      title: title(provenance), series: series, marks: marks,
      axes: axes(all, series, marks, provenance),
      caption: caption(provenance, levels: shown.map { request.levels[$0] }))
  }

  private func title(_ provenance: FitProvenance) -> String {
    if let title = request.title { return title }
    let what = analyses.first?.chosen?.title ?? "dipole portal"
    let names = analyses.map(\.model.name).joined(separator: " + ")
    return "Fit of the \(what): \(names)"
  }

  private func caption(_ provenance: FitProvenance, levels: [Double]) -> [String] {
    let levels = levels.map { NumberWords.short(-2 * log1p(-$0)) }.joined(separator: ", ")
    let prior =
      request.posterior.map {
        "  Posterior: flat in log \(provenance.massSymbol ?? "m4") and \($0.prior == .linear ? "" : "log ")\(provenance.coupling.symbol)."
      } ?? ""
    return [
      "Fitted: \(provenance.data).  \(provenance.coupling.lagrangian)",
      "Regions in the plane: Δχ² ≤ \(levels) (2 dof), pulls profiled.\(prior)",
      "upscatter \(provenance.version), \(provenance.backend)",
    ]
  }

  /// The whole mass axis; whole decades of d around what is drawn.
  private func axes(
    _ all: FitOutcome, _ series: [RegionPlot.Series], _ marks: [RegionPlot.Mark], _ provenance: FitProvenance
  ) -> PlaneAxes {
    let couplings = all.plane.couplings.map(request.scale.fromInternal)
    let points = series.flatMap { $0.lines.flatMap { $0 } }.flatMap(\.points) + marks.map(\.point)
    let drawn = points.isEmpty ? [] : [Contour(points: points, isClosed: false)]
    let range = ExclusionPlot.couplingRange(of: drawn, within: couplings)
    let masses = all.plane.masses
    return PlaneAxes(
      m4Range: (masses.first ?? 1)...(masses.last ?? 10), dRange: range, coupling: provenance.coupling,
      flavour: provenance.flavour,
      massLabel: provenance.massSymbol.map(ExclusionPlot.subscripted) ?? "{/:Italic m}_4")
  }
}

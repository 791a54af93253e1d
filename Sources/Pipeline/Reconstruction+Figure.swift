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
    let shown = alone.isEmpty ? Array(all.levels.indices) : [level]
    var series = [
      RegionPlot.Series(
        label: (alone.isEmpty ? "Profile likelihood, " : "All together, ")
          + percents(shown.map { all.levels[$0].region }),
        fills: shown.reversed().map { all.levels[$0].outlines }, lines: shown.map { all.levels[$0].contours },
        style: .main)
    ]
    var drawnRegions = shown.map { all.levels[$0].region } + alone.map { $0.levels[level].region }
    for outcome in alone {
      series.append(
        RegionPlot.Series(
          label:
            "\(outcome.experiments.joined(separator: " + ")), \(percents([outcome.levels[level].region]))",
          fills: [], lines: [outcome.levels[level].contours], style: .alone))
    }
    if !all.posteriorLevels.isEmpty {
      let drawn = shown.map { all.posteriorLevels[$0] }
      drawnRegions += drawn.map(\.region)
      series.append(
        RegionPlot.Series(
          label: "Posterior, \(percents(drawn.map(\.region)))", fills: [],
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
      axes: axes(all, series, marks, drawnRegions, provenance),
      caption: caption(
        provenance, levels: shown.map { request.levels[$0] }, isSampled: !all.posteriorLevels.isEmpty))
  }

  private func title(_ provenance: FitProvenance) -> String {
    if let title = request.title { return title }
    let what = analyses.first?.chosen?.title ?? "dipole portal"
    let names = analyses.map(\.model.name).joined(separator: " + ")
    return "Fit of the \(what): \(names)"
  }

  private func caption(_ provenance: FitProvenance, levels: [Double], isSampled: Bool) -> [String] {
    let levels = levels.map { NumberWords.short(-2 * log1p(-$0)) }.joined(separator: ", ")
    // a posterior that was not sampled well enough is not drawn
    let prior =
      (isSampled ? request.posterior : nil).map {
        "  Posterior: flat in log \(provenance.massSymbol ?? "m4") and \($0.prior == .linear ? "" : "log ")\(provenance.coupling.symbol)."
      } ?? ""
    return [
      "Fitted: \(provenance.data).  \(provenance.coupling.lagrangian)",
      "Filled: allowed regions in the plane, Δχ² ≤ \(levels) (2 dof), pulls profiled.\(prior)",
      provenance.makerText,
    ]
  }

  /// "68, 90, 95 %, closed"; where levels differ "68 % closed, 95 % open".
  private func percents(_ regions: [FitRegion]) -> String {
    let list = { (regions: [FitRegion]) in
      regions.map { NumberWords.short(100 * $0.confidenceLevel) }.joined(separator: ", ") + " %"
    }
    let (closed, open) = (regions.filter(\.closes), regions.filter { !$0.closes })
    if closed.isEmpty || open.isEmpty { return "\(list(regions)), \(open.isEmpty ? "closed" : "open")" }
    return "\(list(closed)) closed, \(list(open)) open"
  }

  /// What is drawn with a margin, and of a posterior its 99.5 % region, where all of it is bounded; else the whole mass axis and at
  /// least a decade of d around the lines.
  private func axes(
    _ all: FitOutcome, _ series: [RegionPlot.Series], _ marks: [RegionPlot.Mark], _ drawnRegions: [FitRegion],
    _ provenance: FitProvenance
  ) -> PlaneAxes {
    let couplings = all.plane.couplings.map(request.scale.fromInternal)
    let points = series.flatMap { $0.lines.flatMap { $0 } }.flatMap(\.points) + marks.map(\.point)
    let masses = all.plane.masses
    var (m4, d) = (
      (masses.first ?? 1)...(masses.last ?? 10), ExclusionPlot.couplingRange(of: [], within: couplings)
    )
    if !points.isEmpty {
      let isBounded = drawnRegions.allSatisfy(\.closes)
      let box =
        points
        + (all.posteriorBox?.map { ContourPoint(m4: $0.m4, d: request.scale.fromInternal($0.d)) } ?? [])
      if isBounded { m4 = Self.window(box.map(\.m4), within: masses) }
      d = Self.window(box.map(\.d), within: couplings, span: isBounded ? 1 : 10)
    }
    return PlaneAxes(
      m4Range: m4, dRange: d, coupling: provenance.coupling,
      flavour: provenance.flavour,
      massLabel: PlaneAxes.massLabel(provenance.massSymbol))
  }

  /// From a seventh of their logarithmic span below the values to as much above, at least 5 % and so that the ends are `span` apart,
  /// inside the axis.
  private static func window(
    _ values: [Double], within axis: [Double], span: Double = 1
  ) -> ClosedRange<Double> {
    let (low, high) = (values.min() ?? 1, values.max() ?? 1)
    let margin = max(pow(high / low, 0.15), 1.05, (span * low / high).squareRoot())
    let start = max(low / margin, min(axis.first ?? low, low))
    return start...max(min(high * margin, max(axis.last ?? high, high)), start * 1.05)
  }
}

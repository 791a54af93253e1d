import Contours
import Experiments
import Foundation
import Reporting
import Units

/// The figure of one or several scans, with published curves in the same convention.
package enum ScanFigure {
  /// - Parameters:
  ///   - massSymbol: of the mass axis; nil for m4
  ///   - convention: of published curves, which are of the dipole; nil draws none
  ///   - members: limits of ours beside them
  package static func exclusion(
    title: String, series: [ExclusionPlot.Series], flavours: [String], m4: [Double], d: [Double],
    coupling: CouplingLabel, massSymbol: String? = nil, overlaysIn convention: CouplingConvention?,
    members: [OverlayCurve] = [], caption: [String]
  ) -> ExclusionPlot {
    var plot = ExclusionPlot(
      title: title, series: series,
      overlays: members + (convention.map { published(flavours: flavours, $0) } ?? []),
      m4Range: (m4.first ?? 1)...(m4.last ?? 10),
      dRange: ExclusionPlot.couplingRange(of: series.flatMap(\.contours), within: d),
      coupling: coupling, flavour: flavours.count == 1 ? flavours[0] : "all", caption: caption)
    plot.massLabel = PlaneAxes.massLabel(massSymbol)
    return plot
  }

  /// What the figure does not show though it was asked to: published curves outside its window.
  package static func notes(on figure: ExclusionPlot) -> [String] {
    let outside = figure.overlaysOutsideWindow
    if outside.isEmpty { return [] }
    let names = outside.map { $0.reference.isEmpty ? $0.label : "\($0.label) [\($0.reference)]" }
    return ["published curves outside the window are not drawn: \(names.joined(separator: "; "))"]
  }

  /// Curves of these flavours and of universal couplings; each says its flavour where there are several.
  static func published(flavours: [String], _ convention: CouplingConvention) -> [OverlayCurve] {
    let isMixed = flavours.count > 1 || flavours.contains("all")
    let curves = Catalogue.publishedCurves().enumerated().filter {
      flavours.contains($1.flavour) || $1.flavour == "universal" || flavours.contains("all")
    }
    return curves.map { place, curve in
      OverlayCurve(
        label: curve.label + (isMixed && curve.flavour != "universal" ? ", \(curve.flavour)" : "")
          + (curve.confidenceLevel.map { String(format: ", %g %%", 100 * $0) } ?? ""),
        points: zip(curve.m4, curve.coupling).map { ContourPoint(m4: $0, d: convention.fromInternal($1)) },
        style: curve.kind == .region && curve.sense != .boundary ? .region : .limit,
        reference: curve.reference,
        name: curve.label + (isMixed && curve.flavour != "universal" ? ", \(curve.flavour)" : ""),
        excluded: curve.sense.side, look: place)
    }
  }
}

extension PublishedCurve.Sense {
  var side: OverlayCurve.Excluded? {
    switch self {
    case .excludedAbove: .above
    case .excludedBelow: .below
    case .excludedInside: .inside
    case .boundary: nil
    }
  }
}

extension CouplingLabel {
  package init(_ convention: CouplingConvention) {
    switch convention {
    case .d: self = .d
    case .dNoHalf: self = .dNoHalf
    case .mu: self = .mu
    }
  }
}

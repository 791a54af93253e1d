import Contours

/// A curve for comparison, mostly somebody else's and thin: never to be taken for our result.
package struct OverlayCurve: Codable, Hashable, Sendable {
  package enum Style: String, Codable, Sendable {
    /// A published limit: thin solid line.
    case limit
    /// A published projection: thin dotted line.
    case projection
    /// Outline of a closed published region: thin line back to its start.
    case region
    /// The lowest of several curves of ours, for comparison: broad and pale.
    case envelope
  }
  /// Experiment and confidence level, "CHARM-II 90 %".
  package var label: String
  /// In the coupling convention of the plot.
  package var points: [ContourPoint]
  package var style: Style
  /// Publication, "arXiv:1707.08573".
  package var reference: String
  /// What to write beside the curve, "CHARM-II"; nil for nothing.
  package var name: String?
  /// Marked along the curve; nil marks nothing.
  package var excluded: Excluded?
  /// Chooses colour and marks, so that a curve looks the same whatever is drawn with it; nil takes its place among the curves.
  package var look: Int?

  /// The side of a curve that is excluded.
  package enum Excluded: String, Codable, Sendable {
    case above, below, inside
  }

  package init(
    label: String, points: [ContourPoint], style: Style, reference: String, name: String? = nil,
    excluded: Excluded? = nil, look: Int? = nil
  ) {
    self.label = label
    self.points = points
    self.style = style
    self.reference = reference
    self.name = name
    self.excluded = excluded
    self.look = look
  }

  /// What is drawn: a region returns to its start.
  var polyline: [ContourPoint] {
    guard style == .region, let first = points.first else { return points }
    return points + [first]
  }
}

import Foundation

/// Short marks on the excluded side of a curve, at right angles to it.
struct ExcludedSide {
  let side: OverlayCurve.Excluded
  /// The curve as it is drawn, not cut at the frame.
  let line: [PlotPoint]
  let frame: PlotBox
  let length: Double
  let spacing: Double

  /// Both ends of every mark inside the frame: on the curve, and on the excluded side.
  var marks: [(PlotPoint, PlotPoint)] {
    let sign = leftIsExcluded ? 1.0 : -1
    var marks: [(PlotPoint, PlotPoint)] = []
    var due = spacing / 2
    for (a, b) in zip(line, line.dropFirst()) {
      guard let (a, b) = frame.clipped(a, b) else { continue }
      let span = hypot(b.x - a.x, b.y - a.y)
      while due <= span, span > 0 {
        let foot = PlotPoint(x: a.x + due / span * (b.x - a.x), y: a.y + due / span * (b.y - a.y))
        let tip = PlotPoint(
          x: foot.x - sign * length * (b.y - a.y) / span, y: foot.y + sign * length * (b.x - a.x) / span)
        if frame.contains(tip) { marks.append((foot, tip)) }
        due += spacing
      }
      due -= span
    }
    return marks
  }

  /// Whether the excluded side is to the left of the curve as it is walked. A curve stays on one side of what it excludes: for a limit
  /// its general direction decides, for an outline the sense in which it turns.
  private var leftIsExcluded: Bool {
    guard let first = line.first, let last = line.last else { return true }
    switch side {
    case .above: return last.x >= first.x
    case .below: return last.x < first.x
    case .inside:
      return zip(line, line.dropFirst()).reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y } > 0
    }
  }
}

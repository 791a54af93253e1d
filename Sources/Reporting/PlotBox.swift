/// A point of a picture, in the units of its canvas.
struct PlotPoint: Hashable {
  var x: Double
  var y: Double
}

/// An upright rectangle of a picture, in the units of its canvas.
struct PlotBox: Hashable {
  var left: Double
  var bottom: Double
  var right: Double
  var top: Double

  var width: Double { right - left }
  var height: Double { top - bottom }
  var centre: PlotPoint { PlotPoint(x: (left + right) / 2, y: (bottom + top) / 2) }

  func grown(by margin: Double) -> Self {
    Self(left: left - margin, bottom: bottom - margin, right: right + margin, top: top + margin)
  }

  func contains(_ other: Self) -> Bool {
    left <= other.left && right >= other.right && bottom <= other.bottom && top >= other.top
  }

  func contains(_ point: PlotPoint) -> Bool {
    left <= point.x && right >= point.x && bottom <= point.y && top >= point.y
  }

  func intersects(_ other: Self) -> Bool {
    left < other.right && right > other.left && bottom < other.top && top > other.bottom
  }

  /// The nearest point of the rectangle.
  func nearest(to point: PlotPoint) -> PlotPoint {
    PlotPoint(x: min(max(point.x, left), right), y: min(max(point.y, bottom), top))
  }

  /// The part of a straight line inside; nil if there is none (Liang and Barsky).
  func clipped(_ a: PlotPoint, _ b: PlotPoint) -> (PlotPoint, PlotPoint)? {
    var (start, end) = (0.0, 1.0)
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    for (p, q) in [(-dx, a.x - left), (dx, right - a.x), (-dy, a.y - bottom), (dy, top - a.y)] {
      if p == 0 {
        if q < 0 { return nil }
      } else if p < 0 {
        start = max(start, q / p)
      } else {
        end = min(end, q / p)
      }
    }
    guard start <= end else { return nil }
    return (
      PlotPoint(x: a.x + start * dx, y: a.y + start * dy), PlotPoint(x: a.x + end * dx, y: a.y + end * dy)
    )
  }
}

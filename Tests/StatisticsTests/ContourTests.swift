import Contours
import Foundation
import Testing

/// Contours of functions whose level sets are known in closed form, on logarithmic axes.
@Suite struct ContourTests {
  /// x = ln(m4), y = ln(d): the plane in which contours are straight pieces.
  static func axis(from low: Double, to high: Double, count: Int) -> [Double] {
    (0..<count).map { exp(low + (high - low) * Double($0) / Double(count - 1)) }
  }

  static func contours(
    m4: [Double], d: [Double], level: Double, boundary: ContourBuilder.Boundary = .open,
    _ value: (Double, Double) -> Double
  ) throws -> [Contour] {
    var builder = try ContourBuilder(m4: m4, d: d, level: level, boundary: boundary)
    for (row, mass) in m4.enumerated() {
      try builder.add(row: row, statistic: d.map { value(log(mass), log($0)) })
    }
    return try builder.finish()
  }

  static func isClose(_ a: Double, _ b: Double, relative: Double, absolute: Double = 0) -> Bool {
    abs(a - b) <= max(relative * max(abs(a), abs(b)), absolute)
  }

  static func area(_ contour: Contour) -> Double {
    let points = contour.points
    var twice = 0.0
    for (i, a) in points.enumerated() {
      let b = points[(i + 1) % points.count]
      twice += log(a.m4) * log(b.d) - log(b.m4) * log(a.d)
    }
    return abs(twice) / 2
  }

  /// Largest distance of the vertices of the circle x^2 + y^2 = 1 from it.
  static func circleError(count: Int) throws -> Double {
    let axis = axis(from: -1.53, to: 1.47, count: count)
    let found = try contours(m4: axis, d: axis, level: 1) { x, y in x * x + y * y }
    return found[0].points.map { abs(hypot(log($0.m4), log($0.d)) - 1) }.max() ?? .infinity
  }

  @Test("a circle is one closed contour with the circle's area")
  func circle() throws {
    let axis = Self.axis(from: -1.5, to: 1.5, count: 301)
    let found = try Self.contours(m4: axis, d: axis, level: 1) { x, y in x * x + y * y }
    #expect(found.count == 1)
    #expect(found[0].isClosed)
    // inscribed polygon with spacing h = 0.01: area short by about h^2 / 4
    #expect(Self.isClose(Self.area(found[0]), .pi, relative: 1e-4))
  }

  @Test("halving the spacing quarters the error of a contour")
  func convergence() throws {
    let errors = try [51, 101, 201, 401].map(Self.circleError)
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(coarse / fine > 3 && coarse / fine < 5.5, "\(errors)")
    }
  }

  @Test(
    "a plane has straight contours, exact between grid points",
    arguments: [(1.0, 0.0), (0.0, 1.0), (0.7, 0.4), (-0.3, 0.9)])
  func plane(slopeX: Double, slopeY: Double) throws {
    let m4 = Self.axis(from: -1, to: 2, count: 17)
    let d = Self.axis(from: -3, to: 1, count: 23)
    let offset = 5.0
    let level = offset + 0.317
    let found = try Self.contours(m4: m4, d: d, level: level) { x, y in offset + slopeX * x + slopeY * y }
    #expect(found.count == 1)
    #expect(!found[0].isClosed)
    for point in found[0].points {
      let value = offset + slopeX * log(point.m4) + slopeY * log(point.d)
      #expect(Self.isClose(value, level, relative: 1e-14))
    }
  }

  @Test("a contour through grid points has each of them once")
  func planeThroughCorners() throws {
    let axis = [1.0, 2, 4, 8, 16]
    var builder = try ContourBuilder(m4: axis, d: axis, level: 4)
    for row in axis.indices {
      try builder.add(row: row, statistic: axis.indices.map { Double(row + $0) })
    }
    let found = try builder.finish()
    let expected = (0..<5).map { ContourPoint(m4: axis[$0], d: axis[4 - $0]) }
    #expect(found == [Contour(points: expected, isClosed: false)])
  }

  /// Corners high on one diagonal and low on the other; the centre mean decides which pair is joined.
  @Test(
    "a saddle joins its high corners only if their mean with the low ones reaches the level",
    arguments: [0.6, -0.6])
  func saddle(high: Double) throws {
    let axis = [1.0, 2.0]
    let level = 5.0
    let up = level + 1 + high
    let down = level - 1 + high / 2
    var builder = try ContourBuilder(m4: axis, d: axis, level: level)
    try builder.add(row: 0, statistic: [up, down])
    try builder.add(row: 1, statistic: [down, up])
    let found = try builder.finish()
    #expect(found.count == 2)
    // joined: each piece cuts off a low corner and so runs from a low-mass or low-d edge to the opposite kind
    let cutsLowCorner = found.allSatisfy { contour in
      contour.points.contains { $0.d == 1 } != contour.points.contains { $0.d == 2 }
        && (contour.points.contains { $0.m4 == 1 } == contour.points.contains { $0.d == 2 })
    }
    #expect(cutsLowCorner == (high > 0))
  }

  @Test("islands are kept apart from the main contour, and come in a fixed order")
  func island() throws {
    let m4 = Self.axis(from: 0, to: 4, count: 161)
    let d = Self.axis(from: 0, to: 4, count: 161)
    let found = try Self.contours(m4: m4, d: d, level: 3) { x, y in
      max(2 + (y - 3) * 4, 4 - 20 * (pow(x - 2, 2) + pow(y - 1, 2)))
    }
    #expect(found.map(\.isClosed) == [false, true])
    #expect(Self.isClose(Self.area(found[1]), .pi / 20, relative: 0.01))
    #expect(found[0].points.first?.m4 == m4.first)
    #expect(found[0].points.last?.m4 == m4.last)
    #expect(found.map(\.points[0]) == found.map(\.points[0]).sorted())
  }

  @Test("transposing the plane transposes the contours")
  func transposition() throws {
    let m4 = Self.axis(from: -2, to: 2, count: 31)
    let d = Self.axis(from: -2, to: 2.5, count: 37)
    let surface = { (x: Double, y: Double) in 3 + sin(2 * x + 0.3) * cos(2 * y) + 0.1 * x }
    let direct = try Self.contours(m4: m4, d: d, level: 3.1, surface)
    let turned = try Self.contours(m4: d, d: m4, level: 3.1) { x, y in surface(y, x) }
    let points = Set(direct.flatMap(\.points))
    let back = Set(turned.flatMap(\.points).map { ContourPoint(m4: $0.d, d: $0.m4) })
    #expect(points == back)
    #expect(direct.count == turned.count)
    #expect(direct.map(\.isClosed).filter { $0 }.count == turned.map(\.isClosed).filter { $0 }.count)
    #expect(direct.count > 3)
  }

  @Test("closed boundaries outline the excluded region along the edge of the grid")
  func closedBoundary() throws {
    let m4 = Self.axis(from: 0, to: 2, count: 21)
    let d = Self.axis(from: 0, to: 3, count: 31)
    let found = try Self.contours(m4: m4, d: d, level: 4, boundary: .closed) { x, y in 3 + y - 0.5 * x }
    #expect(found.count == 1)
    #expect(found[0].isClosed)
    // y >= 1 + x / 2 on 0...2 x 0...3: a trapezium of height 2 with sides 2 and 1
    #expect(Self.isClose(Self.area(found[0]), 3, relative: 1e-13))
    let whole = try Self.contours(m4: m4, d: d, level: 4, boundary: .closed) { _, _ in 9 }
    #expect(whole.count == 1)
    #expect(Self.isClose(Self.area(whole[0]), 6, relative: 1e-13))
    #expect(try Self.contours(m4: m4, d: d, level: 4, boundary: .closed) { _, _ in 1 }.isEmpty)
  }

  @Test("grids of one row or one column have no contours and no errors")
  func thinGrids() throws {
    #expect(try Self.contours(m4: [2], d: [1, 2, 3], level: 1) { _, y in 3 * y }.isEmpty)
    #expect(try Self.contours(m4: [1, 2, 3], d: [2], level: 1) { x, _ in 3 * x }.isEmpty)
    #expect(try Self.contours(m4: [2], d: [2], level: 1) { x, _ in 3 * x }.isEmpty)
  }

  // MARK: - Limit curve

  @Test("the limit of a row is exact where sqrt(delta chi2) is linear in log d")
  func limitExact() throws {
    let d = Self.axis(from: -3, to: 2, count: 12)
    let row = d.map { pow(max(0, 1.3 + 0.8 * log($0)), 2) }
    let limit = try #require(try interpolatedCrossing(d: d, statistic: row, level: 2.7055))
    #expect(Self.isClose(log(limit), (2.7055.squareRoot() - 1.3) / 0.8, relative: 1e-13))
  }

  @Test("the limit of delta chi2 = a d^4 converges with the third power of the spacing")
  func limitConvergence() throws {
    let level = 2.7055
    let errors = try [21, 41, 81, 161].map { count -> Double in
      let d = Self.axis(from: -4.03, to: 3, count: count)
      let limit = try #require(
        try interpolatedCrossing(d: d, statistic: d.map { 1.7 * pow($0, 4) }, level: level))
      return abs(log(limit) - log(level / 1.7) / 4)
    }
    #expect(errors[3] < 1e-5, "\(errors)")
    #expect(errors[0] / errors[3] > 256, "\(errors)")
  }

  @Test("the lowest upward crossing counts, and its absence is nil")
  func limitCases() throws {
    let d = [1.0, 2, 4, 8, 16]
    #expect(try interpolatedCrossing(d: d, statistic: [0, 1, 1, 2, 2.5], level: 2.7) == nil)
    #expect(try interpolatedCrossing(d: d, statistic: [3, 4, 5, 6, 7], level: 2.7) == nil)
    #expect(try interpolatedCrossing(d: d, statistic: [5, 1, 0, 2.7, 9], level: 2.7) == 8)
    let first = try #require(try interpolatedCrossing(d: d, statistic: [-1e-14, 4, 0, 1, 9], level: 2.7))
    #expect(first > 1 && first < 2)
  }

  // MARK: - Gaps

  /// y = 0 is the level; the point at x = 0 just above it is not known.
  @Test("cells with a corner that is not known are left out, and outlines end at the last known point")
  func gaps() throws {
    let (m4, d) = (Self.axis(from: -2, to: 2, count: 5), Self.axis(from: -1.5, to: 1.5, count: 4))
    func contours(_ boundary: ContourBuilder.Boundary) throws -> [Contour] {
      var builder = try ContourBuilder(m4: m4, d: d, level: 10, boundary: boundary, allowsGaps: true)
      for row in m4.indices {
        var values = d.map { 10 + log($0) }
        if row == 2 { values[2] = .nan }
        try builder.add(row: row, statistic: values)
      }
      return try builder.finish()
    }
    let open = try contours(.open)
    #expect(open.map { $0.points.map(\.m4) } == [[m4[0], m4[1]], [m4[3], m4[4]]])
    #expect(open.flatMap(\.points).allSatisfy { abs(log($0.d)) < 1e-12 } && open.allSatisfy { !$0.isClosed })
    let outline = try #require(contours(.closed).first)
    #expect(outline.isClosed)
    let aroundGap = outline.points.filter { $0.m4 > m4[1] && $0.m4 < m4[3] }
    #expect(aroundGap.allSatisfy { $0.m4 == m4[2] && $0.d == d[3] } && !aroundGap.isEmpty)
    var strict = try ContourBuilder(m4: m4, d: d, level: 10, allowsGaps: true)
    #expect(throws: ContourError.self) { try strict.add(row: 0, statistic: [0, .infinity, 1, 1]) }
  }

  // MARK: - Errors

  @Test(
    "values that are not finite are errors that name the row", arguments: [Double.nan, .infinity, -.infinity])
  func notFinite(value: Double) throws {
    var builder = try ContourBuilder(m4: [1, 2], d: [1, 2, 3], level: 1)
    let error = #expect(throws: ContourError.self) { try builder.add(row: 0, statistic: [0, value, 1]) }
    #expect(error?.message.contains("row 0") == true)
    #expect(throws: ContourError.self) {
      try interpolatedCrossing(d: [1, 2, 3], statistic: [0, value, 1], level: 1)
    }
  }

  @Test(
    "axes that are empty, not positive or not ascending are errors",
    arguments: [[], [0, 1], [-1, 1], [1, 1], [2, 1], [1, .nan], [1, .infinity]])
  func badAxis(axis: [Double]) {
    #expect(throws: ContourError.self) { try ContourBuilder(m4: axis, d: [1, 2], level: 1) }
    #expect(throws: ContourError.self) { try ContourBuilder(m4: [1, 2], d: axis, level: 1) }
  }

  @Test("rows out of order, of the wrong length or missing are errors, and so are bad levels")
  func badRows() throws {
    var builder = try ContourBuilder(m4: [1, 2], d: [1, 2], level: 1)
    #expect(throws: ContourError.self) { try builder.add(row: 1, statistic: [0, 1]) }
    #expect(throws: ContourError.self) { try builder.add(row: 0, statistic: [0]) }
    try builder.add(row: 0, statistic: [0, 1])
    #expect(throws: ContourError.self) { try builder.finish() }
    try builder.add(row: 1, statistic: [0, 1])
    #expect(throws: ContourError.self) { try builder.add(row: 2, statistic: [0, 1]) }
    for level in [0, -1, Double.nan, .infinity] {
      #expect(throws: ContourError.self) { try ContourBuilder(m4: [1], d: [1], level: level) }
    }
  }
}

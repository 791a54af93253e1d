import Foundation
import Testing

@testable import Reporting

/// Colours as readers with dichromacy see them: G. M. Machado et al., IEEE Trans. Vis. Comput. Graph. 15 (2009) 1291, severity 1,
/// and CIE 1976 colour differences; 2.3 is just noticeable.
@Suite("Palettes") struct PaletteTests {
  enum Vision: CaseIterable {
    case normal, protanopia, deuteranopia, tritanopia

    var matrix: [[Double]] {
      switch self {
      case .normal: [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
      case .protanopia:
        [
          [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
        ]
      case .deuteranopia:
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
      case .tritanopia:
        [
          [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
        ]
      }
    }
  }

  private func multiply(_ matrix: [[Double]], _ vector: [Double]) -> [Double] {
    matrix.map { row in zip(row, vector).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// L*, a*, b* under D65.
  private func lab(_ colour: String, _ vision: Vision) throws -> [Double] {
    let value = try #require(Int(colour.dropFirst(), radix: 16))
    let linear = [value >> 16 & 255, value >> 8 & 255, value & 255].map { part -> Double in
      let c = Double(part) / 255
      return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4)
    }
    let seen = multiply(vision.matrix, linear).map { min(max($0, 0), 1) }
    let xyz = multiply(
      [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]], seen)
    let f = zip(xyz, [0.95047, 1, 1.08883]).map { (x: Double, white: Double) -> Double in
      let t = x / white
      return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116
    }
    return [116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])]
  }

  private func smallestDifference(_ colours: [String], _ vision: Vision) throws -> Double {
    let points = try colours.map { try lab($0, vision) }
    var smallest = Double.infinity
    for i in points.indices {
      for j in 0..<i {
        smallest = min(
          smallest, zip(points[i], points[j]).reduce(0) { $0 + pow($1.0 - $1.1, 2) }.squareRoot())
      }
    }
    return smallest
  }

  @Test("Colours of one plot stay apart for every reader", arguments: Vision.allCases)
  func light(vision: Vision) throws {
    let palette = PlotPalette.light
    #expect(try smallestDifference(palette.results, vision) > 16)
    #expect(try smallestDifference(palette.overlays, vision) > 14.9)
    #expect(
      try smallestDifference(palette.backgrounds + [palette.standardModel, palette.signal], vision) > 17)
    #expect(try smallestDifference([palette.bands.inner, palette.bands.outer, "#FFFFFF"], vision) > 23)
  }

  @Test("Greys of one plot stay apart, and are greys")
  func print() throws {
    let palette = PlotPalette.print
    for colours in [palette.results, palette.overlays, palette.backgrounds] {
      for colour in colours { #expect(Set(colour.dropFirst().split(by: 2)).count == 1, "\(colour)") }
    }
    #expect(try smallestDifference(palette.results + ["#FFFFFF"], .normal) > 20)
    // layers of a stack have black borders besides
    #expect(
      try smallestDifference([palette.backgrounds[1], palette.standardModel, palette.signal], .normal) > 18)
    #expect(try smallestDifference([palette.bands.inner, palette.bands.outer, "#FFFFFF"], .normal) > 12)
  }

  @Test("Names are dark enough to be read on white")
  func text() throws {
    for colour in PlotPalette.light.results + PlotPalette.light.overlays {
      let lightness = try lab(PlotPalette.textColour(colour), .normal)[0]
      #expect(lightness < 55, "\(colour)")
    }
  }
}

extension Substring {
  fileprivate func split(by count: Int) -> [String] {
    stride(from: 0, to: self.count, by: count).map { String(dropFirst($0).prefix(count)) }
  }
}

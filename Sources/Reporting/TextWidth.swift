/// Room that text takes, before any program has drawn it.
enum TextWidth {
  /// Advance widths of the letters from U+0020 to U+007E in thousandths of their size: DejaVu Sans 2.37, the usual sans-serif font of
  /// Linux and wider than Helvetica and Arial.
  private static let advances = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636,
    636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295,
    295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838,
    500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521,
    392, 634, 592, 818, 592, 592, 525, 636, 337, 636,
  ]
  /// Of every other letter, Greek ones among them.
  private static let other = 700

  /// In the unit of `size`.
  static func of(_ text: String, size: Double) -> Double {
    let sum = text.unicodeScalars.reduce(0) { sum, scalar in
      let index = Int(scalar.value) - 32
      return sum + (advances.indices.contains(index) ? advances[index] : other)
    }
    return size * Double(sum) / 1000
  }
}

/// A best fit of the plane that lies at an end of the mass axis.
enum MassAxisNote {
  /// Minima that differ by less belong to no signal, which every mass fits as well.
  private static let visible = 1e-6

  /// - Parameters:
  ///   - minima: of the statistic over d >= 0 per mass
  ///   - massSymbol: "m4"
  static func end(minima: [Double], massSymbol: String) -> String? {
    guard minima.count > 2, let least = minima.min(), let greatest = minima.max(), greatest - least > visible,
      let first = minima.first, let last = minima.last
    else { return nil }
    let end = least == first ? "lowest" : least == last ? "largest" : nil
    return end.map {
      "the best fit in the plane lies at the \($0) mass of the axis: beyond it the fit may be better, and all levels count from the best. "
        + "Widen --\(massSymbol == "m4" ? "m4" : "mass") unless the source makes no other masses"
    }
  }
}

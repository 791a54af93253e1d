/// A column of a table over neutrino energy, read as piecewise linear and not yet normalised.
struct SpectralCurve {
  /// MeV, ascending
  var energies: [Double]
  /// 1/MeV, in whatever the column counts
  var density: [Double]

  /// The column `name` [1/MeV] over `energy` [MeV]; its integral is positive.
  init(_ table: DataTable, column name: String) throws(ExperimentError) {
    energies = try table.numbers("energy", .dimension(.energy), .nonNegative)
    density = try table.numbers(name, .dimension(.inverseEnergy), .nonNegative)
    for row in energies.indices.dropFirst() where energies[row] <= energies[row - 1] {
      throw table.position(row: row, column: "energy").error(
        found: "an energy of \(energies[row]) MeV",
        expected: "more than \(energies[row - 1]) MeV of the row before",
        cure: "Sort the rows by energy.")
    }
    guard integral > 0, integral.isFinite else {
      throw table.position(row: 0, column: name).error(
        found: "a spectrum whose integral is \(integral)", expected: "a positive integral",
        cure: "Give at least two rows with a density.")
    }
  }

  init(energies: [Double], density: [Double]) {
    self.energies = energies
    self.density = density
  }

  var integral: Double {
    var sum = 0.0
    for row in energies.indices.dropFirst() {
      sum += 0.5 * (density[row] + density[row - 1]) * (energies[row] - energies[row - 1])
    }
    return sum
  }

  /// The same shape with an integral of one.
  var normalised: SpectrumSpec {
    let whole = integral
    return .table(energies: energies, density: density.map { $0 / whole })
  }
}

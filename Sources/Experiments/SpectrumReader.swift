/// Reads a spectrum: lines or a table.
struct SpectrumReader {
  let context: LoadContext

  func read(_ node: ConfigNode) throws(ExperimentError) -> SpectrumSpec {
    let choice = try Alternative(node, kinds: ["lines", "table"])
    let parameters = try choice.requiredParameters()
    return choice.kind == "lines" ? try lines(parameters) : try table(parameters)
  }

  private func lines(_ node: ConfigNode) throws(ExperimentError) -> SpectrumSpec {
    var energies: [Double] = []
    var weights: [Double] = []
    for item in try node.list() {
      let section = try context.section(item, keys: ["energy", "weight"])
      energies.append(try section.required("energy").quantity(.dimension(.energy), .positive))
      weights.append(try section.required("weight").number(.positive))
    }
    let sum = weights.reduce(0, +)
    guard abs(sum - 1) <= 1e-3 else {
      throw node.error(
        found: "weights that add up to \(sum)", expected: "a sum of one (to 0.001)",
        cure: "Give each line its share of the fluence.")
    }
    return .lines(energies: energies, weights: weights.map { $0 / sum })
  }

  private func table(_ node: ConfigNode) throws(ExperimentError) -> SpectrumSpec {
    try SpectralCurve(context.tables.table(node), column: "density").normalised
  }
}

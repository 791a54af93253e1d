/// Reads `electron-levels`: binding energies and occupations of a neutral atom.
struct ElectronLevelReader {
  let context: LoadContext

  /// The levels of an element from a table that the file names.
  func read(_ node: ConfigNode, protons: Int) throws(ExperimentError) -> [ElectronLevel] {
    let section = try context.section(node, keys: ["table", "element"])
    let table = try context.tables.table(section.required("table"))
    return try levels(
      of: section.required("element").text(), protons: protons, table, at: section.node)
  }

  /// The levels of an element from the library.
  func fromLibrary(_ element: String, protons: Int, at node: ConfigNode) throws(ExperimentError)
    -> [ElectronLevel]
  {
    try levels(of: element, protons: protons, context.tables.library("electron-levels.csv"), at: node)
  }

  private func levels(
    of element: String, protons: Int, _ table: DataTable, at node: ConfigNode
  ) throws(ExperimentError) -> [ElectronLevel] {
    let elements = try table.texts("element")
    let energies = try table.numbers("binding_energy", .dimension(.energy), .nonNegative)
    let electrons = try table.numbers("electrons", nil, .positive)
    var levels: [ElectronLevel] = []
    for row in elements.indices where elements[row] == element {
      guard let count = Int(exactly: electrons[row]), count <= protons else {
        throw table.position(row: row, column: "electrons").error(
          found: "\(electrons[row]) electrons", expected: "a whole number up to \(protons)",
          cure: "Correct the cell.")
      }
      levels.append(ElectronLevel(bindingEnergy: energies[row], electrons: count))
    }
    let total = levels.reduce(0) { $0 + $1.electrons }
    guard total == protons else {
      throw node.error(
        found: "\(total) electrons of `\(element)` in \(table.file)", expected: "\(protons), one per proton",
        cure: "Complete the levels of the neutral atom.")
    }
    return levels
  }
}

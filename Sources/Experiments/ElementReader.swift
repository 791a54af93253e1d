/// Reads an item of `detector.nuclei` that names an element: all its natural isotopes from the library, with their
/// abundances, masses and charge radii.
struct ElementReader {
  let context: LoadContext

  private struct Isotope {
    var name: String
    var protons: Int
    var neutrons: Int
    var atomicMass: Double
    /// share of the element, by number
    var abundance: Double
    /// fm
    var chargeRadius: Double
  }

  func isElement(_ node: ConfigNode) -> Bool {
    guard case .mapping(let entries) = node.content else { return false }
    return entries.contains { $0.key == "element" }
  }

  func read(_ node: ConfigNode) throws(ExperimentError) -> [NucleusSpec] {
    let section = try context.section(
      node, keys: ["element", "per-formula-unit", "form-factor", "electron-levels"])
    let elementNode = try section.required("element")
    let element = try elementNode.text()
    let isotopes = try isotopes(of: element, at: elementNode)
    let atoms = try section.required("per-formula-unit").number(.positive)
    let levels = try section["electron-levels"].map { (levels) throws(ExperimentError) in
      try electronLevels(levels, element, protons: isotopes[0].protons)
    }
    let formFactor = try section.required("form-factor")
    var nuclei: [NucleusSpec] = []
    for isotope in isotopes {
      nuclei.append(
        NucleusSpec(
          name: isotope.name, protons: isotope.protons, neutrons: isotope.neutrons,
          atomicMass: isotope.atomicMass, perFormulaUnit: atoms * isotope.abundance,
          formFactor: try self.formFactor(formFactor, isotope), electronLevels: levels ?? []))
    }
    return nuclei
  }

  // MARK: - Library

  private func isotopes(of element: String, at node: ConfigNode) throws(ExperimentError) -> [Isotope] {
    let table = try context.tables.library("isotopes.csv")
    let elements = try table.texts("element")
    let protons = try table.numbers("protons", nil, .positive)
    let nucleons = try table.numbers("nucleons", nil, .positive)
    let masses = try table.numbers("atomic_mass", .dimension(.atomicMass), .positive)
    let abundances = try table.numbers("abundance", nil, .fraction)
    let radii = try table.numbers("charge_radius", .dimension(.radius), .positive)
    let rows = elements.indices.filter { elements[$0] == element }
    guard !rows.isEmpty else {
      let known = elements.indices.filter { $0 == 0 || elements[$0] != elements[$0 - 1] }.map { elements[$0] }
      throw node.error(
        expected: "an element of the library: \(Spelling.listing(known))",
        cure:
          "\(Spelling.suggestion(for: element, among: known))List the isotopes of other elements one by one.")
    }
    // Printed abundances add up to one to a few digits; all atoms of the formula unit are to be counted.
    let total = rows.reduce(0) { $0 + abundances[$1] }
    return rows.map { row in
      Isotope(
        name: "\(element)\(Int(nucleons[row]))", protons: Int(protons[row]),
        neutrons: Int(nucleons[row]) - Int(protons[row]), atomicMass: masses[row],
        abundance: abundances[row] / total, chargeRadius: radii[row])
    }
  }

  private func electronLevels(
    _ node: ConfigNode, _ element: String, protons: Int
  ) throws(ExperimentError) -> [ElectronLevel] {
    let reader = ElectronLevelReader(context: context)
    if case .scalar("library") = node.content {
      return try reader.fromLibrary(element, protons: protons, at: node)
    }
    return try reader.read(node, protons: protons)
  }

  // MARK: - Form factor

  /// Proton radius: the charge radius of the library; neutron radius: the same plus `neutron-skin`.
  private func formFactor(_ node: ConfigNode, _ isotope: Isotope) throws(ExperimentError) -> FormFactorSpec {
    let choice = try Alternative(node, kinds: NucleusReader.formFactorKinds)
    guard let shape = NucleusReader.thickness.first(where: { $0.kind.rawValue == choice.kind }) else {
      return NucleusReader.withoutRadii(choice.kind)
    }
    let section = try context.section(
      choice.requiredParameters(), keys: ["radii", "neutron-skin", shape.key])
    _ = try section.required("radii").choice([("charge", true)])
    let skin = try section.required("neutron-skin")
    let spec = FormFactorSpec(
      kind: shape.kind, protonRadius: isotope.chargeRadius,
      neutronRadius: isotope.chargeRadius + (try skin.quantity(.dimension(.radius))),
      thickness: try section.required(shape.key).quantity(.dimension(.radius), .positive))
    // The squared radius of the uniform core must stay positive [UPS-7].
    let smallest = spec.smallestRadius
    guard spec.protonRadius > smallest else {
      throw (section[shape.key] ?? section.node).error(
        expected:
          "a thickness whose own radius, \(smallest) fm, is below the \(spec.protonRadius) fm of \(isotope.name)",
        cure: "Correct the thickness.")
    }
    guard spec.neutronRadius > smallest, spec.neutronRadius < 3 * spec.protonRadius else {
      throw skin.error(
        expected:
          "a skin that leaves \(isotope.name) a neutron radius between \(smallest) and \(3 * spec.protonRadius) fm",
        cure: "Correct the skin: it is added to the charge radius \(spec.protonRadius) fm.")
    }
    return spec
  }
}

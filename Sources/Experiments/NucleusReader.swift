/// Reads `detector.nuclei`: isotopes one by one, or whole elements.
struct NucleusReader {
  let context: LoadContext

  func read(_ node: ConfigNode) throws(ExperimentError) -> [NucleusSpec] {
    var nuclei: [NucleusSpec] = []
    let elements = ElementReader(context: context)
    for item in try node.list() {
      nuclei += elements.isElement(item) ? try elements.read(item) : [try nucleus(item)]
    }
    return nuclei
  }

  private func nucleus(_ node: ConfigNode) throws(ExperimentError) -> NucleusSpec {
    let section = try context.section(
      node,
      keys: [
        "name", "protons", "neutrons", "atomic-mass", "per-formula-unit", "form-factor", "electron-levels",
      ])
    let protons = try section.required("protons").integer(in: 1...120)
    let neutrons = try section.required("neutrons").integer(in: 0...200)
    return NucleusSpec(
      name: try section.required("name").text(), protons: protons, neutrons: neutrons,
      atomicMass: try atomicMass(section.required("atomic-mass"), nucleons: protons + neutrons),
      perFormulaUnit: try section.required("per-formula-unit").number(.positive),
      formFactor: try formFactor(section.required("form-factor")),
      electronLevels: try section["electron-levels"].map { (levels) throws(ExperimentError) in
        try ElectronLevelReader(context: context).read(levels, protons: protons)
      } ?? [])
  }

  /// Within 1 % of the number of nucleons: a nuclear or a molar mass, or a slip, shows.
  private func atomicMass(_ node: ConfigNode, nucleons: Int) throws(ExperimentError) -> Double {
    let mass = try node.quantity(.dimension(.atomicMass), .positive)
    guard abs(mass - Double(nucleons)) <= 0.01 * Double(nucleons) else {
      throw node.error(
        expected: "an atomic mass within 1 % of \(nucleons) u, the number of nucleons",
        cure: "Correct the mass, `protons` or `neutrons`.")
    }
    return mass
  }

  // MARK: - Form factor

  /// Name of the thickness parameter of each parametrisation with radii.
  static let thickness: [(kind: FormFactorSpec.Kind, key: String)] = [
    (.helm, "skin"), (.kleinNystrand, "range"), (.fermi, "diffuseness"),
  ]

  private static let plain: [FormFactorSpec.Kind] = [.helmLewinSmith, .unity]

  /// Names of all form factors.
  static let formFactorKinds = thickness.map(\.kind.rawValue) + plain.map(\.rawValue)

  /// A form factor that asks for no radii in the file.
  static func withoutRadii(_ kind: String) -> FormFactorSpec {
    let kind = plain.first { $0.rawValue == kind } ?? .unity
    return FormFactorSpec(kind: kind, protonRadius: 0, neutronRadius: 0, thickness: 0)
  }

  private func formFactor(_ node: ConfigNode) throws(ExperimentError) -> FormFactorSpec {
    let choice = try Alternative(node, kinds: Self.formFactorKinds)
    guard let shape = Self.thickness.first(where: { $0.kind.rawValue == choice.kind }) else {
      return Self.withoutRadii(choice.kind)
    }
    let section = try context.section(
      choice.requiredParameters(), keys: ["proton-radius", "neutron-radius", shape.key])
    let spec = FormFactorSpec(
      kind: shape.kind, protonRadius: try radius(section, "proton-radius"),
      neutronRadius: try radius(section, "neutron-radius"), thickness: try radius(section, shape.key))
    try checkRadii(spec, section)
    return spec
  }

  private func radius(_ section: Section, _ key: String) throws(ExperimentError) -> Double {
    try section.required(key).quantity(.dimension(.radius), .positive)
  }

  /// The squared radius of the uniform core must stay positive [UPS-7].
  private func checkRadii(_ spec: FormFactorSpec, _ section: Section) throws(ExperimentError) {
    for key in ["proton-radius", "neutron-radius"] {
      let radius = key == "proton-radius" ? spec.protonRadius : spec.neutronRadius
      guard radius <= spec.smallestRadius else { continue }
      throw (section[key] ?? section.node).error(
        expected:
          "a radius greater than \(spec.smallestRadius) fm, what the surface alone gives",
        cure: "Correct the radius or the thickness.")
    }
  }
}

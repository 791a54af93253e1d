import DipolePhysics
import Rates

/// Nuclei and electrons of one configuration.
struct ReferenceTarget {
  let nuclei: [TargetModel]
  let electrons: ElectronTargetModel

  init(_ reader: inout ConfigurationObject, formulaUnits: Double) throws(ConfigurationError) {
    var nuclei: [TargetModel] = []
    var levels: [ElectronTargetModel.Step] = []
    for object in try reader.objects("target") {
      var entry = object
      let stoichiometry = try entry.number("stoich")
      let nucleus = try Self.nucleus(&entry, count: formulaUnits * stoichiometry)
      nuclei.append(nucleus)
      levels += try Self.levels(&entry, protons: nucleus.protons, stoichiometry: stoichiometry)
      try entry.finish()
    }
    self.nuclei = nuclei
    electrons = ElectronTargetModel(count: formulaUnits, levels: levels)
  }

  /// Listed levels, or all electrons free.
  private static func levels(
    _ entry: inout ConfigurationObject, protons: Int, stoichiometry: Double
  ) throws(ConfigurationError) -> [ElectronTargetModel.Step] {
    guard entry.contains("levels") else {
      return [ElectronTargetModel.Step(bindingEnergy: 0, electrons: Double(protons) * stoichiometry)]
    }
    return try entry.pairs("levels").map {
      ElectronTargetModel.Step(bindingEnergy: $0.0, electrons: $0.1 * stoichiometry)
    }
  }

  private static func nucleus(
    _ entry: inout ConfigurationObject, count: Double
  ) throws(ConfigurationError) -> TargetModel {
    let factors = try formFactors(entry.object("ff"))
    return TargetModel(
      name: try entry.text("name"), mass: try entry.number("M"), count: count,
      protons: try entry.integer("Z"),
      neutrons: try entry.integer("N"), protonFormFactor: factors.proton, neutronFormFactor: factors.neutron)
  }

  private static func formFactors(
    _ object: ConfigurationObject
  ) throws(ConfigurationError) -> (proton: FormFactor, neutron: FormFactor) {
    var reader = object
    let (shape, thicknessKey): (FormFactor.Shape, String?)
    switch try reader.text("kind") {
    case "helm": (shape, thicknessKey) = (.helm, "s")
    case "kn": (shape, thicknessKey) = (.kleinNystrand, "ak")
    case "sf": (shape, thicknessKey) = (.fermi, "a")
    case "unity": (shape, thicknessKey) = (.unity, nil)
    case let kind: throw reader.failure("unknown form factor \"\(kind)\"")
    }
    guard let thicknessKey else {
      try reader.finish()
      let factor = FormFactor(shape: shape, rmsRadius: 1, thickness: 1)
      return (factor, factor)
    }
    let thickness = try reader.number(thicknessKey)
    let proton = FormFactor(shape: shape, rmsRadius: try reader.number("rms_p"), thickness: thickness)
    let neutron = FormFactor(shape: shape, rmsRadius: try reader.number("rms_n"), thickness: thickness)
    try reader.finish()
    return (proton, neutron)
  }
}

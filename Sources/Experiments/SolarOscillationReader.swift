import DipolePhysics

/// Reads `source.solar.oscillation`.
struct SolarOscillationReader {
  let context: LoadContext

  /// nil for `none`.
  func read(_ node: ConfigNode) throws(ExperimentError) -> SolarOscillation? {
    let choice = try Alternative(node, kinds: ["none", "adiabatic"])
    guard choice.kind == "adiabatic" else {
      try choice.refuseParameters(unless: "adiabatic")
      return nil
    }
    let section = try context.section(
      choice.requiredParameters(), keys: ["mixing", "mass-splitting-21", "electron-density"])
    return SolarOscillation(
      mixing: try MixingReader(context: context).read(section.required("mixing")),
      massSplitting: try massSplitting(section.required("mass-splitting-21")),
      electronDensity: try electronDensity(section.required("electron-density")))
  }

  private func massSplitting(_ node: ConfigNode) throws(ExperimentError) -> Double {
    let value = try node.quantity(.dimension(.massSplitting), .positive)
    guard (1e-12...1).contains(value) else {
      throw node.error(
        expected: "a splitting between 1e-12 and 1 eV^2, such as 7.5e-5 eV^2", cure: "Correct the number.")
    }
    return value
  }

  private func electronDensity(_ node: ConfigNode) throws(ExperimentError) -> Double? {
    if case .scalar("production-profile") = node.content { return nil }
    guard case .scalar(let text) = node.content, text.contains(where: \.isNumber) else {
      throw node.error(
        expected: "`production-profile` or a density such as `92 mol/cm^3`", cure: "Write one of these.")
    }
    let value = try node.quantity(.dimension(.electronDensity), .nonNegative)
    guard value <= 1e6 else {
      throw node.error(expected: "a density up to 1e6 mol/cm^3", cure: "Correct the number.")
    }
    return value
  }
}

/// Reads the angles and the phase of the lepton mixing matrix, standard parametrisation [UPS-16].
struct MixingReader {
  let context: LoadContext

  func read(_ node: ConfigNode) throws(ExperimentError) -> LeptonMixing {
    let section = try context.section(
      node, keys: ["sin2-theta12", "sin2-theta13", "sin2-theta23", "delta"])
    return LeptonMixing(
      sin2Theta12: try openSquaredSine(section.required("sin2-theta12")),
      sin2Theta13: try squaredSine(section.required("sin2-theta13")),
      sin2Theta23: try squaredSine(section.required("sin2-theta23")),
      delta: try section.required("delta").quantity(.dimension(.angle)))
  }

  /// The angle that matter resonates with must mix.
  private func openSquaredSine(_ node: ConfigNode) throws(ExperimentError) -> Double {
    let value = try squaredSine(node)
    guard value > 0, value < 1 else {
      throw node.error(expected: "a squared sine above 0 and below 1", cure: "Correct the number.")
    }
    return value
  }

  private func squaredSine(_ node: ConfigNode) throws(ExperimentError) -> Double {
    let value = try node.number(.nonNegative)
    guard value <= 1 else {
      throw node.error(expected: "a squared sine, 0 to 1", cure: "Correct the number.")
    }
    return value
  }
}

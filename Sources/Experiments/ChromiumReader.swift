import DipolePhysics

/// Reads `source.chromium-51` [UPS-33]: the lines of electron capture on 51Cr, the decay of the source and its distance.
struct ChromiumReader {
  let context: LoadContext
  let times: ArrivalTimeReader

  private static let geometries = ["mean", "point", "sphere", "cylinder", "cylinder-shell"]

  func read(_ node: ConfigNode) throws(ExperimentError) -> [FluxComponentSpec] {
    let section = try context.section(node, keys: ["exposure", "flux", "arrival-times"])
    let seconds = try section.seconds("exposure")
    let choice = try Alternative(section.required("flux"), kinds: Self.geometries)
    let flux = try meanFlux(choice, seconds: seconds)
    let lines = LineSpectrum.chromium51
    let sum = lines.weights.reduce(0, +)
    return [
      FluxComponentSpec(
        label: "chromium_51", flavour: .e,
        spectrum: .lines(energies: lines.energies, weights: lines.weights.map { $0 / sum }),
        fluence: try node.checkedFluence(
          flux * seconds, cure: "Check flux, activity, distance and exposure."),
        arrivalTimes: try times.read(section))
    ]
  }

  /// Averaged over exposure and detector, cm^-2 s^-1.
  private func meanFlux(_ choice: Alternative, seconds: Double) throws(ExperimentError) -> Double {
    let parameters = try choice.requiredParameters()
    guard choice.kind != "mean" else { return try parameters.quantity(.dimension(.flux), .positive) }
    let keys = [
      "point": ["distance"], "sphere": ["distance", "radius"], "cylinder": ["distance", "radius", "height"],
    ]
    let section = try context.section(
      parameters, keys: ["activity"] + (keys[choice.kind] ?? ["inner-radius", "outer-radius", "height"]))
    let activity = try section.required("activity").quantity(.dimension(.activity), .positive)
    let decay = RadioactiveSource.meanActivity(
      exposure: seconds, halfLife: RadioactiveSource.chromium51HalfLife)
    return activity * decay * (try dilution(choice.kind, section))
  }

  /// <1/(4 pi r^2)> over the detector, cm^-2.
  private func dilution(_ kind: String, _ section: Section) throws(ExperimentError) -> Double {
    switch kind {
    case "point": return RadioactiveSource.pointDilution(distance: try length(section, "distance"))
    case "sphere":
      let (distance, radius) = (try length(section, "distance"), try length(section, "radius"))
      guard distance > radius else {
        throw (section["distance"] ?? section.node).error(
          expected: "more than the radius: the distance of the source from the centre of the sphere",
          cure: "Put the source outside the detector.")
      }
      return RadioactiveSource.ballDilution(radius: radius, distance: distance)
    case "cylinder":
      let distance = try length(section, "distance")
      return RadioactiveSource.shellDilution(
        inner: 0, outer: try length(section, "radius"), from: distance,
        to: distance + (try length(section, "height")))
    default:
      let (inner, outer) = (try length(section, "inner-radius"), try length(section, "outer-radius"))
      guard inner < outer else {
        throw (section["outer-radius"] ?? section.node).error(
          expected: "more than `inner-radius`", cure: "Exchange the radii.")
      }
      let half = 0.5 * (try length(section, "height"))
      return RadioactiveSource.shellDilution(inner: inner, outer: outer, from: -half, to: half)
    }
  }

  private func length(_ section: Section, _ key: String) throws(ExperimentError) -> Double {
    try section.required(key).quantity(.dimension(.length), .positive)
  }
}

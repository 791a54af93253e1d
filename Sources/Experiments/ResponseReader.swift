/// Reads `detector.response`: what turns visible energy into the reconstructed one, or recoils into analysis bins.
struct ResponseReader {
  let context: LoadContext
  /// "PE", "keVee", "keV" or "bin"
  let energyUnit: String
  /// Energy bins of the channel, those below `from` included.
  let energyBins: Int

  private static let units = [
    "gamma-photoelectrons": "PE", "truncated-gaussian": "keVee", "gaussian": "keVee", "ideal": "keV",
    "matrix": "bin",
  ]

  func read(_ node: ConfigNode) throws(ExperimentError) -> ResponseSpec {
    let choice = try Alternative(node, kinds: Self.units.keys.sorted())
    guard Self.units[choice.kind] == energyUnit else {
      throw choice.kindPosition.error(
        found: "the response `\(choice.kind)` with a channel in \(energyUnit)",
        expected: "a channel in \(Self.units[choice.kind] ?? "another unit")",
        cure: "Change `channel.energy.unit` or the response.")
    }
    guard choice.kind != "ideal" else { return .ideal }
    let parameters = try choice.requiredParameters()
    switch choice.kind {
    case "gamma-photoelectrons":
      let section = try context.section(parameters, keys: ["a", "b"])
      return .gammaPhotoelectrons(
        aKeV: try section.required("a").quantity(.dimension(.energyInKeV), .positive),
        bPerKeV: try section.required("b").quantity(.dimension(.perKeV), .nonNegative))
    case "truncated-gaussian":
      let section = try context.section(parameters, keys: ["noise", "pair-energy", "fano"])
      return .truncatedGaussian(
        noise: try section.required("noise").quantity(.dimension(.energy), .positive),
        pairEnergy: try section.required("pair-energy").quantity(.dimension(.energy), .positive),
        fano: try section.required("fano").number(.nonNegative))
    case "matrix": return try matrix(parameters)
    default: return .gaussian(try gaussian(parameters))
    }
  }

  private func gaussian(_ node: ConfigNode) throws(ExperimentError) -> GaussianResolution {
    let section = try context.section(node, keys: ["noise", "stochastic", "constant", "combination"])
    let resolution = GaussianResolution(
      noise: try section.required("noise").quantity(.dimension(.energyInKeV), .nonNegative),
      stochastic: try section.required("stochastic").number(.nonNegative),
      constant: try section.required("constant").quantity(.dimension(.fraction), .nonNegative),
      combination: try section.required("combination").choice([.quadrature, .sum]))
    guard resolution.noise + resolution.stochastic + resolution.constant > 0 else {
      throw node.error(
        found: "a resolution of zero", expected: "a positive term",
        cure: "Correct it, or use the response `ideal`.")
    }
    return resolution
  }

  private func matrix(_ node: ConfigNode) throws(ExperimentError) -> ResponseSpec {
    let section = try context.section(node, keys: ["nuclear", "electron"])
    let nuclear = try matrix(of: section.required("nuclear"))
    let electron = try matrix(of: section.required("electron"))
    guard nuclear != nil || electron != nil else {
      throw node.error(
        found: "a matrix for no recoil", expected: "a table for `nuclear`, `electron` or both",
        cure: "Name the tables.")
    }
    return .matrix(nuclear: nuclear, electron: electron)
  }

  private func matrix(of node: ConfigNode) throws(ExperimentError) -> ResponseMatrixSpec? {
    if case .scalar("none") = node.content { return nil }
    return try CurveReader(context: context).matrix(node, bins: energyBins)
  }
}

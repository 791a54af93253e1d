/// Reads `channel.observed: { flux-ratio-limit: ... }`: an upper limit on a flux in place of events [UPS-26].
struct FluxRatioReader {
  let context: LoadContext

  /// nil when the node holds something else.
  func read(_ node: ConfigNode) throws(ExperimentError) -> FluxRatioLimitSpec? {
    guard case .mapping(let entries) = node.content, entries.contains(where: { $0.key == "flux-ratio-limit" })
    else { return nil }
    let parameters = try context.section(node, keys: ["flux-ratio-limit"]).required("flux-ratio-limit")
    let section = try context.section(parameters, keys: ["limit", "prediction", "confidence"])
    let confidence = try section.required("confidence")
    let spec = FluxRatioLimitSpec(
      limit: try section.required("limit").quantity(.dimension(.flux), .positive),
      prediction: try section.required("prediction").quantity(.dimension(.flux), .positive),
      confidence: try confidence.quantity(.dimension(.fraction), .fraction))
    guard spec.ratio > 1 else {
      throw parameters.error(
        found: "a limit of \(spec.ratio) times the prediction", expected: "a limit above the prediction",
        cure: "Correct the fluxes: a limit below the prediction excludes the Standard Model.")
    }
    guard (0.01...0.9999).contains(spec.confidence) else {
      throw confidence.error(expected: "a confidence from 1 % to 99.99 %", cure: "Correct the number.")
    }
    return spec
  }

  /// One number was measured: one bin, and nothing beside the Standard Model in it.
  func check(_ limit: FluxRatioLimitSpec, _ section: Section, _ axes: ChannelAxes) throws(ExperimentError) {
    for key in ["time", "uncertainties", "backgrounds"] {
      guard let node = section[key] else { continue }
      throw node.error(
        found: "`\(key)` with a flux-ratio limit", expected: "none: the limit holds it already",
        cure: "Remove it.")
    }
    let bins = axes.energyBins - axes.skippedEnergyBins
    guard bins == 1 else {
      throw (section["energy"] ?? section.node).error(
        found: "\(bins) energy bins with a flux-ratio limit", expected: "one bin",
        cure: "Give the two edges of the whole range.")
    }
  }
}

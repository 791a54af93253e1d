/// Reads `systematics.shape`: a mapping of names to pulls that act non-linearly, each a unit Gaussian [UPS-19].
struct ShapePullReader {
  let context: LoadContext
  let detector: DetectorSpec
  let source: SourceSpec
  let axes: ChannelAxes
  /// The Gaussian statistic takes templates of backgrounds only, and signed ones.
  let isGaussian: Bool
  let backgrounds: [String]
  /// Names that pulls of the file have already.
  let taken: [String]

  private static let kinds = [
    "quenching", "energy-scale", "neutron-radius", "arrival-onset", "background-shape",
  ]

  func read(_ node: ConfigNode) throws(ExperimentError) -> [ShapePullSpec] {
    guard case .mapping(let entries) = node.content, !entries.isEmpty else {
      throw node.error(
        expected: "a mapping of names to pulls",
        cure: "Write for example `shape: { onset: { arrival-onset: 80 ns } }`, or leave `shape` out.")
    }
    guard entries.count <= ShapePullSpec.maximumCount else {
      throw node.error(
        found: "\(entries.count) shape pulls", expected: "at most \(ShapePullSpec.maximumCount)",
        cure: "Keep those that move the result most.")
    }
    var pulls: [ShapePullSpec] = []
    for entry in entries {
      try PullName.check(entry, taken: taken)
      let choice = try Alternative(entry.value, kinds: Self.kinds)
      try refuseRepeated(choice, pulls)
      pulls.append(ShapePullSpec(name: entry.key, effect: try effect(choice)))
    }
    let most = ShapePullSpec.maximumRateCount
    let moving = pulls.count { $0.effect.movesRates }
    guard moving <= most else {
      throw node.error(
        found: "\(moving) pulls that move the signal",
        expected: "at most \(most) beside those of backgrounds",
        cure: "Keep those that move the result most.")
    }
    return pulls
  }

  private func effect(_ choice: Alternative) throws(ExperimentError) -> ShapePullSpec.Effect {
    let parameters = try choice.requiredParameters()
    guard choice.kind == "background-shape" || !isGaussian else {
      throw choice.kindPosition.error(
        found: "the pull `\(choice.kind)` with the Gaussian statistic",
        expected: "`background-shape`, a template in the covariance",
        cure: "Use `statistic: poisson`, or leave the pull out.")
    }
    switch choice.kind {
    case "background-shape": return try backgroundShape(parameters)
    case "quenching": return .quenching(plusOneSigma: try quenching(choice, parameters))
    case "energy-scale":
      try requireVisibleEnergy(choice)
      return .energyScale(width: try relativeWidth(parameters, of: "energy scale"))
    case "neutron-radius": return .neutronRadius(width: try radiusWidth(choice, parameters))
    default: return .arrivalOnset(width: try onset(choice, parameters))
    }
  }

  /// One parameter moves the radii and one the arrival times.
  private func refuseRepeated(_ choice: Alternative, _ pulls: [ShapePullSpec]) throws(ExperimentError) {
    let repeated = pulls.contains { pull in
      switch pull.effect {
      case .neutronRadius: choice.kind == "neutron-radius"
      case .arrivalOnset: choice.kind == "arrival-onset"
      case .quenching, .energyScale, .backgroundShape: false
      }
    }
    guard repeated else { return }
    throw choice.kindPosition.error(
      found: "a second pull of kind `\(choice.kind)`", expected: "one at most",
      cure: "Add the two widths in quadrature and keep one.")
  }

  // MARK: - Visible energy

  private func quenching(_ choice: Alternative, _ node: ConfigNode) throws(ExperimentError) -> [Double] {
    try requireVisibleEnergy(choice)
    guard case .polynomial(let central) = detector.quenching else {
      throw choice.kindPosition.error(
        found: "a quenching pull without polynomial quenching",
        expected: "`detector.quenching: { polynomial: ... }`",
        cure: "Fit a polynomial to the quenching, or use `energy-scale`.")
    }
    let section = try context.section(node, keys: ["plus-one-sigma"])
    let list = try section.required("plus-one-sigma")
    let coefficients = try list.quenchingPolynomial()
    guard coefficients != central else {
      throw list.error(
        expected: "a polynomial different from `detector.quenching`", cure: "Give the polynomial at +1 sigma."
      )
    }
    return coefficients
  }

  /// Energy pulls need a response that changes smoothly with the visible energy.
  private func requireVisibleEnergy(_ choice: Alternative) throws(ExperimentError) {
    if case .matrix = detector.response {
      throw choice.kindPosition.error(
        found: "the pull `\(choice.kind)` with a response matrix",
        expected: "a response that knows the visible energy",
        cure: "Describe the response by a resolution, or drop the pull.")
    }
    guard detector.response == .ideal else { return }
    throw choice.kindPosition.error(
      found: "the pull `\(choice.kind)` with the response `ideal`",
      expected: "a response with a resolution, as the ideal one jumps at the bin edges",
      cure: "Give the detector a resolution, or drop the pull.")
  }

  /// Six widths must leave 1 + width theta positive.
  private func relativeWidth(_ node: ConfigNode, of what: String) throws(ExperimentError) -> Double {
    let width = try node.relativeWidth()
    let largest = ShapePullSpec.largestRelativeWidth
    guard width <= largest else {
      throw node.error(
        expected: "a width of the \(what) of at most \(100 * largest) %: fits go to six widths",
        cure: "Correct the width.")
    }
    return width
  }

  // MARK: - Backgrounds

  /// Templates per bin at plus and, if given, minus one sigma.
  private func backgroundShape(_ node: ConfigNode) throws(ExperimentError) -> ShapePullSpec.Effect {
    let section = try context.section(node, keys: ["background", "plus-one-sigma", "minus-one-sigma"])
    let name = try section.required("background").choice(backgrounds.map { ($0, $0) })
    let bins = BinnedReader(context: context, axes: axes, domain: isGaussian ? .any : .nonNegative)
    return .backgroundShape(
      background: name, plusOneSigma: try bins.events(section.required("plus-one-sigma")),
      minusOneSigma: try section["minus-one-sigma"].map { (node) throws(ExperimentError) in
        try bins.events(node)
      })
  }

  // MARK: - Radius and times

  private func radiusWidth(_ choice: Alternative, _ node: ConfigNode) throws(ExperimentError) -> Double {
    let width = try relativeWidth(node, of: "neutron radius")
    let least = 1 - width * ShapePullSpec.largestPull
    for nucleus in detector.nuclei {
      let spec = nucleus.formFactor
      guard spec.kind != .unity else {
        throw choice.kindPosition.error(
          found: "a radius pull with the form factor `unity` of \(nucleus.name)",
          expected: "a form factor with a radius",
          cure: "Choose another form factor, or drop the pull.")
      }
      guard spec.kind == .helmLewinSmith || spec.neutronRadius * least > spec.smallestRadius else {
        let largest = (1 - spec.smallestRadius / spec.neutronRadius) / ShapePullSpec.largestPull
        throw node.error(
          expected:
            "a width below \(100 * largest) %, so that six widths leave the radius of \(nucleus.name) above the "
            + "\(spec.smallestRadius) fm of its surface alone", cure: "Correct the width.")
      }
    }
    return width
  }

  private func onset(_ choice: Alternative, _ node: ConfigNode) throws(ExperimentError) -> Double {
    guard axes.hasTimeAxis else {
      throw choice.kindPosition.error(
        found: "a pull of the arrival times in a channel without time axis", expected: "`channel.time`",
        cure: "Add time bins, or drop the pull.")
    }
    for component in source.components {
      if case .exponential? = component.arrivalTimes {
        throw choice.kindPosition.error(
          found:
            "a pull of the arrival times with the exponential ones of `\(component.label)`, which have no onset",
          expected: "a table or a Gaussian pulse",
          cure: "Describe the arrival times by one of these, or drop the pull.")
      }
    }
    return try node.quantity(.dimension(.time), .positive)
  }
}

import DipolePhysics
import Experiments

/// Checks that join parts of an experiment: each part was checked alone when it was read.
enum ExperimentChecks {
  static func check(_ spec: ExperimentSpec) throws(RateModelError) {
    try checkEdges(spec.channel.energyEdges, "energy edges", least: 0)
    if !spec.channel.timeEdges.isEmpty {
      try checkEdges(spec.channel.timeEdges, "time edges", least: -.infinity)
    }
    try require(!spec.source.components.isEmpty, "The source has no flux component. List at least one.")
    try require(!spec.detector.nuclei.isEmpty, "The detector has no nucleus. List at least one.")
    try require(
      spec.detector.response != .ideal || spec.detector.quenching == .none,
      "The ideal response works on the recoil energy itself and takes no quenching. Use quenching \"none\", "
        + "or choose a response in visible energy.")
    try checkDetector(spec.detector)
    try checkRange(spec.channel)
    for nucleus in spec.detector.nuclei { try checkFormFactor(nucleus) }
    for component in spec.source.components { try checkSpectrum(component) }
    try checkData(spec)
    for pull in spec.systematics.shapePulls { try check(pull, of: spec) }
  }

  /// What the experiment must have for a pull of its shapes to mean something.
  private static func check(_ pull: ShapePullSpec, of spec: ExperimentSpec) throws(RateModelError) {
    let start = "The pull \"\(pull.name)\""
    switch pull.effect {
    case .backgroundShape(let name, let plus, let minus):
      try require(
        spec.channel.backgrounds.contains { $0.name == name },
        "\(start) changes the shape of \"\(name)\", which is no background of the channel. Name one of them.")
      try require(
        plus.count == spec.channel.binCount && (minus ?? plus).count == spec.channel.binCount
          && (plus + (minus ?? [])).allSatisfy(\.isFinite),
        "\(start) needs one finite number for each of the \(spec.channel.binCount) bins at every shift.")
    case .quenching:
      guard case .polynomial = spec.detector.quenching else {
        throw RateModelError("\(start) moves a quenching polynomial, and the detector has none. Give it one.")
      }
      try requireResolution(spec.detector, start)
    case .energyScale(let width):
      try requireResolution(spec.detector, start)
      try checkWidth(width, start)
    case .neutronRadius(let width):
      try checkWidth(width, start)
      let least = 1 - width * ShapePullSpec.largestPull
      for target in TargetModel.targets(of: spec.detector) {
        try require(
          target.scalingNeutronRadius(by: least) != nil,
          "\(start) takes the neutron radius of \(target.name) down to \(least * target.neutronFormFactor.rmsRadius) "
            + "fm at six widths, less than its surface alone, or the nucleus is a point. Lower the width.")
      }
    case .arrivalOnset(let width):
      try require(width > 0 && width.isFinite, "\(start) has a width of \(width) us; it must be positive.")
      try require(
        spec.channel.timeEdges.count >= 2, "\(start) moves arrival times, and the channel has no time axis.")
      for component in spec.source.components {
        if case .exponential? = component.arrivalTimes {
          throw RateModelError(
            "\(start) moves arrival times, and those of \"\(component.label)\" are exponential, without an onset. Use a "
              + "table or a Gaussian pulse.")
        }
      }
    }
  }

  private static func requireResolution(_ detector: DetectorSpec, _ start: String) throws(RateModelError) {
    switch detector.response {
    case .gammaPhotoelectrons, .truncatedGaussian, .gaussian: return
    case .ideal, .matrix:
      throw RateModelError(
        "\(start) moves the visible energy, at which an ideal response jumps and which a matrix does not know. Give the "
          + "detector a resolution.")
    }
  }

  private static func checkWidth(_ width: Double, _ start: String) throws(RateModelError) {
    let largest = ShapePullSpec.largestRelativeWidth
    try require(
      width > 0 && width <= largest,
      "\(start) has a relative width of \(width); it must lie above 0, up to \(largest).")
  }

  private static func checkSpectrum(_ component: FluxComponentSpec) throws(RateModelError) {
    let (energies, values, least): ([Double], [Double], Int)
    switch component.spectrum {
    case .pionDecayAtRestPrompt, .muonDecayAtRestAntiMuon, .muonDecayAtRestElectron: return
    case .lines(let lines, let weights): (energies, values, least) = (lines, weights, 1)
    case .table(let nodes, let density):
      (energies, values, least) = (nodes, density, 2)
      try require(
        zip(nodes, nodes.dropFirst()).allSatisfy { $0 < $1 },
        "The spectrum table of component \"\(component.label)\" must have strictly ascending energies.")
    }
    try require(
      energies.count >= least && energies.count == values.count
        && energies.allSatisfy { $0.isFinite && $0 > 0 || (least == 2 && $0 == 0) }
        && values.allSatisfy { $0.isFinite && $0 >= 0 },
      "The spectrum of component \"\(component.label)\" needs at least \(least) energies above 0 MeV, each "
        + "with a finite value that is not negative.")
  }

  private static func checkDetector(_ detector: DetectorSpec) throws(RateModelError) {
    let positive = [
      (detector.massKilograms, "detector mass"), (detector.molarMass, "molar mass"),
    ]
    for (value, name) in positive {
      try require(value > 0 && value.isFinite, "The \(name) is \(value); it must be positive.")
    }
    for floor in [detector.recoilFloor.nuclear, detector.recoilFloor.electron].compactMap(\.self) {
      try require(
        floor >= 0 && floor.isFinite, "The recoil floor is \(floor) MeV; it must be zero or positive.")
    }
    guard case .lindhard(let protons, _) = detector.quenching else { return }
    try require(
      Int(exactly: protons).map { 1...200 ~= $0 } ?? false,
      "Lindhard quenching names \(protons) protons; it must be a whole number from 1 to 200.")
  }

  /// Recoils are followed up to 10 GeV: a bin beyond would lose events unseen.
  private static func checkRange(_ channel: ChannelSpec) throws(RateModelError) {
    guard ["keV", "keVee"].contains(channel.energyUnit), let last = channel.energyEdges.last else { return }
    try require(
      1e-3 * last <= DetectorResponse.largestRecoil,
      "The energy edges end at \(last) \(channel.energyUnit); recoils are followed up to "
        + "\(1e3 * DetectorResponse.largestRecoil) keV. Lower the last edge.")
  }

  /// A surface of some thickness has a root-mean-square radius of its own, which the nucleus cannot undercut.
  private static func checkFormFactor(_ nucleus: NucleusSpec) throws(RateModelError) {
    let spec = nucleus.formFactor
    guard spec.kind != .unity, spec.kind != .helmLewinSmith else { return }
    let smallest = FormFactor.smallestRadius(shape: spec.kind.shape, thickness: spec.thickness)
    try require(
      min(spec.protonRadius, spec.neutronRadius) > smallest,
      "The radii of \(nucleus.name) (\(spec.protonRadius) and \(spec.neutronRadius) fm) must exceed "
        + "\(smallest) fm, what "
        + "a surface thickness of \(spec.thickness) fm alone gives. Check the radii (root mean square, fm) "
        + "and thickness."
    )
  }

  private static func checkEdges(_ edges: [Double], _ name: String, least: Double) throws(RateModelError) {
    let ascending = zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
    try require(
      edges.count >= 2 && ascending && edges.allSatisfy(\.isFinite) && edges[0] >= least,
      "The \(name) \(edges) must be at least two finite numbers in ascending order"
        + (least == 0 ? ", none negative." : "."))
  }

  static func require(
    _ condition: Bool, _ message: @autoclosure () -> String
  ) throws(RateModelError) {
    guard condition else { throw RateModelError(message()) }
  }
}

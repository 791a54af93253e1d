/// Turns one experiment file and its tables into an `ExperimentSpec`. Strict: what it does not know it
/// refuses.
struct ExperimentLoader {
  static let schema = 1

  /// What a load found: the experiment if it is sound, and every fault seen.
  struct Outcome {
    var spec: ExperimentSpec?
    var variants: [ExperimentVariant]
    var findings: [ExperimentError]
    /// nil if the text is not YAML
    var places: ExperimentPlaces?
  }

  private static let keys = [
    "schema", "name", "title", "kind", "references", "includes-data-of", "source", "detector", "analysis",
    "channel", "systematics", "variants",
  ]

  let folder: ExperimentFolder
  let variant: String?
  private let context: LoadContext

  init(folder: ExperimentFolder, variant: String? = nil) {
    self.folder = folder
    self.variant = variant
    context = LoadContext(log: FindingLog(), tables: TableStore(folder: folder))
  }

  func load() -> Outcome {
    var variants: [ExperimentVariant] = []
    var spec: ExperimentSpec?
    var places: ExperimentPlaces?
    do throws(ExperimentError) {
      let root = try ConfigDocument.parse(context.tables.yaml(), file: folder.yamlName)
      let top = try context.section(root, keys: Self.keys)
      try checkSchema(top)
      variants = try VariantReader(context: context).list(top["variants"])
      let chosen = try varied(root, variants: top["variants"])
      places = ExperimentPlaces(chosen.node, file: folder.yamlName)
      spec = try experiment(chosen)
    } catch {
      context.log.add(error)
    }
    let findings = context.log.findings
    return Outcome(
      spec: findings.isEmpty ? spec : nil, variants: variants, findings: findings, places: places)
  }

  /// The top section with the variant applied, if one is wanted.
  private func varied(_ root: ConfigNode, variants: ConfigNode?) throws(ExperimentError) -> Section {
    guard let variant else { return try context.section(root, keys: Self.keys) }
    let changed = try VariantReader(context: context).apply(variant, of: variants, to: root)
    return try context.section(changed, keys: Self.keys)
  }

  private func checkSchema(_ top: Section) throws(ExperimentError) {
    let node = try top.required("schema")
    if case .scalar(String(Self.schema)) = node.content { return }
    throw node.error(
      expected: "`\(Self.schema)`, the version of the format this program reads",
      cure:
        "Write `schema: \(Self.schema)` and follow `docs/formats.md`, or use the program the file was written for."
    )
  }

  // MARK: - Sections

  /// Reads every section, so that all faults show at once; nil if any was noted.
  private func experiment(_ top: Section) throws(ExperimentError) -> ExperimentSpec? {
    let log = context.log
    let header = log.attempt(try self.header(top))
    let analysis = log.attempt(try AnalysisReader(context: context).read(top.required("analysis")))
    // Without axes the other sections cannot be judged: unit and time axis decide what they need.
    let channelReader = ChannelReader(context: context)
    let channelNode = try top.required("channel")
    let axes = try channelReader.readAxes(channelNode)
    let sourceReader = SourceReader(context: context, hasTimeAxis: axes.hasTimeAxis)
    let source = log.attempt(try sourceReader.read(top.required("source")))
    let detectorReader = DetectorReader(context: context, axes: axes)
    let detector = log.attempt(try detectorReader.read(top.required("detector")))
    guard let header else { return nil }
    let channel = try channelReader.read(
      channelNode, axes, kind: header.kind, detector: detector, source: source)
    let systematics = try SystematicsReader(context: context, axes: axes, channel: channel)
      .read(top.required("systematics"), detector: detector, source: source)
    guard let source, let detector, let analysis else { return nil }
    try checkElectrons(analysis, detector, top)
    try checkFloors(analysis, detector.recoilFloor, top)
    return ExperimentSpec(
      name: header.name, title: header.title, kind: header.kind, references: header.references,
      source: source,
      detector: detector, analysis: analysis, channel: channel, systematics: systematics,
      inputDigests: context.tables.digests, includesDataOf: header.includesDataOf)
  }

  private func checkElectrons(
    _ analysis: AnalysisSpec, _ detector: DetectorSpec, _ top: Section
  ) throws(ExperimentError) {
    guard analysis.includeElectrons, let bare = detector.nuclei.first(where: { $0.electronLevels.isEmpty })
    else {
      return
    }
    throw (top["analysis"] ?? top.node).error(
      found: "electrons included but no electron levels for `\(bare.name)`",
      expected: "levels for every nucleus",
      cure: "Add `electron-levels` to it or write `electrons: excluded`.")
  }

  private func checkFloors(
    _ analysis: AnalysisSpec, _ floor: RecoilFloorSpec, _ top: Section
  ) throws(ExperimentError) {
    let needed = [
      ("nuclear", analysis.includeNuclei && floor.nuclear == nil),
      ("electron", analysis.includeElectrons && floor.electron == nil),
    ]
    guard let (kind, _) = needed.first(where: { $0.1 }) else { return }
    throw (top["detector"]?.child("recoil-floor") ?? top.node).error(
      found: "no floor for \(kind) recoils, which the analysis includes", expected: "`\(kind)` here",
      cure: "Add `\(kind):` with the smallest recoil to consider.")
  }

  // MARK: - Header

  private struct Header {
    var name: String
    var title: String
    var kind: ExperimentSpec.Kind
    var references: [String]
    var includesDataOf: [String]
  }

  private func header(_ top: Section) throws(ExperimentError) -> Header {
    let nameNode = try top.required("name")
    let name = try nameNode.text()
    guard name == folder.expectedName else {
      throw nameNode.error(
        expected: "`\(folder.expectedName)`, the name of the file (or of its folder, for `experiment.yaml`)",
        cure: "Rename one of them.")
    }
    var references: [String] = []
    for item in try top.required("references").list() { references.append(try item.text()) }
    return Header(
      name: variant.map { "\(name):\($0)" } ?? name,
      title: try top.required("title").text() + (variant.map { " (\($0))" } ?? ""),
      kind: try top.required("kind").choice([.measurement, .projection]), references: references,
      includesDataOf: try includedData(top["includes-data-of"], in: name))
  }

  private func includedData(_ node: ConfigNode?, in name: String) throws(ExperimentError) -> [String] {
    guard let node else { return [] }
    var names: [String] = []
    for item in try node.list() {
      let included = try item.text()
      guard included != name, !included.contains(":"), !included.contains("/") else {
        throw item.error(
          expected: "the name of another experiment, without variant or path",
          cure: "Name the experiments whose events are among these, or leave `includes-data-of` out.")
      }
      names.append(included)
    }
    return names
  }
}

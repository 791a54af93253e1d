import ArgumentParser
import Exchange
import Experiments
import Foundation
import Pipeline
import Rates
import Reporting
import SIMDBackend
import ScanCore

/// A model at one mass as a workspace that pyhf reads.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write experiments at one mass as a pyhf (HistFactory JSON) workspace.",
    discussion: """
      Example: upscatter export coherent-csi-2021 --flavor mu --m4 10 --output model.json
      Several experiments become channels of one model. The name of the measurement says what mu is; docs/formats.md has the rest.
      """)

  @Argument(help: "Catalogue names or paths of experiment files.")
  var experiments: [String]
  @Option(
    name: [.customLong("m4"), .customLong("mass")], parsing: .unconditional,
    help: "The mass in MeV, 0 allowed; models without a mass take none.")
  var m4: Double?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Coupling at which mu = 1, in the unit of --coupling or of the model.",
      discussion: "Default: that of the limit at --cl."))
  var d: Double?
  @Option(
    help: "Pulls that experiments have in common, by their names: a list with commas. Default: none.")
  var share: String?
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var levelOptions: LevelOptions
  @OptionGroup var backendOptions: BackendOptions
  @Option(name: [.short, .long], help: "The workspace to write.")
  var output: String

  func run() throws {
    try reportingErrors {
      if let d, !(d > 0 && d.isFinite) {
        throw RequestError("--d \(d): the coupling of mu = 1 must be greater than 0.")
      }
      let level = try levelOptions.oneDegree(of: "export")
      let backend = try backendOptions.make()
      let members = try experiments.map { try analysis($0, backend) }
      try requireOneFlavour(members)
      let joint = try JointAnalysis(members, shared: try shared(members))
      let scale = analysisOptions.scale(members[0].chosen)
      let result = try ModelExport(joint, mass: m4 ?? 0, scale: scale, backend: backend)
        .run(coupling: d, threshold: level.threshold)
      try AtomicFile.write(JSONText.encode(result.workspace, name: output), to: output)
      report(result, joint, scale)
    }
  }

  private func analysis(_ name: String, _ backend: any Backend) throws -> Analysis {
    let spec = try Catalogue.load(name)
    let interaction = try analysisOptions.interaction(for: spec)
    let settings = try analysisOptions.settings(for: spec, interaction: interaction)
    let analysis = try Analysis(
      model: RateModel(spec), settings: settings, masses: [try mass(interaction)], backend: backend,
      planningBackend: CPUBackend(workers: backendOptions.workers), interaction: interaction)
    for warning in analysis.warnings { note(warning) }
    return analysis
  }

  private func mass(_ interaction: (any Interaction)?) throws(RequestError) -> Double {
    if let interaction, interaction.mass == nil {
      if let m4 { throw RequestError("--m4 \(m4): --model \(interaction.name) has no mass. Leave --m4 out.") }
      return 0
    }
    guard let m4 else { throw RequestError("--m4 is missing: a workspace holds one mass. Example: --m4 10") }
    guard m4 >= 0, m4.isFinite else { throw RequestError("--m4 \(m4): a mass is 0 or greater, in MeV.") }
    return m4
  }

  private func requireOneFlavour(_ members: [Analysis]) throws(RequestError) {
    guard let other = members.first(where: { $0.settings.flavour != members[0].settings.flavour }) else {
      return
    }
    throw RequestError(
      "\(members[0].model.name) takes the flavour \(members[0].settings.flavour) and \(other.model.name) \(other.settings.flavour): one "
        + "workspace holds one coupling. Choose with --flavor.")
  }

  /// The names of `--share`, each a pull of at least two experiments.
  private func shared(_ members: [Analysis]) throws(RequestError) -> Set<String> {
    guard let share else { return [] }
    let names = share.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let common = Set(members.flatMap(\.pullNames))
      .filter { name in members.count { $0.pullNames.contains(name) } > 1 }
    for name in names where !common.contains(name) {
      throw RequestError(
        "--share \(name): no two of the experiments have a pull of this name. "
          + (common.isEmpty
            ? "They have none in common." : "In common are \(common.sorted().joined(separator: ", "))."))
    }
    return Set(names)
  }

  private func report(_ result: ModelExport.Result, _ joint: JointAnalysis, _ scale: CouplingScale) {
    print("\(output): \(result.measurement)")
    if !scale.definition.isEmpty { print("\(scale.symbol): \(scale.definition)") }
    for (channel, member) in zip(result.workspace.channels, joint.members) {
      print(
        "channel \(channel.name): \(channel.binCount) bins, \(member.settings.dataSet.rawValue) data, samples "
          + channel.samples.map(\.name).joined(separator: ", "))
    }
    let parameters = result.workspace.measurements[0].parameters.map(\.name).dropFirst()
    print("parameters: mu" + parameters.map { ", " + $0 }.joined())
  }
}

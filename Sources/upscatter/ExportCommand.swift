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

  @Argument(help: "Catalogue names or paths of experiment files.", completion: Completion.experiments)
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
  @OptionGroup var sharing: SharingOptions
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var levelOptions: LevelOptions
  @OptionGroup var backendOptions: BackendOptions
  @Option(name: [.short, .long], help: "The workspace to write.", completion: Completion.anyFile)
  var output: String
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON: what the workspace holds.")
  var json = false

  func run() throws {
    try reportingErrors {
      if let d, !(d > 0 && d.isFinite) {
        throw RequestError("--d \(d): the coupling of mu = 1 must be greater than 0.")
      }
      let level = try levelOptions.oneDegree(of: "export")
      let selection = try ExperimentSelection(experiments, analysisOptions, sharing)
      let mass = try mass(selection.interaction)
      try requireWritable([output])
      let backend = try backendOptions.make()
      let subject = try selection.subject(
        masses: [mass], backend: backend,
        planningBackend: CPUBackend(workers: backendOptions.workers))
      for warning in subject.warnings { note(warning) }
      let joint = try subject.jointAnalysis()
      let scale = analysisOptions.scale(selection.interaction)
      let result = try ModelExport(joint, mass: mass, scale: scale, backend: backend)
        .run(coupling: d, threshold: level.threshold)
      try AtomicFile.write(JSONText.encode(result.workspace, name: output), to: output)
      try json ? printJSON(Report(output, result, joint, scale)) : report(result, joint, scale)
    }
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

extension ExportCommand {
  /// What is said of a workspace.
  struct Report: Encodable {
    struct Channel: Encodable {
      var name: String
      var bins: Int
      /// "observed" or "asimov"
      var data: String
      var samples: [String]
    }
    var file: String
    /// Says what mu is.
    var measurement: String
    var coupling_symbol: String
    var coupling_unit: String
    var coupling_definition: String
    var channels: [Channel]
    var parameters: [String]
    var version = toolVersion

    init(_ file: String, _ result: ModelExport.Result, _ joint: JointAnalysis, _ scale: CouplingScale) {
      self.file = file
      measurement = result.measurement
      (coupling_symbol, coupling_unit) = (scale.symbol, scale.unit)
      coupling_definition = scale.definition
      channels = zip(result.workspace.channels, joint.members).map { channel, member in
        Channel(
          name: channel.name, bins: channel.binCount, data: member.settings.dataSet.rawValue,
          samples: channel.samples.map(\.name))
      }
      parameters = result.workspace.measurements[0].parameters.map(\.name)
    }
  }
}

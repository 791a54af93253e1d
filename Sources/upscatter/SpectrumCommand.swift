import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Rates
import Reporting
import SIMDBackend
import ScanCore
import Units

/// Expected events per bin and recoil spectra at one point of the plane.
struct SpectrumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spectrum",
    abstract: "Expected events per bin of backgrounds, Standard Model and dipole signal, and dR/dT.",
    discussion:
      "Example: upscatter spectrum coherent-csi-2021 --flavor mu --m4 10 --d 1e-6 --plot spectrum.svg")

  @Argument(help: "Catalogue name or path of an experiment file.", completion: Completion.experiments)
  var experiment: String
  @Option(
    name: [.customLong("m4"), .customLong("mass")], parsing: .unconditional,
    help: "Mass in MeV; models without a mass ignore it.")
  var m4 = 10.0
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Coupling in the unit of --coupling, or of the model.",
      discussion: "Default: 1e-6; for other models about the size a limit may have."))
  var d: Double?
  @Option(
    parsing: .unconditional,
    help: "Recoil energies in keV at which dR/dT is printed: a list or from:to:points.")
  var recoils: String?
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var backendOptions: BackendOptions
  @Option(
    help: ArgumentHelp(
      "Draw the spectrum into this file (.svg, .png or .pdf).",
      discussion: "A format alone stands for spectrum-EXPERIMENT.svg and so on."),
    completion: Completion.pictures)
  var plot: String?
  @OptionGroup var look: PlotStyleOption
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      let plot = self.plot.map { plotPath($0, of: "spectrum", [experiment]) }
      if let plot {
        try requirePlotName(plot, option: "--plot")
        try requireWritable([plot], option: "--plot")
      }
      guard m4 >= 0, m4.isFinite else { throw RequestError("--m4 \(m4): a mass is 0 or greater, in MeV.") }
      let spec = try Catalogue.load(experiment)
      let interaction = try analysisOptions.interaction(for: spec)
      let scale = analysisOptions.scale(interaction)
      let d = try coupling(interaction, scale)
      let settings = try analysisOptions.settings(for: spec, interaction: interaction)
      let keV = try recoils.map { try AxisSyntax.parse($0, name: "--recoils", unit: "keV").values } ?? []
      let backend = try backendOptions.make()
      let analysis = try Analysis(
        model: RateModel(spec), settings: settings, masses: [m4], backend: backend,
        planningBackend: CPUBackend(workers: backendOptions.workers), interaction: interaction)
      let spectrum = try analysis.spectrum(
        channel: spec.channel, m4: m4, coupling: scale.toInternal(d),
        recoils: keV.map { 1e-3 * $0 }, backend: backend)
      let point = Point(d: d, scale: scale, flavour: settings.flavour, signal: interaction?.name ?? "dipole")
      if let plot { try draw(spectrum, spec, point, to: plot) }
      try json
        ? printJSON(report(spectrum, settings, point)) : printTable(spectrum, title: spec.title, point)
    }
  }

  /// Where in the plane, in words.
  private struct Point {
    var d: Double
    var scale: CouplingScale
    var flavour: String
    /// name of the signal's ingredient
    var signal: String

    var massSymbol: String { scale.mass?.symbol ?? "m4" }
    func text(m4: Double) -> String { place(m4) + ", \(scale.definition)" }
    /// The same in the letters of a picture.
    func plotText(m4: Double) -> String { place(m4) + ".  \(scale.label.lagrangian)" }

    private func place(_ m4: Double) -> String {
      (scale.mass == nil ? "" : "\(massSymbol) = \(m4) MeV, ") + "\(scale.symbol) = \(d) \(scale.unit)"
    }
  }

  private func coupling(_ interaction: (any Interaction)?, _ scale: CouplingScale) throws -> Double {
    guard let d else {
      return interaction.map { scale.fromInternal($0.coupling.reference) } ?? 1e-6
    }
    let isSigned = interaction?.coupling.isSigned == true
    guard d.isFinite, d >= 0 || isSigned else {
      throw RequestError("--d \(d): a coupling is 0 or greater, in \(scale.unit).")
    }
    guard abs(d) <= 1e100 else {
      throw RequestError("--d \(d): too large; couplings up to 1e100 are accepted.")
    }
    return d
  }

  // MARK: - JSON

  /// The spectrum, and on the same level the settings it was computed for, its conventions and its units.
  private struct Report: Encodable {
    struct Conventions: Encodable {
      var settings: AnalysisSettings
      /// The coupling as it was asked for.
      var d: Double
      var d_unit: String
      var coupling_convention: String
      var coupling_lagrangian: String
      var m4_unit = "MeV"
      var events_unit = "events per bin over the exposure"
      var events_order = "energy bins outermost, time bins contiguous"
      var time_unit = "us"
      var recoils_unit = "MeV"
      var recoil_rates_unit = "events per MeV over the exposure, before the detector"
      var version = toolVersion
      var mass_symbol: String?
      var coupling_symbol: String?
    }
    var spectrum: Spectrum
    var conventions: Conventions

    func encode(to encoder: any Encoder) throws {
      try spectrum.encode(to: encoder)
      try conventions.encode(to: encoder)
    }
  }

  private func report(_ spectrum: Spectrum, _ settings: AnalysisSettings, _ point: Point) -> Report {
    var conventions = Report.Conventions(
      settings: settings, d: point.d, d_unit: point.scale.unit,
      coupling_convention: point.scale.label.convention, coupling_lagrangian: point.scale.definition)
    if spectrum.content != ChannelSpec.defaultContent {
      conventions.events_unit = "\(spectrum.content.lowercased()) and bin"
    }
    if point.signal != "dipole" {
      conventions.mass_symbol = point.scale.mass?.symbol
      conventions.coupling_symbol = point.scale.symbol
    }
    return Report(spectrum: spectrum, conventions: conventions)
  }

  // MARK: - Text

  private func printTable(_ spectrum: Spectrum, title: String, _ point: Point) {
    print(
      "# \(title), flavour \(point.flavour): \(spectrum.content.lowercased()) per \(spectrum.energyUnit == "bin" ? "" : spectrum.energyUnit + " ")bin, summed over time\n"
        + "# \(point.text(m4: m4))")
    print(column("# bin", 14) + spectrum.ingredients.map { column($0.name, 20) }.joined() + "observed")
    for i in 0..<spectrum.energyEdges.count - 1 {
      let bin = String(format: "%g-%g", spectrum.energyEdges[i], spectrum.energyEdges[i + 1])
      let values = spectrum.ingredients.map {
        column(String(format: "%.4f", spectrum.energyProjection($0.events)[i]), 20)
      }
      let observed = spectrum.observed.map { String(format: "%g", spectrum.energyProjection($0)[i]) } ?? "-"
      print(column(bin, 14) + values.joined() + observed)
    }
    let totals = spectrum.ingredients.map { column(String(format: "%.4f", $0.total), 20) }
    print(
      column("total", 14) + totals.joined()
        + (spectrum.observed.map { String(format: "%g", $0.reduce(0, +)) } ?? "-"))
    if spectrum.recoils.isEmpty { return }
    print("\n# dR/dT, events per keV over the exposure, before the detector")
    print(
      column("# T [keV]", 14)
        + spectrum.recoilSpectra.map { column("\($0.process), \($0.recoilKind)", 28) }.joined())
    for (index, recoil) in spectrum.recoils.enumerated() {
      let rates = spectrum.recoilSpectra.map { column(String(format: "%.6e", 1e-3 * $0.rates[index]), 28) }
      print(column(String(format: "%g", 1e3 * recoil), 14) + rates.joined())
    }
  }

  // MARK: - Plot

  /// What `--parameter` said.
  private var parameters: String {
    analysisOptions.parameters.isEmpty ? "" : "  " + analysisOptions.parameters.joined(separator: ", ")
  }

  private func draw(_ spectrum: Spectrum, _ spec: ExperimentSpec, _ point: Point, to path: String) throws {
    let figure = SpectrumFigure.plot(
      spectrum, signal: point.signal, title: spec.title,
      caption: [
        "\(point.signal == "dipole" ? "Dipole" : point.signal) signal: flavour \(point.flavour), \(point.plotText(m4: m4))\(parameters)",
        "upscatter \(toolVersion)",
      ])
    try Gnuplot.render(to: path, style: look.style) { (format, name) throws(ReportError) in
      try figure.script(format: format, output: name)
    }
    note("wrote \(path)")
  }
}

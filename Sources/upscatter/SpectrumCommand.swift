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

  @Argument(help: "Catalogue name or path of an experiment file.")
  var experiment: String
  @Option(parsing: .unconditional, help: "Mass in MeV.")
  var m4 = 10.0
  @Option(parsing: .unconditional, help: "Coupling in the unit of --coupling.")
  var d = 1e-6
  @Option(
    parsing: .unconditional,
    help: "Recoil energies in keV at which dR/dT is printed: a list or from:to:points.")
  var recoils: String?
  @OptionGroup var analysisOptions: AnalysisOptions
  @OptionGroup var backendOptions: BackendOptions
  @Option(help: "Draw the spectrum into this file (.svg, .png or .pdf).")
  var plot: String?
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    try reportingErrors {
      if let plot { try requirePlotName(plot, option: "--plot") }
      guard m4 >= 0, m4.isFinite else { throw RequestError("--m4 \(m4): a mass is 0 or greater, in MeV.") }
      guard d >= 0, d.isFinite else {
        throw RequestError("--d \(d): a coupling is 0 or greater, in \(analysisOptions.coupling.unit).")
      }
      guard d <= 1e100 else { throw RequestError("--d \(d): too large; couplings up to 1e100 are accepted.") }
      let spec = try Catalogue.load(experiment)
      let settings = try analysisOptions.settings(for: spec)
      let keV = try recoils.map { try AxisSyntax.parse($0, name: "--recoils", unit: "keV").values } ?? []
      let (backend, reason) = try backendOptions.make()
      note(reason)
      let analysis = try Analysis(
        model: RateModel(spec), settings: settings, masses: [m4], backend: backend,
        planningBackend: CPUBackend(workers: backendOptions.workers))
      let spectrum = try analysis.spectrum(
        channel: spec.channel, m4: m4, coupling: analysisOptions.coupling.toInternal(d),
        recoils: keV.map { 1e-3 * $0 }, backend: backend)
      if let plot { try draw(spectrum, spec, to: plot) }
      try json ? printJSON(report(spectrum, settings)) : printTable(spectrum, title: spec.title)
    }
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
    }
    var spectrum: Spectrum
    var conventions: Conventions

    func encode(to encoder: any Encoder) throws {
      try spectrum.encode(to: encoder)
      try conventions.encode(to: encoder)
    }
  }

  private func report(_ spectrum: Spectrum, _ settings: AnalysisSettings) -> Report {
    let convention = analysisOptions.coupling
    return Report(
      spectrum: spectrum,
      conventions: Report.Conventions(
        settings: settings, d: d, d_unit: convention.unit, coupling_convention: convention.rawValue,
        coupling_lagrangian: convention.lagrangian))
  }

  // MARK: - Text

  private func printTable(_ spectrum: Spectrum, title: String) {
    let coupling = analysisOptions.coupling
    print(
      "# \(title), flavour \(analysisOptions.flavour): events per \(spectrum.energyUnit) bin, summed over time\n"
        + "# m4 = \(m4) MeV, \(coupling.symbol) = \(d) \(coupling.unit), \(coupling.lagrangian)")
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

  /// Bins of a response matrix have no energy.
  private func energyAxis(_ spectrum: Spectrum) -> String {
    spectrum.energyUnit == "bin" ? "analysis" : "energy"
  }

  private func draw(_ spectrum: Spectrum, _ spec: ExperimentSpec, to path: String) throws {
    var panels = [
      panel(energyAxis(spectrum), spectrum.energyUnit, spectrum.energyEdges, spectrum) {
        spectrum.energyProjection($0)
      }
    ]
    if spectrum.timeEdges.count > 1 {
      panels.append(panel("arrival time", "us", spectrum.timeEdges, spectrum) { spectrum.timeProjection($0) })
    }
    let coupling = analysisOptions.coupling
    let figure = SpectrumPlot(
      title: spec.title, panels: panels,
      caption: [
        "Dipole signal: flavour \(analysisOptions.flavour), m4 = \(m4) MeV, \(coupling.symbol) = \(d) \(coupling.unit), "
          + coupling.lagrangian, "upscatter \(toolVersion)",
      ])
    try Gnuplot.render(to: path) { (format, name) throws(ReportError) in
      try figure.script(format: format, output: name)
    }
    note("wrote \(path)")
  }

  private func panel(
    _ axis: String, _ unit: String, _ edges: [Double], _ spectrum: Spectrum, _ project: ([Double]) -> [Double]
  ) -> SpectrumPlot.Panel {
    SpectrumPlot.Panel(
      axis: axis, unit: unit, edges: edges,
      components: spectrum.ingredients.map {
        SpectrumPlot.Component(
          name: $0.name, events: project($0.events),
          role: $0.name == "dipole" ? .signal : $0.name == "standard-model" ? .standardModel : .background)
      }, observed: spectrum.observed.map(project))
  }
}

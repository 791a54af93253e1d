import ArgumentParser
import Backends
import Experiments
import Foundation
import Pipeline
import Planning
import Reporting
import ScanCore
import Scanning
import Statistics
import Units

/// `--backend`, `--device`, `--precision`, `--workers`: who computes.
struct BackendOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "auto, reference, simd or opencl.",
      discussion:
        "auto takes a GPU that passes a quick self-check, else simd, and says which and why. A backend named "
        + "here that cannot run is an error, never a silent fallback."))
  var backend: BackendChoice = .auto

  @Option(help: "OpenCL device: index or part of the name as shown by `upscatter devices`, or cpu / gpu.")
  var device: String?

  @Option(
    help: "double, mixed (32-bit integrands, 64-bit sums) or single; simd and reference compute in double.")
  var precision: Precision = .double

  @Option(
    help: ArgumentHelp("Worker threads of the simd backend.", discussion: "Default: one per usable core."))
  var workers: Int?

  /// The backend and the sentence that says why it was chosen.
  func make() throws -> (backend: any Backend, reason: String) {
    if let workers, !(1...4096).contains(workers) {
      throw RequestError(
        "--workers \(workers): must lie between 1 and 4096. Leave it out to take one per usable core.")
    }
    return try BackendCatalogue.make(choice: backend, device: device, precision: precision, workers: workers)
  }
}

extension BackendChoice: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension IntegralMode: ExpressibleByArgument {}
extension DataSet: ExpressibleByArgument {}
extension StatisticKind: ExpressibleByArgument {}
extension ScanJob: ExpressibleByArgument {}
extension CouplingConvention: ExpressibleByArgument {}

/// Flavour, data set, statistic: what moves a limit.
struct AnalysisOptions: ParsableArguments {
  @Option(
    name: [.customLong("flavor"), .customLong("flavour")],
    help: "Neutrino flavour the dipole couples to: e, mu, tau or all.")
  var flavour = "mu"

  @Option(
    help: ArgumentHelp(
      "observed counts give a limit, asimov (the prediction itself) a sensitivity.",
      discussion: "Default: observed for measurements, asimov for projections."))
  var data: DataSet?

  @Option(
    help: "poisson (with the experiment's pulls) or gaussian (one normalisation pull, arXiv:2008.02759).")
  var statistic: StatisticKind = .poisson

  @Option(help: "Inner integral: moments (closed form) or quadrature (both integrals numerically).")
  var mode: IntegralMode = .moments

  @Option(
    parsing: .unconditional,
    help: "Relative accuracy of expected events; a scan that misses it writes no result.")
  var tolerance = 1e-9

  @Option(
    help: ArgumentHelp(
      "d (GeV^-1, L = (d/2) N sigma F nu), d-no-half (GeV^-1, L = d N sigma F nu) or mu (Bohr magnetons).",
      discussion: "The convention of every coupling read from the command line and written to outputs."))
  var coupling: CouplingConvention = .d

  func settings(for experiment: ExperimentSpec) throws -> AnalysisSettings {
    guard ["e", "mu", "tau", "all"].contains(flavour) else {
      throw RequestError("--flavor \(flavour): unknown flavour; choose e, mu, tau or all.")
    }
    guard tolerance > 0, tolerance <= 0.01 else {
      throw RequestError(
        "--tolerance \(tolerance): must lie between 0 (excluded) and 0.01; the default is 1e-9.")
    }
    let dataSet = data ?? (experiment.kind == .measurement ? .observed : .asimov)
    return AnalysisSettings(
      flavour: flavour, mode: mode, dataSet: dataSet, statistic: statistic, tolerance: tolerance)
  }
}

/// Confidence level and degrees of freedom.
struct LevelOptions: ParsableArguments {
  @Option(
    name: .customLong("cl"), parsing: .unconditional, help: "Confidence level, between 0.01 and 0.9999.")
  var confidenceLevel = 0.9

  @Option(
    name: .customLong("dof"),
    help:
      "1: limit at fixed m4 (minimum over d at that mass); 2: region in the plane (minimum over the plane).")
  var degreesOfFreedom = 1

  func level() throws -> ConfidenceLevel {
    guard confidenceLevel >= 0.01, confidenceLevel <= 0.9999 else {
      throw RequestError("--cl \(confidenceLevel): must lie between 0.01 and 0.9999; 0.9 is 90 %.")
    }
    guard degreesOfFreedom == 1 || degreesOfFreedom == 2 else {
      throw RequestError(
        "--dof \(degreesOfFreedom): must be 1 (limit at fixed m4) or 2 (region in the plane).")
    }
    return try ConfidenceLevel(level: confidenceLevel, degreesOfFreedom: degreesOfFreedom)
  }
}

/// Throws if `path` does not end like a picture, before anything is computed for it.
func requirePlotName(_ path: String, option: String) throws(RequestError) {
  do { _ = try PlotFormat(path: path) } catch { throw RequestError("\(option) \(error)") }
}

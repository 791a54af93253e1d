import ArgumentParser
import CShims
import Foundation
import ScanCore

/// The command line: parses and wires; every number comes from the libraries.
@main
struct Upscatter: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "upscatter",
    abstract: "Scans the neutrino dipole portal: expected events, profiled likelihoods, exclusion contours.",
    discussion: """
      Neutrinos scatter on nuclei and electrons; a transition magnetic moment d lets them turn into a heavy neutral \
      lepton of mass m4 and changes the recoil spectrum. For every point of a (m4, d) grid upscatter evaluates the \
      double integrals over neutrino and recoil energy in every energy-time bin, compares with data or with an Asimov \
      set, profiles the systematic uncertainties and draws the exclusion contour, on a reference path, on SIMD lanes \
      or on OpenCL devices that agree.

      First steps:
        upscatter experiments                       what the catalogue holds
        upscatter scan coherent-csi-2021            contour, result file, plot
        upscatter limit coherent-csi-2021 --m4 10   one number in a second
        upscatter verify                            do the backends agree here?

      Exit codes: 0 success; 1 a check failed (verification, spot check); 64 wrong usage; 65 bad experiment or result \
      file; 69 backend or device not available; 73 output cannot be written; 70 anything else; 130 and 143 stopped by Ctrl-C \
      or SIGTERM.
      """,
    version: toolVersion,
    subcommands: [
      ScanCommand.self, LimitCommand.self, ToysCommand.self, FitCommand.self, DiscriminateCommand.self,
      MomentsCommand.self, SpectrumCommand.self, VerifyCommand.self, BenchmarkCommand.self,
      ValidateCommand.self, DevicesCommand.self, ExperimentsCommand.self, PlotCommand.self,
      ReportCommand.self, MergeCommand.self, SubmitCommand.self, ExportCommand.self, ImportCommand.self,
      ConfigCommand.self,
    ])

  /// A write beyond a file-size limit then fails with a message instead of ending the process.
  static func main() {
    signal(SIGXFSZ, SIG_IGN)
    cshims_keep_freed_memory()
    _ = RunStart.moment
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      let expanded = try reportingErrors { try Configuration.expand(arguments) }
      var command = try parseAsRoot(expanded)
      Configuration.announce()
      try command.run()
    } catch {
      explainUsage(error, arguments)
      exit(withError: error)
    }
  }

  /// Ends the run for a command line that cannot be parsed, with what may have been meant.
  private static func explainUsage(_ error: any Error, _ arguments: [String]) {
    let message = fullMessage(for: error)
    guard exitCode(for: error) == .validationFailure, !message.isEmpty else { return }
    complain(Configuration.withOrigin(UsageSuggestion.add(to: message, arguments: arguments)))
    exit(withError: exitCode(for: error))
  }
}

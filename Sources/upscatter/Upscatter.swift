import ArgumentParser
import Foundation

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
        upscatter experiments                                   what is in the catalogue
        upscatter scan coherent-csi-2021 --flavor mu            contour, result file and plot
        upscatter limit coherent-csi-2021 --flavor mu --m4 1,10,30
        upscatter verify                                        do all backends of this machine agree?

      Exit codes: 0 success; 1 a check failed (verification, spot check); 64 wrong usage; 65 bad experiment or result \
      file; 69 backend or device not available; 73 output cannot be written; 70 anything else.
      """,
    version: toolVersion,
    subcommands: [
      ScanCommand.self, LimitCommand.self, SpectrumCommand.self, VerifyCommand.self, BenchmarkCommand.self,
      DevicesCommand.self, ExperimentsCommand.self, PlotCommand.self,
    ])
}

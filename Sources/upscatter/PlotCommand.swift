import ArgumentParser
import Contours
import Foundation
import Pipeline
import Reporting
import ScanCore
import Units

/// Draws results again, together, with or without published limits.
struct PlotCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot", abstract: "Redraws or overlays result files and published limits.",
    discussion: "Example: upscatter plot a.h5 b.h5 --output both.pdf")

  @Argument(help: "Result files (.h5) of `upscatter scan`.")
  var results: [String]
  @Option(name: [.short, .long], help: "Picture to write: .svg, .png or .pdf.")
  var output = "upscatter.svg"
  @Option(help: "Title of the plot.")
  var title: String?
  @Flag(inversion: .prefixedNo, help: "Draw published limits beside ours.")
  var overlays = true

  func run() throws {
    try reportingErrors {
      guard !results.isEmpty else { throw RequestError("plot needs at least one result file (.h5).") }
      let contents = try results.map { try ResultFile.read($0) }
      let first = contents[0]
      let convention = try sharedConvention(contents)
      let flavours = Set(contents.map(\.provenance.flavour)).sorted()
      let series = try zip(results, contents).map { path, content in
        ExclusionPlot.Series(
          label: "\(content.provenance.experiments.joined(separator: " + ")), \(content.provenance.levelText) "
            + content.provenance.kind, contours: content.contours, regions: try ResultFile.excludedRegions(path),
          isSensitivity: content.provenance.kind == "sensitivity")
      }
      let figure = ScanFigure.exclusion(
        title: title ?? "Neutrino dipole portal, flavour \(flavours.joined(separator: ", "))", series: series,
        flavour: flavours.count == 1 ? flavours[0] : "all",
        m4: [contents.map { $0.m4.first ?? 1 }.min() ?? 1, contents.map { $0.m4.last ?? 10 }.max() ?? 10],
        d: [contents.map { $0.d.first ?? 1e-8 }.min() ?? 1e-8, contents.map { $0.d.last ?? 1e-4 }.max() ?? 1e-4],
        convention: convention, caption: first.provenance.captionLines, overlays: overlays)
      try Gnuplot.render(to: output) { (format, name) throws(ReportError) in
        try figure.script(format: format, output: name)
      }
      print("wrote \(output)")
    }
  }

  private func sharedConvention(_ contents: [ResultContents]) throws -> CouplingConvention {
    let names = Set(contents.map(\.provenance.coupling.convention))
    guard names.count == 1, let name = names.first, let convention = CouplingConvention(rawValue: name) else {
      throw RequestError(
        "The results use different coupling conventions (\(names.sorted().joined(separator: ", "))); scan them with the same "
          + "--coupling to draw them together.")
    }
    return convention
  }
}

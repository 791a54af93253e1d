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
    commandName: "plot", abstract: "Redraws or overlays results of scans and moments, with published limits.",
    discussion: """
      Example: upscatter plot a.h5 b.h5 --output both.pdf

      Reads results of `upscatter scan`, and planes of `upscatter moments` (their contours); `fit`, `toys` and `discriminate` draw \
      their own with --plot. Limits from data are solid and shaded, sensitivities dashed, published limits thin. Beside the picture stays the \
      gnuplot script that drew it, for changes by hand. Results in different coupling conventions are refused.
      """)

  @Argument(help: "Result files (.h5) of `upscatter scan`, or of `upscatter moments`.")
  var results: [String]
  @Option(name: [.short, .long], help: "Picture to write: .svg, .png or .pdf.")
  var output = "upscatter.svg"
  @Option(help: "Title of the plot.")
  var title: String?
  @Flag(inversion: .prefixedNo, help: "Draw published limits beside ours (scans).")
  var overlays = true
  @Flag(
    help: ArgumentHelp(
      "Draw where two scans of the same grid differ: of two backends, devices or precisions.",
      discussion: "The relative difference of Delta chi2, |A - B| / max(1, |B|), with its worst point."))
  var difference = false
  @OptionGroup var look: PlotStyleOption

  func run() throws {
    try reportingErrors {
      try requirePlotName(output, option: "--output")
      try requireWritable([output])
      if difference { return try drawDifference() }
      if try arePlanes() { return try drawPlanes() }
      let contents = try results.map { try ResultFile.read($0) }
      let shared = SharedCaption(contents.map(\.provenance))
      let figure = try figure(contents, shared)
      for line in shared.notes + ScanFigure.notes(on: figure) { note("note: \(line)") }
      try Gnuplot.render(to: output, style: look.style) { (format, name) throws(ReportError) in
        try figure.script(format: format, output: name)
      }
      print("wrote \(output)")
    }
  }

  // MARK: - Planes of moments

  /// Throws for files that cannot be drawn here, or together.
  private func arePlanes() throws -> Bool {
    let kinds = try results.map { try ResultFile.kind(of: $0) }
    for (path, kind) in zip(results, kinds)
    where !ResultFile.isScan(kind: kind) && !ResultFile.isPlane(kind: kind) {
      throw ReportError(
        .cannotRead,
        "\(path) is what `\(kind)` writes, and plot draws results of `upscatter scan` and of `upscatter moments`. `\(kind)` draws its "
          + "own with --plot.")
    }
    let planes = kinds.count(where: ResultFile.isPlane)
    guard planes == 0 || planes == kinds.count else {
      throw RequestError(
        "Scans and planes of moments have different axes and cannot share a plot. Draw them apart.")
    }
    return planes > 0
  }

  private func drawPlanes() throws {
    let figure = try MomentFigure.plot(results.map { try PlaneResult(reading: $0) }, title: title)
    try Gnuplot.render(to: output, style: look.style) { (format, name) throws(ReportError) in
      try figure.script(format: format, output: name)
    }
    print("wrote \(output)")
  }

  // MARK: - Differences

  private func drawDifference() throws {
    guard results.count == 2 else {
      throw RequestError(
        "--difference compares two results, and there are \(results.count). Name the one to judge and the one to judge it by.")
    }
    let map = try DifferenceMap(results[0], results[1])
    let figure = map.figure(title: title, version: toolVersion)
    try Gnuplot.render(to: output, style: look.style) { (format, name) throws(ReportError) in
      try figure.script(format: format, output: name)
    }
    print(map.summary)
    print("wrote \(output)")
  }

  // MARK: - Scans

  private func figure(_ contents: [ResultContents], _ shared: SharedCaption) throws -> ExclusionPlot {
    let flavours = Set(contents.map(\.provenance.flavour)).sorted()
    let series = try zip(results, contents).map { path, content in
      ExclusionPlot.Series(
        label: shared.label(content.provenance), contours: content.contours,
        regions: results.count == 1 ? try ResultFile.excludedRegions(path) : [],
        isSensitivity: content.provenance.kind == "sensitivity"
      )
    }
    return ScanFigure.exclusion(
      title: title ?? "\(models(contents)), flavour \(flavours.joined(separator: ", "))", series: series,
      flavours: flavours, m4: span(contents.map(\.m4)),
      d: span(contents.map(\.d)), coupling: try coupling(contents),
      massSymbol: contents[0].provenance.massSymbol,
      overlaysIn: overlays && contents[0].provenance.model == nil
        ? CouplingConvention(rawValue: contents[0].provenance.coupling.convention) : nil,
      caption: shared.lines)
  }

  /// Smallest and largest value of several ascending axes.
  private func span(_ axes: [[Double]]) -> [Double] {
    [axes.compactMap(\.first).min(), axes.compactMap(\.last).max()].compactMap(\.self)
  }

  private func models(_ contents: [ResultContents]) -> String {
    // "model=vector proton=3.0 ...": the parameters stand in the caption
    let names = contents.compactMap(\.provenance.model).map { identity in
      identity.prefix { $0 != " " }.replacingOccurrences(of: "model=", with: "Model ")
    }
    return names.isEmpty ? "Neutrino dipole portal" : Set(names).sorted().joined(separator: ", ")
  }

  private func coupling(_ contents: [ResultContents]) throws -> CouplingLabel {
    let labels = contents.map(\.provenance.coupling)
    let names = Set(labels.map(\.convention)).sorted()
    guard names.count == 1, let first = labels.first else {
      throw RequestError(
        "The results use different coupling conventions (\(names.joined(separator: ", "))); scan them with the same "
          + "--coupling to draw them together.")
    }
    let axes = Set(zip(contents, labels).map { "\($0.provenance.massSymbol ?? "m4") and \($1.symbol)" })
    guard axes.count == 1 else {
      throw RequestError(
        "The results have different axes (\(axes.sorted().joined(separator: "; "))): they are of different interactions and "
          + "cannot share a plot. Draw them apart.")
    }
    return first
  }
}

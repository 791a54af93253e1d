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

  @Argument(
    help: "Result files (.h5) of `upscatter scan`, or of `upscatter moments`.", completion: Completion.results
  )
  var results: [String]
  @Option(
    name: [.short, .long], help: "Picture to write: .svg, .png or .pdf.", completion: Completion.pictures)
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
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON: the picture, its script and the notes.")
  var json = false

  private struct Report: Encodable {
    var files: [String]
    var notes: [String]
    var difference: DifferenceMap.Numbers?
    var version = toolVersion
  }

  func run() throws {
    try reportingErrors {
      try requirePlotName(output, option: "--output")
      try requireWritable([output])
      if difference { return try drawDifference() }
      if try arePlanes() { return try drawPlanes() }
      let contents = try results.map { try ResultFile.read($0) }
      let overlay = try ScanOverlay(contents)
      let regions = try results.map { results.count == 1 ? try ResultFile.excludedRegions($0) : [] }
      let figure = overlay.figure(title: title ?? overlay.title, regions: regions, overlays: overlays)
      let notes = overlay.shared.notes + ScanFigure.notes(on: figure)
      for line in notes { note("note: \(line)") }
      try Gnuplot.render(to: output, style: look.style) { (format, name) throws(ReportError) in
        try figure.script(format: format, output: name)
      }
      try report(notes)
    }
  }

  private func report(_ notes: [String], difference: DifferenceMap.Numbers? = nil) throws {
    if json {
      return try printJSON(
        Report(files: [output, Gnuplot.scriptPath(output)], notes: notes, difference: difference))
    }
    print("wrote \(output)")
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
    try report([])
  }

  // MARK: - Differences

  private func drawDifference() throws {
    guard results.count == 2 else {
      throw RequestError(
        "--difference compares two results, and there are \(results.count). Name the one to judge and the one to judge it by."
      )
    }
    let map = try DifferenceMap(results[0], results[1])
    let figure = map.figure(title: title, version: toolVersion)
    try Gnuplot.render(to: output, style: look.style) { (format, name) throws(ReportError) in
      try figure.script(format: format, output: name)
    }
    if !json { print(map.summary) }
    try report([], difference: map.numbers)
  }
}

import ArgumentParser
import Contours
import Foundation
import Pipeline
import Reporting

/// A page about results: figures, tables, provenance, in one file.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "One HTML page about results: figures, tables, pulls, provenance.",
    discussion: """
      Example: upscatter report a.h5 b.h5 --output both.html

      Reads results of `upscatter scan` (drawn together, then a section each), of `toys` and of `fit`. The page needs no network and no \
      other file; with JavaScript it shows the values under the pointer. Scans in different coupling conventions are refused; a note \
      says where results do not mean the same. Equal results give equal bytes.
      """)

  @Argument(
    help: "Result files (.h5) of `upscatter scan`, `upscatter toys` or `upscatter fit`.",
    completion: Completion.results)
  var results: [String]
  @Option(name: [.short, .long], help: "Page to write: .html.")
  var output = "report.html"
  @Option(help: "Title of the page.")
  var title: String?
  @Flag(inversion: .prefixedNo, help: "Draw published limits beside ours (scans).")
  var overlays = true
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON: the page that was written.")
  var json = false

  private struct Outcome: Encodable {
    var files: [String]
    var version = toolVersion
  }

  func run() throws {
    try reportingErrors {
      guard ["html", "htm"].contains((output as NSString).pathExtension.lowercased()) else {
        throw RequestError("--output \(output): must end in .html.")
      }
      try requireWritable([output])
      let kinds = try results.map { try ResultFile.reportKind(of: $0) }
      let files = { (kind: ResultFile.ReportKind) in zip(results, kinds).filter { $1 == kind }.map(\.0) }
      let points = RunReport.pointsPerAxis(results: results.count)
      let scans = try files(.scan).map { try ScanDigest(reading: $0, mostPoints: points) }
      let toys = try files(.toys).map { try ToysContents(reading: $0) }
      let fits = try files(.fit).map { try FitContents(reading: $0) }
      let overlay = scans.isEmpty ? nil : try ScanOverlay(scans.map(\.contents))
      var report = RunReport(title: title ?? self.title(overlay, toys, fits), version: toolVersion)
      let figure = try overlay.map { try add($0, scans, to: &report) }
      for one in toys { try report.add(one, figure: try ToysFigure.exclusion(one)) }
      for one in fits { try report.add(one) }
      let provenances = toys.map(\.provenance) + fits.map(\.provenance)
      let sources = DataSources.list(
        hashes: Set(
          scans.flatMap { $0.provenance.inputHashes.values } + provenances.flatMap { $0.inputHashes.values }),
        titles: scans.flatMap(\.provenance.experiments) + provenances.flatMap(\.experiments),
        curves: figure?.overlaysInWindow ?? [])
      try AtomicFile.write(report.html(sources: sources), to: output)
      try json ? printJSON(Outcome(files: [output])) : print("wrote \(output)")
    }
  }

  /// The figure of all scans, and a section of each.
  private func add(
    _ overlay: ScanOverlay, _ scans: [ScanDigest], to report: inout RunReport
  ) throws -> ExclusionPlot {
    var figure = overlay.figure(
      title: "", regions: scans.map { scans.count == 1 ? $0.regions : [] }, overlays: overlays)
    let labels = labels(overlay.labels, scans)
    for (index, label) in labels.enumerated() { figure.series[index].label = label }
    let notes = overlay.shared.notes + ScanFigure.notes(on: figure)
    for line in notes { note("note: \(line)") }
    try report.add(scans: scans, figure: figure, labels: labels, notes: notes)
    return figure
  }

  /// Results that are called the same carry the names of their files.
  private func labels(_ labels: [String], _ scans: [ScanDigest]) -> [String] {
    zip(labels, scans).map { label, scan in
      labels.count { $0 == label } > 1 ? "\(label) (\(scan.name))" : label
    }
  }

  private func title(_ overlay: ScanOverlay?, _ toys: [ToysContents], _ fits: [FitContents]) -> String {
    if let overlay {
      return overlay.contents.count == 1 ? "\(overlay.labels[0]): \(overlay.title)" : overlay.title
    }
    let experiments = (toys.map(\.provenance) + fits.map(\.provenance)).flatMap(\.experiments)
    var seen: Set<String> = []
    return experiments.filter { seen.insert($0).inserted }.joined(separator: " + ")
      + (fits.isEmpty ? ": critical values from toys" : toys.isEmpty ? ": fit" : ": toys and fits")
  }
}

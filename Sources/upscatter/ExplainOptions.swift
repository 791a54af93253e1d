import ArgumentParser
import Foundation
import Pipeline
import ScanCore

/// `--explain`: what would be computed, how large it is and how long it takes, in place of computing it.
struct ExplainOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Print what would be computed (experiments, integrals, points, files, memory, time), and compute nothing else.",
      discussion: "The time comes from samples that are run for about a second."))
  var explain = false
}

/// When this run began, for times that count from there.
enum RunStart {
  static let moment = ContinuousClock.now
  static var seconds: Double { (ContinuousClock.now - moment) / .seconds(1) }
}

/// Largest memory of a run in bytes.
enum MemoryEstimate {
  /// What the samples took at most, and what grows with the request.
  /// - Parameter growing: bytes that a run holds beyond its samples
  static func bytes(growing: Double) -> Double { ProcessLoad.largestMemory + growing }

  static func model(_ growing: String) -> String {
    "largest resident memory of the samples, and \(growing)"
  }
}

/// An explanation as text.
struct ExplanationText {
  let explanation: Explanation

  var lines: [String] {
    var lines = ["\(explanation.command): nothing below is computed yet"]
    lines += explanation.experiments.flatMap(experiment)
    lines += explanation.axes.map(axis)
    if explanation.axes.count > 1 { lines.append(row("points", "\(explanation.points)")) }
    for (name, value) in explanation.settings.sorted(by: { $0.key < $1.key }) {
      lines.append(row(name, value))
    }
    lines += explanation.backends.map { row("backend", $0) }
    for file in explanation.files {
      lines.append(row("file", file.path + (file.bytes.map { ", about \(Self.size($0))" } ?? "")))
    }
    lines.append(row("memory", "about \(Self.size(explanation.memory)) (\(explanation.memoryModel))"))
    lines += time
    lines += explanation.notes.map { "note: \($0)" }
    return lines
  }

  private func row(_ name: String, _ text: String) -> String { column(name, 12) + text }

  private func experiment(_ one: Explanation.Experiment) -> [String] {
    let bins =
      one.timeBins > 1
      ? "\(one.energyBins) x \(one.timeBins) bins (energy x time)" : "\(one.energyBins) bins"
    let pulls = one.pulls.isEmpty ? "no pulls" : "pulls: \(one.pulls.joined(separator: ", "))"
    return [
      "\(one.name): \(one.title)",
      "  \(one.data) data, \(one.statistic) statistic, flavour \(one.flavour), \(bins), \(pulls)",
      "  flux components: \(one.components.joined(separator: ", "))",
    ] + one.integrals.map(integrals)
  }

  private func integrals(_ one: Explanation.Integrals) -> String {
    let orders = one.recoilOrders.map { "\($0)" }.joined(separator: ", ")
    let inner = one.energyOrder.map { "\($0) nodes per piece" } ?? "closed form"
    return
      "  integrals of \(one.signal): \(one.terms) terms, recoil energy with up to \(one.recoilNodesPerMass) nodes per mass "
      + "(orders \(orders)), neutrino energy in \(inner), estimated error "
      + String(format: "%.1e", one.estimatedError)
  }

  private func axis(_ one: Explanation.Range) -> String {
    let unit = one.unit.isEmpty ? "" : " " + one.unit
    let (from, to) = (NumberWords.short(one.from), NumberWords.short(one.to))
    return row(one.symbol, one.points == 1 ? from + unit : "\(one.points) values, \(from) to \(to)\(unit)")
  }

  private var time: [String] {
    [row("time", "about " + Self.duration(explanation.time.seconds))]
      + explanation.time.stages.map {
        row("", column(Self.duration($0.seconds), 12) + "\($0.name) (\($0.basis))")
      }
  }

  /// "0.42 s", "12 s", "3 min 20 s"
  private static func duration(_ seconds: Double) -> String {
    seconds < 10 ? String(format: "%.2g s", seconds) : ProgressBar.time(seconds)
  }

  /// "1.4 MB"
  private static func size(_ bytes: Double) -> String {
    let units = ["B", "kB", "MB", "GB", "TB"]
    let power = min(units.count - 1, max(0, Int(log10(max(bytes, 1)) / 3)))
    return String(format: "%.3g ", bytes / pow(1000, Double(power))) + units[power]
  }
}

func printExplanation(_ explanation: Explanation, json: Bool) throws {
  try json ? printJSON(explanation) : ExplanationText(explanation: explanation).lines.forEach { print($0) }
}

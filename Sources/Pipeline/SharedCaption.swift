import Foundation
import Reporting

/// What several results drawn in one figure have in common: a caption that is true of all of them, labels that say
/// where they differ, and notes for the person who draws them.
package struct SharedCaption: Sendable {
  /// Lines below the plot.
  package let lines: [String]
  /// One sentence per setting in which the results differ.
  package let notes: [String]
  private let differing: Set<Setting>

  /// A setting that decides whether two curves can be compared.
  private enum Setting: String, CaseIterable {
    case kind = "kind of data"
    case level = "confidence level"
    case degreesOfFreedom = "degrees of freedom"
    case statistic = "statistic"
    case flavour = "flavour"

    func text(_ result: Provenance) -> String {
      switch self {
      case .kind: result.kind
      case .level: result.levelText
      case .degreesOfFreedom: "\(result.degreesOfFreedom) dof"
      case .statistic: "\(result.statistic) statistic"
      case .flavour: "flavour \(result.flavour)"
      }
    }
  }

  /// - Parameter results: at least one, in the order of the figure
  package init(_ results: [Provenance]) {
    precondition(!results.isEmpty, "a caption of nothing")
    let different = Setting.allCases.filter { Set(results.map($0.text)).count > 1 }
    differing = Set(different)
    notes = different.map { setting in
      "the results differ in \(setting.rawValue) (\(Self.distinct(results.map(setting.text)))); their curves do not mean "
        + "the same, and the legend says which is which"
    }
    let first = results[0].captionLines
    let common = Setting.allCases.filter { !different.contains($0) }.map { $0.text(results[0]) }
    let makers = Self.distinct(results.map { "upscatter \($0.version), \($0.backend)" })
    let legend =
      different.isEmpty ? "" : "; the legend gives \(different.map(\.rawValue).joined(separator: ", "))"
    let summary = common.joined(separator: ", ") + legend
    lines =
      Set(results.map { $0.captionLines[0] }).count == 1
      ? [first[0], results.count == 1 ? first[1] : makers]
      : ["\(summary).  \(results[0].coupling.lagrangian)", makers]
  }

  /// The name beside the curve of one result: its experiments.
  package func name(_ result: Provenance) -> String { result.experiments.joined(separator: " + ") }

  /// Legend entry of one result: what sets it apart first, because a legend cuts long entries at their end.
  package func label(_ result: Provenance) -> String {
    let experiments = name(result)
    if differing.isEmpty { return "\(experiments), \(result.levelText) \(result.kind)" }
    let apart = Setting.allCases.filter(differing.contains).map { $0.text(result) }
    return "\(apart.joined(separator: ", ")): \(experiments)"
  }

  /// The different texts among `texts`, in order.
  private static func distinct(_ texts: [String]) -> String {
    var seen: Set<String> = []
    return texts.filter { seen.insert($0).inserted }.joined(separator: "; ")
  }
}

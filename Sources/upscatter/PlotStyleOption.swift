import ArgumentParser
import Foundation
import Pipeline
import Reporting

extension PlotStyle: ExpressibleByArgument {}

/// How pictures look.
struct PlotStyleOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Look of pictures: light or print.",
      discussion:
        "light is in colour, for screens and slides; print is black and grey, one journal column (8.6 cm) wide, with larger letters."
    ))
  var style: PlotStyle = .light
}

/// The file that `--plot` names: a path, or a format alone for a name made here.
func plotPath(_ plot: String, of command: String, _ experiments: [String]) -> String {
  guard PlotFormat(rawValue: plot) != nil else { return plot }
  let names = experiments.map { name in
    (name.hasSuffix(".yaml")
      ? ((name as NSString).lastPathComponent as NSString).deletingPathExtension : name)
      .replacingOccurrences(of: ":", with: "-").replacingOccurrences(of: "/", with: "-")
  }
  return "\(command)-\(names.joined(separator: "-")).\(plot)"
}

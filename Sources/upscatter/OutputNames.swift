import Pipeline
import Reporting

/// Throws if a path without extension names no file.
func requireFileName(_ output: String, example: String) throws(RequestError) {
  guard ["", ".", ".."].contains(output.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
  else { return }
  let folder = output.isEmpty || output.hasSuffix("/") ? output : output + "/"
  throw RequestError(
    "--output \"\(output)\": names no file. Give a path without extension, for example \(folder)\(example).")
}

/// The formats of `--plot`, without none.
func plotFormats(_ plots: [String]) throws(RequestError) -> [String] {
  let formats = plots.filter { $0 != "none" }
  for format in formats where PlotFormat(rawValue: format) == nil {
    throw RequestError("--plot \(format): choose svg, png, pdf or none.")
  }
  return formats
}

import Experiments
import Pipeline
import Reporting

private let endings = [".h5", ".json", ".csv", ".svg", ".png", ".pdf"]

/// Throws if a path names no file, or has one of the extensions that outputs get.
func requireFileName(_ output: String, example: String) throws(RequestError) {
  let name = output.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
  if let ending = endings.first(where: { name.lowercased().hasSuffix($0) }) {
    throw RequestError(
      "--output \(output): names outputs without extension; each gets its own. Give --output \(output.dropLast(ending.count)), and "
        + "choose pictures by --plot svg, png or pdf.")
  }
  guard ["", ".", ".."].contains(name) else { return }
  let folder = output.isEmpty || output.hasSuffix("/") ? output : output + "/"
  throw RequestError(
    "--output \"\(output)\": names no file. Give a path without extension, for example \(folder)\(example).")
}

/// The formats of `--plot`, without none.
func plotFormats(_ plots: [String]) throws(RequestError) -> [String] {
  let formats = plots.filter { $0 != "none" }
  for format in formats where PlotFormat(rawValue: format) == nil {
    throw unknownPlot(format)
  }
  return formats
}

func unknownPlot(_ format: String) -> RequestError {
  let suggestion = Spelling.suggestion(for: format, among: Completion.plotNames)
  return RequestError("--plot \(format): \(suggestion)Choose svg, png, pdf or none.")
}

/// Throws before anything is computed if a file could not be written.
/// - Parameters:
///   - option: that names the files
func requireWritable(_ paths: [String], option: String = "--output") throws(ReportError) {
  // scripts lie beside their pictures
  let scripts = paths.filter { (try? PlotFormat(path: $0)) != nil }.map(Gnuplot.scriptPath)
  try DiskSpace.requireWritable(paths + scripts, option: option)
}

/// The same for the files of one name.
/// - Parameters:
///   - output: the name without endings
///   - plots: their formats
func requireWritable(_ output: String, endings: [String], plots: [String]) throws(ReportError) {
  try requireWritable((endings + plots.map { ".\($0)" }).map { output + $0 })
}

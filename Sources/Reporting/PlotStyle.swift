import Foundation

/// How a picture looks: for screens and slides, or for one column of a journal.
package enum PlotStyle: String, CaseIterable, Sendable {
  /// Colours, legend at the right, 16 to 9.
  case light
  /// Black and greys told apart by brightness, dashes and marks; 8.6 cm wide, larger letters, legend below, no title.
  case print
}

/// File formats of a plot, chosen by the extension of its name.
package enum PlotFormat: String, CaseIterable, Sendable {
  case svg, png, pdf

  package init(path: String) throws(ReportError) {
    let suffix = (path as NSString).pathExtension.lowercased()
    guard let format = Self(rawValue: suffix) else {
      let fault =
        suffix.isEmpty
        ? "the name has no extension, which would choose the format"
        : "the extension .\(suffix) does not name a plot format"
      throw ReportError(.badContent, "\(path): \(fault). End the name in .svg, .png or .pdf.")
    }
    self = format
  }
}

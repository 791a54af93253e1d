/// What went wrong with a file or a plot: the culprit, what was expected, and the cure, in one paragraph.
package struct ReportError: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: String, Sendable {
    /// An output cannot be written: directory, permission, space.
    case cannotWrite
    /// An input is missing, truncated or not ours.
    case cannotRead
    /// What should be written or drawn contradicts itself (shapes, NaN).
    case badContent
    /// No gnuplot on this machine; every other output is untouched.
    case plotterMissing
    /// gnuplot ran and failed.
    case plotFailed
  }
  package var kind: Kind
  package var message: String
  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
  package var description: String { message }
}

/// Throws if values that end up in a file are not all finite.
func requireFinite(_ values: [Double], _ what: String) throws(ReportError) {
  guard let bad = values.firstIndex(where: { !$0.isFinite }) else { return }
  throw ReportError(
    .badContent,
    "Value \(bad + 1) of \(values.count) in \(what) is \(values[bad]); results hold finite numbers only. Check the "
      + "scan at this point with the reference backend.")
}

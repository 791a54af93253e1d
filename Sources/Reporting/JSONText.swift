import Foundation

/// JSON as it is written everywhere: sorted keys, indented, so that equal values are equal bytes.
package enum JSONText {
  /// - Parameter name: what is encoded, for the error message
  package static func encode(_ value: some Encodable, name: String) throws(ReportError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    } catch {
      throw ReportError(
        .badContent,
        "JSON cannot hold \(name): it contains a number that is not finite. Check the scan with the reference backend."
      )
    }
  }
}

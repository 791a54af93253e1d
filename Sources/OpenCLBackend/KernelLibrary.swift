import KernelSources
import ScanCore

/// Kernel texts by file name, and their expansion to one text a driver can build.
package struct KernelLibrary: Sendable {
  package let texts: [String: String]

  package init(texts: [String: String]) { self.texts = texts }

  /// The texts of `Kernels/src`, compiled into the product.
  package static let embedded: KernelLibrary = {
    var texts: [String: String] = [:]
    var index: Int32 = 0
    while let source = kernel_source(index)?.pointee {
      let bytes = UnsafeRawBufferPointer(start: source.text, count: source.length)
      texts[String(cString: source.name)] = String(decoding: bytes, as: UTF8.self)
      index += 1
    }
    return KernelLibrary(texts: texts)
  }()

  /// Text of `name` with every `#include "x"` replaced by the text of x, each file once, and `#line` marks so that
  /// drivers report errors by file and line. Drivers differ in how they find included files; all accept one text.
  package func expanded(_ name: String) throws(BackendError) -> String {
    var included: Set<String> = []
    return try expand(name, includedFrom: nil, &included)
  }

  private func expand(
    _ name: String, includedFrom parent: String?, _ included: inout Set<String>
  ) throws(BackendError) -> String {
    guard let text = texts[name] else {
      let origin = parent.map { " included by \($0)" } ?? ""
      throw BackendError(
        .buildFailure,
        "The kernel text \(name)\(origin) is not part of this program; it knows \(texts.keys.sorted().joined(separator: ", "))."
          + " Add it to Kernels/embed.c.")
    }
    included.insert(name)
    var lines = ["#line 1 \"\(name)\""]
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard let inner = Self.includedName(of: line) else {
        lines.append(String(line))
        continue
      }
      if !included.contains(inner) { lines.append(try expand(inner, includedFrom: name, &included)) }
      lines.append("#line \(index + 2) \"\(name)\"")
    }
    return lines.joined(separator: "\n")
  }

  /// x of `#include "x"`; nil for every other line.
  private static func includedName(of line: Substring) -> String? {
    guard line.hasPrefix("#include \"") else { return nil }
    let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
    return parts.count == 3 ? String(parts[1]) : nil
  }
}

import Foundation

/// Text made safe for HTML and SVG: whatever a user may have named, it stays text.
enum HTMLText {
  /// For text and for attributes in double quotes; control characters, which HTML forbids, become spaces.
  static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(isForbidden(scalar) ? " " : scalar)
      }
    }
    return result
  }

  /// JSON for a script element: no `<`, `>` or `&` is left that could end the element or begin a comment.
  static func script(json: String) -> String {
    var result = ""
    for scalar in json.unicodeScalars {
      switch scalar {
      case "<": result += "\\u003c"
      case ">": result += "\\u003e"
      case "&": result += "\\u0026"
      case "\u{2028}": result += "\\u2028"
      case "\u{2029}": result += "\\u2029"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// A JSON string, which Python and JavaScript read too.
  static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\" + String(scalar)
      case "\n": result += "\\n"
      default:
        if isForbidden(scalar) || scalar == "\t" {
          result += String(format: "\\u%04x", scalar.value)
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }

  /// A number in JSON; null where it is not finite.
  static func json(_ value: Double?) -> String { value.map { $0.isFinite ? "\($0)" : "null" } ?? "null" }

  /// A file of text behind a link, without another file.
  static func dataLink(csv text: String) -> String {
    "data:text/csv;charset=utf-8;base64," + Data(text.utf8).base64EncodedString()
  }

  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    return value < 0x20 || (0x7f...0x9f).contains(value) || (0xfdd0...0xfdef).contains(value)
      || value & 0xfffe == 0xfffe
  }
}

/// A symbol with an index, "m4", "m_V", "d", as HTML and SVG write it.
struct MarkedSymbol {
  let name: String
  let index: String

  /// - Parameter flavour: "e", "mu" or "tau" becomes the index of a symbol that has none; anything else adds none
  init(_ symbol: String, flavour: String = "") {
    if symbol == "m4" {
      (name, index) = ("m", "4")
      return
    }
    let parts = symbol.split(separator: "_", maxSplits: 1).map(String.init)
    name = ["mu": "μ"][symbol] ?? parts.first ?? ""
    index = parts.count == 2 ? parts[1] : ["e": "e", "mu": "μ", "tau": "τ"][flavour] ?? ""
  }

  var html: String {
    let sub = index.isEmpty ? "" : "<sub>\(HTMLText.escaped(index))</sub>"
    return "<i>\(HTMLText.escaped(name))</i>\(sub)"
  }

  var svg: String {
    let text = "<tspan font-style=\"italic\">\(HTMLText.escaped(name))</tspan>"
    guard !index.isEmpty else { return text }
    return text
      + "<tspan dy=\"4\" font-size=\"75%\">\(HTMLText.escaped(index))</tspan><tspan dy=\"-4\">\u{200B}</tspan>"
  }

  /// For places that take no markup.
  var plain: String { index.isEmpty ? name : name == "m" && index == "4" ? "m4" : "\(name)_\(index)" }
}

/// The Lagrangian of a coupling as HTML: its indices raised and lowered.
enum LagrangianText {
  static func html(_ text: String) -> String {
    HTMLText.escaped(text.onOneLine).replacingOccurrences(of: "^μν", with: "<sup>μν</sup>")
      .replacingOccurrences(of: "_μν", with: "<sub>μν</sub>")
  }
}

/// Units as people write them.
enum UnitText {
  static func html(_ unit: String) -> String {
    ["1/GeV": "GeV<sup>−1</sup>", "mu_B": "<i>μ</i><sub>B</sub>", "1": ""][unit] ?? HTMLText.escaped(unit)
  }

  static func svg(_ unit: String) -> String {
    let raised = "GeV<tspan dy=\"-6\" font-size=\"75%\">−1</tspan><tspan dy=\"6\">\u{200B}</tspan>"
    return ["1/GeV": raised, "mu_B": MarkedSymbol("μ_B").svg][unit] ?? HTMLText.escaped(unit)
  }
}

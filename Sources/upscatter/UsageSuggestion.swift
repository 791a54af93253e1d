import ArgumentParser
import Experiments
import Foundation

/// Help with slips that the argument parser refuses without naming what was meant.
enum UsageSuggestion {
  /// `message` of the parser with a suggestion after its first paragraph.
  static func add(to message: String, arguments: [String]) -> String {
    let suggestion = value(message) + command(message, arguments)
    var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    guard !suggestion.isEmpty,
      let place = lines.firstIndex(where: { $0.hasPrefix("Help:") || $0.hasPrefix("Usage:") })
    else { return message }
    lines.insert(suggestion.trimmingCharacters(in: .whitespaces), at: place)
    return lines.joined(separator: "\n")
  }

  /// "The value 'observd' is invalid for '--data <data>'. Please provide one of 'observed' and 'asimov'."
  private static func value(_ message: String) -> String {
    guard let match = message.prefixMatch(of: #/(?:Error: )?The value '([^']*)' is invalid for /#) else {
      return ""
    }
    guard let list = message.range(of: "Please provide one of ") else { return number(String(match.1)) }
    let rest = message[list.upperBound...].prefix { $0 != "." }
    let quoted = rest.matches(of: #/'([^']+)'/#).map { String($0.1) }
    let bullets = rest.matches(of: #/\n  - ([^\n]+)/#).map { String($0.1) }
    return Spelling.suggestion(for: String(match.1), among: quoted + bullets)
  }

  /// What is no number to the parser, but to people.
  private static func number(_ text: String) -> String {
    if let value = Double(text.replacing(",", with: ".")), text.contains(",") {
      return
        "A decimal point, not a comma: \(value.formatted(.number.grouping(.never).precision(.significantDigits(1...15)))). "
    }
    guard let value = Double(text) else { return "" }
    return "A whole number is wanted here\(Int(exactly: value).map { ": \($0)" } ?? ""). "
  }

  /// "Unexpected argument 'scna'", "2 unexpected arguments: 'experimens', 'list'"
  private static func command(_ message: String, _ arguments: [String]) -> String {
    guard message.contains(#/(?i)unexpected argument/#), let outline = try? CommandOutline.program() else {
      return ""
    }
    var command = outline
    for (index, word) in arguments.enumerated() {
      guard let below = command.subcommands else { return "" }
      if let next = command.subcommand(word) {
        command = next
        continue
      }
      let isExpected = word.hasPrefix("-") || !message.contains("'\(word)'")
      return isExpected
        ? "" : Spelling.suggestion(for: arguments[index], among: below.map(\.commandName))
    }
    return ""
  }
}

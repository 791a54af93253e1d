import DipolePhysics
import Experiments
import Foundation

/// A model or parameter that cannot be used, with the cure.
package struct InteractionError: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}

/// The parameters of an interaction that are not scanned, as given on the command line: `name=value`. Each is taken once;
/// what nobody took is unknown.
struct InteractionParameters {
  let model: String
  private let values: [String: String]
  private var known: [String] = []

  /// - Parameter texts: `name=value`, or several of them with commas between
  init(_ texts: [String], model: String) throws(InteractionError) {
    self.model = model
    var values: [String: String] = [:]
    for part in texts.flatMap({ $0.split(separator: ",", omittingEmptySubsequences: false) }) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard sides.count == 2, !sides[0].isEmpty, !sides[1].isEmpty else {
        throw InteractionError(
          "--parameter \(part): the form is name=value, for example --parameter mixing=0.01.")
      }
      guard values.updateValue(sides[1], forKey: sides[0]) == nil else {
        throw InteractionError("--parameter \(part): \"\(sides[0])\" is given twice. Give it once.")
      }
    }
    self.values = values
  }

  /// A finite number within a range; `fallback` where it is not given, an error where there is none.
  mutating func number(
    _ name: String, default fallback: Double?, in range: ClosedRange<Double>, example: String
  ) throws(InteractionError) -> Double {
    known.append(name)
    guard let text = values[name] else {
      if let fallback { return fallback }
      if let slip = slip(of: name) {
        throw InteractionError(
          "--parameter \(slip): unknown. Did you mean `\(name)`? --model \(model) needs \(name)=VALUE, for example "
            + "--parameter \(name)=\(example).")
      }
      throw InteractionError(
        "--model \(model) needs --parameter \(name)=VALUE, for example --parameter \(name)=\(example).")
    }
    return try Self.number(text, name: name, in: range)
  }

  /// A name that was given and looks like `name` mistyped.
  private func slip(of name: String) -> String? {
    values.keys.sorted().first {
      !known.contains($0) && !Spelling.suggestion(for: $0, among: [name]).isEmpty
    }
  }

  private static func number(
    _ text: String, name: String, in range: ClosedRange<Double>
  ) throws(InteractionError) -> Double {
    guard let value = Double(text), range.contains(value) else {
      throw InteractionError(
        "--parameter \(name)=\(text): not a number between \(range.lowerBound) and \(range.upperBound).")
    }
    return value
  }

  /// A size, or a size and a phase in radians, `0.5@1.57`; nil where it is not given.
  mutating func complex(_ name: String) throws(InteractionError) -> Complex? {
    known.append(name)
    guard let text = values[name] else { return nil }
    let parts = text.split(separator: "@", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 2 else {
      throw InteractionError(
        "--parameter \(name)=\(text): the form is SIZE or SIZE@PHASE, for example \(name)=0.5@1.57.")
    }
    let size = try Self.number(parts[0], name: name, in: -1e6...1e6)
    let phase = parts.count == 2 ? try Self.number(parts[1], name: name, in: -100...100) : 0
    return size * Complex.phase(phase)
  }

  /// One of some words; `fallback` where it is not given, an error where there is none.
  mutating func word(
    _ name: String, among words: [String], default fallback: String?
  ) throws(InteractionError) -> String {
    known.append(name)
    guard let text = values[name] else {
      if let fallback { return fallback }
      throw InteractionError(
        "--model \(model) needs --parameter \(name)=WORD: \(Spelling.listing(words)).")
    }
    guard words.contains(text) else {
      throw InteractionError(
        "--parameter \(name)=\(text): \(Spelling.suggestion(for: text, among: words))Choose \(Spelling.listing(words))."
      )
    }
    return text
  }

  /// Throws if one of these is given where it would change nothing.
  func refuse(_ names: [String], because reason: String) throws(InteractionError) {
    guard let name = names.first(where: { values[$0] != nil }), let text = values[name] else { return }
    throw InteractionError("--parameter \(name)=\(text): changes nothing here, as \(reason). Leave it out.")
  }

  /// Throws for a parameter the interaction does not have.
  func finish() throws(InteractionError) {
    guard let stranger = values.keys.sorted().first(where: { !known.contains($0) }) else { return }
    let rest =
      known.isEmpty
      ? "--model \(model) has no parameters."
      : "\(Spelling.suggestion(for: stranger, among: known))--model \(model) takes \(Spelling.listing(known))."
    throw InteractionError("--parameter \(stranger): unknown. \(rest)")
  }
}

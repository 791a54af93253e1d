import Foundation
import Units

/// The answers that an experiment file is written from: `upscatter experiments new` asks for them.
package struct ExperimentDraft: Sendable {
  package enum Source: String, CaseIterable, Sendable {
    case pionDecayAtRest = "pion-decay-at-rest"
    case reactor, solar
    case chromium = "chromium-51"
  }

  /// What is asked, in this order.
  package enum Question: String, CaseIterable, Sendable {
    case source, target, mass, exposure, threshold, background
  }

  /// An answer that cannot be.
  package struct Refusal: Error, CustomStringConvertible {
    package var description: String
  }

  /// As written: "10 kg".
  private var answers: [Question: String] = [:]

  package init() {}

  package subscript(_ question: Question) -> String { answers[question] ?? defaultAnswer(question) }

  /// Takes an answer, or refuses it and stays as it was. A number alone gets the usual unit.
  package mutating func set(_ question: Question, _ text: String) throws(Refusal) {
    let answer = text.trimmingCharacters(in: .whitespaces)
    let isNumber = parseNumber(answer) != nil
    switch question {
    case .source: try requireSource(answer)
    case .target: _ = try ExperimentTarget(formula: answer)
    case .mass: try requirePositive(answer, .dimension(.mass))
    case .exposure: try requirePositive(answer, .dimension(.time))
    case .threshold: try requirePositive(answer, .dimension(.energy))
    case .background:
      try require(isNumber ? answer + " " + Self.backgroundUnit : answer, .eventRate, .nonNegative)
    }
    answers[question] = question == .background && isNumber ? answer + " " + Self.backgroundUnit : answer
  }

  private static let backgroundUnit = "counts/(kg keV d)"

  /// What stands where nothing is answered; depends on the source.
  package func defaultAnswer(_ question: Question) -> String {
    let row =
      switch source {
      case .pionDecayAtRest: ("Ar", "100 kg", "1 y", "20 keV", "1e-4")
      case .reactor: ("Ge", "1 kg", "1 y", "0.2 keV", "10")
      case .solar: ("Xe", "10 t", "1 y", "1 keV", "1e-5")
      case .chromium: ("Ge", "10 kg", "55 d", "0.008 keV", "1")
      }
    switch question {
    case .source: return Source.pionDecayAtRest.rawValue
    case .target: return row.0
    case .mass: return row.1
    case .exposure: return row.2
    case .threshold: return row.3
    case .background: return "\(row.4) \(Self.backgroundUnit)"
    }
  }

  /// What a question asks for.
  package func wording(_ question: Question) -> String {
    switch question {
    case .source: "source: " + Source.allCases.map(\.rawValue).joined(separator: ", ")
    case .target: "target: an element or a compound of elements, such as Xe or CsI"
    case .mass: "mass of the target"
    case .exposure: "exposure: the time the source is seen"
    case .threshold: "threshold: the smallest recoil energy of a nucleus that counts"
    case .background: "background, per mass, energy and time"
    }
  }

  var source: Source { answers[.source].flatMap(Source.init) ?? .pionDecayAtRest }

  // MARK: - Requirements

  private func requireSource(_ answer: String) throws(Refusal) {
    let known = Source.allCases.map(\.rawValue)
    guard known.contains(answer) else {
      throw Refusal(
        description: "\(answer): unknown source. \(Spelling.suggestion(for: answer, among: known))Choose "
          + "\(Spelling.listing(known)).")
    }
  }

  private func requirePositive(_ answer: String, _ kind: QuantityKind) throws(Refusal) {
    try require(answer, kind, .positive)
  }

  private func require(
    _ answer: String, _ kind: QuantityKind, _ domain: NumberDomain
  ) throws(Refusal) {
    do throws(QuantityError) {
      guard domain.contains(try kind.value(of: answer)) else {
        throw QuantityError(expected: "a value \(domain.words)", cure: "Write for example `\(kind.example)`.")
      }
    } catch {
      throw Refusal(description: "\(answer): expected \(error.expected). \(error.cure)")
    }
  }
}

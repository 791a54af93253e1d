import ArgumentParser
import Experiments
import Foundation
import Pipeline

/// Answers to the questions of `experiments new`, as options.
struct ExperimentAnswers: ParsableArguments {
  @Option(
    help: "pion-decay-at-rest, reactor, solar or chromium-51.",
    completion: .list(ExperimentDraft.Source.allCases.map(\.rawValue)))
  var source: String?
  @Option(help: "Element or compound of elements: Ar, Xe, CsI.")
  var target: String?
  @Option(help: "Mass of the target, such as 10 kg.")
  var mass: String?
  @Option(help: "Time the source is seen, such as 1 y or 90 d.")
  var exposure: String?
  @Option(help: "Smallest recoil energy of a nucleus that counts, such as 1 keV.")
  var threshold: String?
  @Option(help: "Background, a number in counts/(kg keV d) or with a unit of its own.")
  var background: String?

  /// What the options answer.
  var given: Set<ExperimentDraft.Question> { Set(texts.map(\.question)) }

  private var texts: [(question: ExperimentDraft.Question, text: String)] {
    let all: [ExperimentDraft.Question: String?] = [
      .source: source, .target: target, .mass: mass, .exposure: exposure, .threshold: threshold,
      .background: background,
    ]
    return ExperimentDraft.Question.allCases.compactMap { question in
      (all[question] ?? nil).map { (question, $0) }
    }
  }

  func draft() throws(RequestError) -> ExperimentDraft {
    var draft = ExperimentDraft()
    for (question, text) in texts {
      do throws(ExperimentDraft.Refusal) {
        try draft.set(question, text)
      } catch {
        throw RequestError("--\(question.rawValue) \(error)")
      }
    }
    return draft
  }
}

/// Questions on standard error, answers from standard input, until each can be taken.
struct QuestionRound {
  private var draft: ExperimentDraft

  init(_ draft: ExperimentDraft) { self.draft = draft }

  /// Whether somebody is there to answer.
  static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && Console.isTerminal }

  /// The name, asked for where none is given.
  func name(_ given: String?) throws -> String {
    try given ?? Self.ask("name, such as my-argon-2026", "my-experiment")
  }

  /// The draft with what `given` does not hold asked for.
  func answers(beside given: Set<ExperimentDraft.Question>) throws -> ExperimentDraft {
    var draft = draft
    for question in ExperimentDraft.Question.allCases where !given.contains(question) {
      while true {
        let answer = try Self.ask(draft.wording(question), draft.defaultAnswer(question))
        do throws(ExperimentDraft.Refusal) {
          try draft.set(question, answer)
          if question == .threshold { _ = try draft.text(name: "x") }
          break
        } catch {
          writeToStandardError("\(error)\n")
        }
      }
    }
    return draft
  }

  /// One line; the default where it is empty.
  private static func ask(_ question: String, _ preset: String) throws(RequestError) -> String {
    writeToStandardError("\(question) [\(preset)]: ")
    guard let line = readLine() else {
      writeToStandardError("\n")
      throw RequestError("The input ended before all questions were answered; nothing was written.")
    }
    let answer = line.trimmingCharacters(in: .whitespaces)
    return answer.isEmpty ? preset : answer
  }
}

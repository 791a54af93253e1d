import ArgumentParser
import Experiments
import Pipeline
import SIMDBackend

extension ExperimentsCommand {
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract:
        "Checks experiment files and prints what was understood; without arguments, the whole catalogue.",
      discussion: """
        Faults of the file and of each of its variants come with file, line and column; some show only when others are \
        cured. A sound file is summed up: \
        fluxes, exposure, smallest recoils that count, Standard Model events by process and component, backgrounds, data, \
        pulls. Warnings name what can be meant but as a rule is a slip; they do not change the exit code.
        """)
    @Argument(
      help: "Catalogue names or paths, with or without a variant.", completion: Completion.experiments)
    var experiments: [String] = []
    @Flag(help: "One line for each experiment, and its warnings.") var brief = false
    @OptionGroup var consoleOptions: ConsoleOptions
    @Flag(help: "Print JSON: a list of what was understood of each sound experiment.") var json = false

    func run() throws {
      var failed = false
      var summaries: [ExperimentSummary] = []
      let isBrief = brief || experiments.isEmpty
      let backend = try CPUBackend()
      for name in experiments.isEmpty ? Catalogue.entryNames : experiments {
        let outcome = outcome(name, backend)
        switch outcome {
        case .faults(let faults):
          failed = true
          for fault in faults { json ? complain(fault) : print(fault) }
        case .sound(let summary):
          summaries.append(summary)
          if !json { print(isBrief ? brief(name, summary) : summary.text(calling: name)) }
        }
      }
      if json { try printJSON(summaries) }
      if failed { throw Exit.badInput }
    }

    private enum Outcome {
      case faults([String])
      case sound(ExperimentSummary)
    }

    /// The faults of the file and its variants; what only shows when a model is made of it, if the file has none.
    private func outcome(_ name: String, _ backend: CPUBackend) -> Outcome {
      let faults = Catalogue.validate(name).map(\.description)
      if !faults.isEmpty { return .faults(faults) }
      do {
        let (spec, places) = try Catalogue.inspect(name)
        return .sound(try ExperimentSummary(spec, places: places, backend: backend))
      } catch {
        return .faults(["\(name): \(error)"])
      }
    }

    private func brief(_ name: String, _ summary: ExperimentSummary) -> String {
      ([summary.verdict(name)] + summary.warnings.map(\.description)).joined(separator: "\n")
    }
  }
}

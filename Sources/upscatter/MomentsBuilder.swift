import Experiments
import Pipeline
import Planning
import Rates
import ScanCore

/// Makes likelihoods over the transition moments.
struct MomentsBuilder {
  let specs: [ExperimentSpec]
  let parameters: [String]
  let data: DataSet?
  let statistic: StatisticKind?
  let shared: Set<String>
  let m4: Double
  let backend: any Backend
  let planning: any Backend

  func likelihood(of group: [ExperimentSpec]) throws -> MomentLikelihood {
    var analyses: [Analysis] = []
    var beams: [FlavourBeam?] = []
    for spec in group {
      // mixing angles and sums are of beams that arrive as a flavour
      let isSolar =
        !spec.source.components.isEmpty && spec.source.components.allSatisfy { $0.massStates != nil }
      let own = isSolar && specs.count > 1 ? [] : parameters
      var words = ["--model=transition", "--parameter=lambda14=1"]
      for parameter in own { words.append("--parameter=\(parameter)") }
      if let data { words.append("--data=\(data.rawValue)") }
      if let statistic { words.append("--statistic=\(statistic.rawValue)") }
      let options = try AnalysisOptions.parse(words)
      let interaction = try options.interaction(for: spec)
      beams.append((interaction as? TransitionMoment)?.flavourBeam)
      var settings = try options.settings(for: spec, interaction: interaction)
      // the pattern of one moment is not what is scanned
      for size in MomentsSpace.sizes { settings.parameters?[size.rawValue] = nil }
      analyses.append(
        try Analysis(
          model: RateModel(spec), settings: settings, masses: [m4], backend: backend,
          planningBackend: planning,
          interaction: UnitMoments()))
    }
    return try MomentLikelihood(
      JointAnalysis(analyses, shared: shared), beams: beams, mass: m4, backend: backend)
  }
}

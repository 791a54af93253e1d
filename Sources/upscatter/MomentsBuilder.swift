import Experiments
import Pipeline
import Planning
import Rates
import ScanCore

/// Makes likelihoods over the transition moments.
struct MomentsBuilder {
  /// An experiment, and how its neutrinos meet the moments.
  struct Member {
    let spec: ExperimentSpec
    let settings: AnalysisSettings
    let beam: FlavourBeam?

    /// - Parameter isAlone: parameters of the mixing then are of this source
    init(
      _ spec: ExperimentSpec, parameters: [String], data: DataSet?, statistic: StatisticKind?, isAlone: Bool
    ) throws {
      // mixing angles and sums are of beams that arrive as a flavour
      let isSolar =
        !spec.source.components.isEmpty && spec.source.components.allSatisfy { $0.massStates != nil }
      let own = isSolar && !isAlone ? [] : parameters
      var words = ["--model=transition", "--parameter=lambda14=1"]
      for parameter in own { words.append("--parameter=\(parameter)") }
      if let data { words.append("--data=\(data.rawValue)") }
      if let statistic { words.append("--statistic=\(statistic.rawValue)") }
      let options = try AnalysisOptions.parse(words)
      let interaction = try options.interaction(for: spec)
      beam = (interaction as? TransitionMoment)?.flavourBeam
      var settings = try options.settings(for: spec, interaction: interaction)
      // the pattern of one moment is not what is scanned
      for size in MomentsSpace.sizes { settings.parameters?[size.rawValue] = nil }
      self.spec = spec
      self.settings = settings
    }
  }

  let shared: Set<String>
  let m4: Double
  let backend: any Backend
  let planning: any Backend

  func likelihood(of group: [Member]) throws -> MomentLikelihood {
    let analyses = try group.map {
      try Analysis(
        model: RateModel($0.spec), settings: $0.settings, masses: [m4], backend: backend,
        planningBackend: planning, interaction: UnitMoments())
    }
    return try MomentLikelihood(
      JointAnalysis(analyses, shared: shared), beams: group.map(\.beam), mass: m4, backend: backend)
  }
}

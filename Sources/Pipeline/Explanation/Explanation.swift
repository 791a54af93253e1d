import Experiments
import ScanCore

/// What a command would compute, before it does: `--explain`.
package struct Explanation: Encodable, Sendable {
  package struct Experiment: Encodable, Sendable {
    package var name: String
    package var title: String
    /// "observed" or "asimov"
    package var data: String
    package var statistic: String
    package var flavour: String
    package var energyBins: Int
    /// 1 without a time axis
    package var timeBins: Int
    /// of the flux
    package var components: [String]
    package var pulls: [String]
    package var integrals: [Integrals]
  }

  /// The double integrals of one plan; a node is one value of the recoil energy.
  package struct Integrals: Encodable, Sendable {
    /// "dipole" or the name of the model; "standard-model"
    package var signal: String
    /// "moments": the inner integral in closed form; "quadrature": numerically
    package var mode: String
    /// Targets and electron levels, each with a range of recoils and some of the components.
    package var terms: Int
    /// Orders of the outer rules, one per distinct order.
    package var recoilOrders: [Int]
    /// Nodes of all terms at one mass; at most, as pieces beyond the kinematic limit fall away.
    package var recoilNodesPerMass: Int
    /// Order of the inner rule; nil in closed form.
    package var energyOrder: Int?
    package var estimatedError: Double
  }

  package struct Range: Encodable, Sendable {
    package var symbol: String
    package var unit: String
    package var from: Double
    package var to: Double
    package var points: Int

    package init(_ axis: Axis, symbol: String, unit: String) {
      self.symbol = symbol
      self.unit = unit
      from = axis.values.first ?? 0
      to = axis.values.last ?? 0
      points = axis.count
    }
  }

  package struct File: Encodable, Sendable {
    package var path: String
    /// About; nil where it depends on what is found.
    package var bytes: Double?

    package init(_ path: String, bytes: Double? = nil) {
      self.path = path
      self.bytes = bytes
    }
  }

  package var command: String
  package var experiments: [Experiment]
  package var axes: [Range]
  package var points: Int
  package var backends: [String]
  /// What is special of the command: toys, method, job.
  package var settings: [String: String]
  package var files: [File]
  package var time: RunEstimate
  /// Largest resident memory, bytes.
  package var memory: Double
  package var memoryModel: String
  package var notes: [String]

  package init(
    command: String, experiments: [Experiment], axes: [Range], points: Int, backends: [String],
    settings: [String: String], files: [File], time: RunEstimate, memory: Double, memoryModel: String,
    notes: [String]
  ) {
    self.command = command
    self.experiments = experiments
    self.axes = axes
    self.points = points
    self.backends = backends
    self.settings = settings
    self.files = files
    self.time = time
    self.memory = memory
    self.memoryModel = memoryModel
    self.notes = notes
  }
}

// MARK: - Of a subject

extension ScanSubject {
  package var pullCount: Int { pullNames.count }

  /// The experiments as a command has understood them.
  package var explained: [Explanation.Experiment] {
    zip(specs, analyses).map { spec, analysis in
      Explanation.Experiment(
        name: spec.name, title: spec.title, data: analysis.settings.dataSet.rawValue,
        statistic: analysis.settings.statistic.rawValue, flavour: analysis.settings.flavour,
        energyBins: analysis.model.energyBinCount, timeBins: analysis.model.timeWeights().first?.count ?? 1,
        components: analysis.model.components.map(\.label), pulls: analysis.pullNames,
        integrals: analysis.explainedIntegrals)
    }
  }
}

extension Analysis {
  /// The plans of the signal (of an interaction those at its first mass) and of the Standard Model.
  fileprivate var explainedIntegrals: [Explanation.Integrals] {
    let name = chosen?.name ?? "dipole"
    let signals = interaction?.firstPlans.map(\.plan) ?? [signalPlan]
    return signals.map { Explanation.Integrals($0, of: name) }
      + [Explanation.Integrals(standardModelPlan, of: "standard-model")]
  }
}

extension Explanation.Integrals {
  fileprivate init(_ plan: RatePlan, of signal: String) {
    self.signal = signal
    mode = plan.mode.rawValue
    terms = plan.channels.count
    recoilOrders = Array(Set(plan.channels.map { plan.recoilRules[$0.recoilRule].count })).sorted()
    recoilNodesPerMass = plan.channels.reduce(0) { sum, channel in
      sum + plan.recoilRules[channel.recoilRule].count * plan.fluxGroups[channel.fluxGroup].segmentCount
    }
    energyOrder = plan.mode == .quadrature ? plan.energyRule.count : nil
    estimatedError = plan.estimatedError
  }
}

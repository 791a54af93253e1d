import ScanCore
import Statistics

/// What a reader must know before trusting a fit.
extension Reconstruction {
  func notes(_ outcome: FitOutcome, _ joint: JointAnalysis) -> [String] {
    let best = outcome.best
    var notes = Set(joint.members.flatMap(\.warnings)).sorted()
    if best.mass == nil {
      notes.append(
        "no minimum inside the range: no signal of any mass of the axis fits better than none; the regions are what is not "
          + "excluded")
    }
    if let edge = best.edge {
      notes.append(
        "the best fit lies at the \(edge == .low ? "lowest" : "largest") mass of the axis: the likelihood may rise beyond it, and "
          + "regions and intervals end with the axis")
    }
    if let first = outcome.plane.couplings.first, let last = outcome.plane.couplings.last,
      best.mass != nil, best.coupling < first || best.coupling > last
    {
      notes.append(
        "the best coupling, \(NumberWords.short(request.scale.fromInternal(best.coupling))), lies outside the coupling axis; the regions "
          + "are cut there. Widen --d")
    }
    if let truth = request.truth, truthIsInvisible(outcome, truth) {
      notes.append("the injected signal adds no events to any bin: nothing can be reconstructed from it")
    }
    for level in outcome.levels where level.region.gridPoints < FitRegion.leastPoints {
      notes.append(
        "the region at \(NumberWords.short(100 * level.region.confidenceLevel)) % holds \(level.region.gridPoints) points of the grid: its outline "
          + "is coarse. Give a finer or narrower --m4 and --d")
    }
    let redone = outcome.plane.model.redone.count
    if redone > 0 {
      notes.append(
        "\(redone) fits that did not converge on \(backend.identity.backend) were done again on the reference"
      )
    }
    let kept = request.truth == nil ? [] : FitData.keepsVariance(joint)
    if !kept.isEmpty {
      notes.append(
        "\(kept.joined(separator: ", ")): Gaussian statistic with the variances of the expectation without the injected signal; "
          + "--statistic poisson has none to keep")
    }
    if request.truth == nil, joint.members.allSatisfy({ $0.settings.dataSet == .observed }) {
      notes +=
        FitQuality.warning(chiSquare: best.statistic, bins: joint.plan.binCount).map { ["WARNING: " + $0] }
        ?? []
    }
    if let posterior = outcome.posterior, !posterior.diagnosis.isConverged {
      notes.append(
        "the posterior was not sampled well enough, and its regions are not stated: \(posterior.diagnosis.steps) steps, autocorrelation "
          + "time \(posterior.diagnosis.autocorrelationTime.map { NumberWords.short($0) } ?? "longer than the chain"), scale reduction "
          + "\(posterior.diagnosis.scaleReduction.map { NumberWords.short($0) } ?? "undefined"). Raise --steps or --walkers"
      )
    }
    if outcome.posteriorLevels.contains(where: { !$0.region.closes }) {
      notes.append(
        "the posterior reaches an end of the axes, where its prior ends: its regions and central intervals depend on them"
      )
    }
    return notes
  }

  private func truthIsInvisible(_ outcome: FitOutcome, _ truth: FitRequest.Truth) -> Bool {
    let model = outcome.plane.model
    guard let signal = try? model.templates([truth.mass]) else { return false }
    return signal.allSatisfy { $0 == 0 }
  }
}

import Foundation
import Numerical
import ScanCore

/// Builds a rate plan from a few numbers, with no physics beyond the two integrands: an invented flux, invented
/// responses, the kinematics of a given target mass.
struct SyntheticPlan {
  var mode = IntegralMode.moments
  var process = RateChannel.Process.dipole
  /// M per channel, MeV
  var targetMasses = [123_800.0]
  /// Upper end of the flux, MeV
  var endpoint = 52.8
  var segments = 1
  var components = 1
  var hasLines = false
  var hasContinuum = true
  var bins = 1
  /// Response window, MeV
  var window = 0.004...0.06
  /// Bins whose response is zero everywhere
  var emptyBins: Set<Int> = []
  /// Mixes neighbouring bins with alternating signs, as a covariance does [UPS-25].
  var mixesBins = false
  /// Rows of the response table
  var rows = 97
  var recoilOrder = 24
  var energyOrder = 12
  var seed: UInt64 = 1

  func plan() -> RatePlan {
    var random = SeededGenerator(seed: seed)
    let group = fluxGroup(&random)
    let response = responseTable(&random)
    let channels = targetMasses.map { mass in
      RateChannel(
        process: process, contact: process.isContact ? [1, -1, 0, -mass / 2, 0.25] : [0, 0, 0, 0, 0],
        targetMass: mass, response: 0, fluxGroup: 0, firstComponent: 0,
        componentCount: group.components.count,
        recoilRule: 0)
    }
    let inner = GaussLegendre.rule(energyOrder)
    let outer = GaussLegendre.rule(recoilOrder)
    return RatePlan(
      mode: mode, binCount: bins, componentCount: components, channels: channels, responses: [response],
      fluxGroups: [group], recoilRules: [QuadratureRule(nodes: outer.nodes, weights: outer.weights)],
      energyRule: QuadratureRule(
        nodes: inner.nodes.map { ($0 + 1) / 2 }, weights: inner.weights.map { $0 / 2 }),
      eventScale: 400, referenceCoupling: 1e-6, tolerance: 1e-9, estimatedError: 0)
  }

  /// Segments of uneven widths from zero to the end point; every output row gets a continuum, the first also lines.
  private func fluxGroup(_ random: inout SeededGenerator) -> FluxGroup {
    var edges = [0.0]
    for k in 1..<segments {
      edges.append(endpoint * (Double(k) + random.uniform(-0.3, 0.3)) / Double(segments))
    }
    edges.append(endpoint)
    let flux = SyntheticFlux(edges: edges)
    let norm = 3 / (endpoint * endpoint * endpoint)
    var result: [FluxComponent] = []
    if hasContinuum {
      for output in 0..<components {
        let levels = (0..<segments).map { _ in norm * random.uniform(0.3, 1) }
        result.append(
          flux.continuum(output: output, levels: levels, slope: norm * random.uniform(0, 0.5) / endpoint))
      }
    }
    if hasLines {
      let positions = Array((segments + 1) / 2...segments)
      result.append(
        flux.lines(output: 0, at: positions, weights: positions.map { _ in random.uniform(0.2, 0.6) }))
    }
    return FluxGroup(energyEdges: edges, components: result)
  }

  /// Overlapping bell-shaped responses, evenly spread over the window in ln T; contact tables hold the measure T.
  private func responseTable(_ random: inout SeededGenerator) -> ResponseTable {
    let reference = (window.lowerBound * window.upperBound).squareRoot()
    let first = log(window.lowerBound / reference)
    let length = log(window.upperBound / window.lowerBound)
    let width = 0.8 * length / Double(bins)
    let heights = (0..<bins).map { emptyBins.contains($0) ? 0 : random.uniform(0.3, 1) }
    let unit = process.isContact ? 1 / reference : 1
    var values: [Double] = []
    for row in 0..<rows {
      let v = first + length * Double(row) / Double(rows - 1)
      let row = (0..<bins).map { bin -> Double in
        let offset = (v - first - length * (Double(bin) + 0.5) / Double(bins)) / width
        let measure = process.isContact ? reference * exp(v) * unit : 1
        return heights[bin] * exp(-offset * offset / 2) * measure
      }
      values += mixesBins ? Self.mixed(row) : row
    }
    return ResponseTable(
      lowerRecoil: window.lowerBound, upperRecoil: window.upperBound, referenceRecoil: reference,
      firstLog: first,
      logStep: length / Double(rows - 1), rowCount: rows, values: values)
  }
}

extension SyntheticPlan {
  /// What is left of each bin when a share of its neighbour is taken away: entries of both signs.
  static func mixed(_ bins: [Double]) -> [Double] {
    bins.indices.map { 0.3 * bins[$0] - 0.4 * bins[($0 + 1) % bins.count] }
  }
}

/// Builds a likelihood plan that fits a rate plan: invented backgrounds, counts drawn around them.
struct SyntheticLikelihood {
  var statistic = StatisticKind.poisson
  var timeBins = 1
  var pulls = 1
  var firstPullScalesSignal = false
  /// Expected background events per bin
  var level = 12.0
  /// Bins without events
  var emptyBins: Set<Int> = []
  /// Data and templates mixed like those of `SyntheticPlan.mixesBins`, with unit variances and no base.
  var mixesBins = false
  var seed: UInt64 = 2

  func plan(for rates: RatePlan) -> LikelihoodPlan {
    var random = SeededGenerator(seed: seed)
    let bins = rates.binCount * timeBins
    let templates = (0..<max(pulls, 1)).map { _ in (0..<bins).map { _ in level * random.uniform(0.2, 1.8) } }
    let base = (0..<bins).map { bin in templates.reduce(0.1 * level) { $0 + $1[bin] } }
    let observed = (0..<bins).map { bin in
      emptyBins.contains(bin) ? 0 : (base[bin] + base[bin].squareRoot() * random.uniform(-1.5, 1.5)).rounded()
    }
    let weights = (0..<rates.componentCount).flatMap { _ -> [Double] in
      let shares = (0..<timeBins).map { _ in random.uniform(0.1, 1) }
      let total = shares.reduce(0, +)
      return shares.map { timeBins == 1 ? 1 : $0 / total }
    }
    let fold = ComponentFold(
      componentCount: rates.componentCount, energyBins: rates.binCount, timeBins: timeBins, weights: weights)
    let likelihood = LikelihoodPlan(
      statistic: statistic, fold: fold, observed: observed, base: base,
      pullTemplates: Array(templates.prefix(pulls)),
      pullWidths: Array([0.12, 0.25, 0.35, 0.021].prefix(pulls)),
      firstPullScalesSignal: firstPullScalesSignal,
      variance: statistic == .gaussian ? observed.map { max($0, 1) } : [])
    return mixesBins ? mixed(likelihood) : likelihood
  }

  private func mixed(_ plan: LikelihoodPlan) -> LikelihoodPlan {
    var plan = plan
    plan.observed = SyntheticPlan.mixed(zip(plan.observed, plan.base).map { $0 - $1 })
    plan.base = plan.base.map { _ in 0 }
    plan.pullTemplates = plan.pullTemplates.map(SyntheticPlan.mixed)
    plan.variance = plan.base.map { _ in 1 }
    return plan
  }
}

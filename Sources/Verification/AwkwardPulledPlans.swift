import ScanCore

/// A pulled rate plan with the requests at which backends are compared.
package struct PulledVerificationCase: Sendable {
  package var name: String
  package var plan: PulledRatePlan
  /// m4 per request, MeV
  package var masses: [Double]
  /// requests x parameters
  package var pulls: [Double]

  package init(name: String, plan: PulledRatePlan, masses: [Double], pulls: [Double]) {
    self.name = name
    self.plan = plan
    self.masses = masses
    self.pulls = pulls
  }

  /// The parameters of one request.
  package func pulls(of request: Int) -> [Double] {
    Array(pulls[request * plan.parameterCount..<(request + 1) * plan.parameterCount])
  }
}

/// Small invented plans with non-linear pulls that meet the corners of the kernels: pulls at their ends, energies driven
/// below zero, tables of the smallest size, factors of every degree, rows shared by components.
package enum AwkwardPulledPlans {
  /// All of them.
  package static var all: [PulledVerificationCase] {
    [
      oneBin, primes, noParameters, negativeEnergies, smallestTable, thresholds, twoTargets, manyBins,
      narrowWindow, contact, massiveContact, electrons, spinZero,
    ]
  }

  /// A few cases cut to two requests, for kernel debuggers that interpret each operation.
  package static var tiny: [PulledVerificationCase] {
    [oneBin, primes, smallestTable, contact].map { item in
      var item = item
      item.masses = Array(item.masses.suffix(2))
      item.pulls = Array(item.pulls.suffix(2 * item.plan.parameterCount))
      return item
    }
  }

  // MARK: - Shapes

  static var oneBin: PulledVerificationCase {
    make("one bin, one parameter", SyntheticPlan(), SyntheticPulls(energyWidths: [0.05]), masses: [11])
  }

  /// Lines share the output row of the first component; the third parameter moves nothing.
  static var primes: PulledVerificationCase {
    make(
      "5 bins, three parameters, one idle",
      SyntheticPlan(segments: 3, components: 3, hasLines: true, bins: 5, seed: 3),
      SyntheticPulls(energyWidths: [0.03, 0, 0], factorDegree: 8, factorParameter: 1),
      masses: [0.01, 2, 19, 43])
  }

  static var noParameters: PulledVerificationCase {
    make(
      "no parameters", SyntheticPlan(segments: 2, components: 2, bins: 3, seed: 4),
      SyntheticPulls(energyWidths: []), masses: [1, 12, 33])
  }

  static var twoTargets: PulledVerificationCase {
    make(
      "23 flux segments, two targets, a parameter of energy and factor",
      SyntheticPlan(targetMasses: [123_800, 118_200], segments: 23, components: 2, bins: 9, seed: 8),
      SyntheticPulls(
        energyWidths: [0.04, 0.02, 0.01], factorDegree: 12, factorParameter: 2, isPerChannel: true),
      masses: [0.1, 15, 40])
  }

  static var manyBins: PulledVerificationCase {
    make(
      "67 bins", SyntheticPlan(segments: 2, components: 2, bins: 67, seed: 5),
      SyntheticPulls(
        energyWidths: [0.02, 0.03], factorDegree: 1, factorParameter: 0, smearingRows: 1000), masses: [1, 26])
  }

  // MARK: - Energies and tables

  static var negativeEnergies: PulledVerificationCase {
    make(
      "visible energies below zero", SyntheticPlan(segments: 2, components: 2, bins: 4, seed: 6),
      SyntheticPulls(energyWidths: [0.2, -0.15]), masses: [1, 20, 44])
  }

  static var smallestTable: PulledVerificationCase {
    make(
      "smearing table of six rows, held at both ends",
      SyntheticPlan(segments: 2, components: 2, hasLines: true, bins: 3, seed: 7),
      SyntheticPulls(
        energyWidths: [0.05, 0.02], factorDegree: 3, factorParameter: 0, smearingRows: 6, margin: -0.7),
      masses: [0, 20])
  }

  static var narrowWindow: PulledVerificationCase {
    make(
      "a response window narrower than the spacing of nodes",
      SyntheticPlan(segments: 2, components: 2, bins: 2, window: 0.02...0.0206, seed: 9),
      SyntheticPulls(energyWidths: [0.03], factorDegree: 2), masses: [0, 10, 30])
  }

  // MARK: - Kinematics, processes and modes

  static var thresholds: PulledVerificationCase {
    make(
      "masses at zero, at threshold and above every energy",
      SyntheticPlan(
        segments: 2, components: 2, hasLines: true, bins: 4, window: 0.002...0.05, seed: 10),
      SyntheticPulls(energyWidths: [0.03, 0], factorDegree: 24, factorParameter: 1),
      masses: [0, 26.4, 52.5, 52.7, 80])
  }

  static var contact: PulledVerificationCase {
    make(
      "contact, six parameters",
      SyntheticPlan(process: .contact, segments: 3, components: 2, hasLines: true, bins: 5, seed: 11),
      SyntheticPulls(
        energyWidths: [0.02, 0.01, 0, 0.005, 0.03, 0.02], factorDegree: 16, factorParameter: 5),
      masses: [0, 10])
  }

  static var massiveContact: PulledVerificationCase {
    make(
      "massive contact",
      SyntheticPlan(process: .massiveContact, segments: 2, components: 2, hasLines: true, bins: 5, seed: 19),
      SyntheticPulls(energyWidths: [0.03], factorDegree: 6), masses: [0, 8, 51])
  }

  static var electrons: PulledVerificationCase {
    make(
      "quadrature mode, electrons",
      SyntheticPlan(
        mode: .quadrature, targetMasses: [0.51099895], segments: 3, components: 2, hasLines: true, bins: 5,
        window: 0.005...30, recoilOrder: 48, seed: 10),
      SyntheticPulls(energyWidths: [0.05, 0.02], factorDegree: 2, factorParameter: 1, smearingRows: 400),
      masses: [0.1, 3, 6.7])
  }

  static var spinZero: PulledVerificationCase {
    make(
      "spin-0 target", SyntheticPlan(process: .dipoleSpinZero, segments: 2, components: 2, bins: 5, seed: 12),
      SyntheticPulls(energyWidths: [0.04], factorDegree: 6), masses: [0.5, 30, 51])
  }

  // MARK: - Building

  /// Every mass with all parameters at zero, at each end, and at two points in between.
  private static func make(
    _ name: String, _ rates: SyntheticPlan, _ pulls: SyntheticPulls, masses: [Double]
  ) -> PulledVerificationCase {
    let plan = pulls.plan(for: rates.plan())
    let largest = PulledRatePlan.largestPull
    let count = plan.parameterCount
    var random = SeededGenerator(seed: 21)
    var sets = [0, largest, -largest].map { [Double](repeating: $0, count: count) }
    sets.append((0..<count).map { _ in random.uniform(-largest, largest) })
    sets.append((0..<count).map { _ in random.uniform(-1, 1) })
    return PulledVerificationCase(
      name: name, plan: plan, masses: masses.flatMap { mass in sets.map { _ in mass } },
      pulls: masses.flatMap { _ in sets.flatMap { $0 } })
  }
}

import Contours
import Statistics

/// Toys of a point that say less than they should.
package struct ToyTrouble: Encodable, Sendable {
  /// MeV
  package var m4: Double
  /// In the unit of the coupling.
  package var d: Double
  package var toys: Int
  package var failed: Int
  package var unconverged: Int
  package var clipped: Int
}

/// What a reader must know before trusting the toys.
extension ToyScan {
  private static let worstListed = 5
  private static let worstNamed = 3

  /// Those with the most failed and unconverged toys, then with the most clipped ones.
  func worstPoints(_ result: ToyScanResult) -> [ToyTrouble] {
    let points = result.verdicts.enumerated().map { index, verdict in
      ToyTrouble(
        m4: request.masses.values[index / result.couplings],
        d: request.couplings.values[index % result.couplings], toys: verdict.toys, failed: verdict.failed,
        unconverged: verdict.unconverged, clipped: verdict.clipped)
    }
    .filter { $0.failed + $0.unconverged + $0.clipped > 0 }
    let sorted = points.sorted {
      ($0.failed + $0.unconverged, $0.clipped) > ($1.failed + $1.unconverged, $1.clipped)
    }
    return Array(sorted.prefix(Self.worstListed))
  }

  func notes(_ result: ToyScanResult, _ contours: [Contour]) -> [String] {
    var notes: [String] = []
    if !result.rowsWithoutSignal.isEmpty {
      let masses = result.rowsWithoutSignal.map { NumberWords.short(request.masses.values[$0]) }
      notes.append(
        "no signal at \(massSymbol) = \(masses.joined(separator: ", ")) MeV: every coupling fits as well as none there, and nothing is excluded by it"
      )
    }
    let gaussian = FitData.keepsVariance(joint)
    if !gaussian.isEmpty {
      notes.append(
        "\(gaussian.joined(separator: ", ")): toys are thrown from the Gaussian approximation of counts, with the variances that the fit has, so they "
          + "do not test that approximation; use --statistic poisson where the experiment has it [UPS-37]")
    }
    notes += gapNotes(result)
    let sum = { (number: (ToyVerdict) -> Int) in result.verdicts.reduce(0) { $0 + number($1) } }
    if sum(\.failed) > 0 {
      notes.append(
        "without a finite statistic and left out: \(sum(\.failed)) of \(result.toys) toys, most at \(places(result, \.failed))"
      )
    }
    if sum(\.unconverged) > 0 {
      notes.append(
        "fits did not converge, and count as they are: those of \(sum(\.unconverged)) of \(result.toys) toys, most at "
          + places(result, \.unconverged))
    }
    if sum(\.clipped) > 0 {
      notes.append(
        "a pull drove the expectation of a bin below zero, which was thrown as zero: in \(sum(\.clipped)) of \(result.toys) toys, most at "
          + places(result, \.clipped))
    }
    if request.level.degreesOfFreedom == 2,
      let end = MassAxisNote.end(minima: result.minima, massSymbol: massSymbol)
    {
      notes.append(end)
    }
    let open = result.verdicts.count { $0.criticalValue?.error == .infinity }
    if open > 0 {
      notes.append(
        "too few toys to state the error of the critical value: at \(open) of \(result.verdicts.count) points"
      )
    }
    if let sigma = request.settings.clearAt {
      let unclear = result.verdicts.count { !$0.isClear(at: sigma) }
      let decided = "every point is decided at \(NumberWords.short(sigma)) standard deviations"
      notes.append(
        unclear == 0
          ? decided
          : "not decided at \(NumberWords.short(sigma)) standard deviations: \(unclear) of \(result.verdicts.count) points; more toys (--most) "
            + "would tell")
    }
    if contours.isEmpty {
      notes.append(
        request.masses.count == 1
          ? "one mass has no contour: its limit stands in the summary with --dof 1"
          : "the grid holds no corrected contour")
    }
    return notes + subject.warnings + subject.covarianceNotes
  }

  /// Empty where all points are stated.
  func gapNotes(_ result: ToyScanResult) -> [String] {
    guard let problems = result.problems else { return [] }
    return [
      "nothing is stated of \(problems.count) of \(result.verdicts.count) points; corrected contours and limits leave out what lies next to them. "
        + "The first: \(problems.first)"
    ]
  }

  /// "m4 = 10 MeV, d = 1e-05 GeV^-1 (7 of 1000); ...": the worst points.
  private func places(_ result: ToyScanResult, _ number: (ToyVerdict) -> Int) -> String {
    let worst = result.verdicts.indices.filter { number(result.verdicts[$0]) > 0 }
      .sorted { number(result.verdicts[$0]) > number(result.verdicts[$1]) }.prefix(Self.worstNamed)
    let (mass, coupling) = (massSymbol, request.scale.symbol)
    let unit = request.scale.unit == "1" ? "" : " \(request.scale.unit)"
    return worst.map { index in
      let m4 = NumberWords.short(request.masses.values[index / result.couplings])
      let d = NumberWords.short(request.couplings.values[index % result.couplings])
      let verdict = result.verdicts[index]
      return "\(mass) = \(m4) MeV, \(coupling) = \(d)\(unit) (\(number(verdict)) of \(verdict.toys))"
    }
    .joined(separator: "; ")
  }
}

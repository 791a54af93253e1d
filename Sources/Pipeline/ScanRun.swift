import Contours
import Experiments
import Foundation
import Reporting
import ScanCore
import Scanning
import Statistics
import Units

/// A whole scan: from an analysis to result file, contours, summary and plots.
package struct ScanRequest: Sendable {
  package var masses: Axis
  /// In the unit of `scale`.
  package var couplings: Axis
  package var scale: CouplingScale
  package var job: ScanJob
  package var level: ConfidenceLevel
  /// Path without extension; the outputs add theirs.
  package var output: String
  /// Extensions of the plots: svg, png, pdf.
  package var plots: [String]
  package var storePulls: Bool
  package var overlays: Bool
  package var version: String
  /// Of the plots.
  package var style = PlotStyle.light

  package init(
    masses: Axis, couplings: Axis, scale: CouplingScale, job: ScanJob, level: ConfidenceLevel,
    output: String, plots: [String], storePulls: Bool, overlays: Bool, version: String
  ) {
    self.masses = masses
    self.couplings = couplings
    self.scale = scale
    self.job = job
    self.level = level
    self.output = output
    self.plots = plots
    self.storePulls = storePulls
    self.overlays = overlays
    self.version = version
  }
}

/// What a scan is at, for the person who waits.
package enum ScanStage: Equatable, Sendable {
  /// Masses whose best fit is found so far.
  case fits(done: Int)
  /// Points of the grid done so far.
  case grid(done: Int)
  /// Interpolated rates are compared with integrals.
  case check
}

/// What a finished scan left behind.
package struct ScanReport: Sendable {
  package var files: [String]
  package var summary: ScanSummary
  /// Limit per mass in the request's convention, nil where there is none on the axis.
  package var limit: [Double?]
  package var notes: [String]
}

/// Runs a request and writes its outputs.
package struct ScanRun {
  let subject: ScanSubject
  package let crew: RunCrew
  let request: ScanRequest

  package init(_ subject: ScanSubject, crew: RunCrew, request: ScanRequest) {
    self.subject = subject
    self.crew = crew
    self.request = request
  }

  var plan: ScanPlan {
    ScanPlan(
      subject.first, joint: subject.joint, masses: request.masses.values,
      couplings: request.couplings.values.map(request.scale.toInternal), job: request.job,
      degreesOfFreedom: request.level.degreesOfFreedom)
  }

  func driver(_ plan: ScanPlan) -> ScanDriver {
    ScanDriver(
      plan: plan, devices: crew.devices, precision: crew.identity.precision, reference: crew.reference,
      keepsPulls: request.storePulls)
  }

  /// Outputs appear whole or not at all: first the result file, which holds everything the other files say, then
  /// tables and summary, then plots.
  /// - Parameters:
  ///   - store: holds what is finished; rows it holds already are not computed
  ///   - watch: who waits
  package func run(store: (any TileStore)? = nil, watch: RunWatch) throws -> ScanReport {
    let analysis = subject.first
    let plan = plan
    var provenance = try provenance()
    let writer = try ResultFileWriter(
      path: request.output + ".h5", m4: plan.masses, d: request.couplings.values,
      coupling: provenance.coupling, massTitle: (request.scale.mass ?? .heavyNeutrino).title,
      pullNames: subject.pullNames, shapePulls: subject.shapePulls, storePulls: request.storePulls)
    var open = try contourBuilder(.open)
    var closed = request.plots.isEmpty ? nil : try contourBuilder(.closed)
    var limit: [Double?] = []
    var tally = RowTally()
    var morphing = MorphingCheck(plan: plan)
    let columns = plan.couplings.count
    let summary = try driver(plan)
      .run(store: store, watch: watch.scanWatch) { rows in
        try writer.append(rows: rows.range, statistic: rows.statistic, pulls: rows.pulls)
        if request.storePulls {
          tally.strained += plan.extremePulls(rows.pulls) { rows.statistic[$0] <= request.level.threshold }
        }
        for (offset, row) in rows.range.enumerated() {
          let values = Array(rows.statistic[offset * columns..<(offset + 1) * columns])
          morphing?.offer(row: row, statistic: values[...])
          try open.add(row: row, statistic: values)
          try closed?.add(row: row, statistic: values)
          limit.append(
            try interpolatedCrossing(
              d: request.couplings.values, statistic: values, level: request.level.threshold))
          tally.add(values, limit: limit[limit.count - 1], level: request.level.threshold)
        }
      }
    provenance.spotCheckWorst = summary.spotCheck.worstDifference
    provenance.spotCheckPoints = summary.spotCheck.points
    let sound = zip(crew.devices, summary.devices).first { $1.dropped == nil && !$1.isBusy }?.0 ?? crew.spare
    if morphing != nil { watch.progress(.check) }
    provenance.morphing = try morphing?.measure(
      analysis: analysis, backend: sound, threshold: request.level.threshold)
    let contours = try open.finish()
    let regions = try closed?.finish()
    let nearZero = request.level.degreesOfFreedom == 1 ? tally.zeroExcluded + tally.excludedThroughout : 0
    let members =
      regions == nil || !request.overlays ? [] : try MemberCurves.limits(of: subject, request, on: sound)
    let figure = regions.map {
      self.figure(
        contours, regions: $0, limit: limit, provenance: provenance, massesExcludingZero: nearZero,
        members: members)
    }
    let notes = notes(
      summary, limit: limit, tally, contours: contours, figure: figure, morphing: provenance.morphing)
    let json = try JSONText.encode(
      ReportSummary(
        provenance: provenance, m4: plan.masses, d: request.couplings.values, limit: limit,
        contours: contourEntries(contours), notes: notes), name: request.output + ".json")
    let minimum =
      request.level.degreesOfFreedom == 1
      ? summary.minimumStatistic : plan.masses.map { _ in summary.globalMinimum }
    try writer.finish(
      ResultClosing(
        provenance: provenance, minimum: minimum, limit: limit, contours: contours, summary: json))
    let files =
      [request.output + ".h5"]
      + (try writeTexts(contours, limit: limit, provenance: provenance, summary: json))
      + (try figure.map(draw) ?? [])
    return ScanReport(files: files, summary: summary, limit: limit, notes: notes)
  }

  private func contourBuilder(_ boundary: ContourBuilder.Boundary) throws -> ContourBuilder {
    try ContourBuilder(
      m4: request.masses.values, d: request.couplings.values, level: request.level.threshold,
      boundary: boundary)
  }

  private func provenance() throws -> Provenance {
    let analysis = subject.first
    var provenance = Provenance(
      version: request.version, experiments: subject.specs.map(\.title), flavour: analysis.settings.flavour,
      dataSet: subject.dataSet, job: request.job.rawValue, mode: analysis.settings.mode.rawValue,
      backend: crew.identity, planHash: subject.planHash, inputHashes: subject.inputHashes,
      statistic: subject.statistic, confidenceLevel: request.level.level,
      degreesOfFreedom: request.level.degreesOfFreedom,
      level: request.level.threshold, coupling: request.scale.label)
    provenance.model = analysis.chosen?.identity
    provenance.massSymbol = analysis.chosen?.mass?.symbol
    provenance.sharedPulls = subject.sharedPulls
    return provenance
  }

  /// What holds of a region in the plane, whose level is taken from its one minimum.
  private func regionNotes(_ excludedThroughout: Int, _ contours: [Contour]) -> [String] {
    if contours.isEmpty {
      return ["the grid holds no contour: the statistic crosses the level nowhere on it"]
    }
    return excludedThroughout == 0
      ? []
      : [
        "\(excludedThroughout) of \(request.masses.count) masses lie outside the region at every coupling of the axis: no signal "
          + "of theirs fits as well as the best one in the plane, or their part of the region lies below the axis"
      ]
  }

  private func notes(
    _ summary: ScanSummary, limit: [Double?], _ tally: RowTally, contours: [Contour],
    figure: ExclusionPlot?, morphing: MorphingReport?
  ) -> [String] {
    var notes = [
      "estimated relative quadrature error " + String(format: "%.1e", subject.estimatedError)
    ]
    notes += subject.warnings
    if let warning = subject.fitWarning(minimumStatistic: summary.globalMinimum) { notes.append(warning) }
    notes += subject.covarianceNotes
    if let morphing {
      notes.append(morphing.note)
    } else if let pulled = subject.first.pulled, pulled.rateParameterCount > 0, request.job == .factored {
      notes.append(
        "morphing: its error is unknown, sampled points did not converge with integrals redone; use --job pointwise"
      )
    }
    // elsewhere it says no more than that a signal is too strong
    if tally.strained > 0 {
      notes.append(
        "\(tally.strained) points that are not excluded have a pull beyond three widths: even the best fits strain a systematic "
          + "uncertainty. Look at the pulls (`upscatter report`), and at its width")
    }
    if tally.narrow > 0 {
      notes.append(
        "\(tally.narrow) of \(request.masses.count) masses have an allowed interval that holds \(RowTally.fewCouplings) couplings of the axis at "
          + "most: where it falls between two of them it counts as excluded, in the picture too. Take more couplings in --d; "
          + "`upscatter limit` finds every interval")
    }
    let reached = limit.count { $0 == nil } - tally.excludedThroughout
    if request.level.degreesOfFreedom == 2 {
      if let end = MassAxisNote.end(
        minima: summary.minimumStatistic, massSymbol: request.scale.mass?.symbol ?? "m4")
      {
        notes.append(end)
      }
      return notes + regionNotes(tally.excludedThroughout, contours) + (figure.map(ScanFigure.notes) ?? [])
    }
    if tally.excludedThroughout > 0 {
      notes.append(
        "\(tally.excludedThroughout) of \(limit.count) masses are excluded over the whole coupling axis: their limit lies below it; "
          + "start --d lower")
    }
    if tally.zeroExcluded > 0 {
      notes.append(
        "\(tally.zeroExcluded) of \(limit.count) masses exclude the lowest couplings too, as the data prefer a signal: their limit is the "
          + "upper end of an interval, `upscatter limit` gives both")
    }
    if reached > 0 {
      notes.append(
        "\(reached) of \(limit.count) masses have no limit on the coupling axis: the level is not reached from below; end --d higher, unless the "
          + "source cannot make these masses (`upscatter limit --m4` says so)"
      )
    }
    if contours.isEmpty && request.masses.count == 1 {
      notes.append("one mass has no contour: its limit stands in the table of limits")
    } else if contours.isEmpty {
      notes.append("the grid holds no contour: the statistic crosses the level nowhere on it")
    }
    return notes + (figure.map(ScanFigure.notes) ?? [])
  }
}

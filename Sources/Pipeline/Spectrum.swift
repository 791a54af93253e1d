import Experiments
import Planning
import Rates
import ScanCore

/// Expected events per bin of every ingredient, and recoil spectra, at one point of the plane.
package struct Spectrum: Codable, Sendable {
  package struct Ingredient: Codable, Sendable {
    package var name: String
    /// per likelihood bin, energy-major with time contiguous
    package var events: [Double]
    package var total: Double
  }
  /// dR/dT of one process summed over the components it uses, events per MeV over the exposure, before the detector.
  package struct RecoilSpectrum: Codable, Sendable {
    package var process: String
    package var recoilKind: String
    package var rates: [Double]
  }
  package var experiment: String
  package var m4: Double
  /// GeV^-1, convention A
  package var coupling: Double
  package var energyEdges: [Double]
  package var energyUnit: String
  package var timeEdges: [Double]
  /// What the numbers in the bins are: "Events"
  package var content: String
  package var observed: [Double]?
  /// Given standard deviations of `observed`; nil where it holds counts.
  package var uncertainties: [Double]?
  /// backgrounds, Standard Model, dipole signal
  package var ingredients: [Ingredient]
  /// events per flux component and energy bin before arrival times
  package var standardModelByComponent: [String: [Double]]
  package var signalByComponent: [String: [Double]]
  /// MeV
  package var recoils: [Double]
  package var recoilSpectra: [RecoilSpectrum]
  package var estimatedError: Double
}

extension Analysis {
  /// - Parameters:
  ///   - channel: bins and data of the experiment
  ///   - m4: MeV
  ///   - coupling: GeV^-1, convention A
  ///   - recoils: MeV, where dR/dT is wanted
  package func spectrum(
    channel: ChannelSpec, m4: Double, coupling: Double, recoils: [Double], backend: any Backend
  ) throws -> Spectrum {
    if let interaction {
      return try spectrum(
        of: interaction, channel: channel, m4: m4, coupling: coupling, recoils: recoils, backend: backend)
    }
    let reference = physicalSignalPlan.referenceCoupling
    let q = (coupling / reference) * (coupling / reference)
    let rates = try backend.load(physicalSignalPlan).evaluate(masses: [m4]).map { $0 * q }
    let planner = RatePlanner(model: signalModel, process: signalProcess, mode: settings.mode)
    let used = planner.componentIndices
    var ingredients = model.backgroundTemplates().map { ingredient($0.name, $0.events) }
    ingredients.append(ingredient("standard-model", standardModelEvents))
    ingredients.append(ingredient(chosen?.name ?? "dipole", physicalSignalFold.fold(rates)))
    return Spectrum(
      experiment: model.name, m4: m4, coupling: coupling, energyEdges: channel.energyEdges,
      energyUnit: channel.energyUnit,
      timeEdges: channel.timeEdges, content: channel.content, observed: channel.observed,
      uncertainties: channel.uncertainties, ingredients: ingredients,
      standardModelByComponent: byComponent(standardModelRates, Array(model.components.indices), of: model),
      signalByComponent: byComponent(shared(rates, used), used, of: signalModel), recoils: recoils,
      recoilSpectra: recoilSpectra(m4: m4, coupling: coupling, recoils: recoils, used: used),
      estimatedError: estimatedError)
  }

  /// Rates of the plan times the share of each component, where the model gives one.
  private func shared(_ rates: [Double], _ used: [Int]) -> [Double] {
    guard let chosen else { return rates }
    let bins = model.energyBinCount
    return used.enumerated().flatMap { row, index in
      let share = chosen.dipoleShare(of: signalModel.components[index])
      return rates[row * bins..<(row + 1) * bins].map { $0 * share }
    }
  }

  /// Backgrounds, Standard Model, and u L + u^2 Q, which may be negative.
  private func spectrum(
    of bound: InteractionModel, channel: ChannelSpec, m4: Double, coupling: Double, recoils: [Double],
    backend: any Backend
  ) throws -> Spectrum {
    let u = bound.interaction.coupling.strength(of: coupling)
    let template = try bound.templates(masses: [m4], on: backend)[0]
    let signal = template.quadratic.indices.map { bin in
      (template.linear.isEmpty ? 0 : u * template.linear[bin]) + u * u * template.quadratic[bin]
    }
    var ingredients = model.backgroundTemplates().map { ingredient($0.name, $0.events) }
    ingredients.append(ingredient("standard-model", standardModelEvents))
    ingredients.append(ingredient(bound.interaction.name, signal))
    return Spectrum(
      experiment: model.name, m4: m4, coupling: coupling, energyEdges: channel.energyEdges,
      energyUnit: channel.energyUnit, timeEdges: channel.timeEdges, content: channel.content,
      observed: channel.observed, uncertainties: channel.uncertainties, ingredients: ingredients,
      standardModelByComponent: byComponent(standardModelRates, Array(model.components.indices), of: model),
      signalByComponent: try bound.eventsByComponent(mass: m4, strength: u, on: backend), recoils: recoils,
      recoilSpectra: recoilSpectra(
        m4: m4, coupling: coupling, recoils: recoils, used: Array(model.components.indices)),
      estimatedError: estimatedError)
  }

  /// dR/dT of the signal at a recoil (MeV), events per MeV.
  private func signalRate(
    component: Int, recoil: Double, kind: RecoilKind, m4: Double, coupling: Double
  ) -> Double {
    guard let chosen else {
      return model.differentialRate(
        process: .dipole, component: component, recoil: recoil, recoilKind: kind, heavyMass: m4,
        coupling: coupling)
    }
    let u = chosen.coupling.strength(of: coupling)
    return InteractionTerm.Order.allCases.reduce(0) { sum, order in
      let rate = signalModel.terms(chosen, order: order, component: component, mass: m4)
        .filter { $0.recoilKind == kind }.reduce(0) { $0 + $1.differentialRate(recoil: recoil) }
      return sum + rate * (order == .linear ? u : u * u)
    }
  }

  private func ingredient(_ name: String, _ events: [Double]) -> Spectrum.Ingredient {
    Spectrum.Ingredient(name: name, events: events, total: events.reduce(0, +))
  }

  private func byComponent(
    _ rates: [Double], _ indices: [Int], of model: RateModel
  ) -> [String: [Double]] {
    let bins = model.energyBinCount
    var result: [String: [Double]] = [:]
    for (row, index) in indices.enumerated() {
      result[model.components[index].label] = Array(rates[row * bins..<(row + 1) * bins])
    }
    return result
  }

  private func recoilSpectra(
    m4: Double, coupling: Double, recoils: [Double], used: [Int]
  ) -> [Spectrum.RecoilSpectrum] {
    if recoils.isEmpty { return [] }
    var spectra: [Spectrum.RecoilSpectrum] = []
    for process in SignalProcess.allCases {
      let components = process == .dipole ? used : Array(model.components.indices)
      for kind in model.electrons == nil ? [RecoilKind.nuclear] : [.nuclear, .electron] {
        let rates = recoils.map { recoil in
          components.reduce(0.0) {
            $0
              + (process == .dipole
                ? signalRate(component: $1, recoil: recoil, kind: kind, m4: m4, coupling: coupling)
                : model.differentialRate(
                  process: process, component: $1, recoil: recoil, recoilKind: kind, heavyMass: m4,
                  coupling: coupling))
          }
        }
        spectra.append(
          Spectrum.RecoilSpectrum(
            process: process == .dipole ? chosen?.name ?? "dipole" : "standard-model",
            recoilKind: kind == .nuclear ? "nuclear" : "electron", rates: rates))
      }
    }
    return spectra
  }
}

extension Spectrum {
  private var timeBins: Int { Swift.max(1, timeEdges.count - 1) }

  /// Sums over time, per energy bin.
  package func energyProjection(_ events: [Double]) -> [Double] {
    stride(from: 0, to: events.count, by: timeBins).map { events[$0..<$0 + timeBins].reduce(0, +) }
  }

  /// Sums over energy, per time bin.
  package func timeProjection(_ events: [Double]) -> [Double] {
    (0..<timeBins).map { j in stride(from: j, to: events.count, by: timeBins).reduce(0.0) { $0 + events[$1] }
    }
  }
}

extension Spectrum {
  /// The spectrum with layers that can be stacked: where interference makes the signal negative, it is drawn together with the
  /// Standard Model.
  package func stackable(signal: String) -> Spectrum {
    guard let own = ingredients.firstIndex(where: { $0.name == signal }),
      let standard = ingredients.firstIndex(where: { $0.name == "standard-model" }),
      ingredients[own].events.contains(where: { $0 < 0 })
    else { return self }
    var stacked = self
    stacked.ingredients[own].name = "standard-model with \(signal)"
    stacked.ingredients[own].events = zip(ingredients[own].events, ingredients[standard].events)
      .map { max($0 + $1, 0) }
    stacked.ingredients[own].total = stacked.ingredients[own].events.reduce(0, +)
    stacked.ingredients.remove(at: standard)
    return stacked
  }
}

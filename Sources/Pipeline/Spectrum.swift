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
  package var observed: [Double]?
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
    let reference = physicalSignalPlan.referenceCoupling
    let q = (coupling / reference) * (coupling / reference)
    let rates = try backend.load(physicalSignalPlan).evaluate(masses: [m4]).map { $0 * q }
    let used = RatePlanner(model: model, process: .dipole(flavour: settings.flavour), mode: settings.mode)
      .componentIndices
    var ingredients = model.backgroundTemplates().map { ingredient($0.name, $0.events) }
    ingredients.append(ingredient("standard-model", standardModelEvents))
    ingredients.append(ingredient("dipole", physicalSignalFold.fold(rates)))
    return Spectrum(
      experiment: model.name, m4: m4, coupling: coupling, energyEdges: channel.energyEdges,
      energyUnit: channel.energyUnit,
      timeEdges: channel.timeEdges, observed: channel.observed, ingredients: ingredients,
      standardModelByComponent: byComponent(standardModelRates, Array(model.components.indices)),
      signalByComponent: byComponent(rates, used), recoils: recoils,
      recoilSpectra: recoilSpectra(m4: m4, coupling: coupling, recoils: recoils, used: used),
      estimatedError: estimatedError)
  }

  private func ingredient(_ name: String, _ events: [Double]) -> Spectrum.Ingredient {
    Spectrum.Ingredient(name: name, events: events, total: events.reduce(0, +))
  }

  private func byComponent(_ rates: [Double], _ indices: [Int]) -> [String: [Double]] {
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
              + model.differentialRate(
                process: process, component: $1, recoil: recoil, recoilKind: kind, heavyMass: m4,
                coupling: coupling)
          }
        }
        spectra.append(
          Spectrum.RecoilSpectrum(
            process: process == .dipole ? "dipole" : "standard-model",
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

internal import Pipeline
internal import ScanCore

/// The events that an experiment expects at one point, per bin and ingredient [UPS-10].
public struct Spectrum: Hashable, Sendable {
  /// What fills the bins from one cause.
  public struct Ingredient: Hashable, Sendable {
    /// The background's name, "standard-model", or the name of the model ("dipole").
    public let name: String
    /// Events over the exposure (or what ``Experiment/content`` says), one number per bin: energy bins outermost, time bins
    /// contiguous. A signal that interferes may be negative.
    public let events: [Double]
    /// Their sum.
    public let total: Double
  }

  /// The experiment.
  public let experiment: Experiment
  /// MeV
  public let mass: Double
  /// In the unit of the analysis.
  public let coupling: Double
  /// The backgrounds in the order of the file, the Standard Model, the signal.
  public let ingredients: [Ingredient]
  /// Estimated relative error of the integrals.
  public let quadratureError: Double

  /// Returns the events of one ingredient; nil for an unknown name.
  ///
  /// - Parameter name: of one of ``ingredients``
  public subscript(name: String) -> [Double]? { ingredients.first { $0.name == name }?.events }
}

extension Analysis {
  /// Returns the names of the ingredients of an experiment, in the order of ``Spectrum/ingredients``.
  ///
  /// - Parameter index: of the experiment, from 0
  /// - Throws: ``UpscatterError`` of kind `usage` for an index out of range
  public func ingredientNames(ofExperiment index: Int = 0) throws(UpscatterError) -> [String] {
    guard experiments.indices.contains(index) else {
      throw UpscatterError(
        .usage,
        "experiment \(index): the analysis has \(experiments.count). Give an index from 0 to \(experiments.count - 1)."
      )
    }
    return selection.models[index].backgroundTemplates().map(\.name)
      + ["standard-model", selection.interaction?.name ?? "dipole"]
  }

  /// Returns the expected events of every experiment at one point, with all pulls at zero [UPS-10] [UPS-11].
  ///
  /// The numbers are those of `upscatter spectrum`.
  ///
  /// - Parameters:
  ///   - mass: MeV, 0 or greater (0 for models without a mass)
  ///   - coupling: in the unit of the analysis, 0 or greater; of either sign for couplings that are signed; up to 1e100
  /// - Returns: one spectrum per experiment, in their order
  /// - Throws: ``UpscatterError`` of kind `usage` for a point out of domain
  public func spectra(mass: Double, coupling: Double) throws(UpscatterError) -> [Spectrum] {
    try translatingErrors {
      try requireMasses([mass], zeroAllowed: true)
      let isSigned = selection.interaction?.coupling.isSigned == true
      guard coupling.isFinite, coupling >= 0 || isSigned, abs(coupling) <= 1e100 else {
        throw UpscatterError(
          .usage,
          "coupling \(coupling) \(couplingUnit): must be finite, \(isSigned ? "" : "0 or greater, ")and at most 1e100 in size."
        )
      }
      return try zip(
        experiments, selection.analyses(masses: [mass], backend: backend, planningBackend: planningBackend)
      )
      .map { experiment, analysis in
        let spectrum = try analysis.spectrum(
          channel: experiment.spec.channel, m4: mass, coupling: scale.toInternal(coupling), recoils: [],
          backend: backend)
        return Spectrum(
          experiment: experiment, mass: mass, coupling: coupling,
          ingredients: spectrum.ingredients.map {
            Spectrum.Ingredient(name: $0.name, events: $0.events, total: $0.total)
          }, quadratureError: spectrum.estimatedError)
      }
    }
  }
}

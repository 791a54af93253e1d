import Rates
import Reporting
import Units

/// How couplings of a request are read and written: a convention of the dipole, or the own unit of an interaction.
package struct CouplingScale: Sendable {
  /// nil where the coupling is no dipole moment.
  package let convention: CouplingConvention?
  package let symbol: String
  package let unit: String
  package let definition: String
  /// How result files name it.
  package let label: CouplingLabel
  /// "m4" and what it is.
  package let mass: ScannedMass?
  /// -1 for the negative branch of a signed coupling.
  package let sign: Double

  /// The dipole.
  package init(_ convention: CouplingConvention) {
    self.init(
      convention: convention, symbol: convention.symbol, unit: convention.unit,
      definition: convention.lagrangian, label: CouplingLabel(convention), mass: .heavyNeutrino, sign: 1)
  }

  /// - Parameter sign: -1 where axes hold magnitudes of negative couplings
  package init(_ interaction: any Interaction, convention: CouplingConvention, sign: Double = 1) {
    let coupling = interaction.coupling
    let prefix = sign < 0 ? "-" : ""
    var label = CouplingLabel(convention)
    if coupling.isDipoleMoment {
      label.symbol = prefix + (coupling.symbol.isEmpty ? label.symbol : coupling.symbol)
      self.init(
        convention: convention,
        symbol: prefix + (coupling.symbol.isEmpty ? convention.symbol : coupling.symbol),
        unit: convention.unit, definition: convention.lagrangian, label: label, mass: interaction.mass,
        sign: sign)
      return
    }
    let symbol = prefix + coupling.symbol
    label = CouplingLabel(
      convention: interaction.name, symbol: symbol, unit: coupling.unit, lagrangian: coupling.definition)
    self.init(
      convention: nil, symbol: symbol, unit: coupling.unit, definition: coupling.definition, label: label,
      mass: interaction.mass, sign: sign)
  }

  private init(
    convention: CouplingConvention?, symbol: String, unit: String, definition: String, label: CouplingLabel,
    mass: ScannedMass?, sign: Double
  ) {
    self.convention = convention
    self.symbol = symbol
    self.unit = unit
    self.definition = definition
    self.label = label
    self.mass = mass
    self.sign = sign
  }

  package func toInternal(_ value: Double) -> Double { convention?.toInternal(value) ?? value }
  package func fromInternal(_ value: Double) -> Double { convention?.fromInternal(value) ?? value }
}

import DipolePhysics
import Experiments

/// One flux component: who arrives, how many over the exposure, and with which energies.
package struct FluxComponentModel: Sendable {
  /// How the spectrum is known: which closed forms a plan may use.
  package enum Shape: Hashable, Sendable {
    case pionDecayAtRestPrompt, muonDecayAtRestAntiMuon, muonDecayAtRestElectron
    /// a sum of monochromatic lines
    case lines
    /// any other continuous spectrum, by its density and moments, smooth between its break energies
    case table
  }

  package let label: String
  package let flavour: NeutrinoFlavour
  /// cm^-2 over the exposure.
  package let fluence: Double
  /// Normalised to one (or to whatever `fluence` counts, for example fissions).
  package let shape: Shape
  package let spectrum: any NeutrinoSpectrum
  /// For rates by mass states; nil for neutrinos that arrive as a flavour.
  package let massStates: MassStateContent?

  package init(
    label: String, flavour: NeutrinoFlavour, fluence: Double, shape: Shape, spectrum: any NeutrinoSpectrum,
    massStates: MassStateContent? = nil
  ) {
    self.label = label
    self.flavour = flavour
    self.fluence = fluence
    self.shape = shape
    self.spectrum = spectrum
    self.massStates = massStates
  }
}

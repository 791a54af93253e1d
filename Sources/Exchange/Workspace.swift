/// A HistFactory workspace as pyhf writes it (schema 1.0.0; L. Heinrich, M. Feickert, G. Stark, K. Cranmer, JOSS 6 (2021) 2823):
/// what of it is read and written here [UPS-44].
package struct Workspace: Hashable, Sendable {
  package var channels: [Channel]
  package var observations: [Observation]
  package var measurements: [Measurement]

  package init(channels: [Channel], observations: [Observation], measurements: [Measurement]) {
    self.channels = channels
    self.observations = observations
    self.measurements = measurements
  }

  /// The schema that is read and written.
  package static let version = "1.0.0"

  package struct Channel: Hashable, Sendable, Encodable {
    package var name: String
    package var samples: [Sample]
  }

  package struct Sample: Hashable, Sendable, Encodable {
    package var name: String
    /// Events per bin.
    package var data: [Double]
    package var modifiers: [Modifier]
  }

  package struct Modifier: Hashable, Sendable {
    package enum Effect: Hashable, Sendable {
      /// A free factor.
      case normfactor
      /// Events per bin at alpha = -1 and +1, alpha constrained by a unit Gaussian.
      case histosys(low: [Double], high: [Double])
      /// Factors at alpha = -1 and +1.
      case normsys(low: Double, high: Double)
      /// A factor with a Gaussian constraint, centre and width of which stand in the measurement.
      case lumi
    }
    /// Of the parameter; modifiers of one name have one parameter.
    package var name: String
    package var effect: Effect
  }

  package struct Observation: Hashable, Sendable, Encodable {
    package var name: String
    package var data: [Double]
  }

  package struct Measurement: Hashable, Sendable {
    package var name: String
    /// Name of the parameter of interest.
    package var poi: String
    package var parameters: [Parameter]
  }

  /// What a measurement says of a parameter; nil: what pyhf takes for its kind.
  package struct Parameter: Hashable, Sendable {
    package var name: String
    package var initial: Double?
    package var bounds: Bounds?
    /// Centre of the constraint.
    package var centre: Double?
    /// Width of the constraint.
    package var width: Double?
    package var isFixed = false

    package init(
      name: String, initial: Double? = nil, bounds: Bounds? = nil, centre: Double? = nil,
      width: Double? = nil,
      isFixed: Bool = false
    ) {
      (self.name, self.initial, self.bounds) = (name, initial, bounds)
      (self.centre, self.width, self.isFixed) = (centre, width, isFixed)
    }
  }

  package struct Bounds: Hashable, Sendable {
    package var low: Double
    package var high: Double
    package init(_ low: Double, _ high: Double) { (self.low, self.high) = (low, high) }
    package func contains(_ value: Double) -> Bool { value >= low && value <= high }
  }
}

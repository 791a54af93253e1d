internal import Experiments

/// One experiment: source, detector, bins, data and systematic uncertainties, from the catalogue or from a file of one's
/// own (docs/formats.md has the format).
public struct Experiment: Sendable {
  /// Whether there are data.
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// There are: results are limits, unless the Asimov set is asked for.
    case measurement
    /// There are none: results are sensitivities.
    case projection
  }

  /// A variant of an experiment: the same with some choices made otherwise.
  public struct Variant: Hashable, Sendable {
    /// What follows the colon: `coherent-csi-2021:no-electrons`.
    public let name: String
    /// One sentence that says what is different.
    public let description: String
  }

  let spec: ExperimentSpec

  init(_ spec: ExperimentSpec) { self.spec = spec }

  /// Loads an experiment and checks the whole of it.
  ///
  /// - Parameter nameOrPath: a name of ``catalogueNames``, or the path of a file that ends in `.yaml` or `.yml` and has its
  ///   tables beside it; either may end in `:variant`
  /// - Throws: ``UpscatterError`` of kind `badInput` for an unknown name or variant and for the first fault of a file, with
  ///   line and column
  public init(_ nameOrPath: String) throws(UpscatterError) {
    spec = try translatingErrors { try Catalogue.load(nameOrPath) }
  }

  // MARK: - Catalogue

  /// Returns the names of the experiments that come with the library, in alphabetical order.
  public static var catalogueNames: [String] { Catalogue.entryNames }

  /// Returns the variants that an experiment offers, in the order of its file; empty where it offers none.
  ///
  /// - Parameter nameOrPath: as in ``init(_:)``
  /// - Throws: ``UpscatterError`` of kind `badInput`
  public static func variants(of nameOrPath: String) throws(UpscatterError) -> [Variant] {
    try translatingErrors {
      try Catalogue.variants(of: nameOrPath).map { Variant(name: $0.name, description: $0.description) }
    }
  }

  // MARK: - What it is

  /// The name, with `:variant` where it is one.
  public var name: String { spec.name }

  /// A title for tables and plots.
  public var title: String { spec.title }

  /// Whether there are data.
  public var kind: Kind { spec.kind == .measurement ? .measurement : .projection }

  /// The flavours of the neutrinos that the source holds, in the order e, mu, tau.
  public var flavours: [Flavour] {
    let families = Set(spec.source.components.map(\.flavour.family))
    return [Flavour.e, .mu, .tau].filter { families.contains($0.rawValue) }
  }

  /// Publications that the data, fluxes and efficiencies come from.
  public var references: [String] { spec.references }

  // MARK: - Bins

  /// The edges of the energy bins, ascending, in ``energyUnit``; one more than there are bins.
  public var energyEdges: [Double] { spec.channel.energyEdges }

  /// The unit of ``energyEdges``: "PE", "keVee", "keV", or "bin" for analysis bins that a response matrix fills.
  public var energyUnit: String { spec.channel.energyUnit }

  /// The edges of the time bins in microseconds, ascending; empty for an experiment without a time axis.
  public var timeEdges: [Double] { spec.channel.timeEdges }

  /// Energy bins times time bins (1 without a time axis).
  public var binCount: Int { max(0, energyEdges.count - 1) * max(1, timeEdges.count - 1) }

  /// What the numbers in the bins are: "Events", or "Events per day" and the like where data are rates.
  public var content: String { spec.channel.content }

  /// The data: one number per bin, energy bins outermost, time bins contiguous; nil for projections and for limits on a
  /// flux, which have no events in bins.
  public var observed: [Double]? { spec.channel.observed }

  /// One standard deviation of each number of ``observed``, where the experiment states them; nil for counts.
  public var uncertainties: [Double]? { spec.channel.uncertainties }
}

extension Experiment: Hashable {}

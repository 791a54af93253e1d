import Experiments
import Foundation
import Pipeline
import Rates
import SIMDBackend
import Testing

/// Standard Model events of one year at the European Spallation Source in detectors the catalogue does not have.
@Suite("Detectors at the ESS")
struct SpallationSanityTests {
  struct Detector: CustomTestStringConvertible, Sendable {
    var elements: [String]
    /// g/mol
    var molarMass: Double
    /// kg
    var mass: Double
    /// keV
    var threshold: Double
    /// R_n - R_p, fm; for CsI and Ar that of the separate calculation, the others do not feel it.
    var neutronSkin = 0.1
    /// Of a separate calculation: Helm with s = 0.9 fm, sin^2 theta_W = 0.23857, spin-0 form; own radii.
    var calculated: Double
    /// D. Baxter et al., JHEP 02 (2020) 123, arXiv:1911.00762 (recalled, to be confirmed).
    var published: Double

    var testDescription: String { "\(mass) kg \(elements.joined()) above \(threshold) keV" }
  }

  private static let detectors = [
    Detector(
      elements: ["Xe"], molarMass: 131.293, mass: 20, threshold: 0.9, calculated: 7672, published: 7770),
    Detector(
      elements: ["Cs", "I"], molarMass: 259.81, mass: 22.5, threshold: 1, neutronSkin: 0.283,
      calculated: 8068, published: 8405),
    Detector(
      elements: ["Ge"], molarMass: 72.63, mass: 7, threshold: 0.6, calculated: 1603, published: 1610),
    Detector(
      elements: ["Ar"], molarMass: 39.9477, mass: 10, threshold: 0.1, neutronSkin: 0.123, calculated: 1351,
      published: 1380),
    Detector(
      elements: ["Si"], molarMass: 28.085, mass: 1, threshold: 0.16, calculated: 79.9, published: 80),
  ]

  /// The file of `ess10` with another target, mass and threshold.
  private static func experiment(_ detector: Detector) throws -> ExperimentSpec {
    var text = try #require(Catalogue.text(of: "ess10", file: "experiment.yaml"))
    let start = try #require(text.range(of: "    - element: Xe"))
    let end = try #require(text.range(of: "  quenching: none"))
    let nuclei = detector.elements.map {
      """
          - element: \($0)
            per-formula-unit: 1
            form-factor: { helm: { radii: charge, neutron-skin: \(detector.neutronSkin) fm, skin: 0.9 fm } }

      """
    }
    text.replaceSubrange(start.lowerBound..<end.lowerBound, with: nuclei.joined())
    for (old, new) in [
      ("mass: 10 kg", "mass: \(detector.mass) kg"),
      ("molar-mass: 131.293 g/mol", "molar-mass: \(detector.molarMass) g/mol"),
      ("edges: [0.1, 5, 10, 15, 20, 25]", "edges: [\(detector.threshold), 300]"),
    ] {
      try #require(text.contains(old))
      text = text.replacingOccurrences(of: old, with: new)
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ess-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("ess10.yaml")
    try text.write(to: file, atomically: true, encoding: .utf8)
    return try Catalogue.load(file.path)
  }

  @Test(
    "Events of a year agree with a separate calculation to 2 % and with the publication to 5 %",
    arguments: detectors)
  func events(_ detector: Detector) throws {
    let backend = try CPUBackend()
    let analysis = try Analysis(
      model: RateModel(Self.experiment(detector)),
      settings: AnalysisSettings(flavour: "mu", dataSet: .asimov), masses: [1], backend: backend,
      planningBackend: backend)
    let events = analysis.standardModelEvents.reduce(0, +)
    #expect(isClose(events, detector.calculated, rtol: 0.02), "\(events)")
    #expect(isClose(events, detector.published, rtol: 0.05), "\(events)")
  }
}

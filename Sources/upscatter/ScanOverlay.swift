import Contours
import Pipeline
import Reporting
import Units

/// Several scans in one figure: what they are called together, and whether their axes mean the same.
struct ScanOverlay {
  let contents: [ResultContents]
  let shared: SharedCaption
  let coupling: CouplingLabel

  /// Throws for scans that cannot share axes.
  /// - Parameter contents: at least one
  init(_ contents: [ResultContents]) throws {
    self.contents = contents
    coupling = try Self.coupling(contents)
    shared = SharedCaption(contents.map(\.provenance))
  }

  var flavours: [String] { Set(contents.map(\.provenance.flavour)).sorted() }

  var title: String { "\(models), flavour \(flavours.joined(separator: ", "))" }

  /// What sets each scan apart from the others.
  var labels: [String] { contents.map { shared.label($0.provenance) } }

  /// - Parameters:
  ///   - regions: to shade, per scan
  ///   - overlays: published limits too
  func figure(title: String, regions: [[Contour]], overlays: Bool) -> ExclusionPlot {
    let series = zip(contents, regions).map { content, regions in
      ExclusionPlot.Series(
        label: shared.label(content.provenance), name: shared.name(content.provenance),
        contours: content.contours, regions: regions,
        isSensitivity: content.provenance.kind == "sensitivity")
    }
    return ScanFigure.exclusion(
      title: title, series: series, flavours: flavours, m4: span(contents.map(\.m4)),
      d: span(contents.map(\.d)), coupling: coupling, massSymbol: contents[0].provenance.massSymbol,
      overlaysIn: overlays && contents[0].provenance.model == nil
        ? CouplingConvention(rawValue: coupling.convention) : nil,
      caption: shared.lines)
  }

  /// Smallest and largest value of several ascending axes.
  private func span(_ axes: [[Double]]) -> [Double] {
    [axes.compactMap(\.first).min(), axes.compactMap(\.last).max()].compactMap(\.self)
  }

  private var models: String {
    // "model=vector proton=3.0 ...": the parameters stand in the caption
    let names = contents.compactMap(\.provenance.model).map { identity in
      identity.prefix { $0 != " " }.replacingOccurrences(of: "model=", with: "Model ")
    }
    return names.isEmpty ? "Neutrino dipole portal" : Set(names).sorted().joined(separator: ", ")
  }

  private static func coupling(_ contents: [ResultContents]) throws -> CouplingLabel {
    let labels = contents.map(\.provenance.coupling)
    let names = Set(labels.map(\.convention)).sorted()
    let areDipoles = names.allSatisfy { CouplingConvention(rawValue: $0) != nil }
    guard names.count == 1 || !areDipoles, let first = labels.first else {
      throw RequestError(
        "The results use different coupling conventions (\(names.joined(separator: ", "))); scan them with the same "
          + "--coupling to draw them together.")
    }
    let axes = Set(zip(contents, labels).map { "\($0.provenance.massSymbol ?? "m4") and \($1.symbol)" })
    guard axes.count == 1 else {
      throw RequestError(
        "The results have different axes (\(axes.sorted().joined(separator: "; "))): they are of different interactions and "
          + "cannot share a plot. Draw them apart.")
    }
    return first
  }
}

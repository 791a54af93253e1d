import Foundation

/// Arrays and texts of a result that is no scan, as a report needs them.
struct ArrayContents {
  /// Of the file, without its folder.
  let name: String
  let provenance: FitProvenance
  let m4: [Double]
  let d: [Double]
  /// masses x couplings each
  let grids: [String: [Double]]
  let profiles: [String: [Double]]
  let summary: Data

  /// - Parameters:
  ///   - provenance: where the JSON of the file has it
  ///   - profiles: name and whether it is over the masses
  init(
    reading path: String, grids names: [String], profiles curves: [(name: String, overMasses: Bool)] = []
  ) throws(ReportError) {
    _ = try ResultSeal(path)
    do throws(HDF5Failure) {
      let file = try HDF5.openFile(path)
      let m4 = try HDF5.read("m4", shape: [nil], in: file.id)
      let d = try HDF5.read("d", shape: [nil], in: file.id)
      var grids: [String: [Double]] = [:]
      for name in names { grids[name] = try HDF5.read(name, shape: [m4.count, d.count], in: file.id) }
      var profiles: [String: [Double]] = [:]
      for curve in curves {
        let count = curve.overMasses ? m4.count : d.count
        profiles[curve.name] = try HDF5.read(curve.name, shape: [count], in: file.id)
      }
      summary = Data(try HDF5.text("summary", of: file.id).utf8)
      struct Head: Decodable { var provenance: FitProvenance }
      guard let head = try? JSONDecoder().decode(Head.self, from: summary) else {
        throw HDF5Failure(call: "the attribute summary")
      }
      provenance = head.provenance
      (self.m4, self.d, self.grids, self.profiles) = (m4, d, grids, profiles)
    } catch {
      throw ResultSeal.unreadable(
        path,
        "it is not a whole result of this version of upscatter (\(error.call) does not fit), or another program has it open. Close "
          + "other programs, or repeat the run.")
    }
    name = (path as NSString).lastPathComponent
    guard !m4.isEmpty, !d.isEmpty else {
      throw ResultSeal.unreadable(path, "an axis is empty. Repeat the run.")
    }
  }

  /// The JSON of the run, as far as `type` knows it.
  func decoded<Summary: Decodable>(_ type: Summary.Type, of path: String) throws(ReportError) -> Summary {
    do { return try JSONDecoder().decode(type, from: summary) } catch {
      throw ResultSeal.unreadable(
        path, "its summary is not that of this version of upscatter. Repeat the run.")
    }
  }

  var mass: MarkedSymbol { MarkedSymbol(provenance.massSymbol ?? "m4") }
  var coupling: MarkedSymbol { MarkedSymbol(provenance.coupling.symbol, flavour: provenance.flavour) }
  var experiments: String { provenance.experiments.joined(separator: " + ") }

  func sample(_ name: String, most: Int) -> GridSample {
    GridSample(grids[name] ?? [], rows: m4.count, columns: d.count, most: most)
  }

  /// Axes over the whole grid; nil where one has a single value.
  var frame: SVGFrame? {
    let (x, y) = (MapPlot.cells(m4), MapPlot.cells(d))
    guard m4.count > 1, d.count > 1, let left = x.first, let right = x.last, let low = y.first,
      let high = y.last, left.lowerBound > 0, low.lowerBound > 0
    else { return nil }
    return SVGFrame(
      m4: left.lowerBound...right.upperBound, d: low.lowerBound...high.upperBound,
      coupling: provenance.coupling, flavour: provenance.flavour, massSymbol: provenance.massSymbol)
  }
}

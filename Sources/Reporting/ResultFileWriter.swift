import CHDF5
import Contours
import Foundation
import Hashing

/// Writes a result file row by row: memory does not grow with the grid.
///
/// The file is called `<path>.partial` until `finish` renames it; if anything fails, or the writer goes away before,
/// the partial file is removed and an older result stays as it was.
package final class ResultFileWriter {
  private let path: String
  private let m4: [Double]
  private let d: [Double]
  private let pullNames: [String]
  /// Numbers of the pulls that change shapes: their values are theta in widths.
  private let shapePulls: Set<Int>
  private let size: Double
  private var file: HDF5Handle?
  /// /delta, then the pulls.
  private var grids: [GridDataset] = []
  private var nextRow = 0

  /// One grid and the checksum of the rows it has so far; a class because handles do not copy.
  private final class GridDataset {
    let handle: HDF5Handle
    var checksum = Checksum()
    init(_ handle: consuming HDF5Handle) { self.handle = handle }
  }

  /// Refuses at once what the file system cannot hold.
  /// - Parameters:
  ///   - m4: masses of the rows, MeV
  ///   - d: couplings of the columns, in the unit of `coupling`
  ///   - pullNames: one per pull of the likelihood, used as dataset names
  ///   - shapePulls: numbers of those that change shapes; the others scale rates
  ///   - storePulls: false leaves the grid of pulls out (they multiply the size by one plus their number)
  package init(
    path: String, m4: [Double], d: [Double], coupling: CouplingLabel,
    massTitle: String = "heavy-neutrino mass",
    pullNames: [String],
    shapePulls: Set<Int> = [], storePulls: Bool
  ) throws(ReportError) {
    guard !m4.isEmpty, !d.isEmpty else {
      throw ReportError(.badContent, "\(path): a result needs at least one mass and one coupling.")
    }
    try requireFinite(m4, "the m4 axis of \(path)")
    try requireFinite(d, "the d axis of \(path)")
    self.path = path
    self.m4 = m4
    self.d = d
    self.pullNames = storePulls ? pullNames : []
    self.shapePulls = shapePulls
    guard self.pullNames.count < ResultSeal.mostGrids else {
      throw ReportError(
        .badContent,
        "\(path): a result holds at most \(ResultSeal.mostGrids) grids, and this one would have \(pullNames.count + 1). "
          + "Leave the pulls out of the file (--no-pulls).")
    }
    size = ResultFile.size(m4Count: m4.count, dCount: d.count, pullCount: storePulls ? pullNames.count : 0)
    try DiskSpace.require(bytes: size, at: path)
    try requireNoOtherWriter()
    try guarded { () throws(HDF5Failure) in try self.create(coupling, massTitle) }
  }

  deinit { if file != nil { abandon() } }

  /// Takes the next rows of the grid, in ascending order, each once.
  /// - Parameters:
  ///   - statistic: Delta chi2, rows x couplings, couplings contiguous
  ///   - pulls: rows x couplings x pulls, pulls contiguous; ignored when pulls are not stored
  package func append(rows: Range<Int>, statistic: [Double], pulls values: [Double]) throws(ReportError) {
    let points = rows.count * d.count
    guard file != nil, rows.lowerBound == nextRow, rows.upperBound <= m4.count, statistic.count == points,
      pullNames.isEmpty || values.count == points * pullNames.count
    else {
      throw ReportError(
        .badContent,
        "\(path): rows \(rows) with \(statistic.count) values and \(values.count) pulls do not continue a grid of "
          + "\(m4.count) x \(d.count) points and \(pullNames.count) pulls after row \(nextRow).")
    }
    try requireFinite(statistic, "the statistic of rows \(rows)")
    if !pullNames.isEmpty { try requireFinite(values, "the pulls of rows \(rows)") }
    try guarded { () throws(HDF5Failure) in
      try self.write(rows: rows, statistic: statistic, pulls: values)
    }
    nextRow = rows.upperBound
  }

  /// Adds what is known at the end, closes the file and gives it its name.
  package func finish(_ closing: ResultClosing) throws(ReportError) {
    guard file != nil, nextRow == m4.count, closing.minimum.count == m4.count, closing.limit.count == m4.count
    else {
      throw ReportError(
        .badContent,
        "\(path): \(nextRow) of \(m4.count) rows were written, with \(closing.minimum.count) minima and "
          + "\(closing.limit.count) limits; the result is not complete.")
    }
    let provenance = try JSONText.encode(closing.provenance, name: "the provenance of \(path)")
    var sealed: [ResultSeal.Grid] = []
    try guarded { () throws(HDF5Failure) in
      try self.writeClosing(closing, provenance: provenance)
      sealed = try self.sealedGrids()
      try self.closeFile()
    }
    do { try ResultSeal.write(AtomicFile.partialPath(path), grids: sealed) } catch {
      unlink(AtomicFile.partialPath(path))
      throw error
    }
    try AtomicFile.moveIntoPlace(path)
  }

  // MARK: - Steps

  private func create(_ coupling: CouplingLabel, _ massTitle: String) throws(HDF5Failure) {
    let file = try HDF5.createFile(AtomicFile.partialPath(path))
    let id = file.id
    self.file = consume file
    try vector("m4", m4, in: id, ["unit": "MeV", "description": "\(massTitle), rows of the grid"])
    try vector(
      "d", d, in: id,
      [
        "unit": coupling.unit, "convention": coupling.convention, "lagrangian": coupling.lagrangian,
        "description": "coupling, columns of the grid",
      ])
    let delta = try HDF5.createDataset("delta", shape: [m4.count, d.count], in: id)
    try HDF5.setAttribute(
      "description", "Delta chi2 [m4][d]: test statistic minus the minimum of its row in /minimum",
      on: delta.id)
    try HDF5.setAttribute("unit", "1", on: delta.id)
    grids = [GridDataset(delta)]
    if pullNames.isEmpty { return }
    let group = try HDF5.createGroup("pulls", in: id)
    for (index, name) in pullNames.enumerated() {
      let dataset = try HDF5.createDataset(Self.linkName(name), shape: [m4.count, d.count], in: group.id)
      try HDF5.setAttribute(
        "description",
        shapePulls.contains(index)
          ? "best theta of the pull [m4][d], in units of its width"
          : "best value of the pull [m4][d], relative change", on: dataset.id)
      try HDF5.setAttribute("unit", shapePulls.contains(index) ? "width" : "1", on: dataset.id)
      try HDF5.setAttribute("order", Double(index), on: dataset.id)
      grids.append(GridDataset(dataset))
    }
  }

  private func write(rows: Range<Int>, statistic: [Double], pulls values: [Double]) throws(HDF5Failure) {
    for (index, grid) in grids.enumerated() {
      let column =
        index == 0
        ? statistic : stride(from: index - 1, to: values.count, by: pullNames.count).map { values[$0] }
      try HDF5.write(column, rows: rows, columns: d.count, to: grid.handle.id)
      grid.checksum.add(column)
    }
  }

  private func sealedGrids() throws(HDF5Failure) -> [ResultSeal.Grid] {
    try grids.map { grid throws(HDF5Failure) in
      ResultSeal.Grid(
        offset: try HDF5.offset(of: grid.handle.id), length: 8 * m4.count * d.count,
        checksum: grid.checksum.value)
    }
  }

  private func writeClosing(_ closing: ResultClosing, provenance: String) throws(HDF5Failure) {
    guard let id = file?.id else { throw HDF5Failure(call: "H5Fcreate") }
    let coupling = closing.provenance.coupling
    try vector(
      "minimum", closing.minimum, in: id,
      ["description": "subtracted from the statistic, per mass", "unit": "1"])
    try vector(
      "limit", closing.limit.map { $0 ?? .nan }, in: id,
      [
        "description": "lowest coupling where delta rises through the level; NaN: none on this axis",
        "unit": coupling.unit, "convention": coupling.convention,
      ])
    let group = try HDF5.createGroup("contours", in: id)
    try HDF5.setAttribute("count", Double(closing.contours.count), on: group.id)
    for (index, contour) in closing.contours.enumerated() {
      let dataset = try HDF5.createDataset("\(index)", shape: [contour.points.count, 2], in: group.id)
      try HDF5.write(contour.points.flatMap { [$0.m4, $0.d] }, to: dataset.id)
      try HDF5.setAttribute("closed", contour.isClosed ? 1 : 0, on: dataset.id)
      try HDF5.setAttribute("unit", "MeV\n\(coupling.unit)", on: dataset.id)
      try HDF5.setAttribute(
        "description", "points (m4, d) along the contour; one unit per column", on: dataset.id)
    }
    try HDF5.setAttribute("format", ResultFile.format, on: id)
    try HDF5.setAttribute("schema", ResultFile.schema, on: id)
    for entry in closing.provenance.entries { try HDF5.setAttribute(entry.name, entry.value, on: id) }
    try HDF5.setAttribute("pulls", pullNames.joined(separator: "\n"), on: id)
    try HDF5.setAttribute("provenance", provenance, on: id)
    try HDF5.setAttribute("summary", closing.summary, on: id)
  }

  private func vector(
    _ name: String, _ values: [Double], in id: hid_t, _ attributes: KeyValuePairs<String, String>
  ) throws(HDF5Failure) {
    let dataset = try HDF5.createDataset(name, shape: [values.count], in: id)
    try HDF5.write(values, to: dataset.id)
    for (key, value) in attributes { try HDF5.setAttribute(key, value, on: dataset.id) }
  }

  private func closeFile() throws(HDF5Failure) {
    grids = []
    guard let file = file.take() else { return }
    try HDF5.check("H5Fflush", H5Fflush(file.id, H5F_SCOPE_GLOBAL))
    if !file.close() { throw HDF5Failure(call: "H5Fclose") }
  }

  /// HDF5 holds a lock on a file it writes: a partial file that is locked belongs to a run that is alive.
  private func requireNoOtherWriter() throws(ReportError) {
    let descriptor = open(AtomicFile.partialPath(path), O_RDONLY)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK {
      throw ReportError(
        .cannotWrite,
        "\(path) is being written by another run, which goes on. Wait for it, or choose another --output.")
    }
  }

  // MARK: - Failure

  /// A slash would open a group inside a pull's name.
  static func linkName(_ name: String) -> String { name.replacingOccurrences(of: "/", with: "_") }

  private func guarded(_ body: () throws(HDF5Failure) -> Void) throws(ReportError) {
    do { try body() } catch {
      let free = (try? DiskSpace.available(for: path)).map(sizeText) ?? "an unknown amount"
      abandon()
      throw ReportError(
        .cannotWrite,
        "\(path) cannot be written (\(error.call) failed): the file needs \(sizeText(size)) and the file system has "
          + "\(free) free\(DiskSpace.fileSizeLimitText). Nothing was left behind. Check the permissions of the directory, that no other run writes "
          + "the same result, and the free space, or choose another --output.")
    }
  }

  private func abandon() {
    grids = []
    file = nil
    unlink(AtomicFile.partialPath(path))
  }
}

import Contours
import Foundation
import Testing

@testable import Reporting

@Suite("Planes of two parameters, and axes of few decades")
struct PlaneTests {
  private func plane() -> PlaneResult {
    PlaneResult(
      x: .init(name: "lambda14", unit: "1/GeV"), y: .init(name: "phase24", unit: "rad"), xValues: [0, 1e-7],
      yValues: [0, 1, 2], delta: [0, 1, 2, 3, 4, 5.5],
      contours: [
        Contour(points: [ContourPoint(m4: 0, d: 1), ContourPoint(m4: 1e-7, d: 2)], isClosed: false),
        Contour(points: [ContourPoint(m4: 5e-8, d: 0.5)], isClosed: true),
      ], entries: [("version", "1"), ("conditions", "")])
  }

  @Test("A plane reads back as it was written, and equal planes are equal bytes")
  func roundTrip() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["a.h5", "b.h5"].map { folder.appendingPathComponent($0).path }
    let plane = plane()
    for path in paths { try plane.write(to: path) }
    #expect(FileManager.default.contentsEqual(atPath: paths[0], andPath: paths[1]))
    #expect(try ResultFile.isPlane(kind: ResultFile.kind(of: paths[0])))
    let read = try PlaneResult(reading: paths[0])
    #expect(read.x == plane.x && read.y == plane.y)
    #expect(read.xValues == plane.xValues && read.yValues == plane.yValues && read.delta == plane.delta)
    #expect(read.contours == plane.contours)
    #expect(read.entries.map(\.name) == ["version", "conditions"] && read.entries.map(\.value) == ["1", ""])
    // a damaged file never reaches the HDF5 library
    var bytes = try Data(contentsOf: URL(fileURLWithPath: paths[1]))
    bytes[bytes.count / 2] ^= 0xFF
    try bytes.write(to: URL(fileURLWithPath: paths[1]))
    let error = #expect(throws: ReportError.self) { try PlaneResult(reading: paths[1]) }
    #expect(error?.kind == .cannotRead && error?.message.contains("damaged") == true)
  }

  @Test(
    "Axes of less than two powers of ten get three to eight round labels inside them",
    arguments: [
      (1.5e-7...2.7e-7, [1.5e-7, 2e-7, 2.5e-7]), (5.8...16.5, [6, 8, 10, 12, 14, 16]),
      (0.42...0.9, [0.6, 0.8]), (2.0...9.0, [2, 4, 6, 8]),
    ] as [(ClosedRange<Double>, [Double])])
  func tics(range: ClosedRange<Double>, expected: [Double]) {
    let values = LogarithmicTics.values(range)
    #expect(values.count >= 3 && values.count <= 8)
    #expect(values.allSatisfy { $0 >= range.lowerBound * (1 - 1e-9) && $0 <= range.upperBound * (1 + 1e-9) })
    #expect(expected.allSatisfy { value in values.contains { abs($0 - value) < 1e-9 * value } }, "\(values)")
  }

  @Test("Axes of whole decades are left to gnuplot")
  func decades() {
    #expect(LogarithmicTics.commands("x", 1e-7...1e-6, powers: true).isEmpty)
    #expect(LogarithmicTics.commands("x", 0.1...50, powers: false).isEmpty)
    let few = LogarithmicTics.commands("y", 1.5e-7...3.1e-7, powers: true)
    #expect(
      few == [
        "set ytics ('1.5·10^{-7}' 1.5e-07, '2·10^{-7}' 2e-07, '2.5·10^{-7}' 2.5e-07, '3·10^{-7}' 3e-07)"
      ])
  }
}

import Foundation
import Reporting
import Testing

/// `scan` on several devices, through the command line.
@Suite("scan on several devices")
struct SharedScanCommandTests {
  /// PoCL then shows two devices.
  private static let twoDevices = ["POCL_DEVICES": "pthread basic"]

  /// Scans a grid that is large enough for every device to get rows.
  private static func scan(_ output: String, _ options: String, in folder: Scratch) throws -> Program.Outcome
  {
    let arguments =
      "scan csi-benchmark --m4 1:40:150 --d 2e-7:2e-5:160 --plot none -o \(output) \(options)"
      .split(separator: " ").map(String.init)
    let outcome = try Program.run(arguments, in: folder, environment: twoDevices)
    try #require(outcome.status == 0, "\(outcome.errors)")
    return outcome
  }

  private static func grid(_ name: String, in folder: Scratch) throws -> [Double] {
    var values: [Double] = []
    try ResultFile.forEachRow(folder.path(name)) { values += $1 }
    return values
  }

  @Test("simd and all OpenCL devices together give the numbers of simd alone", .enabled(if: hasOpenCL))
  func sameNumbers() throws {
    let folder = try Scratch()
    let alone = try Self.scan("alone", "--backend simd", in: folder)
    let shared = try Self.scan("shared", "--backend simd,opencl --device all", in: folder)
    #expect(try Self.grid("alone.h5", in: folder) == Self.grid("shared.h5", in: folder))
    for pull in try ResultFile.read(folder.path("alone.h5")).pullNames {
      let values = try ResultFile.pull(pull, of: folder.path("alone.h5"))
      #expect(try ResultFile.pull(pull, of: folder.path("shared.h5")) == values)
    }
    for suffix in [".csv", "-limit.csv"] {
      let rows = try ScanCommandTests.table("alone" + suffix, in: folder).rows
      #expect(try ScanCommandTests.table("shared" + suffix, in: folder).rows == rows && rows.count > 20)
    }
    #expect(!alone.output.contains("points/s"))
    let shares = shared.output.split(separator: "\n").filter { $0.contains(" rows ") }
    #expect(shares.count >= 2)
    #expect(shares.reduce(0) { $0 + (Int($1.split(separator: " ")[0]) ?? 0) } == 150)
  }

  @Test("The files name the devices asked for, and are the same bytes in every run", .enabled(if: hasOpenCL))
  func sameBytes() throws {
    let (first, second) = (try Scratch(), try Scratch())
    for folder in [first, second] { _ = try Self.scan("x", "--backend opencl,simd --device 0", in: folder) }
    for name in try first.names() { #expect(try first.bytes(name) == second.bytes(name), "\(name)") }
    let provenance = try ResultFile.read(first.path("x.h5")).provenance
    #expect(provenance.backend.backend == "opencl + simd")
    #expect(provenance.backend.device.contains(" + "))
    #expect(provenance.spotCheckPoints == 24)
  }

  @Test("--json tells who did what", .enabled(if: hasOpenCL))
  func json() throws {
    let folder = try Scratch()
    let outcome = try Self.scan("x", "--backend simd,opencl --device all --json", in: folder)
    let devices = try #require(try outcome.json()["devices"] as? [[String: Any]])
    #expect(devices.count >= 2)
    #expect(devices.compactMap { $0["rows"] as? Int }.reduce(0, +) == 150)
    #expect(try !folder.read("x.json").contains("points_per_second"))
  }

  // MARK: - One output, two runs

  @Test("A second run to the same output is refused and leaves the first alone")
  func twice() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      """
      "$0" scan csi-benchmark --m4 1:40:1500 --d 2e-7:2e-5:1500 --plot none -o x --backend simd >first 2>&1 & first=$!
      while [ ! -s x.h5.partial ]; do sleep 0.01; kill -0 $first || exit 9; done
      "$0" scan csi-benchmark --m4 1,2 --d 2e-7:2e-5:9 --plot none -o x --backend simd; second=$?
      wait $first && echo "$second"
      """, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.hasSuffix("73\n"), "\(outcome.output)")
    #expect(outcome.errors.contains("x.state is locked: another run works on the same output"))
    #expect(try Self.grid("x.h5", in: folder).count == 1500 * 1500)
  }

  // MARK: - Large files

  /// A Python that has h5py: Debian's, else the one on the path.
  private static let python = ["/usr/bin/python3", "python3"].first { python in
    guard let folder = try? Scratch() else { return false }
    return (try? Program.shell("\(python) -c 'import h5py'", in: folder))?.status == 0
  }

  @Test("h5py opens a large result lazily: one row costs little more than its bytes")
  func lazy() throws {
    let python = try #require(Self.python, "the tests need python3-h5py")
    let folder = try Scratch()
    let scan = try Program.shell(
      "\"$0\" scan csi-benchmark --m4 1:40:1000 --d 2e-7:2e-5:1000 --plot none -o x --backend simd",
      in: folder)
    try #require(scan.status == 0)
    let script = """
      import h5py
      def rchar(): return int(open('/proc/self/io').read().split()[1])
      h5py.File('x.h5').close()
      before = rchar()
      f = h5py.File('x.h5')
      row = f['delta'][777]
      assert f['delta'].chunks is None and f['delta'].shape == (1000, 1000)
      print(rchar() - before, row[0], row[-1])
      """
    try folder.write(script, to: "lazy.py")
    let outcome = try Program.shell("\(python) lazy.py", in: folder)
    let words = outcome.output.split(separator: " ").compactMap {
      Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    try #require(words.count == 3, "\(outcome.errors)")
    #expect(words[0] < 100_000, "\(words[0]) bytes for a row of 8000")
    let grid = try Self.grid("x.h5", in: folder)
    #expect(words[1] == grid[777_000] && words[2] == grid[777_999])
  }
}

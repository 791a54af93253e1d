import Foundation
import Testing

/// A command line that cannot succeed, the exit code it must end with, and what its message must say.
struct BadRequest: Sendable, CustomTestStringConvertible {
  var arguments: String
  var status: Int32
  var says: [String]
  var testDescription: String { arguments }

  init(_ arguments: String, _ status: Int32, _ says: String...) {
    self.arguments = arguments
    self.status = status
    self.says = says
  }
}

@Suite("Bad input")
struct BadInputTests {
  static let requests = [
    BadRequest("scan coherent-csi-2121", 65, "coherent-csi-2121", "Did you mean `coherent-csi-2021`?"),
    BadRequest("limit 10 --m4 10", 65, "a number in place of an experiment", "--m4 1,10,30"),
    BadRequest("limit coherent-csi-2021 --m4 10 --flavor muon", 64, "--flavor muon", "e, mu, tau or all"),
    BadRequest("scan csi-benchmark --shard 4/3", 64, "--shard 4/3", "3/8"),
    BadRequest("scan coherent-csi-2021:nothing", 65, "`nothing`", "`no-time-efficiency`"),
    BadRequest("scan coherent-csi-2021 --d 1e-4:1e-7:20", 64, "backwards", "--d 1e-7:1e-4:20"),
    BadRequest("scan coherent-csi-2021 --m4 -5,10", 64, "-5 is negative", "greater than 0 MeV"),
    BadRequest("scan coherent-csi-2021 --m4 10,5", 64, "5 follows 10", "ascending"),
    BadRequest("scan coherent-csi-2021 --m4 60:100:3", 64, "60 MeV", "up to 52.", "Begin below"),
    BadRequest("scan coherent-csi-2021 --m4 1:2", 64, "from:to:points"),
    BadRequest("scan coherent-csi-2021 --m4 0:50:9", 64, "starts at 0.0 MeV", "Start above 0"),
    BadRequest("scan coherent-csi-2021 --m4 1:50:0", 64, "number of points between 2 and 1048576"),
    BadRequest("scan coherent-csi-2021 --m4 1:1.00000000000001:999", 64, "neighbours coincide"),
    BadRequest("benchmark --device 99", 69, "99", "this machine has"),
    BadRequest("benchmark --all --precision single", 64, "--all", "--precision"),
    BadRequest("benchmark csi-benchmark:shape-pulls", 64, "change shapes", "systematics.shape"),
    BadRequest("scan coherent-csi-2021 --plot jpg", 64, "--plot jpg", "svg, png, pdf or none"),
    BadRequest("scan coherent-csi-2021 --output no/", 64, "names no file"),
    BadRequest("scan coherent-csi-2021 --output .", 64, "names no file", "./coherent-csi-2021"),
    BadRequest("limit coherent-csi-2021 --m4 10 --workers -3", 64, "--workers -3", "between 1 and 4096"),
    BadRequest(
      "scan coherent-csi-2021 --output no/x", 73, "no/x.h5", "directory no does not exist", "--output"),
    BadRequest(
      "scan coherent-csi-2021 --m4 0.1:50:1000000 --d 1e-7:1e-4:1000000", 73, "40 TB", "free", "--no-pulls"),
    BadRequest(
      "limit coherent-csi-2021 --m4 10 --output a/lim.csv", 64, "a/lim.csv", "--output a/lim", "--plot"),
    BadRequest("scan coherent-csi-2021 --output x.png", 64, "--output x.png", "Give --output x,"),
    BadRequest("limit coherent-csi-2021 --cl 0,9", 64, "A decimal point, not a comma: 0.9."),
    BadRequest("toys coherent-csi-2021 --toys 1e3", 64, "A whole number is wanted here: 1000."),
    BadRequest("limit coherent-csi-2021 --m4 nan", 64, "\"nan\" is not a finite number"),
    BadRequest("limit coherent-csi-2021 --m4 10 --tolerance nan", 64, "--tolerance nan", "0.01"),
    BadRequest("limit coherent-csi-2021 --m4 10 --cl nan", 64, "--cl nan", "0.9999"),
    BadRequest("limit coherent-csi-2021 --m4 10 --cl 90", 64, "--cl 90.0", "0.9 is 90 %"),
    BadRequest("limit coherent-csi-2021 --m4 10 --dof 3", 64, "--dof 3", "1 (limit at fixed m4) or 2"),
    BadRequest("limit coherent-csi-2021 --m4 10 --dof 2", 64, "scan --dof 2"),
    BadRequest("limit coherent-csi-2021 --m4 10 --workers 0", 64, "--workers 0", "between 1 and 4096"),
    BadRequest("limit coherent-csi-2021 --m4 10 --flavor x", 64, "--flavor x", "e, mu, tau or all"),
    BadRequest("limit coherent-csi-2021 --m4 10 --d 1e-6", 64, "--d 1e-6", "upscatter scan"),
    BadRequest(
      "scan coherent-csi-2021 --model nsi --parameter quark=u", 64, "no mass to scan", "--parameter quark=u"),
    BadRequest(
      "limit xenonnt-8b --model transition --parameter lambda24=1,delta=1", 64, "changes nothing here"),
    BadRequest(
      "limit xenonnt-er-sr0 --model nsi --parameter quark=u", 64, "acts on nuclei", "electron recoils"),
    BadRequest(
      "limit coherent-csi-2021 --model nsi --parameter quark=u,pair=e-e --flavor mu", 64, "--flavor mu",
      "pair=e-e"),
    BadRequest("limit coherent-csi-2021 --m4 10 --flavor tau", 64, "no neutrinos", "nu_mu", "--flavor"),
    BadRequest("limit coherent-csi-2021 --m4 10 --statistic gaussian", 64, "bin 0", "--statistic poisson"),
    BadRequest(
      "limit coherent-csi-2021 --m4 10 --precision single --backend simd", 69, "simd", "--backend opencl"),
    BadRequest("limit coherent-csi-2021 --m4 10 --device gpu --backend simd", 69, "--device gpu", "OpenCL"),
    BadRequest("scan coherent-csi-2021 --backend simd,reference", 64, "cannot share a scan", "last digits"),
    BadRequest("scan coherent-csi-2021 --backend simd,simd", 64, "simd,simd"),
    BadRequest("scan coherent-csi-2021 --backend auto,simd", 64, "auto,simd"),
    BadRequest("scan coherent-csi-2021 --backend opencl --device 0,,1", 64, "--device 0,,1", "empty"),
    BadRequest("scan coherent-csi-2021 --backend simd --device 0,1", 69, "--device 0,1", "--backend opencl"),
    BadRequest("limit coherent-csi-2021 --m4 10 --backend simd,opencl", 64, "one device", "only scan"),
    BadRequest("limit coherent-csi-2021 --m4 10 --device 0,1", 64, "--device 0,1", "one device"),
    BadRequest("benchmark --backend opencl --device all", 64, "--device all", "one device"),
    BadRequest("spectrum coherent-csi-2021 --m4 inf", 64, "--m4 inf", "MeV"),
    BadRequest("spectrum coherent-csi-2021 --d -1", 64, "--d -1", "GeV^-1"),
    BadRequest("spectrum coherent-csi-2021 --plot x.jpg", 64, "--plot x.jpg", ".svg, .png or .pdf"),
    BadRequest("benchmark --points 3", 64, "--points 3", "between 8 and 4096"),
    BadRequest("plot none.h5", 65, "none.h5", "does not exist", "upscatter scan"),
    BadRequest("plot none.h5 --output x.jpg", 64, ".jpg", ".svg, .png or .pdf"),
    BadRequest("verify --reference-tables none", 64, "no such folder"),
    BadRequest("verify --backend auto", 64, "simd", "opencl"),
    BadRequest("experiments show none", 64, "\"none\"", "coherent-csi-2021"),
    BadRequest("experiments show dresden-ii:yb", 65, "`ybe`", "`lindhard`"),
    BadRequest("limit dresden-ii:yb", 65, "`ybe`", "`lindhard`"),
    BadRequest(
      "limit dresden-ii --flavor e --model weak-dipole --parameter mixin=0.1", 64, "mixin",
      "Did you mean `mixing`?"),
    BadRequest("experiments new --like dresden x", 64, "--like dresden", "`dresden-ii`"),
    BadRequest("experiments new --like dresden-ii:ybe x", 64, "dresden-ii:ybe", "variants come along"),
    BadRequest("experiments new --like dresden-ii 'a b'", 64, "\"a b\"", "my-argon-2026"),
    BadRequest(
      "experiments new --like dresden-ii a --output a.yaml", 64, "--output a.yaml", "Leave --output out"),
    BadRequest("experiments new --like dresden-ii no/a", 73, "no/a", "cannot be made"),
    BadRequest("experiments new 'a b'", 64, "\"a b\"", "my-argon-2026"),
    BadRequest("experiments new a --output b.yaml", 64, "must be called a.yaml"),
    BadRequest("experiments new a --output no/a.yaml", 73, "no/a.yaml", "does not exist"),
  ]

  @Test(
    "A request that cannot be met ends with one paragraph, its exit code and no files", arguments: requests)
  func isRefused(request: BadRequest) throws {
    let folder = try Scratch()
    let outcome = try Program.shell("\"$0\" \(request.arguments)", in: folder)
    #expect(outcome.status == request.status)
    for part in request.says { #expect(outcome.errors.contains(part), "\(part) not in: \(outcome.errors)") }
    #expect(outcome.output.isEmpty)
    #expect(try folder.names().isEmpty)
    let message = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("upscatter: ") }
    #expect(message.count == 1 || outcome.errors.hasPrefix("Error: "))
  }

  @Test("Malformed YAML is reported with file, line and column")
  func malformedYAML() throws {
    let folder = try Scratch()
    try folder.write("schema: 1\nname: [broken\n  title: x\n", to: "broken.yaml")
    let outcome = try Program.run("scan", "broken.yaml", in: folder)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("broken.yaml:3:8: found malformed YAML"))
    #expect(try folder.names() == ["broken.yaml"])
  }

  @Test("A table without the column it is asked for is reported with the columns it has")
  func missingColumn() throws {
    let folder = try Scratch()
    let template = try Program.run("experiments", "new", "argon", in: folder).output
    let measured = template.replacing("kind: projection", with: "kind: measurement")
      .replacing("# observed: [..]", with: "observed: { table: observed.csv, column: events } #")
    #expect(measured.contains("kind: measurement") && measured.contains("observed.csv"))
    try folder.write(measured, to: "argon.yaml")
    try folder.write(
      """
      energy_low [keVee],energy_high [keVee],counts
      5,10,42
      10,15,31
      15,20,27
      20,30,41
      30,40,36

      """, to: "observed.csv")
    let outcome = try Program.run("experiments", "check", "argon.yaml", in: folder)
    #expect(outcome.status == 65)
    for part in ["observed.csv:1:", "`events`", "counts"] {
      #expect(outcome.output.contains(part), "\(part) not in: \(outcome.output)")
    }
    #expect(try Program.run("limit", "argon.yaml", in: folder).status == 65)
  }

  @Test("A truncated result file is not drawn")
  func truncatedResult() throws {
    let folder = try Scratch()
    let scan = try Program.run(
      "scan", "csi-benchmark", "--m4", "1:40:4", "--d", "1e-7:1e-5:5", "-o", "x", "--plot", "none", in: folder
    )
    #expect(scan.status == 0)
    let bytes = try folder.bytes("x.h5")
    try bytes.prefix(bytes.count / 2).write(to: folder.url.appendingPathComponent("half.h5"))
    let outcome = try Program.run("plot", "half.h5", "-o", "half.svg", in: folder)
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("half.h5 cannot be read as a result: it is truncated"))
    #expect(try folder.names().contains("half.svg") == false)
  }
}

@Suite("Backends that cannot run")
struct MissingBackendTests {
  static let noDriver = ["OCL_ICD_VENDORS": "/nonexistent", "OCL_ICD_FILENAMES": ""]

  @Test("Without OpenCL an explicit request fails and says what to install")
  func explicitRequest() throws {
    let outcome = try Program.run(
      "limit", "csi-benchmark", "--m4", "10", "--backend", "opencl", in: Scratch(), environment: Self.noDriver
    )
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("No OpenCL device was found"))
    #expect(outcome.errors.contains("pocl-opencl-icd"))
    #expect(outcome.output.isEmpty)
  }

  @Test("Without OpenCL auto takes simd, which is no news; devices says why")
  func automatic() throws {
    let outcome = try Program.run(
      "limit", "csi-benchmark", "--m4", "10", "--json", in: Scratch(), environment: Self.noDriver)
    #expect(outcome.status == 0)
    #expect(outcome.errors.isEmpty)
    let backend = try outcome.json()["backend"] as? [String: Any]
    #expect(backend?["backend"] as? String == "simd")
    let devices = try Program.run("devices", in: Scratch(), environment: Self.noDriver)
    #expect(devices.output.contains("simd: no OpenCL GPU was found."))
  }

  @Test("An unknown device is refused with the list of those there are", .enabled(if: hasOpenCL))
  func unknownDevice() throws {
    let outcome = try Program.run("limit", "csi-benchmark", "--device", "no such device", in: Scratch())
    #expect(outcome.status == 69)
    #expect(outcome.errors.contains("No OpenCL device matches \"no such device\""))
    #expect(outcome.errors.contains("this machine has 0 \""))
  }
}

@Suite("Disks that cannot take the output")
struct FullDiskTests {
  static let scan = "\"$0\" scan csi-benchmark --m4 1:40:12 --d 1e-7:1e-5:15 --plot none --output x"

  @Test("A file that outgrows its limit mid-scan ends with a message and leaves nothing", arguments: [4, 16])
  func fileSizeLimit(kilobytes: Int) throws {
    let folder = try Scratch()
    let outcome = try Program.shell("ulimit -f \(kilobytes); \(Self.scan)", in: folder)
    #expect(outcome.status == 73)
    #expect(outcome.errors.contains("x.state cannot be written"))
    #expect(outcome.errors.contains("ulimit -f"))
    #expect(try folder.names().isEmpty)
  }

  @Test("An earlier result survives a scan that fails")
  func earlierResult() throws {
    let folder = try Scratch()
    #expect(try Program.shell(Self.scan, in: folder).status == 0)
    let before = try folder.bytes("x.h5")
    let names = try folder.names()
    #expect(try Program.shell("ulimit -f 8; \(Self.scan)", in: folder).status == 73)
    #expect(try folder.bytes("x.h5") == before)
    #expect(try folder.names() == names)
  }

  @Test(
    "A directory that may not be written is refused before anything is computed", .enabled(if: geteuid() != 0)
  )
  func readOnlyDirectory() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      "mkdir r; chmod 555 r; \(Self.scan.replacing("output x", with: "output r/x"))", in: folder)
    #expect(outcome.status == 73)
    #expect(outcome.errors.contains("permission denied"))
    #expect(!outcome.errors.contains("simd"))
  }

  @Test("An output that is in the way as a directory is refused")
  func directoryInTheWay() throws {
    let folder = try Scratch()
    let outcome = try Program.shell("mkdir x.h5.partial; \(Self.scan)", in: folder)
    #expect(outcome.status == 73)
    #expect(outcome.errors.contains("x.h5 cannot be written"))
    #expect(try folder.names() == ["x.h5.partial"])
  }

  @Test(
    "Output that does not arrive is an error",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func fullStandardOutput() throws {
    let outcome = try Program.shell("\"$0\" experiments >/dev/full", in: Scratch())
    #expect(outcome.status == 73)
    #expect(outcome.errors.contains("Standard output cannot be written"))
  }

  @Test("A closed standard error does not stop a calculation")
  func closedStandardError() throws {
    let outcome = try Program.shell("\"$0\" limit csi-benchmark --m4 10 2>&-", in: Scratch())
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("\n10  "))
  }
}

import Foundation
import ReferenceBackend
import SIMDBackend
import ScanCore
import Testing
import Verification

@testable import Backends
@testable import OpenCLBackend

@Suite("Choice of backend")
struct BackendCatalogueTests {
  @Test("Every backend named in REQUIRE_BACKENDS can run here")
  func requiredBackends() {
    let rows = BackendCatalogue.availability()
    let available = Set(rows.filter(\.isAvailable).map(\.backend))
    print("backends tested: \(available.sorted().joined(separator: ", "))")
    #expect(available.contains("reference"))
    let wanted = ProcessInfo.processInfo.environment["REQUIRE_BACKENDS"] ?? ""
    for name in wanted.split(separator: ",").map({ $0.trimmingCharacters(in: .whitespaces) }) {
      #expect(available.contains(name), "REQUIRE_BACKENDS names \(name), which cannot run here")
    }
    for row in rows { #expect(!row.detail.isEmpty, "\(row.backend) has no detail") }
  }

  @Test("A backend asked for by name is what comes back")
  func byName() throws {
    for choice in [BackendChoice.reference, .simd] + (hasOpenCL ? [.opencl] : []) {
      let (backend, reason) = try BackendCatalogue.make(choice: choice)
      #expect(backend.identity.backend == choice.rawValue)
      #expect(reason.description.hasPrefix(choice.rawValue))
      #expect(reason.isExpected)
    }
  }

  @Test(
    "Mixed and single precision on the CPU backends are refused", arguments: [BackendChoice.simd, .reference])
  func precision(choice: BackendChoice) {
    for precision in [Precision.mixed, .single] {
      #expect { try BackendCatalogue.make(choice: choice, precision: precision) } throws: { error in
        (error as? BackendError)?.message.contains("--precision \(precision.rawValue)") == true
      }
    }
  }

  @Test("A device named together with a CPU backend is refused", arguments: [BackendChoice.simd, .reference])
  func strayDevice(choice: BackendChoice) {
    #expect { try BackendCatalogue.make(choice: choice, device: "0") } throws: { error in
      (error as? BackendError)?.message.contains("--backend opencl") == true
    }
  }

  @Test(
    "An unknown device is an error under opencl and under auto", arguments: [BackendChoice.opencl, .auto])
  func unknownDevice(choice: BackendChoice) {
    #expect(throws: BackendError.self) { try BackendCatalogue.make(choice: choice, device: "no such device") }
  }

  @Test("auto without a GPU takes simd and says so")
  func automaticWithoutGPU() throws {
    let (backend, reason) = try BackendCatalogue.automatic(
      [], precision: .double, workers: 1, selfCheck: DeviceSelfCheck.run)
    #expect(backend.identity.backend == "simd")
    #expect(reason == BackendReason("simd: no OpenCL GPU was found.", isExpected: true))
  }

  @Test("auto takes a device that passes the self-check", .enabled(if: hasOpenCL))
  func automaticWithDevice() throws {
    let device = OpenCLPlatforms.devices[0]
    let precision = try #require(device.precisions.first)
    let (backend, reason) = try BackendCatalogue.automatic(
      [device], precision: precision, workers: 1, selfCheck: DeviceSelfCheck.run)
    #expect(backend.identity.backend == "opencl")
    #expect(reason.description.contains(device.name))
    #expect(!reason.isExpected, "a GPU that computes is worth a line")
  }

  @Test("auto passes over a device that fails the self-check and says why", .enabled(if: hasOpenCL))
  func automaticWithBadDevice() throws {
    let device = OpenCLPlatforms.devices[0]
    let (backend, reason) = try BackendCatalogue.automatic([device], precision: .double, workers: 1) {
      _ throws(BackendError) in throw BackendError(.deviceFailure, "planted fault.")
    }
    #expect(backend.identity.backend == "simd")
    #expect(reason.description.contains(device.name) && reason.description.contains("planted fault."))
    #expect(!reason.isExpected, "a GPU that was refused is worth a line")
  }
}

@Suite("Self-check")
struct DeviceSelfCheckTests {
  @Test("Working backends pass")
  func pass() throws {
    try DeviceSelfCheck.run(ReferenceBackend())
    try DeviceSelfCheck.run(CPUBackend(workers: 1))
  }

  @Test("OpenCL passes in every precision of the device", .enabled(if: hasOpenCL))
  func passOpenCL() throws {
    for precision in OpenCLPlatforms.devices[0].precisions {
      try DeviceSelfCheck.run(OpenCLBackend(OpenCLPlatforms.devices[0], precision: precision))
    }
  }

  @Test("A backend whose numbers are off by 1e-7 fails")
  func fail() {
    #expect { try DeviceSelfCheck.run(PerturbedBackend(ReferenceBackend(), relative: 1e-7)) } throws: {
      error in
      (error as? BackendError)?.message.contains("fails the self-check") == true
    }
  }
}

import Foundation
import ScanCore
import Testing

@testable import OpenCLBackend

/// True where OpenCL tests can run; `REQUIRE_BACKENDS` turns its absence into a failure (BackendCatalogueTests).
let hasOpenCL = !OpenCLPlatforms.devices.isEmpty

@Suite("OpenCL devices", .enabled(if: hasOpenCL))
struct OpenCLDeviceTests {
  private let devices = OpenCLPlatforms.devices

  @Test("Every device describes itself")
  func descriptions() {
    for (index, device) in devices.enumerated() {
      #expect(device.index == index)
      #expect(!device.name.isEmpty && !device.platform.isEmpty && !device.driver.isEmpty)
      #expect(device.memoryBytes > 0 && device.maximumAllocationBytes > 0)
      #expect(device.computeUnits >= 1 && device.maximumWorkGroupSize >= 1)
      #expect(device.description.contains(device.name))
    }
  }

  @Test("A device is found by index, by part of its name in any case, by vendor and by kind")
  func selection() throws {
    let first = try #require(devices.first)
    let part = String(first.name.prefix(5))
    for selector in ["0", part.uppercased(), part.lowercased(), first.kind.rawValue] {
      #expect(try OpenCLPlatforms.select(selector, precision: .single).index == 0, "\(selector)")
    }
    #expect(try OpenCLPlatforms.select(nil, precision: .single).name.isEmpty == false)
  }

  @Test(
    "An unknown device is an error that lists what exists", arguments: ["99", "-1", "no such device", ""])
  func unknownDevice(selector: String) {
    #expect { try OpenCLPlatforms.select(selector, precision: .double) } throws: { error in
      guard let error = error as? BackendError else { return false }
      return error.kind == .unknownDevice && error.message.contains("\"\(selector)\"")
        && error.message.contains(devices[0].name)
    }
  }

  @Test("Without any device the error names the package to install")
  func noDevice() {
    #expect { try OpenCLPlatforms.select(nil, precision: .double, from: []) } throws: { error in
      guard let error = error as? BackendError else { return false }
      return error.kind == .unavailable && error.message.contains("pocl-opencl-icd")
    }
  }
}

@Suite("OpenCL faults", .enabled(if: hasOpenCL))
struct OpenCLFaultTests {
  private func message(_ body: () throws -> Void) -> BackendError? {
    do {
      try body()
      return nil
    } catch { return error as? BackendError }
  }

  @Test("A kernel that does not build is an error with file, line, device and options")
  func buildFailure() throws {
    let device = try #require(OpenCLPlatforms.devices.first)
    var texts = KernelLibrary.embedded.texts
    texts["integrand.clh"] = "// a planted fault\nstatic int broken(void) { return undeclared_name; }\n"
    let backend = try OpenCLBackend(device, precision: .single, library: KernelLibrary(texts: texts))
    let error = try #require(message { _ = try backend.load(TinyPlans.rates) })
    #expect(error.kind == .buildFailure)
    for part in [
      "rates.cl", "integrand.clh", "undeclared_name", device.name, "-DREAL_BITS=32", "--backend simd",
    ] {
      #expect(error.message.contains(part), "\(part) in: \(error.message)")
    }
    #expect(!error.message.contains("\n"))
  }

  @Test("A kernel without its entry point is an error that names it")
  func missingKernel() throws {
    let device = try #require(OpenCLPlatforms.devices.first)
    let library = KernelLibrary(texts: [
      "rates.cl": "__kernel void something_else(__global int *x) { x[0] = 1; }\n"
    ])
    let backend = try OpenCLBackend(device, precision: .single, library: library)
    let error = try #require(message { _ = try backend.load(TinyPlans.rates) })
    #expect(error.message.contains("evaluate_rates"))
  }

  @Test(
    "Numbers beyond 32-bit floating point are an error, not infinity", arguments: [Precision.mixed, .single])
  func overflow(precision: Precision) throws {
    let backend = try OpenCLBackend(precision: precision)
    let error = try #require(message { _ = try backend.load(TinyPlans.rates).evaluate(masses: [1, 1e39]) })
    #expect(error.kind == .unsupportedPlan)
    #expect(error.message.contains("--precision double"))
  }

  @Test("Unusable masses are an error", arguments: [Double.nan, .infinity, -1])
  func badMass(mass: Double) throws {
    let rates = try OpenCLBackend(precision: .single).load(TinyPlans.rates)
    #expect(message { _ = try rates.evaluate(masses: [1, mass]) }?.kind == .unsupportedPlan)
  }

  @Test("A buffer no device can hold is an out-of-memory error that names the size")
  func outOfMemory() throws {
    let device = try #require(OpenCLPlatforms.devices.first)
    let context = try DeviceContext.shared(for: device)
    let source = "__kernel void keep(__global float *x) { x[0] = 1; }\n"
    let program = try context.program("keep.cl", source: source, options: "-cl-std=CL1.2")
    let runner = try KernelRunner(
      program, kernel: "keep", on: context, precision: .single, preferredLocalSize: 1)
    let numbers = 1 << 50
    let error = try #require(message { try runner.reserve(0, numbers: numbers) })
    #expect(error.kind == .outOfMemory, "\(error)")
    #expect(error.message.contains("\(numbers * 4) bytes"))
  }
}

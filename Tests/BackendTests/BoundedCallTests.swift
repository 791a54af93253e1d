import Foundation
import ScanCore
import Testing

@testable import OpenCLBackend

@Suite("Calls that may not come back")
struct BoundedCallTests {
  @Test("A call that comes back gives its answer, on whichever thread, again and again")
  func answers() throws {
    for number in 0..<200 {
      #expect(try BoundedCall.run("clFinish", on: "sound device") { number * 2 } == number * 2)
    }
  }

  @Test("A call that hangs is an error that names it; its device is not called again, others are")
  func hanging() throws {
    let device = "device that hangs"
    let gate = DispatchSemaphore(value: 0)
    defer { gate.signal() }
    #expect {
      try BoundedCall.run("clWaitForEvents", on: device, patience: 0.05) { gate.wait() }
    } throws: { error in
      guard let error = error as? BackendError else { return false }
      return error.kind == .deviceFailure && error.message.contains("clWaitForEvents")
        && error.message.contains(device) && error.message.contains("0.05 s")
        && error.message.contains("UPSCATTER_OPENCL_PATIENCE")
    }
    #expect(BoundedCall.hangs(device))
    #expect {
      try BoundedCall.run("clFinish", on: device) { Issue.record("a device that hangs was called") }
    } throws: { ($0 as? BackendError)?.message.contains("was not made") == true }
    #expect(try BoundedCall.run("clFinish", on: "another device") { 1 } == 1)
  }

  @Test("A driver that tells absurd lengths is not believed")
  func absurdLengths() {
    for length in [0, -1, 1 << 40] {
      let text = infoText { _, _, answer in
        answer?.pointee = length
        return 0
      }
      #expect(text == nil)
    }
    let name = infoText { size, value, answer in
      answer?.pointee = 6
      if size >= 6 { value?.copyMemory(from: Array(" a  b\0".utf8), byteCount: 6) }
      return 0
    }
    #expect(name == "a b")
  }
}

import OpenCLBackend
import ReferenceBackend
import SIMDBackend
import ScanCore

extension BackendCatalogue {
  /// Every backend, instruction set, device and precision of this machine that can run, with the reasons of those that
  /// cannot: what `verify` compares and `benchmark` times. The reference comes first.
  package static func everything(
    workers: Int? = nil
  ) -> (backends: [any Backend], unavailable: [String]) {
    var backends: [any Backend] = [ReferenceBackend()]
    var unavailable: [String] = []
    func add(_ make: () throws(BackendError) -> any Backend) {
      do throws(BackendError) { backends.append(try make()) } catch { unavailable.append(error.message) }
    }
    for level in InstructionSet.available {
      add { () throws(BackendError) in try CPUBackend(workers: workers, instructionSet: level) }
    }
    if OpenCLPlatforms.devices.isEmpty {
      unavailable.append(OpenCLPlatforms.noDevice.message)
    } else {
      unavailable += OpenCLPlatforms.problems
    }
    for device in OpenCLPlatforms.devices {
      for precision in device.precisions {
        add { () throws(BackendError) in try OpenCLBackend(device, precision: precision) }
      }
    }
    return (backends, unavailable)
  }
}

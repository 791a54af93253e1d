import Checkpoints
import Foundation
import Hashing
import Reporting
import ScanCore

extension RunIdentity {
  /// What all runs have in common: the experiments and their plans.
  init(kind: String, _ subject: ScanSubject, version: String, arithmetic: BackendIdentity, _ own: [Setting]) {
    let inputs = subject.inputHashes.sorted { $0.key < $1.key }.map {
      Setting("input file \($0.key)", $0.value)
    }
    self.init(
      kind: kind,
      settings: [
        Setting("version of upscatter", version),
        Setting("experiments", subject.names.joined(separator: " ")),
        Setting("flavour", subject.flavour), Setting("data set", subject.dataSet),
        Setting("statistic", subject.statistic),
        Setting("model", subject.first.chosen?.identity ?? "dipole"),
        Setting("shared pulls", subject.sharedPulls?.joined(separator: ", ") ?? "of one experiment"),
        Setting("arithmetic", arithmetic.arithmetic),
      ] + own + inputs + [Setting("hash of the plans", subject.planHash)])
  }
}

extension RunIdentity.Setting {
  /// The values of an axis, in words and by their hash.
  init(_ name: String, axis: [Double], unit: String) {
    var sum = Checksum()
    sum.add(axis)
    let ends = [axis.first, axis.last].compactMap(\.self).map { NumberWords.short($0) }.joined(
      separator: " to ")
    self.init(name, "\(axis.count) from \(ends) \(unit) (\(String(sum.value, radix: 16)))")
  }
}

extension BackendIdentity {
  /// Whoever has the same gives the same bits.
  fileprivate var arithmetic: String {
    precision == .double && !backend.contains("reference")
      ? "double precision of simd and opencl" : description
  }
}

extension RunState {
  /// Devices that worked on it, one list per process.
  package func crews() throws(ReportError) -> [[BackendIdentity]] {
    var crews: [[BackendIdentity]] = []
    for text in devices {
      guard let crew = try? JSONDecoder().decode([BackendIdentity].self, from: Data(text.utf8)) else {
        throw ReportError(
          .cannotRead, "\(path): its list of devices cannot be read. Begin anew with --restart.")
      }
      crews.append(crew)
    }
    return crews
  }

  /// Takes note of devices that begin to work on it.
  package func add(crew: RunCrew) throws {
    if crew.devices.isEmpty { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let text = try encoder.encode(crew.devices.map(\.identity))
    try add(device: String(decoding: text, as: UTF8.self))
  }
}

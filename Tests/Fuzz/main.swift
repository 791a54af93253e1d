import Exchange
import Experiments
import Foundation

// Coverage-guided fuzzing of the readers, in one process; Scripts/fuzz builds and runs it.
//   FUZZ_FILE  file that takes the place of the input: an experiment file, one of its tables, or a workspace (.json)
//   FUZZ_LOAD  what is loaded then: the experiment file, or the workspace
// A trap, a hang or too much memory is what libFuzzer reports; an error of ours must name its file.

typealias Callback = @convention(c) (UnsafePointer<UInt8>?, Int) -> Int32

@_silgen_name("LLVMFuzzerRunDriver")
func runDriver(
  _ argc: UnsafeMutablePointer<Int32>,
  _ argv: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>, _ callback: Callback
) -> Int32

enum Target {
  static let file = ProcessInfo.processInfo.environment["FUZZ_FILE"] ?? "fuzz.yaml"
  static let load = ProcessInfo.processInfo.environment["FUZZ_LOAD"] ?? file

  static func take(_ bytes: Data) {
    guard (try? bytes.write(to: URL(fileURLWithPath: file))) != nil else { return }
    if load.hasSuffix(".json") {
      _ = try? WorkspaceImport(bytes, file: load, linearises: true).model()
      return
    }
    do throws(ExperimentError) {
      let spec = try Catalogue.load(load)
      _ = try? JSONEncoder().encode(spec)
    } catch {
      guard error.file.isEmpty || error.found.isEmpty || error.cure.isEmpty else { return }
      fatalError("an error without file, finding or cure: \(error)")
    }
  }
}

/// libFuzzer asks for this name even where it is handed a callback.
@_cdecl("LLVMFuzzerTestOneInput") func takeOne(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
  Target.take(bytes.map { Data(bytes: $0, count: count) } ?? Data())
  return 0
}

var argc = CommandLine.argc
var argv = CommandLine.unsafeArgv
exit(runDriver(&argc, &argv) { takeOne($0, $1) })

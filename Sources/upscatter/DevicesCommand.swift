import ArgumentParser
import Backends
import Foundation
import OpenCLBackend
import SIMDBackend
import ScanCore

/// What this machine offers, and what `auto` would take.
struct DevicesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "OpenCL devices, CPU topology, and what `auto` would choose and why.")

  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.")
  var json = false

  private struct Row: Encodable {
    var backend: String
    var available: Bool
    var precisions: [String]
    var detail: String
  }
  private struct Report: Encodable {
    var backends: [Row]
    var auto: String
  }

  func run() throws {
    try reportingErrors {
      let rows = BackendCatalogue.availability().map {
        Row(
          backend: $0.backend, available: $0.isAvailable, precisions: $0.precisions.map(\.rawValue),
          detail: $0.detail)
      }
      let auto = try BackendCatalogue.makeSeveral(choices: [.auto]).reasons.map(\.description).joined(
        separator: " ")
      if json { return try printJSON(Report(backends: rows, auto: auto)) }
      for row in rows {
        let state = row.available ? row.precisions.joined(separator: ", ") : "not available"
        print(column(row.backend, 12) + column(state, 26) + row.detail)
      }
      print("auto: \(auto)")
    }
  }
}

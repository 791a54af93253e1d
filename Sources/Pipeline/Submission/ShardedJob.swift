import Foundation
import ScanCore

/// A scan or a run of toys cut into shards: what the jobs run.
package struct ShardedJob: Codable, Hashable, Sendable {
  /// The program, an absolute path.
  package var program: String
  /// Where the command was given and where the jobs run it.
  package var folder: String
  /// `scan` or `toys` with its arguments, without shard.
  package var command: [String]
  /// Path of the outputs without ending, as in the command.
  package var output: String
  package var shards: Int

  package init(program: String, folder: String, command: [String], output: String, shards: Int) {
    self.program = program
    self.folder = folder
    self.command = command
    self.output = output
    self.shards = shards
  }

  /// The state that a shard leaves, as the program names it.
  package func state(of shard: Int) -> String { "\(output).shard-\(shard)-of-\(shards).state" }

  /// The same from anywhere.
  package func statePath(of shard: Int) -> String {
    URL(fileURLWithPath: state(of: shard), relativeTo: URL(fileURLWithPath: folder, isDirectory: true)).path
  }

  /// The folder of scripts, logs and the record, as the user would write it.
  package var jobsName: String { output + ".jobs" }

  package var jobsPath: String {
    URL(fileURLWithPath: jobsName, relativeTo: URL(fileURLWithPath: folder, isDirectory: true))
      .standardizedFileURL.path
  }

  /// Of the jobs in the queue.
  var name: String { "upscatter-" + ((output as NSString).lastPathComponent) }

  /// The command in one line for people.
  package var text: String { ShellText.join(["upscatter"] + command) }
}

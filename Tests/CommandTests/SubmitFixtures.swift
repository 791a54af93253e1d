import Foundation

/// A Slurm that only notes what it is asked: its answers are those of Slurm 22.05.
final class PretendedSlurm {
  let folder: Scratch
  let environment: [String: String]

  /// Jobs get the numbers 101, 102, ...
  init() throws {
    folder = try Scratch()
    environment = ["PATH": folder.path("bin") + ":/usr/bin:/bin"]
    try FileManager.default.createDirectory(atPath: folder.path("bin"), withIntermediateDirectories: false)
    try tool(
      "sbatch",
      """
      printf '%s\\n' "$@" >"\(folder.path("sbatch"))".$((n + 1))
      echo $((n + 1)) >"\(folder.path("number"))"
      case "$*" in
        *--partition=nowhere*) echo 'sbatch: error: invalid partition specified: nowhere' >&2; exit 1 ;;
        *--job-name=*-merge*) [ ! -e "\(folder.path("no-merge"))" ] || { echo 'sbatch: error: no merge' >&2; exit 1; } ;;
      esac
      echo $((101 + n))
      """)
    try tool("squeue", "cat \"\(folder.path("queue"))\"")
    try tool("scancel", "echo \"$@\" >>\"\(folder.path("cancelled"))\"")
    try tool("sacct", "exit 1")
    // the stand-in of the program: what it is told, what it is given, how it ends
    try tool(
      "program",
      """
      trap 'echo terminated; exit 143' TERM
      printf '%s|' "$@"; echo
      if [ -e wait ]; then echo ready >ready; while :; do sleep 0.05; done; fi
      [ ! -e status ] || exit "$(cat status)"
      """)
    try queue("")
  }

  private func tool(_ name: String, _ script: String) throws {
    let path = "bin/\(name)"
    try folder.write(
      "#!/bin/bash\nn=$(cat \"\(folder.path("number"))\" 2>/dev/null || echo 0)\n\(script)\n", to: path)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.path(path))
  }

  func queue(_ text: String) throws { try folder.write(text, to: "queue") }

  /// Arguments of a call of sbatch, from 1; nil if it was not called so often.
  func arguments(_ call: Int) -> [String]? {
    guard let text = try? folder.read("sbatch.\(call)") else { return nil }
    return text.split(separator: "\n").map(String.init)
  }

  /// `upscatter submit` beside this Slurm.
  func submit(_ arguments: String...) throws -> Program.Outcome {
    try Program.run(["submit"] + arguments, in: folder, environment: environment)
  }

  /// The same for a small scan by the stand-in.
  func submitScan(_ options: String..., output: String = "x", shards: Int = 3) throws -> Program.Outcome {
    let program = ["--program", folder.path("bin/program"), "--shards", "\(shards)"]
    return try Program.run(
      ["submit"] + program + options + [
        "--", "scan", "csi-benchmark", "--m4", "1,2,5,10", "--output", output,
      ],
      in: folder, environment: environment)
  }

  /// Runs one of the scripts of a folder of jobs.
  func script(_ name: String, _ arguments: String, output: String = "x") throws -> Program.Outcome {
    try Program.shell("\(arguments) bash '\(output).jobs/\(name)'", in: folder)
  }
}

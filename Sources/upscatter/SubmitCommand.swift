import ArgumentParser
import Foundation
import Pipeline

/// The same scan or toys on a cluster, in shards.
struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract:
      "Runs a scan or toys on a cluster: an array of jobs, one per shard, and a job that merges them.",
    discussion: """
      Example: upscatter submit --shards 8 --time 2:00:00 --gpus 1 -- scan coherent-csi-2021 --flavor mu --output out/mu

      Behind -- stands the command as it would run here. It is checked first. Then the folder OUTPUT.jobs is written, with \
      array.sh, merge.sh, logs and submit.json, and both scripts are submitted to Slurm. An element that runs out of time or \
      is preempted goes back to the queue and goes on from its last tile. The merge runs when all elements have ended well.

        upscatter submit --status out/mu.jobs      how every element is
        upscatter submit --resubmit out/mu.jobs    runs again what failed, and nothing else

      --engine script writes the scripts alone; docs/clusters.md has templates for PBS, LSF, Grid Engine and HTCondor.
      """)

  @Option(help: "slurm, or script to write scripts and submit nothing.")
  var engine: SubmissionRecord.Engine = .slurm
  @Option(parsing: .unconditional, help: "Number of elements; at most one per mass of a scan.")
  var shards: Int?
  @Option(help: "Partition (queue) of the jobs.") var partition: String?
  @Option(help: "Account that pays for the jobs.") var account: String?
  @Option(help: "Time limit of one element: minutes, H:M:S or D-H:M:S.") var time: String?
  @Option(help: "Memory of one element, as in 8G.") var memory: String?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "CPU cores of one element; the command gets --workers of the same number.",
      discussion: "Default with Slurm: 1."))
  var cpus: Int?
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "GPUs of one element; the command gets --backend opencl --device gpu if it names neither.",
      discussion: "Slurm binds them: the element sees its own and no others."))
  var gpus: Int?
  @Option(parsing: .unconditional, help: "Elements that run at the same time at most.")
  var arrayLimit: Int?
  @Option(help: "Partition of the merge job, which in double precision needs no GPU. Default: --partition.")
  var mergePartition: String?
  @Option(
    parsing: .unconditional, help: "Seconds before the time limit at which an element stops and is requeued.")
  var margin = 60
  @Option(parsing: .unconditional, help: "How often an element that runs out of time is requeued at most.")
  var restarts = 20
  @Option(
    parsing: .unconditionalSingleValue,
    help: "Shell line before the program starts, such as 'module load opencl'; may be repeated.")
  var setup: [String] = []
  @Option(
    name: .customLong("sbatch"), parsing: .unconditionalSingleValue,
    help: "An option of sbatch as it is, such as --qos=long; may be repeated.")
  var sbatchOptions: [String] = []
  @Option(
    help: "Program that the jobs run, if not this one: another build, or a script that starts a container.")
  var program: String?
  @Flag(help: "Check the command and print the scripts; write and submit nothing.") var dryRun = false
  @Option(help: "Folder OUTPUT.jobs of a submission: say how its elements are.") var status: String?
  @Option(help: "Folder OUTPUT.jobs of a submission: submit its failed elements again.") var resubmit: String?
  @OptionGroup var consoleOptions: ConsoleOptions
  @Flag(help: "Print JSON.") var json = false
  @Argument(parsing: .postTerminator, help: "Behind --: scan or toys with its arguments.")
  var command: [String] = []

  func run() throws {
    try reportingErrors {
      if let folder = try folderToLookAt() {
        var submission = try Submission(folder: folder)
        if resubmit != nil {
          let outcome = try submission.resubmit()
          return try SubmissionText(submission).tell(outcome, json: json)
        }
        return try SubmissionText(submission).tell(try submission.status(), json: json)
      }
      var submission = Submission(try record())
      if dryRun { return print(submission.preview(), terminator: "") }
      try submission.submit()
      try SubmissionText(submission).tellSubmitted(json: json)
    }
  }

  /// That of --status or --resubmit, which stand alone.
  private func folderToLookAt() throws(RequestError) -> String? {
    guard let folder = status ?? resubmit else { return nil }
    let option = status == nil ? "--resubmit" : "--status"
    guard status == nil || resubmit == nil, command.isEmpty, shards == nil, !dryRun else {
      throw RequestError(
        "\(option) \(folder): looks at what was submitted and takes no command, --shards, --dry-run or second folder. Leave them "
          + "out.")
    }
    return folder
  }

  private func record() throws -> SubmissionRecord {
    var resources = JobResources(
      partition: partition, account: account, time: time, memory: memory, cpus: cpus, gpus: gpus,
      arrayLimit: arrayLimit, mergePartition: mergePartition, margin: margin, restarts: restarts,
      options: sbatchOptions, setup: setup)
    try resources.validate()
    guard let shards else {
      throw RequestError("--shards is needed: the number of elements, as in --shards 8.")
    }
    let inner = try ShardedCommand(command)
    try inner.requireParts(shards: shards)
    if inner.mergeNeedsDevice { resources.mergeGPUs = gpus }
    let workers = cpus ?? (engine == .slurm ? 1 : nil)
    let job = ShardedJob(
      program: try programPath(), folder: FileManager.default.currentDirectoryPath,
      command: try inner.words(workers: workers, gpus: gpus), output: inner.output, shards: shards)
    return SubmissionRecord(engine: engine, job: job, resources: resources)
  }

  /// An absolute path.
  private func programPath() throws(RequestError) -> String {
    guard let program else { return Bundle.main.executablePath ?? CommandLine.arguments[0] }
    guard FileManager.default.isExecutableFile(atPath: program) else {
      throw RequestError("--program \(program): no such program, or it is not executable. Give its path.")
    }
    return URL(fileURLWithPath: program).standardizedFileURL.path
  }
}

extension SubmissionRecord.Engine: ExpressibleByArgument {}

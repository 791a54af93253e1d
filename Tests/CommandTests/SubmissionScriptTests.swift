import Foundation
import ScanCore
import Testing

@testable import Pipeline

@Suite("Submission: words, scripts, states")
struct SubmissionScriptTests {
  static let awkward = [
    "plain", "", "two words", "it's", "$HOME", "`id`", "a\"b", #"back\slash"#, "line\nbreak", "tab\there",
    "*", "a;b", "~",
    "ü – 中", "#no", "-x", "!1", "a'b\n'c", "\u{7f}1",
  ]

  @Test("bash reads every quoted word back as it was", arguments: awkward)
  func quoting(word: String) throws {
    let quoted = ShellText.quote(word)
    #expect(!quoted.contains("\n"))
    let folder = try Scratch()
    let outcome = try Program.shell("printf '%s|' \(quoted) end", in: folder)
    #expect(outcome.output == word + "|end|")
    // as they stand in a comment, nothing of them runs
    let comment = try Program.shell("# \(quoted)\necho only", in: folder)
    #expect(comment.output == "only\n")
  }

  @Test("Ranges of shards are as short as sbatch takes them")
  func ranges() {
    #expect(Submission.ranges([1, 2, 3, 4]) == "1-4")
    #expect(Submission.ranges([7]) == "7")
    #expect(Submission.ranges([9, 1, 2, 5, 3]) == "1-3,5,9")
  }

  @Test(
    "Time limits are read as Slurm reads them",
    arguments: [
      ("90", 5400), ("1:30", 90), ("2:00:00", 7200), ("1-0", 86_400), ("1-2:30", 95_400), ("0-0:0:1", 1),
      ("", nil), ("1:2:3:4", nil), ("1h", nil), ("-5", nil), ("1-", nil), ("1-2-3", nil), ("1::2", nil),
      ("99999999999999999999", nil), ("1-1:1:1:1", nil),
    ] as [(String, Int?)])
  func timeLimits(text: String, seconds: Int?) {
    #expect(JobResources.seconds(text) == seconds)
  }

  @Test(
    "Resources that Slurm would refuse or misread are refused by name",
    arguments: [
      (JobResources(partition: "a b"), "--partition"), (JobResources(account: ""), "--account"),
      (JobResources(time: "1h"), "--time"), (JobResources(time: "1"), "--margin"),
      (JobResources(memory: "8 G"), "--memory"), (JobResources(memory: "0"), "--memory"),
      (JobResources(cpus: 0), "--cpus"), (JobResources(gpus: 65), "--gpus"),
      (JobResources(arrayLimit: 0), "--array-limit"), (JobResources(margin: 0), "--margin"),
      (JobResources(restarts: -1), "--restarts"), (JobResources(mergePartition: "\t"), "--merge-partition"),
    ])
  func badResources(resources: JobResources, option: String) {
    let error = #expect(throws: RequestError.self) { try resources.validate() }
    #expect(error?.message.contains(option) == true)
  }

  @Test("Resources become the options of sbatch that mean them")
  func sbatchOptions() throws {
    let resources = JobResources(
      partition: "gpu", account: "dune", time: "2:00:00", memory: "8G", cpus: 8, gpus: 1, arrayLimit: 4,
      mergePartition: "cpu", margin: 90, options: ["--qos=long"])
    try resources.validate()
    let job = ShardedJob(
      program: "/opt/up", folder: "/data", command: ["scan"], output: "out/50%", shards: 8)
    let submission = Submission(SubmissionRecord(engine: .slurm, job: job, resources: resources))
    #expect(
      submission.arrayOptions([1, 2, 3, 8]) == [
        "--partition=gpu", "--account=dune", "--time=2:00:00", "--mem=8G", "--ntasks=1", "--cpus-per-task=8",
        "--gpus-per-task=1", "--signal=B:TERM@90", "--requeue", "--open-mode=append", "--qos=long",
        "--array=1-3,8%4",
        "--job-name=upscatter-50%", "--chdir=/data", "--output=/data/out/50%%.jobs/logs/%a.log",
      ])
    #expect(
      submission.mergeOptions(after: ["12", "7_3"]) == [
        "--partition=cpu", "--account=dune", "--time=2:00:00", "--mem=8G", "--ntasks=1", "--cpus-per-task=8",
        "--requeue", "--open-mode=append", "--qos=long", "--dependency=afterok:12:7_3",
        "--kill-on-invalid-dep=yes",
        "--job-name=upscatter-50%-merge", "--chdir=/data", "--output=/data/out/50%%.jobs/logs/merge.log",
      ])
  }

  @Test("The lines of a script that name the job are these")
  func scriptText() {
    let job = ShardedJob(
      program: "/opt/my programs/upscatter", folder: "/data/it's",
      command: ["scan", "ess", "--output", "a $b"],
      output: "a $b", shards: 2)
    let resources = JobResources(restarts: 7, setup: ["module load 'pocl/5'", "ulimit -c 0"])
    let script = JobScripts.element(job, resources, submitted: ["sbatch", "--array=1-2", "a b"])
    let head = """
      #!/bin/bash
      # One of 2 shards of: upscatter scan ess --output 'a $b'
      # Made by `upscatter submit`. All elements:
      #   sbatch --array=1-2 'a b'
      # By hand or under another scheduler: bash array.sh SHARD, or UPSCATTER_SHARD=SHARD bash array.sh
      jobs='/data/it'\\''s/a $b.jobs'
      shards=2

      """
    #expect(script.hasPrefix(head))
    let work = """
      cd '/data/it'\\''s' || { mark ended 73; exit 73; }
      export UPSCATTER_CONFIG=
      module load 'pocl/5'
      ulimit -c 0
      '/opt/my programs/upscatter' scan ess --output 'a $b' \\
        --shard "$shard/$shards" --resume &
      program=$!

      """
    #expect(script.contains(work))
    #expect(script.contains(#"[ "${SLURM_RESTART_COUNT:-0}" -ge 7 ]"#))
    #expect(!JobScripts.element(job, resources, submitted: nil).contains("sbatch"))
    let merge = """
      cd '/data/it'\\''s' || { mark ended 73; exit 73; }
      export UPSCATTER_CONFIG=
      module load 'pocl/5'
      ulimit -c 0
      '/opt/my programs/upscatter' merge \\
        'a $b.shard-1-of-2.state' \\
        'a $b.shard-2-of-2.state'
      status=$?

      """
    #expect(JobScripts.merge(job, resources).contains(merge))
  }

  @Test("The answers of squeue and sacct of Slurm 22.05 are read")
  func answers() {
    let queue = SlurmClient.queue(
      parsing: "36|1|FAILED|NonZeroExitCode\n37|N/A|PENDING|Dependency\n36|3|RUNNING|None\nnonsense\n")
    #expect(
      queue == [
        "36_1": .init(state: "FAILED", reason: "NonZeroExitCode"),
        "37": .init(state: "PENDING", reason: "Dependency"), "36_3": .init(state: "RUNNING", reason: ""),
      ])
    #expect(
      SlurmClient.accounts(parsing: "36_1|OUT_OF_MEMORY\n36_2|CANCELLED by 1000\n")
        == ["36_1": "OUT_OF_MEMORY", "36_2": "CANCELLED"])
  }

  @Test("The state of an element follows from its last word, the queue and the accounts")
  func states() {
    func state(
      _ mark: String?, _ entry: (String, String)? = nil, account: String? = nil, submitted: Bool = true
    ) -> ElementState {
      ElementState(
        mark: mark, entry: entry.map { .init(state: $0.0, reason: $0.1) }, account: account,
        submitted: submitted)
    }
    #expect(state(nil, ("PENDING", "Priority")) == .waiting("Priority"))
    #expect(state("stopped 143", ("PENDING", "BeginTime")) == .waiting("BeginTime"))
    #expect(state("began on node1", ("RUNNING", "")) == .running("on node1"))
    #expect(state("ended 0", ("COMPLETING", "")) == .done)
    #expect(state("ended 0") == .done)
    #expect(state(nil, ("COMPLETED", "")) == .done)
    #expect(
      state("ended 65", ("FAILED", "NonZeroExitCode")) == .failed("exit status 65, bad experiment or state"))
    #expect(state("ended 137") == .failed("exit status 137, signal 9"))
    #expect(state("began on node1", account: "OUT_OF_MEMORY") == .failed("OUT_OF_MEMORY"))
    #expect(state("began on node1", ("TIMEOUT", "TimeLimit")) == .failed("TIMEOUT (TimeLimit)"))
    #expect(state("stopped 143", ("CANCELLED", "")) == .failed("CANCELLED"))
    #expect(state("began on node1").isFailed)
    #expect(state(nil).isFailed)
    #expect(state(nil, submitted: false) == .notStarted)
    #expect(state("began on node1", submitted: false) == .running("on node1"))
    #expect(state("stopped 143", submitted: false).isFailed)
    #expect(state("ended 0", submitted: false) == .done)
  }
}

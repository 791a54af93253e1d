import Foundation
import Testing

@Suite("submit")
struct SubmitCommandTests {
  @Test("An array and a merge after it are submitted, with scripts, logs and record")
  func submits() throws {
    let slurm = try PretendedSlurm()
    let outcome = try slurm.submitScan("--time", "1:00:00", "--cpus", "2", "--array-limit", "2")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("array: job 101, 3 elements\nmerge: job 102"))
    let jobs = slurm.folder.url.resolvingSymlinksInPath().path + "/x.jobs"
    let array = try #require(slurm.arguments(1))
    #expect(array.first == "--parsable")
    #expect(array.last?.hasSuffix("/x.jobs/array.sh") == true)
    for option in [
      "--array=1-3%2", "--time=1:00:00", "--cpus-per-task=2", "--signal=B:TERM@60", "--requeue",
      "--job-name=upscatter-x",
    ] { #expect(array.contains(option), "missing: \(option)") }
    let merge = try #require(slurm.arguments(2))
    #expect(merge.contains("--dependency=afterok:101"))
    #expect(merge.contains("--kill-on-invalid-dep=yes"))
    #expect(slurm.arguments(3) == nil)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: jobs).sorted()
        == ["array.sh", "elements", "logs", "merge.sh", "submit.json"])
    #expect(try slurm.folder.read("x.jobs/array.sh").contains("--output x --workers 2 \\\n  --shard "))
  }

  @Test("What Slurm refuses leaves neither a folder nor jobs, and its words are passed on")
  func refused() throws {
    let slurm = try PretendedSlurm()
    let outcome = try slurm.submitScan("--partition", "nowhere")
    #expect(outcome.status == 70)
    #expect(outcome.errors.contains("sbatch: error: invalid partition specified: nowhere"))
    #expect(outcome.errors.contains("--partition=nowhere"))
    try slurm.folder.write("", to: "no-merge")
    let merge = try slurm.submitScan()
    #expect(merge.status == 70)
    #expect(merge.errors.contains("no merge"))
    #expect(try slurm.folder.read("cancelled") == "102\n")
    #expect(try !slurm.folder.names().contains("x.jobs"))
  }

  @Test("Without sbatch, and for a folder that is there, the message says what to do")
  func cannot() throws {
    let slurm = try PretendedSlurm()
    let arguments = ["submit", "--shards", "2", "--", "scan", "csi-benchmark", "--output", "x"]
    let missing = try Program.run(arguments, in: slurm.folder, environment: ["PATH": "/nowhere"])
    #expect(missing.status == 69)
    #expect(missing.errors.contains("sbatch was not found in PATH"))
    #expect(missing.errors.contains("--engine script"))
    #expect(try slurm.submitScan().status == 0)
    let again = try slurm.submitScan()
    #expect(again.status == 73)
    #expect(again.errors.contains("--resubmit"))
    #expect(slurm.arguments(3) == nil)
  }

  static let faults: [([String], Int32, String)] = [
    ([], 64, "No command to submit"),
    (["limit", "csi-benchmark"], 64, "limit: only scan and toys"),
    (["scan", "csi-benchmark"], 64, "--output is needed"),
    (["scan", "csi-bench", "--output", "x"], 65, "csi-bench"),
    (["scan", "csi-benchmark", "--output", "x", "--m5", "3"], 64, "--m5"),
    (["scan", "csi-benchmark", "--output", "x", "--m4", "1,2"], 64, "--shards 3: must lie between 1 and"),
    (["scan", "csi-benchmark", "--output", "x", "--m4", "1:"], 64, "--m4"),
    (["scan", "csi-benchmark", "--output", "nowhere/x"], 73, "nowhere"),
    (["scan", "csi-benchmark", "--output", "x", "--shard", "1/3"], 64, "--shard: submit adds"),
    (["scan", "csi-benchmark", "--output", "x", "--resume"], 64, "--resume: submit adds"),
    (["toys", "csi-benchmark", "--output", "x", "--toys", "0"], 64, "--toys"),
    (["toys", "csi-benchmark", "--output", "x", "--cl", "2"], 64, "--cl"),
  ]

  @Test("A command that would fail is refused before anything is submitted", arguments: faults)
  func badCommand(command: [String], status: Int32, message: String) throws {
    let slurm = try PretendedSlurm()
    let outcome = try Program.run(
      ["submit", "--shards", "3", "--"] + command, in: slurm.folder, environment: slurm.environment)
    #expect(outcome.status == status, "\(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(slurm.arguments(1) == nil)
    #expect(try !slurm.folder.names().contains("x.jobs"))
  }

  @Test("GPUs go to commands that can use them, by name")
  func gpus() throws {
    let slurm = try PretendedSlurm()
    let run = { (options: [String], command: [String]) in
      try Program.run(
        ["submit", "--dry-run", "--shards", "2", "--gpus"] + options + ["--"] + command
          + ["csi-benchmark", "--output", "x"], in: slurm.folder, environment: slurm.environment)
    }
    let plain = try run(["1"], ["scan"])
    #expect(plain.output.contains("--workers 1 --backend opencl --device gpu \\\n"))
    #expect(plain.output.contains("--gpus-per-task=1"))
    let named = try run(["1"], ["toys", "--backend", "opencl", "--device", "NVIDIA"])
    #expect(named.output.contains("--output x --workers 1 \\\n"))
    let double = plain.output.components(separatedBy: "--gpus-per-task=1").count
    let mixed = try run(["1"], ["scan", "--precision", "mixed"]).output.components(
      separatedBy: "--gpus-per-task=1"
    ).count
    #expect(mixed == double + 1)
    #expect(try run(["2"], ["toys"]).errors.contains("toys compute on one device"))
    #expect(try run(["1"], ["scan", "--backend", "simd"]).errors.contains("uses no GPU"))
    #expect(slurm.arguments(1) == nil)
    #expect(try !slurm.folder.names().contains("x.jobs"))
  }

  @Test("Failed elements run again alone, with a merge that waits for those under way")
  func resubmits() throws {
    let slurm = try PretendedSlurm()
    #expect(try slurm.submitScan().status == 0)
    for shard in [1, 3] { try slurm.folder.write("state", to: "x.shard-\(shard)-of-3.state") }
    try slurm.folder.write("101 ended 0\n", to: "x.jobs/elements/1")
    try slurm.folder.write("101 ended 65\n", to: "x.jobs/elements/2")
    try slurm.queue("101|2|FAILED|NonZeroExitCode\n101|3|RUNNING|None\n102|N/A|PENDING|Dependency\n")
    let status = try slurm.submit("--status", "x.jobs")
    #expect(status.output.contains("shard 1     done"))
    #expect(status.output.contains("shard 2     failed      exit status 65, bad experiment or state"))
    #expect(status.output.contains("shard 3     running"))
    #expect(status.output.contains("1 of 3 shards done"))

    #expect(try slurm.submit("--resubmit", "x.jobs").output.contains("submitted again: shard 2\n"))
    #expect(try slurm.folder.read("cancelled") == "102\n")
    #expect(try #require(slurm.arguments(3)).contains("--array=2"))
    #expect(try #require(slurm.arguments(4)).contains("--dependency=afterok:101_3:103"))

    // the last word of the earlier job no longer counts
    try slurm.queue("101|3|COMPLETED|None\n103|2|PENDING|Priority\n104|N/A|PENDING|Dependency\n")
    #expect(try slurm.submit("--status", "x.jobs").output.contains("shard 2     waiting     Priority"))
    #expect(try slurm.submit("--resubmit", "x.jobs").output.contains("nothing has failed"))

    // done, but its state was deleted; the merge found out
    try slurm.folder.write("103 ended 0\n", to: "x.jobs/elements/2")
    try slurm.folder.write("104 ended 65\n", to: "x.jobs/elements/merge")
    try slurm.queue("104|N/A|FAILED|NonZeroExitCode\n")
    let lost = try slurm.submit("--status", "x.jobs", "--json").json()
    let elements = try #require(lost["elements"] as? [[String: Any]])
    #expect(elements.map { $0["state"] as? String } == ["done", "failed", "failed"])
    #expect((elements[1]["detail"] as? String)?.contains("is gone") == true)
  }

  @Test("If only the merge failed, only the merge runs again")
  func mergeAlone() throws {
    let slurm = try PretendedSlurm()
    #expect(try slurm.submitScan(shards: 1).status == 0)
    try slurm.folder.write("state", to: "x.shard-1-of-1.state")
    try slurm.folder.write("101 ended 0\n", to: "x.jobs/elements/1")
    try slurm.folder.write("102 ended 73\n", to: "x.jobs/elements/merge")
    let outcome = try slurm.submit("--resubmit", "x.jobs")
    #expect(outcome.output.contains("merge: job 103"))
    let merge = try #require(slurm.arguments(3))
    #expect(merge.last?.hasSuffix("merge.sh") == true)
    #expect(!merge.contains { $0.hasPrefix("--dependency") })
    #expect(slurm.arguments(4) == nil)
  }

  @Test("A folder that is none, or damaged, is named", arguments: [nil, "", "{}", "{\"format\": 1}"])
  func badFolder(record: String?) throws {
    let slurm = try PretendedSlurm()
    try FileManager.default.createDirectory(
      atPath: slurm.folder.path("y.jobs"), withIntermediateDirectories: false)
    if let record { try slurm.folder.write(record, to: "y.jobs/submit.json") }
    for option in ["--status", "--resubmit"] {
      let outcome = try slurm.submit(option, "y.jobs")
      #expect(outcome.status == 65)
      #expect(outcome.errors.contains("y.jobs"))
    }
    #expect(try slurm.submit("--status", "y.jobs", "--shards", "2").status == 64)
  }
}

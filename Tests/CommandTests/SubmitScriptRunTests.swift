import Foundation
import Testing

@Suite("submit: the scripts run")
struct SubmitScriptRunTests {
  @Test(
    "Any output name and argument reaches the program as it was given",
    arguments: ["x", "it's 50% \"a\" $HOME `id`"])
  func arguments(output: String) throws {
    let slurm = try PretendedSlurm()
    let made = try slurm.submitScan("--engine", "script", output: output)
    #expect(made.status == 0, "\(made.errors)")
    #expect(made.output.contains("for shard in $(seq 3)"))
    let jobs = slurm.folder.path(output + ".jobs")
    let outcome = try Program.shell(
      "for shard in 1 2 3; do bash \"$1\"/array.sh $shard; done; bash \"$1\"/merge.sh".replacing(
        "\"$1\"", with: "'" + jobs.replacing("'", with: #"'\''"#) + "'"), in: slurm.folder)
    let scan = { (shard: Int) in
      "scan|csi-benchmark|--m4|1,2,5,10|--output|\(output)|--shard|\(shard)/3|--resume|\n"
    }
    let merge = "merge|" + (1...3).map { "\(output).shard-\($0)-of-3.state|" }.joined() + "\n"
    #expect(outcome.output == scan(1) + scan(2) + scan(3) + merge)
    #expect(try slurm.folder.read(output + ".jobs/elements/2") == "hand ended 0\n")
  }

  @Test(
    "The shard comes from the argument or the array variable of the scheduler",
    arguments: [
      ("SLURM_ARRAY_TASK_ID=2", "2"), ("PBS_ARRAY_INDEX=3", "3"), ("PBS_ARRAYID=1", "1"),
      ("LSB_JOBINDEX=2", "2"),
      ("SGE_TASK_ID=3", "3"), ("UPSCATTER_SHARD=2", "2"), ("SGE_TASK_ID=undefined UPSCATTER_SHARD=1", "1"),
      ("UPSCATTER_SHARD=03", "3"), ("SLURM_ARRAY_TASK_ID=1 UPSCATTER_SHARD=2", "1"),
    ])
  func variables(variables: String, shard: String) throws {
    let slurm = try PretendedSlurm()
    #expect(try slurm.submitScan("--engine", "script").status == 0)
    let outcome = try slurm.script("array.sh", variables)
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("--shard|\(shard)/3|"))
  }

  @Test(
    "A shard that does not exist is refused",
    arguments: [
      "", "UPSCATTER_SHARD=4", "UPSCATTER_SHARD=0", "UPSCATTER_SHARD=-1",
      "UPSCATTER_SHARD=99999999999999999999",
    ])
  func noSuchShard(variables: String) throws {
    let slurm = try PretendedSlurm()
    #expect(try slurm.submitScan("--engine", "script").status == 0)
    let outcome = try slurm.script("array.sh", variables)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("no shard between 1 and 3"))
    #expect(outcome.output.isEmpty)
  }

  @Test("The exit code of the program is that of the script, and its last word")
  func exitCode() throws {
    let slurm = try PretendedSlurm()
    #expect(try slurm.submitScan("--engine", "script").status == 0)
    try slurm.folder.write("69", to: "status")
    #expect(try slurm.script("array.sh", "UPSCATTER_SHARD=2").status == 69)
    #expect(try slurm.script("merge.sh", "").status == 69)
    let status = try slurm.submit("--status", "x.jobs")
    #expect(status.output.contains("shard 1     not started"))
    #expect(status.output.contains("shard 2     failed      exit status 69, backend or device not available"))
    let again = try slurm.submit("--resubmit", "x.jobs")
    #expect(again.status == 69)
    #expect(again.errors.contains("--engine script"))
  }

  @Test("A signal reaches the program, whose end the script waits for; without Slurm nothing is requeued")
  func signal() throws {
    let slurm = try PretendedSlurm()
    #expect(try slurm.submitScan("--engine", "script").status == 0)
    try slurm.folder.write("", to: "wait")
    let outcome = try Program.shell(
      """
      bash x.jobs/array.sh 1 & script=$!
      for i in {1..200}; do [ -e ready ] && break; sleep 0.05; done
      kill -TERM $script; wait $script; echo "script $?"; cat x.jobs/elements/1
      """, in: slurm.folder)
    #expect(outcome.output.hasSuffix("terminated\nscript 143\nhand stopped 143\n"), "\(outcome.output)")
  }

  @Test(
    "Out of time an element is requeued, unless it is cancelled or has been requeued too often",
    arguments: [("RUNNING", "0", true), ("COMPLETING", "0", false), ("RUNNING", "20", false)])
  func requeue(state: String, restarts: String, again: Bool) throws {
    let slurm = try PretendedSlurm()
    #expect(try slurm.submitScan("--engine", "script").status == 0)
    try slurm.folder.write("", to: "wait")
    try slurm.folder.write(
      "#!/bin/bash\n[ \"$1\" = requeue ] && echo \"$@\" >>requeued || echo 'JobId=101 JobState=\(state) Reason=None'\n",
      to: "bin/scontrol")
    let outcome = try Program.shell(
      """
      chmod +x bin/scontrol
      export PATH=$PWD/bin:$PATH SLURM_ARRAY_JOB_ID=101 SLURM_ARRAY_TASK_ID=2 SLURM_RESTART_COUNT=\(restarts)
      bash x.jobs/array.sh & script=$!
      for i in {1..200}; do [ -e ready ] && break; sleep 0.05; done
      kill -TERM $script; wait $script; echo "script $?"; cat x.jobs/elements/2
      """, in: slurm.folder)
    #expect(outcome.output.hasSuffix("script 143\n101 stopped 143\n"), "\(outcome.output)")
    let requeued = try? slurm.folder.read("requeued")
    #expect(requeued == (again ? "requeue 101_2\n" : nil))
  }

  @Test("The scripts are sound in the eyes of shellcheck, if it is here")
  func shellcheck() throws {
    let slurm = try PretendedSlurm()
    #expect(try slurm.submitScan("--setup", "export A='b c'", output: "a $b").status == 0)
    let outcome = try Program.shell(
      "command -v shellcheck >/dev/null || exit 0; shellcheck -s bash -e SC2016 'a $b.jobs/array.sh' 'a $b.jobs/merge.sh'",
      in: slurm.folder)
    #expect(outcome.status == 0, "\(outcome.output)")
  }
}

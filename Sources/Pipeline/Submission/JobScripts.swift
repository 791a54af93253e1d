import ScanCore

/// The texts of the scripts.
package enum JobScripts {
  /// One element: runs one shard, and under Slurm goes back to the queue when its time ends.
  /// - Parameter submitted: the command that submits all elements; nil without scheduler
  package static func element(_ job: ShardedJob, _ resources: JobResources, submitted: [String]?) -> String {
    """
    #!/bin/bash
    # One of \(job.shards) shards of: \(job.text)
    # Made by `upscatter submit`.\(submitted.map { " All elements:\n#   \(ShellText.join($0))" } ?? "")
    # By hand or under another scheduler: bash array.sh SHARD, or UPSCATTER_SHARD=SHARD bash array.sh
    jobs=\(ShellText.quote(job.jobsPath))
    shards=\(job.shards)
    for shard in "${1:-}" "${SLURM_ARRAY_TASK_ID:-}" "${PBS_ARRAY_INDEX:-}" "${PBS_ARRAYID:-}" "${LSB_JOBINDEX:-}" \\
      "${SGE_TASK_ID:-}" "${UPSCATTER_SHARD:-}" ''; do
      case $shard in *[!0-9]* | ??????????*) ;; ?*) break ;; esac
    done
    shard=$((10#0$shard))
    if [ "$shard" -lt 1 ] || [ "$shard" -gt "$shards" ]; then
      echo "array.sh: no shard between 1 and $shards was named: give it as argument or in UPSCATTER_SHARD." >&2
      exit 64
    fi

    \(mark("$shard", job: "SLURM_ARRAY_JOB_ID"))

    # Back to the queue, to go on from the last tile. Not when the job is being cancelled or preempted: it no longer
    # counts as running then, and Slurm itself requeues what it preempted.
    requeue() {
      [ -n "${SLURM_ARRAY_JOB_ID:-}" ] || return 1
      if [ "${SLURM_RESTART_COUNT:-0}" -ge \(resources.restarts) ]; then
        echo "array.sh: out of time after \(resources.restarts) restarts, not requeued." >&2
        return 1
      fi
      element=${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID
      case $(scontrol --oneliner show job "$element") in *' JobState=RUNNING '*) ;; *) return 1 ;; esac
      scontrol requeue "$element" || return 1
      echo "array.sh: out of time, back to the queue to go on from the last tile." >&2
    }

    program='' stopped=''
    trap 'stopped=yes; [ -z "$program" ] || kill -TERM "$program" 2>/dev/null' TERM INT
    mark "began on $HOSTNAME"
    cd \(ShellText.quote(job.folder)) || { mark ended 73; exit 73; }
    \(setup(resources))\(ShellText.join([job.program] + job.command)) \\
      --shard "$shard/$shards" --resume &
    program=$!
    [ -z "$stopped" ] || kill -TERM "$program"
    wait "$program"
    status=$?
    while [ -n "$stopped" ] && kill -0 "$program" 2>/dev/null; do
      wait "$program"
      status=$?
    done
    if [ "$status" -ne 0 ] && [ -n "$stopped" ]; then
      mark "stopped $status"
      requeue && exit "$status"
    fi
    if [ -z "$stopped" ] || [ "$status" -eq 0 ]; then mark "ended $status"; fi
    exit "$status"

    """
  }

  /// The merge of all shards.
  package static func merge(_ job: ShardedJob, _ resources: JobResources) -> String {
    let states = (1...job.shards).map { "  " + ShellText.quote(job.state(of: $0)) }
    return """
      #!/bin/bash
      # Joins the \(job.shards) shards of: \(job.text)
      # Made by `upscatter submit`; runs when all elements have ended well. By hand: bash merge.sh
      jobs=\(ShellText.quote(job.jobsPath))
      \(mark("merge", job: "SLURM_JOB_ID"))
      mark "began on $HOSTNAME"
      cd \(ShellText.quote(job.folder)) || { mark ended 73; exit 73; }
      \(setup(resources))\(ShellText.join([job.program, "merge"])) \\
      \(states.joined(separator: " \\\n"))
      status=$?
      mark "ended $status"
      exit "$status"

      """
  }

  /// The function that notes what an element does.
  private static func mark(_ element: String, job: String) -> String {
    """
    # what this did last, for upscatter submit --status
    mark() {
      local file=$jobs/elements/\(element)
      printf '%s\\n' "${\(job):-hand} $*" >"$file.partial" && mv -f "$file.partial" "$file"
    }
    """
  }

  private static func setup(_ resources: JobResources) -> String {
    // what a configuration file sets stands in the command already
    (["export UPSCATTER_CONFIG="] + resources.setup).joined(separator: "\n") + "\n"
  }
}

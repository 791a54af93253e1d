import Foundation
import Testing

/// Runs that are killed, stopped, divided: the files are those of a run that nothing happened to.
@Suite("Interrupted and divided runs")
struct RunStateCommandTests {
  /// Long enough to be killed on the way, whatever the machine.
  private static let scan =
    "\"$0\" scan coherent-csi-2021:shape-pulls --flavor mu --m4 5,10,20,30 --d 1e-7:1e-5:12 --backend simd --workers 1 --plot none"
  private static let toys =
    "\"$0\" toys csi-benchmark --m4 5,10,20 --d 1e-6:1e-5:8 --toys 20000 --backend simd --workers 1 --plot none"

  /// Starts a command, waits until the state holds something, and sends a signal.
  private static func interrupted(_ command: String, _ signal: String, _ after: String = "x.state") -> String
  {
    """
    \(command) -o x 2>errors & run=$!
    while [ ! -s \(after) ]; do sleep 0.02; kill -0 $run || { wait $run; exit $?; }; done
    sleep 0.0$((RANDOM % 10)); kill -\(signal) $run; wait $run
    """
  }

  /// Every file of a run, without the name of the output, which the summary holds.
  private static func files(_ folder: Scratch, _ name: String) throws -> [String: String] {
    var files: [String: String] = [:]
    for file in try folder.names() where file.hasPrefix(name + ".") || file.hasPrefix(name + "-") {
      files[String(file.dropFirst(name.count))] = try folder.bytes(file).base64EncodedString()
    }
    return files
  }

  @Test("After kill -9 a run goes on to the same bytes", arguments: [scan, toys])
  func killed(command: String) throws {
    let whole = try Scratch()
    #expect(try Program.shell("\(command) -o x", in: whole).status == 0)
    let folder = try Scratch()
    let status = try Program.shell(Self.interrupted(command, "KILL"), in: folder).status
    #expect(status == 137)
    #expect(try folder.names().contains("x.state"))
    let again = try Program.shell("\(command) -o x --resume", in: folder)
    #expect(again.status == 0, "\(again.errors)")
    try FileManager.default.removeItem(atPath: folder.path("errors"))
    #expect(try Self.files(folder, "x") == Self.files(whole, "x"))
    #expect(try folder.names() == whole.names())
  }

  @Test(
    "Ctrl-C and SIGTERM keep what is finished and say how to go on", arguments: [("INT", 130), ("TERM", 143)])
  func signals(signal: String, status: Int32) throws {
    let folder = try Scratch()
    // jobs of a shell without a terminal ignore SIGINT
    let outcome = try Program.shell("set -m\n" + Self.interrupted(Self.scan, signal), in: folder)
    let errors = try folder.read("errors")
    guard outcome.status == status else {
      #expect(outcome.status == 0, "\(errors)")  // it was done before the signal came
      return
    }
    let isKept = try folder.names().contains("x.state")
    #expect(errors.contains(isKept ? "--resume" : "nothing is left"), "\(errors)")
    #expect(try !folder.names().contains { $0.hasSuffix(".partial") })
    if isKept {
      let refused = try Program.shell("\(Self.scan) -o x", in: folder)
      #expect(refused.status == 73 && refused.errors.contains("--restart"), "\(refused.errors)")
      let other = try Program.shell("\(Self.scan) -o x --resume --cl 0.95", in: folder)
      #expect(
        other.status == 64 && other.errors.contains("confidence level: 0.9 there, 0.95 in this command"))
    }
  }

  @Test("A run whose files cannot be written says what is kept", arguments: [60, 400, 2000])
  func unwritable(kilobytes: Int) throws {
    let scan = "\"$0\" scan csi-benchmark --m4 1:40:300 --d 1e-7:1e-5:200 --backend simd --plot none -o x"
    let folder = try Scratch()
    let outcome = try Program.shell("ulimit -f \(kilobytes); \(scan)", in: folder)
    #expect(outcome.status == 73 && outcome.errors.contains("ulimit -f"), "\(outcome.errors)")
    let names = try folder.names()
    #expect(names == [] || names == ["x.state"])
    #expect(outcome.errors.contains("is kept in x.state") == !names.isEmpty, "\(outcome.errors)")
    let whole = try Scratch()
    #expect(try Program.shell(scan, in: whole).status == 0)
    #expect(try Program.shell("\(scan) --resume", in: folder).status == 0)
    #expect(try Self.files(folder, "x") == Self.files(whole, "x"))
  }

  private static let small = "\"$0\" scan csi-benchmark --m4 1:40:13 --d 1e-7:1e-5:15 --plot svg"

  @Test("Shards in any order, one of them twice, make the bytes of the single run; a missing one is named")
  func shards() throws {
    let whole = try Scratch()
    #expect(try Program.shell("\(Self.small) -o x", in: whole).status == 0)
    let folder = try Scratch()
    let order = (1...8).shuffled()
    let last = order[7]
    for index in order.dropLast() + [order[3]] {
      let outcome = try Program.shell("\(Self.small) -o x --resume --shard \(index)/8", in: folder)
      #expect(outcome.status == 0, "\(order): \(outcome.errors)")
    }
    let missing = try Program.shell("\"$0\" merge x.shard-*.state", in: folder)
    #expect(
      missing.status == 64 && missing.errors.contains("Shard \(last) of 8 is missing"), "\(missing.errors)")
    #expect(missing.errors.contains("--shard \(last)/8`"))
    #expect(try Program.shell("\(Self.small) -o x --shard=\(last)/8", in: folder).status == 0)
    #expect(try Program.shell("cp x.shard-1-of-8.state copy.state", in: folder).status == 0)
    let states = (1...8).shuffled().map { "x.shard-\($0)-of-8.state" }
    let merged = try Program.shell("\"$0\" merge copy.state \(states.joined(separator: " "))", in: folder)
    #expect(merged.status == 0, "\(merged.errors)")
    #expect(merged.errors.contains("x.shard-1-of-8.state is the same as copy.state"))
    let files = try Self.files(folder, "x").filter { !$0.key.hasSuffix(".state") }
    let expected = try Self.files(whole, "x")
    let different = Set(files.keys).union(expected.keys).filter { files[$0] != expected[$0] }
    #expect(different.isEmpty, "\(outcome(of: folder, whole, different))")
  }

  @Test("Shards without pulls make the bytes of the single run where pulls are strained too")
  func withoutPulls() throws {
    // the level is so high that allowed points have pulls beyond three widths
    let scan =
      "\"$0\" scan xenonnt-s2only --flavor mu --m4 1:10:8 --d 1e-8:1e-5:40 --cl 0.9999 --backend simd --plot none -o x"
    let folder = try Scratch()
    let strained = try Program.shell(scan, in: folder)
    #expect(
      strained.status == 0 && strained.output.contains("points that are not excluded have a pull beyond"))
    let outcome = try Program.shell(
      """
      \(scan) --no-pulls && mkdir whole && mv x.* x-* whole
      for i in 2 1; do \(scan) --no-pulls --shard $i/2 || exit 8; done
      "$0" merge x.shard-*.state && cmp x.h5 whole/x.h5 && cmp x.json whole/x.json
      """, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test("A merge into the output of a run that goes on is refused, and leaves it alone")
  func mergeBesideRun() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      """
      \(Self.small) -o y --shard 1/1 || exit 8
      \(Self.scan) -o x 2>errors & run=$!
      while [ ! -s x.state ]; do sleep 0.02; kill -0 $run || exit 9; done
      "$0" merge y.shard-1-of-1.state -o x; status=$?
      kill -KILL $run; wait $run; exit $status
      """, in: folder)
    #expect(
      outcome.status == 73 && outcome.errors.contains("another run works on the same output"),
      "\(outcome.errors)")
    #expect(try folder.names().contains("x.state") && !folder.names().contains("x.h5"))
  }

  @Test("--resume says of a state that it held nothing")
  func emptyState() throws {
    let folder = try Scratch()
    try folder.write("", to: "x.state")
    let outcome = try Program.shell("\(Self.small) -o x --resume", in: folder)
    #expect(outcome.status == 0 && outcome.errors.contains("x.state held nothing"), "\(outcome.errors)")
  }

  /// Both versions of the files that differ and are text.
  private func outcome(of folder: Scratch, _ whole: Scratch, _ endings: Set<String>) -> String {
    endings.filter { !$0.hasSuffix("h5") }.map { ending in
      "\(ending):\n\((try? folder.read("x" + ending)) ?? "absent")\n\((try? whole.read("x" + ending)) ?? "absent")"
    }.joined(separator: "\n")
  }

  @Test("Toys in shards")
  func toyShards() throws {
    let toys = "\"$0\" toys csi-benchmark --m4 5,10,20 --d 1e-6:1e-5:4 --toys 200 --seed 3 --plot none"
    let folder = try Scratch()
    let outcome = try Program.shell(
      """
      \(toys) -o x && mkdir whole && mv x.* whole
      for i in 5 2 3 1 4; do \(toys) -o x --shard $i/5 || exit 8; done
      "$0" merge x.shard-*.state && cmp x.h5 whole/x.h5 && cmp x.json whole/x.json
      """, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test(
    "Shards that do not make one run are refused with the reason",
    arguments: [
      ("--cl 0.95", "1/2", "confidence level"), ("--m4 1:40:9", "1/2", "masses"),
      ("", "1/3", "different divisions"),
      ("--backend reference", "1/2", "arithmetic"),
    ])
  func foreign(options: String, shard: String, word: String) throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      """
      \(Self.small) -o x --shard 2/2 --backend simd && \(Self.small) \(options) -o y --shard \(shard) || exit 8
      "$0" merge x.shard-2-of-2.state y.shard-*.state
      """, in: folder)
    #expect(outcome.status == 64 && outcome.errors.contains(word), "\(outcome.errors)")
    #expect(try !folder.names().contains("x.h5"))
  }

  @Test(
    "A damaged shard, a whole run, and words that are no shard",
    arguments: [
      ("merge none.state", 64, "none.state does not exist"), ("merge text", 65, "is no state of a run"),
      ("merge half.state", 65, "truncated or was altered"), ("merge", 64, "states"),
      ("scan csi-benchmark --shard 3/2", 64, "3/2"),
      ("scan csi-benchmark --m4 1,2 --shard 1/3", 64, "only 2 masses"),
      ("scan csi-benchmark --resume --restart", 64, "contradict"),
    ])
  func refusals(arguments: String, status: Int32, word: String) throws {
    let folder = try Scratch()
    try folder.write("no state\n", to: "text")
    let outcome = try Program.shell(
      """
      \(Self.small) -o x --shard 1/1 || exit 8; head -c 30000 x.shard-1-of-1.state >half.state
      "$0" \(arguments)
      """, in: folder)
    #expect(outcome.status == status && outcome.errors.contains(word), "\(outcome.errors)")
  }

  @Test("Shards of an experiment file that has changed since are not joined")
  func changedFile() throws {
    let folder = try Scratch()
    let outcome = try Program.shell(
      """
      "$0" experiments new --like csi-benchmark mine >new 2>&1 || { cat new; exit 7; }
      file=$(ls mine/*.yaml mine.yaml 2>/dev/null | head -n 1)
      for i in 1 2; do "$0" scan "$file" --m4 5,10 --d 1e-7:1e-5:9 --plot none -o x --shard $i/2 || exit 8; done
      printf '\\n# a remark\\n' >>"$file"
      "$0" merge x.shard-*.state
      """, in: folder)
    #expect(
      outcome.status == 64 && outcome.errors.contains("input file"), "\(outcome.output)\(outcome.errors)")
  }
}

import Foundation
import Testing

/// Completion scripts, in the shells they are for.
@Suite("Completions")
struct CompletionTests {
  /// What bash offers where the cursor is behind `line`; words parted as its readline parts them.
  private func offered(_ line: String, in folder: Scratch) throws -> [String] {
    let script = #"""
      PATH="$(dirname "$0"):$PATH"
      source <("$0" --generate-completion-script bash)
      complete -p upscatter >/dev/null || exit 9
      COMP_LINE='LINE'
      COMP_POINT=${#COMP_LINE}
      COMP_WORDS=(WORDS)
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      COMPREPLY=()
      word=${COMP_WORDS[COMP_CWORD]}
      [ "$word" = : ] && word=
      _upscatter upscatter "$word" "${COMP_WORDS[COMP_CWORD - 1]}"
      printf '%s\n' "${COMPREPLY[@]}"
      """#
    let words = line.replacingOccurrences(of: ":", with: " : ").components(separatedBy: " ")
    let parted = words.enumerated().filter { !$1.isEmpty || $0 == words.count - 1 && !line.hasSuffix(":") }
      .map(\.element)
    let text = script.replacingOccurrences(of: "LINE'", with: "\(line)'")
      .replacingOccurrences(of: "(WORDS)", with: "(\(parted.map { "'\($0)'" }.joined(separator: " ")))")
    let outcome = try Program.shell(text, in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return outcome.output.split(separator: "\n").map(String.init)
  }

  @Test(
    "bash completes commands, options, words of options, names, variants and files",
    arguments: [
      ("upscatter sc", ["scan"]), ("upscatter experiments ch", ["check"]),
      ("upscatter scan --ov", ["--overlays"]),
      ("upscatter scan --flavor ", ["e", "mu", "tau", "all"]), ("upscatter scan --backend op", ["opencl"]),
      ("upscatter limit --model mag", ["magnetic-moment"]), ("upscatter scan --plot p", ["png", "pdf"]),
      ("upscatter scan coherent-csi-2021:no-e", ["no-electrons"]), ("upscatter scan dres", ["dresden-ii"]),
      ("upscatter scan coherent-csi-2017 coherent-l", ["coherent-lar-2020"]),
      ("upscatter limit my-", ["my-argon.yaml"]),
      ("upscatter limit sub", ["sub/"]), ("upscatter limit sub/", ["sub/deep.yml"]),
      ("upscatter plot r", ["result.h5"]),
      ("upscatter experiments new --like xenon1t-s", ["xenon1t-s2only"]),
      ("upscatter experiments show texono --file RE", ["REFERENCE"]),
    ])
  func bash(line: String, words: [String]) throws {
    let folder = try Scratch()
    for name in ["my-argon.yaml", "my-notes.txt", "result.h5", "result.csv"] {
      try folder.write("", to: name)
    }
    try FileManager.default.createDirectory(atPath: folder.path("sub"), withIntermediateDirectories: false)
    try folder.write("", to: "sub/deep.yml")
    let found = try offered(line, in: folder)
    #expect(Set(words).isSubset(of: found), "\(found)")
    #expect(found.count <= words.count + 1, "\(found)")
  }

  @Test("A colon alone offers all variants")
  func variants() throws {
    let found = try offered("upscatter scan dresden-ii:", in: Scratch())
    #expect(found.count >= 3 && found.allSatisfy { !$0.contains(":") })
  }

  @Test("Completions do not read a configuration, broken or not")
  func configuration() throws {
    let folder = try Scratch()
    try folder.write("scna: 3\n", to: "bad.yaml")
    let outcome = try Program.shell(
      "UPSCATTER_CONFIG=bad.yaml \"$0\" ---completion scan -- positional@0 2 0 upscatter scan ''", in: folder)
    #expect(outcome.output.contains("coherent-csi-2021") || outcome.status == 0, "\(outcome.errors)")
  }

  @Test("zsh and fish read their scripts, where they are installed", arguments: ["zsh", "fish"])
  func syntax(shell: String) throws {
    let outcome = try Program.shell(
      "command -v \(shell) >/dev/null || exit 0; \"$0\" --generate-completion-script \(shell) >x && \(shell) -n x",
      in: Scratch())
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
  }
}

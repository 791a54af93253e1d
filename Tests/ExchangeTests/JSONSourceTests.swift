import Foundation
import Testing

@testable import Exchange

@Suite("Lines of JSON values")
struct JSONSourceTests {
  private let source = JSONSource(
    Data(
      """
      {
        "a": {"b\\"]": [1, "}", [],
          {"c": null}]},

        "d\\u00e9": [
          true,
          "x"]
      }
      """.utf8), file: "f.json")

  @Test(
    "A value is found behind texts that look like brackets, and by keys written with escapes",
    arguments: [
      ([], 1), ([.member("a")], 2), ([.member("a"), .member("b\"]"), .item(2)], 2),
      ([.member("a"), .member("b\"]"), .item(3), .member("c")], 3),
      ([.member("d\u{e9}"), .item(0)], 6), ([.member("d\u{e9}"), .item(1)], 7),
    ] as [([JSONSource.Step], Int)])
  func line(_ steps: [JSONSource.Step], _ line: Int) { #expect(source.line(of: steps) == line) }

  @Test("What is not there has no line, nor has anything in a text cut short")
  func absent() {
    #expect(source.line(of: [.member("z")]) == nil)
    for length in 0..<40 {
      let cut = JSONSource(
        Data("{\"a\": {\"b\": [1, \"x\\\"\", {\"c\": 2}]}}".utf8.prefix(length)), file: "f.json")
      #expect(cut.line(of: [.member("a"), .member("b"), .item(7), .member("c")]) ?? 1 == 1)
    }
  }
}

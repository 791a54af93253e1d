import Foundation
import Testing

@Suite("moments")
struct MomentsCommandTests {
  private func run(_ arguments: String, in folder: Scratch) throws -> Program.Outcome {
    try Program.shell("\"$0\" moments \(arguments)", in: folder)
  }

  @Test("Two experiments apart: a plane each, limits in the asked convention, one plot")
  func apart() throws {
    let folder = try Scratch()
    let outcome = try run(
      "ess darwin --apart --m4 5 --x 0:1e-6:6:lin --y 0,2e-7,9e-7 --fix lambda34=1e-8 -o out --json",
      in: folder)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let report = try outcome.json()
    let results = try #require(report["results"] as? [[String: Any]])
    #expect(results.map { $0["experiments"] as? [String] } == [["ess"], ["darwin"]])
    #expect((report["fixed"] as? [String: Double])?["lambda34"] == 1e-8)
    let limits = try #require(results[0]["limits"] as? [[String: Any]])
    #expect(limits.map { $0["parameter"] as? String } == ["lambda14", "lambda24", "lambda34"])
    #expect(limits.allSatisfy { $0["alone"] is Double && $0["profiled"] is NSNull })
    let solar = try #require(results[1]["limits"] as? [[String: Any]])
    #expect(solar.allSatisfy { $0["profiled"] is Double })
    for name in ["out-ess.h5", "out-ess.csv", "out-darwin.h5", "out.json", "out.svg", "out.gp"] {
      #expect(try folder.names().contains(name))
    }
    #expect(try folder.read("out-ess.csv").contains("\nlambda14 [1/GeV],lambda24 [1/GeV]\n"))
    let half = try run(
      "ess --m4 5 --x 0,1e-6 --y 0,1e-6 --coupling d-no-half --plot none -o half --json", in: folder
    ).json()
    let other = try #require(
      ((half["results"] as? [[String: Any]])?.first?["limits"] as? [[String: Any]])?.first)
    let values = try [other, limits[0]].map { try #require($0["alone"] as? Double) }
    #expect(isClose(2 * values[0], values[1], rtol: 1e-9))
  }

  @Test(
    "Requests without meaning are wrong usage, with the cure",
    arguments: [
      ("ess --m4 5 --plane lambda14", "two different parameters"),
      ("ess --m4 5 --plane lambda14:lambda44", "is no parameter"),
      ("ess --m4 5 --fix lambda14=1e-6", "in the plane or given twice"),
      ("ess --m4 5 --fix lambda34=-1", "a size is 0 or greater"),
      ("ess --m4 5 --fix lambda34", "the form is name=number"),
      ("ess --m4 5 --profile phase99", "is no parameter"),
      ("ess --m4 5 --x 5", "at least two values"),
      ("ess --m4 5 --x -1:1:5:lin", "a size is 0 or greater"),
      ("ess --m4 500", "Choose a smaller one"),
      ("ess --m4 5 --parameter delta=x", "not a number"),
      ("darwin --m4 1 --parameter delta=1", "changes nothing here"),
      ("ess --m4 5 --plot gif", "Choose svg"),
      ("ess --m4 5 --output /tmp/", "names no file"),
    ])
  func refusals(arguments: String, message: String) throws {
    let outcome = try run(arguments, in: Scratch())
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}

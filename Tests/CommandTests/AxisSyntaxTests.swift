import Foundation
import ScanCore
import Testing

@testable import Pipeline

@Suite("Axes on the command line")
struct AxisSyntaxTests {
  @Test("A range is logarithmic with exact ends, or linear when it says so")
  func ranges() throws {
    let axis = try AxisSyntax.parse("0.1:50:200", name: "--m4", unit: "MeV")
    #expect(axis.values.count == 200)
    #expect(axis.values.first == 0.1)
    #expect(axis.values.last == 50)
    #expect(isClose(axis.values[1] / axis.values[0], pow(500, 1.0 / 199), rtol: 1e-13))
    let linear = try AxisSyntax.parse("1:3:5:lin", name: "--m4", unit: "MeV")
    #expect(linear.values == [1, 1.5, 2, 2.5, 3])
  }

  @Test("A list keeps its values; zero only where it is allowed")
  func lists() throws {
    #expect(try AxisSyntax.parse("5, 10,20", name: "--m4", unit: "MeV").values == [5, 10, 20])
    #expect(try AxisSyntax.parse("0,1", name: "--m4", unit: "MeV", zeroAllowed: true).values == [0, 1])
  }

  @Test("A range from zero is linear, and who writes it logarithmic is told so")
  func fromZero() throws {
    let parse = { try AxisSyntax.parse($0, name: "--x", unit: "rad", zeroAllowed: true) }
    #expect(try parse("0:2:3:lin").values == [0, 1, 2])
    let error = #expect(throws: RequestError.self) { try parse("0:1e-6:5") }
    #expect(error?.message.contains("Append :lin for even steps: --x 0:1e-6:5:lin") == true)
    #expect(throws: RequestError.self) { try parse("-1:1:5:lin") }
    #expect(throws: RequestError.self) { try AxisSyntax.parse("0:2:3:lin", name: "--d", unit: "1/GeV") }
  }

  @Test(
    "What is no axis is refused by name",
    arguments: [
      "", ",", "a", "1,nan", "1,inf", "0,1", "-1", "2,1", "1,1", "1:2", "1:2:3:4", "2:1:5", "1:1:5", "0:1:5",
      "-1:1:5:lin", "1:2:1", "1:2:99999999", "1:2:3.5", "1:2:x", "1:nan:3", "1:2:1e3",
    ])
  func refused(text: String) {
    let error = #expect(throws: RequestError.self) { try AxisSyntax.parse(text, name: "--axis", unit: "MeV") }
    #expect(error?.message.hasPrefix("--axis \(text)") == true)
  }
}

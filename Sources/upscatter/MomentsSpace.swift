import Experiments
import Foundation
import Pipeline
import ScanCore
import Units

/// What `moments` was asked to do with each of the six parameters.
struct MomentsSpace {
  static let sizes: [MomentParameter] = [.lambda14, .lambda24, .lambda34]
  private static let points = 81

  let x: MomentParameter
  let y: MomentParameter
  let fixed: MomentPoint
  let fixedNames: [MomentParameter]
  let profiled: [MomentParameter]
  private let axes: (x: String?, y: String?)
  private let scale: CouplingConvention

  init(_ command: MomentsCommand) throws(RequestError) {
    let words = command.plane.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard words.count == 2, words[0] != words[1] else {
      throw RequestError(
        "--plane \(command.plane): the form is two different parameters with a colon, as lambda14:lambda24.")
    }
    x = try MomentParameter.named(words[0], option: "--plane")
    y = try MomentParameter.named(words[1], option: "--plane")
    scale = command.coupling
    axes = (command.x, command.y)
    var seen = [x, y]
    func claim(_ parameter: MomentParameter, _ option: String) throws(RequestError) {
      if seen.contains(parameter) {
        throw RequestError(
          "\(option): \(parameter.rawValue) is in the plane or given twice. Each parameter is in the plane, fixed or profiled."
        )
      }
      seen.append(parameter)
    }
    var profiled: [MomentParameter] = []
    for word in command.profile.flatMap({ $0.split(separator: ",").map(String.init) }) {
      let parameter = try MomentParameter.named(word, option: "--profile")
      try claim(parameter, "--profile")
      profiled.append(parameter)
    }
    var fixed = MomentPoint()
    var names: [MomentParameter] = []
    for part in command.fix.flatMap({ $0.split(separator: ",").map(String.init) }) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
      guard sides.count == 2, let value = Double(sides[1]), value.isFinite else {
        throw RequestError("--fix \(part): the form is name=number, as lambda34=1e-6 or phase24=1.57.")
      }
      let parameter = try MomentParameter.named(sides[0], option: "--fix")
      try claim(parameter, "--fix")
      guard parameter.isPhase || value >= 0 else {
        throw RequestError("--fix \(part): a size is 0 or greater; its sign is a phase of pi.")
      }
      fixed[parameter] = parameter.isPhase ? value : scale.toInternal(value)
      names.append(parameter)
    }
    self.fixed = fixed
    self.profiled = profiled
    fixedNames = names
  }

  /// - Parameter singles: limits on each moment alone, per likelihood, in internal units
  func request(threshold: Double, singles: [[Double?]]) throws(RequestError) -> MomentPlane.Request {
    func largest(_ parameter: MomentParameter) -> Double? {
      parameter.isPhase ? nil : singles.compactMap { $0[parameter.state] }.max()
    }
    return MomentPlane.Request(
      x: x, y: y, xValues: try axis(x, axes.x, "--x", single: largest(x)),
      yValues: try axis(y, axes.y, "--y", single: largest(y)), fixed: fixed, profiled: profiled,
      threshold: threshold)
  }

  private func axis(
    _ parameter: MomentParameter, _ text: String?, _ option: String, single: Double?
  ) throws(RequestError) -> [Double] {
    guard let text else {
      let end: Double
      if parameter.isPhase {
        end = 2 * Double.pi
      } else if let single {
        end = 2.5 * single
      } else {
        throw RequestError(
          "No experiment here limits \(parameter.rawValue) alone, so that its axis has no default. Give \(option) 0:VALUE:81:lin."
        )
      }
      return (0..<Self.points).map { end * Double($0) / Double(Self.points - 1) }
    }
    let values = try AxisSyntax.parse(
      text, name: option, unit: parameter.isPhase ? "rad" : scale.unit, zeroAllowed: true,
      negativeAllowed: true
    ).values
    guard values.count >= 2 else {
      throw RequestError("\(option) \(text): a plane needs at least two values per axis.")
    }
    if parameter.isPhase { return values }
    guard values[0] >= 0 else {
      throw RequestError("\(option) \(text): a size is 0 or greater; its sign is a phase of pi.")
    }
    return values.map { scale.toInternal($0) }
  }
}

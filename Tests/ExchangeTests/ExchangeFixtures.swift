import Foundation
import ReferenceBackend
import Reporting
import ScanCore
import Statistics

@testable import Exchange

/// Models the tests send through a workspace.
enum ExchangeFixtures {
  struct Model {
    var plan: JointPlan
    var data: JointData
    var template: [Double]
  }

  /// Two experiments with all that a workspace can hold: a shared pull that scales both signals (one of them by half), two
  /// pulls on the same events, a shape, a free background, a shifted constraint, an empty bin.
  static let everything: Model = {
    func pull(
      _ name: String, _ width: Double, _ events: [Double], isNormalisation: Bool = true,
      isConstrained: Bool = true
    ) -> JointPull {
      JointPull(
        name: name, width: width, events: events, isNormalisation: isNormalisation,
        isConstrained: isConstrained)
    }
    let flux = [3.0, 1, 0, 2, 0.7]
    let pulls = [
      pull("flux", 0.1, flux), pull("form factor", 0.05, [3, 1, 0, 0, 0]),
      pull("steady state", 0.021, [11, 7, 0, 0, 0]),
      pull("Σ shape", 1, [1, -1.5, 0, 0, 0], isNormalisation: false),
      pull("free", 1e4, [0, 0, 0, 5, 3], isConstrained: false),
    ]
    // the form factor moves the events of the flux, and the shape stands for no events of its own
    let rest = [-3.0 - 1, -1 + 1.5, 0, 0.25, 0.125]
    return Model(
      plan: JointPlan(
        rest: rest, variance: [0, 0, 0, 0, 0], pulls: pulls,
        blocks: [
          JointBlock(name: "first one", bins: 0..<3, signalShares: [1, 1, 0, 0, 0]),
          JointBlock(name: "second", bins: 3..<5, signalShares: [0.5, 0, 0, 0, 0]),
        ]),
      data: JointData(observed: [16, 8, 0, 9, 2], centres: [1, 1, 1.01, 0.75, 1]),
      template: [2, 3, 0, 1.5, 4])
  }()

  static func export(_ model: Model, unit: Double = 1) -> WorkspaceExport {
    WorkspaceExport(
      model.plan, data: model.data, template: model.template, unit: unit, measurement: "test",
      largestStrength: 10)
  }

  /// The same through JSON and back.
  static func returned(_ model: Model, unit: Double = 1) throws -> WorkspaceModel {
    try read(JSONText.encode(try export(model, unit: unit).workspace(), name: "workspace"))
  }

  static func read(
    _ text: String, measurement: String? = nil, linearises: Bool = false
  ) throws(ExchangeError) -> WorkspaceModel {
    try WorkspaceImport(Data(text.utf8), file: "model.json", linearises: linearises)
      .model(measurement: measurement)
  }

  /// The statistic at strengths, on the reference.
  static func profile(_ model: Model, _ strengths: [Double]) throws -> [Double] {
    let joint = try JointModel(plan: model.plan, templates: model.template, on: ReferenceBackend())
    return try StrengthFinder(joint, data: model.data).profile(strengths).map(\.statistic)
  }

  static func profile(_ model: WorkspaceModel, _ strengths: [Double]) throws -> [Double] {
    try profile(Model(plan: model.plan, data: model.data, template: model.template), strengths)
  }
}

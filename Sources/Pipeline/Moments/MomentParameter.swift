import DipolePhysics
import Experiments

/// A coordinate in the space of the transition moments lambda_i4 = |lambda_i4| exp(i phase_i4).
package enum MomentParameter: String, CaseIterable, Codable, Sendable {
  case lambda14, lambda24, lambda34, phase14, phase24, phase34

  package var isPhase: Bool { index >= 3 }
  /// 0, 1 or 2: of the mass state.
  package var state: Int { index % 3 }
  var index: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// The parameter of a word on the command line.
  package static func named(_ word: String, option: String) throws(RequestError) -> MomentParameter {
    if let parameter = MomentParameter(rawValue: word) { return parameter }
    throw RequestError(
      "\(option): \"\(word)\" is no parameter of the transition moments. "
        + "\(Spelling.suggestion(for: word, among: allCases.map(\.rawValue)))Choose \(allCases.map(\.rawValue).joined(separator: ", "))."
    )
  }
}

/// Sizes in internal units and phases in radians, in the order of `MomentParameter`.
package struct MomentPoint: Hashable, Sendable {
  package var values = [Double](repeating: 0, count: MomentParameter.allCases.count)

  package init() {}

  package subscript(_ parameter: MomentParameter) -> Double {
    get { values[parameter.index] }
    set { values[parameter.index] = newValue }
  }

  /// lambda_14, lambda_24, lambda_34
  var moments: [Complex] {
    (0..<3).map { values[$0] * Complex.phase(values[$0 + 3]) }
  }
}

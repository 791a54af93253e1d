import ScanCore
import Statistics

/// The signal of several experiments side by side, in the order of their bins in a joint plan [UPS-45].
struct JointTemplates: TemplateSource {
  /// of the same interaction; at least one
  let members: [Analysis]

  private var interaction: InteractionModel? { members.lazy.compactMap(\.interaction).first }

  var standardModel: [Double]? {
    let parts = members.compactMap { $0.interaction?.standardModel }
    return parts.count == members.count ? parts.flatMap { $0 } : nil
  }

  var isSigned: Bool { interaction?.isSigned ?? false }

  func templates(
    masses: [Double], on backend: any Backend
  ) throws(BackendError) -> [SignalTemplate] {
    var joined = masses.map { _ in SignalTemplate(linear: [], quadratic: []) }
    for member in members {
      let parts = try templates(of: member, masses: masses, on: backend)
      for (row, part) in parts.enumerated() {
        joined[row].linear += part.linear
        joined[row].quadratic += part.quadratic
      }
    }
    return joined
  }

  private func templates(
    of member: Analysis, masses: [Double], on backend: any Backend
  ) throws(BackendError) -> [SignalTemplate] {
    if let interaction = member.interaction {
      return try interaction.templates(masses: masses, on: backend)
    }
    let ratio = coupling(ofStrength: 1) / member.signalPlan.referenceCoupling
    let values = try backend.load(member.signalPlan).evaluate(masses: masses)
    let stride = member.signalPlan.valuesPerMass
    return masses.indices.map { row in
      let events = member.likelihood.fold.fold(values[row * stride..<(row + 1) * stride])
      return SignalTemplate(linear: [], quadratic: events.map { $0 * ratio * ratio })
    }
  }

  /// Rates of dipoles are mixed by their plan already.
  func mixed(_ events: [Double]) -> [Double] {
    var start = 0
    return members.flatMap { member in
      let own = Array(events[start..<start + member.likelihood.binCount])
      start += own.count
      return member.interaction?.mixed(own) ?? own
    }
  }

  /// q = (d / reference)^2 with the reference of the first dipole, or what the interaction counts with.
  func strength(of coupling: Double) -> Double {
    if let interaction { return interaction.strength(of: coupling) }
    let ratio = coupling / reference
    return ratio * ratio
  }

  func coupling(ofStrength strength: Double) -> Double {
    interaction?.coupling(ofStrength: strength) ?? reference * strength.squareRoot()
  }

  private var reference: Double { members.first?.signalPlan.referenceCoupling ?? 1 }
}

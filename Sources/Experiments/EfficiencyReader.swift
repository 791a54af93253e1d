/// Reads `detector.efficiency`.
struct EfficiencyReader {
  let context: LoadContext
  let energyUnit: String
  let hasTimeAxis: Bool

  typealias Efficiencies = (
    energy: EnergyEfficiencySpec, recoil: RecoilEfficiencySpec, time: TimeEfficiencySpec
  )

  func read(_ node: ConfigNode) throws(ExperimentError) -> Efficiencies {
    let section = try context.section(node, keys: ["energy", "recoil", "time"])
    let energy = try energy(section.required("energy"))
    let recoil = try CurveReader(context: context).recoilEfficiency(section.required("recoil"))
    if hasTimeAxis { return (energy, recoil, try time(section.required("time"))) }
    if let time = section["time"], try self.time(time) != .unity {
      throw time.error(
        found: "a time efficiency", expected: "`none`, as the channel has no time axis",
        cure: "Write `time: none`.")
    }
    return (energy, recoil, .unity)
  }

  private func energy(_ node: ConfigNode) throws(ExperimentError) -> EnergyEfficiencySpec {
    let choice = try Alternative(node, kinds: ["logistic", "table", "none"])
    if choice.kind == "table" { return .table(try table(node)) }
    guard choice.kind == "logistic" else { return .unity }
    let section = try context.section(choice.requiredParameters(), keys: ["a", "b", "c", "d", "maximum"])
    let a = try section.required("a").number(.positive)
    let d = try section.required("d").number()
    guard a + d > 0 else {
      throw section.node.error(
        found: "a + d = \(a + d), an efficiency that is nowhere positive",
        expected: "a + d greater than zero",
        cure: "Check the signs of a and d.")
    }
    guard max(d, a + d) <= 1 else {
      throw section.node.error(
        found: "a plateau of \(max(d, a + d))", expected: "an efficiency of at most one",
        cure: "Check a and d.")
    }
    return .logistic(
      a: a, b: try section.required("b").quantity(.perReconstructed(unit: energyUnit), .positive),
      c: try section.required("c").quantity(.reconstructed(unit: energyUnit)), d: d,
      maximum: try section.required("maximum").quantity(.reconstructed(unit: energyUnit), .positive))
  }

  /// `energy [unit of the channel]`, `efficiency`.
  private func table(_ node: ConfigNode) throws(ExperimentError) -> TabulatedCurve {
    try CurveReader(context: context).efficiency(
      node, over: ("energy", .reconstructed(unit: energyUnit)))
  }

  private func time(_ node: ConfigNode) throws(ExperimentError) -> TimeEfficiencySpec {
    let choice = try Alternative(node, kinds: ["delayed-exponential", "none"])
    guard choice.kind != "none" else { return .unity }
    let section = try context.section(choice.requiredParameters(), keys: ["start", "rate"])
    return .delayedExponential(
      start: try section.required("start").quantity(.dimension(.time), .nonNegative),
      rate: try section.required("rate").quantity(.dimension(.rate), .nonNegative))
  }
}

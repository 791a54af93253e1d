/// A sample as a linear form of the parameters: events = phi (nominal + sum_k p_k slope_k), phi a free factor or none.
struct LinearSample {
  var channel: Int
  /// Events where every alpha is 0 and lumi is 1.
  var nominal: [Double]
  /// Change of the events per unit of alpha or lumi.
  var slopes: [String: [Double]] = [:]
  var factor: String?
  var isSignal = false

  func isMoved(by parameter: String) -> Bool { slopes[parameter]?.contains { $0 != 0 } ?? false }
}

/// Brings samples into their linear form, or says why it does not exist.
struct SampleReader {
  let table: ParameterTable
  let places: WorkspacePlaces
  /// Replaces what is not linear by its tangent.
  let linearises: Bool
  private(set) var linearised: Set<String> = []

  init(_ table: ParameterTable, _ places: WorkspacePlaces, linearises: Bool) {
    (self.table, self.places, self.linearises) = (table, places, linearises)
  }

  /// - Parameters:
  ///   - channel: index of its channel
  ///   - index: of the sample in it
  mutating func read(
    _ sample: Workspace.Sample, channel: Int, index: Int
  ) throws(ExchangeError) -> LinearSample {
    var linear = LinearSample(channel: channel, nominal: sample.data)
    var factors: [String] = []
    var fixedFactor = 1.0
    var lumi: ParameterTable.Entry?
    let places = places  // `slope` changes self
    for (m, modifier) in sample.modifiers.enumerated() {
      guard let entry = table[modifier.name] else { continue }
      switch modifier.effect {
      case .normfactor:
        if let value = entry.fixed { fixedFactor *= value } else { factors.append(entry.name) }
        if entry.kind == .strength {
          linear.isSignal = true
        } else if entry.fixed == nil {
          linear.factor = entry.name
        }
      case .lumi:
        if let value = entry.fixed { fixedFactor *= value } else { lumi = entry }
      case .histosys, .normsys:
        let place = { places.sample(channel, index, [.member("modifiers"), .item(m)]) }
        guard let slope = try slope(modifier, entry, sample, place) else { continue }
        if let value = entry.fixed {
          for bin in slope.indices { linear.nominal[bin] += value * slope[bin] }
        } else {
          linear.slopes[entry.name, default: slope.map { _ in 0 }] =
            zip(linear.slopes[entry.name] ?? slope.map { _ in 0 }, slope).map { $0 + $1 }
        }
      }
    }
    let others = linear.slopes.keys.sorted() + (lumi.map { [$0.name] } ?? [])
    try checkProducts(factors, others, linear) { places.sample(channel, index, label: " (\(sample.name))") }
    if let lumi {
      if !linear.slopes.isEmpty {
        linearised.insert(lumi.name)
        linear.slopes = linear.slopes.mapValues { $0.map { $0 * lumi.centre } }
      }
      linear.slopes[lumi.name] = linear.nominal
    }
    linear.nominal = linear.nominal.map { $0 * fixedFactor }
    linear.slopes = linear.slopes.mapValues { $0.map { $0 * fixedFactor } }
    return linear
  }

  /// Products of parameters are not linear; that of mu and one alpha is what a pull of the signal is.
  private func checkProducts(
    _ factors: [String], _ others: [String], _ linear: LinearSample, _ place: () -> String
  ) throws(ExchangeError) {
    func refuse(_ names: [String], _ cure: String) -> ExchangeError {
      ExchangeError(
        .badWorkspace,
        "\(place()): the events go with the product of \(names.joined(separator: " and ")), which the linear form does not "
          + "have. \(cure)")
    }
    if factors.count > 1 {
      throw refuse(
        factors, "Leave one free factor on the sample, or fix the others (`fixed` in the measurement).")
    }
    if !linear.isSignal, let factor = factors.first, let other = others.first {
      throw refuse(
        [factor, other], "Fix one of the two (`fixed` in the measurement), or split the sample.")
    }
    if others.count > 1, others.last == "lumi", !linearises {
      throw refuse(
        [others[0], "lumi"], "--linearise replaces the product by its tangent; or fix one of the two.")
    }
  }

  /// Events per unit of alpha; nil where the modifier does nothing.
  private mutating func slope(
    _ modifier: Workspace.Modifier, _ entry: ParameterTable.Entry, _ sample: Workspace.Sample,
    _ place: () -> String
  ) throws(ExchangeError) -> [Double]? {
    if entry.fixed == 0 { return nil }
    switch modifier.effect {
    case .histosys(let low, let high):
      let bins = sample.data.indices
      if let bin = bins.first(where: { !Self.isSymmetric(low[$0], sample.data[$0], high[$0]) }) {
        guard linearises else {
          throw ExchangeError(
            .badWorkspace,
            "\(place()): histosys \"\(modifier.name)\" is not linear: in bin \(bin) it goes from \(sample.data[bin]) to "
              + "\(high[bin]) upwards and to \(low[bin]) downwards. Make the two steps equal, or let --linearise take half of their "
              + "difference.")
        }
        linearised.insert(modifier.name)
      }
      return bins.map { (high[$0] - low[$0]) / 2 }
    case .normsys(let low, let high):
      if low == 1 && high == 1 { return nil }
      guard linearises else {
        throw ExchangeError(
          .badWorkspace,
          "\(place()): normsys \"\(modifier.name)\" (\(low), \(high)) is exponential in its parameter, not linear. Write it as "
            + "a histosys with equal steps, or let --linearise take its tangent, 1 + alpha (hi - lo)/2.")
      }
      linearised.insert(modifier.name)
      return sample.data.map { $0 * (high - low) / 2 }
    case .normfactor, .lumi: return nil
    }
  }

  /// Equal steps up and down, but for the rounding of the three numbers.
  private static func isSymmetric(_ low: Double, _ nominal: Double, _ high: Double) -> Bool {
    let rounding = 8 * Double.ulpOfOne * max(abs(low), abs(nominal), abs(high))
    return abs((high - nominal) - (nominal - low)) <= max(1e-9 * abs(high - low), rounding)
  }
}

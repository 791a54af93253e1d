/// JSON of the schema: no key beyond it, and none left out that it asks for.
extension Workspace: Encodable {
  private enum Keys: String, CodingKey { case channels, observations, measurements, version }

  package func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: Keys.self)
    try members.encode(channels, forKey: .channels)
    try members.encode(observations, forKey: .observations)
    try members.encode(measurements, forKey: .measurements)
    try members.encode(Self.version, forKey: .version)
  }
}

extension Workspace.Modifier: Encodable {
  private enum Keys: String, CodingKey { case name, type, data }
  private enum DataKeys: String, CodingKey { case lo_data, hi_data, lo, hi }

  package func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: Keys.self)
    try members.encode(name, forKey: .name)
    try members.encode(effect.word, forKey: .type)
    switch effect {
    case .normfactor, .lumi: try members.encodeNil(forKey: .data)
    case .histosys(let low, let high):
      var data = members.nestedContainer(keyedBy: DataKeys.self, forKey: .data)
      try data.encode(low, forKey: .lo_data)
      try data.encode(high, forKey: .hi_data)
    case .normsys(let low, let high):
      var data = members.nestedContainer(keyedBy: DataKeys.self, forKey: .data)
      try data.encode(low, forKey: .lo)
      try data.encode(high, forKey: .hi)
    }
  }
}

extension Workspace.Modifier.Effect {
  /// `type` of the schema.
  package var word: String {
    switch self {
    case .normfactor: "normfactor"
    case .histosys: "histosys"
    case .normsys: "normsys"
    case .lumi: "lumi"
    }
  }
}

extension Workspace.Measurement: Encodable {
  private enum Keys: String, CodingKey { case name, config }
  private enum ConfigKeys: String, CodingKey { case poi, parameters }

  package func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: Keys.self)
    try members.encode(name, forKey: .name)
    var config = members.nestedContainer(keyedBy: ConfigKeys.self, forKey: .config)
    try config.encode(poi, forKey: .poi)
    try config.encode(parameters, forKey: .parameters)
  }
}

extension Workspace.Parameter: Encodable {
  private enum Keys: String, CodingKey { case name, inits, bounds, auxdata, sigmas, fixed }

  package func encode(to encoder: any Encoder) throws {
    var members = encoder.container(keyedBy: Keys.self)
    try members.encode(name, forKey: .name)
    try members.encodeIfPresent(initial.map { [$0] }, forKey: .inits)
    try members.encodeIfPresent(bounds.map { [[$0.low, $0.high]] }, forKey: .bounds)
    try members.encodeIfPresent(centre.map { [$0] }, forKey: .auxdata)
    try members.encodeIfPresent(width.map { [$0] }, forKey: .sigmas)
    if isFixed { try members.encode(true, forKey: .fixed) }
  }
}

import Foundation

/// Reads a workspace and holds it against its schema: types, keys, counts, names that appear twice.
extension Workspace {
  /// - Parameters:
  ///   - text: of the file
  ///   - file: its name, for messages
  package init(_ text: Data, file: String) throws(ExchangeError) {
    let root = try JSONNode(text, file: file)
    try root.allow("channels", "observations", "measurements", "version")
    let version = try root.member("version")
    guard try version.text() == Self.version else {
      throw version.error(
        "the version is \"\(try version.text())\"",
        "Schema \(Self.version) is read; let pyhf write the workspace in it.")
    }
    channels = try Self.named(root.member("channels"), Channel.init)
    observations = try Self.named(root.member("observations"), Observation.init)
    measurements = try Self.named(root.member("measurements"), Measurement.init)
    for (index, observation) in observations.enumerated() {
      let node = try root.member("observations").list()[index]
      guard let channel = channels.first(where: { $0.name == observation.name }) else {
        throw node.error(
          "there is no channel \"\(observation.name)\"",
          "Channels are \(channels.map(\.name).joined(separator: ", ")).")
      }
      _ = try node.member("data").numbers(channel.binCount)
    }
    for (index, channel) in channels.enumerated()
    where !observations.contains(where: { $0.name == channel.name }) {
      throw try root.member("channels").list()[index].error(
        "channel \"\(channel.name)\" has no observation", "Add one to `observations`, a number per bin.")
    }
  }

  /// The items of a list whose members have names of their own.
  fileprivate static func named<Item>(
    _ list: JSONNode, _ make: (JSONNode) throws(ExchangeError) -> Item
  ) throws(ExchangeError) -> [Item] {
    var names: Set<String> = []
    var items: [Item] = []
    for node in try list.list() {
      items.append(try make(node))
      let name = try node.member("name").text()
      guard names.insert(name).inserted else {
        throw node.error(
          "the name \"\(name)\" appears twice", "Names must differ; rename one or merge the two.")
      }
    }
    return items
  }
}

extension Workspace.Channel {
  package var binCount: Int { samples.first?.data.count ?? 0 }

  init(_ node: JSONNode) throws(ExchangeError) {
    try node.allow("name", "samples")
    name = try node.member("name").text()
    let list = try node.member("samples")
    let bins = try list.list()[0].member("data").numbers().count
    samples = try Workspace.named(list) { node throws(ExchangeError) in
      try Workspace.Sample(node, bins: bins)
    }
  }
}

extension Workspace.Sample {
  init(_ node: JSONNode, bins: Int) throws(ExchangeError) {
    try node.allow("name", "data", "modifiers")
    name = try node.member("name").text()
    data = try node.member("data").numbers(bins)
    let list = try node.member("modifiers")
    modifiers = []
    if case .list(let items) = list.value, items.isEmpty { return }
    for item in try list.list() {
      let modifier = try Workspace.Modifier(item, bins: bins)
      guard !modifiers.contains(where: { $0.name == modifier.name && $0.effect.word == modifier.effect.word })
      else {
        throw item.error(
          "sample \"\(name)\" has the \(modifier.effect.word) \"\(modifier.name)\" twice",
          "Remove one of them.")
      }
      modifiers.append(modifier)
    }
  }
}

extension Workspace.Modifier {
  /// Modifiers with a parameter per bin, and why they are not taken.
  private static let refused = [
    "shapesys": "each of its bins has a parameter of its own with a Poisson constraint",
    "staterror": "each of its bins has a parameter of its own",
    "shapefactor": "each of its bins has a free parameter of its own",
  ]

  init(_ node: JSONNode, bins: Int) throws(ExchangeError) {
    try node.allow("name", "type", "data")
    name = try node.member("name").text()
    let type = try node.member("type")
    let data = try node.member("data")
    switch try type.text() {
    case "normfactor": effect = .normfactor
    case "lumi":
      guard name == "lumi" else {
        throw node.error("the lumi modifier is called \"\(name)\"", "Its name must be \"lumi\".")
      }
      effect = .lumi
    case "histosys":
      try data.allow("lo_data", "hi_data")
      effect = .histosys(
        low: try data.member("lo_data").numbers(bins), high: try data.member("hi_data").numbers(bins))
    case "normsys":
      try data.allow("lo", "hi")
      effect = .normsys(low: try data.member("lo").number(), high: try data.member("hi").number())
    case let word:
      throw type.error(
        "modifier \"\(name)\" is of the type \(word)" + (Self.refused[word].map { ", and \($0)" } ?? ""),
        "Taken are normfactor, histosys that are linear, lumi, and normsys with --linearise; remove it, or merge it into one "
          + "histosys.")
    }
  }
}

extension Workspace.Observation {
  init(_ node: JSONNode) throws(ExchangeError) {
    try node.allow("name", "data")
    name = try node.member("name").text()
    data = []
    for item in try node.member("data").list() {
      let count = try item.number()
      guard count >= 0 else { throw item.error("\(count) events were observed", "Counts are 0 or more.") }
      data.append(count)
    }
  }
}

extension Workspace.Measurement {
  init(_ node: JSONNode) throws(ExchangeError) {
    try node.allow("name", "config")
    name = try node.member("name").text()
    let config = try node.member("config")
    try config.allow("poi", "parameters")
    poi = try config.member("poi").text()
    let list = try config.member("parameters")
    if case .list(let items) = list.value, items.isEmpty {
      parameters = []
    } else {
      parameters = try Workspace.named(list, Workspace.Parameter.init)
    }
  }
}

extension Workspace.Parameter {
  init(_ node: JSONNode) throws(ExchangeError) {
    try node.allow("name", "inits", "bounds", "auxdata", "factors", "sigmas", "fixed")
    name = try node.member("name").text()
    initial = try Self.single(node, "inits")
    centre = try Self.single(node, "auxdata")
    width = try Self.single(node, "sigmas")
    if let width, !(width > 0) {
      throw try node.member("sigmas").error("the width is \(width)", "It must be greater than 0.")
    }
    isFixed = try node.optional("fixed")?.flag() ?? false
    guard let pairs = try node.optional("bounds") else { return }
    let ends = try pairs.list()[0].numbers()
    guard ends.count == 2 else {
      throw pairs.error("there are \(ends.count) bounds", "They must be two numbers, the smaller one first.")
    }
    guard ends[0] < ends[1] else {
      throw pairs.error("the bounds are \(ends)", "They must be two numbers, the smaller one first.")
    }
    bounds = Workspace.Bounds(ends[0], ends[1])
  }

  /// Parameters of one value only: those with a value per bin belong to modifiers that are not taken.
  private static func single(_ node: JSONNode, _ key: String) throws(ExchangeError) -> Double? {
    guard let list = try node.optional(key) else { return nil }
    let values = try list.numbers()
    guard values.count == 1 else {
      throw list.error("there are \(values.count) values", "Parameters that are taken have one value.")
    }
    return values[0]
  }
}

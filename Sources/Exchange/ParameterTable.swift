/// The parameters of a workspace as one measurement configures them.
struct ParameterTable {
  enum Kind: Hashable {
    /// the parameter of interest
    case strength
    case normfactor
    case alpha
    case lumi
  }

  struct Entry {
    var name: String
    var kind: Kind
    var bounds: Workspace.Bounds
    /// Of the constraint; not used by free factors.
    var centre: Double
    var width: Double
    /// The value of a parameter that is fixed.
    var fixed: Double?
  }

  /// In the order in which the modifiers name them.
  private(set) var entries: [Entry] = []
  private let places: WorkspacePlaces

  init(
    _ workspace: Workspace, _ measurement: Workspace.Measurement, _ places: WorkspacePlaces
  ) throws(ExchangeError) {
    self.places = places
    let configured = Dictionary(measurement.parameters.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    for channel in workspace.channels {
      for modifier in channel.samples.flatMap(\.modifiers) {
        let kind = Self.kind(modifier, poi: measurement.poi)
        if let known = self[modifier.name] {
          guard known.kind == kind else {
            throw ExchangeError(
              .badWorkspace,
              "\(places.channel(channel.name)): the name \"\(modifier.name)\" is used by a \(modifier.effect.word) and by a modifier "
                + "with another kind of parameter. Give the two names of their own.")
          }
          continue
        }
        let own = configured[modifier.name] ?? Workspace.Parameter(name: modifier.name)
        entries.append(try entry(own, kind, measurement.name))
      }
    }
    guard let poi = self[measurement.poi] else {
      throw ExchangeError(
        .badWorkspace,
        "\(places.measurement(measurement.name)): the parameter of interest \"\(measurement.poi)\" is no modifier of any sample. "
          + "Name a normfactor of the signal: \(factors(workspace)).")
    }
    guard poi.kind == .strength else {
      throw ExchangeError(
        .badWorkspace,
        "\(places.measurement(measurement.name)): the parameter of interest \"\(measurement.poi)\" is no normfactor. Name a "
          + "normfactor of the signal: \(factors(workspace)).")
    }
  }

  subscript(name: String) -> Entry? { entries.first { $0.name == name } }

  private static func kind(_ modifier: Workspace.Modifier, poi: String) -> Kind {
    switch modifier.effect {
    case .normfactor: modifier.name == poi ? .strength : .normfactor
    case .lumi: .lumi
    case .histosys, .normsys: .alpha
    }
  }

  private func factors(_ workspace: Workspace) -> String {
    let names = workspace.channels.flatMap(\.samples).flatMap(\.modifiers)
      .filter { $0.effect == .normfactor }.map(\.name)
    return names.isEmpty ? "the workspace has none" : Set(names).sorted().joined(separator: ", ")
  }

  private func entry(
    _ own: Workspace.Parameter, _ kind: Kind, _ measurement: String
  ) throws(ExchangeError) -> Entry {
    func refuse(_ found: String, _ cure: String) -> ExchangeError {
      ExchangeError(
        .badWorkspace, "\(places.measurement(measurement)): parameter \"\(own.name)\" \(found). \(cure)")
    }
    if kind != .lumi, own.width != nil {
      throw refuse(
        "has `sigmas`", "Only lumi has; the constraint of a histosys or normsys has unit width. Remove them.")
    }
    switch kind {
    case .strength, .normfactor:
      if own.centre != nil { throw refuse("has `auxdata`", "A normfactor has no constraint. Remove them.") }
      if kind == .strength && own.isFixed {
        throw refuse("is fixed and the parameter of interest", "Set `fixed` to false.")
      }
      return Entry(
        name: own.name, kind: kind, bounds: own.bounds ?? Workspace.Bounds(0, 10), centre: 1, width: 1,
        fixed: own.isFixed ? own.initial ?? 1 : nil)
    case .alpha:
      return Entry(
        name: own.name, kind: kind, bounds: own.bounds ?? Workspace.Bounds(-5, 5), centre: own.centre ?? 0,
        width: 1, fixed: own.isFixed ? own.initial ?? 0 : nil)
    case .lumi:
      guard let centre = own.centre, let width = own.width else {
        throw refuse(
          "has no \(own.centre == nil ? "`auxdata`" : "`sigmas`")",
          "lumi needs both, its value and its uncertainty.")
      }
      return Entry(
        name: own.name, kind: kind, bounds: own.bounds ?? Workspace.Bounds(0, 10 * max(1, centre)),
        centre: centre,
        width: width, fixed: own.isFixed ? own.initial ?? centre : nil)
    }
  }
}

/// What decides the numbers of a run: two runs with the same identity make the same tiles.
package struct RunIdentity: Hashable, Sendable {
  package struct Setting: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  /// "scan", "toys".
  package var kind: String
  /// In the order in which differences are reported.
  package var settings: [Setting]

  package init(kind: String, settings: [Setting]) {
    self.kind = kind
    self.settings = settings
  }

  /// The first thing in which another run differs, in words; nil where both are the same.
  package func difference(from other: RunIdentity, _ here: String, _ there: String) -> String? {
    if kind != other.kind { return "it is a run of \(kind) \(here), of \(other.kind) \(there)" }
    for setting in settings {
      let value = other.settings.first { $0.name == setting.name }?.value ?? "absent"
      if value != setting.value { return "\(setting.name): \(setting.value) \(here), \(value) \(there)" }
    }
    guard let extra = other.settings.first(where: { own in !settings.contains { $0.name == own.name } })
    else {
      return nil
    }
    return "\(extra.name): absent \(here), \(extra.value) \(there)"
  }
}

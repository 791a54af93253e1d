import CUpscatter
import UpscatterKit

/// The choices of a handle by the names of the command's options.
struct Choices: Sendable {
  private(set) var settings = Analysis.Settings()
  private var model: String?
  private var parameters: [String: String] = [:]
  private var backendName: String?
  private var device: String?
  private var precision: ComputeBackend.Precision?
  private var workers: Int?

  private enum Key: String, CaseIterable {
    case flavor, model, parameter, data, statistic, coupling, share, cl, tolerance
    case backend, device, precision, workers
  }

  func backend() throws -> ComputeBackend {
    try ComputeBackend.named(
      backendName ?? "auto", device: device, precision: precision ?? .double, workers: workers)
  }

  /// - Parameter value: nil or empty goes back to the default
  mutating func set(_ key: String, to value: String?) throws {
    guard let key = Key(rawValue: key) else {
      throw usage("key \(key): unknown; choose one of \(Self.list(Key.allCases.map(\.rawValue))).")
    }
    let value = value == "" ? nil : value
    let standard = Analysis.Settings()
    switch key {
    case .flavor: settings.flavour = try word(value, key)
    case .data: settings.data = try word(value, key)
    case .statistic: settings.statistic = try word(value, key)
    case .coupling: settings.coupling = try word(value, key)
    case .share: settings.sharedPulls = Self.shared(value)
    case .cl: settings.confidenceLevel = try number(value, key) ?? standard.confidenceLevel
    case .tolerance: settings.tolerance = try number(value, key) ?? standard.tolerance
    case .model:
      if let value, !Model.names.contains(value) {
        throw usage("model \(value): unknown interaction; choose one of \(Self.list(Model.names)).")
      }
      model = value
    case .parameter: parameters = try Self.parameters(value)
    case .backend:
      if let value { _ = try ComputeBackend.named(value) }
      backendName = value
    case .device: device = value
    case .precision: precision = try word(value, key)
    case .workers: workers = try wholeNumber(value, key)
    }
    settings.model = Model(model ?? Model.dipole.name, parameters: parameters)
  }

  // MARK: - Values

  private func word<W: RawRepresentable & CaseIterable>(_ value: String?, _ key: Key) throws -> W?
  where W.RawValue == String {
    guard let value else { return nil }
    guard let word = W(rawValue: value) else {
      throw usage("\(key) \(value): unknown; choose one of \(Self.list(W.allCases.map(\.rawValue))).")
    }
    return word
  }

  private func number(_ value: String?, _ key: Key) throws -> Double? {
    guard let value else { return nil }
    guard let number = Double(value), number.isFinite else { throw usage("\(key) \(value): not a number.") }
    return number
  }

  private func wholeNumber(_ value: String?, _ key: Key) throws -> Int? {
    guard let value else { return nil }
    guard let number = Int(value) else { throw usage("\(key) \(value): not a whole number.") }
    return number
  }

  private static func shared(_ value: String?) -> SharedPulls {
    switch value {
    case nil, "none": .none
    case "all": .all
    case let names?: .named(names.split(separator: ",", omittingEmptySubsequences: false).map(String.init))
    }
  }

  private static func parameters(_ value: String?) throws -> [String: String] {
    var parameters: [String: String] = [:]
    for part in (value ?? "").split(separator: ",") {
      let words = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard words.count == 2, !words[0].isEmpty, parameters.updateValue(words[1], forKey: words[0]) == nil
      else {
        throw Failure(
          Int(UPSCATTER_USAGE),
          "parameter \(part): must read name=value, each name once; several have commas between them.")
      }
    }
    return parameters
  }

  private func usage(_ message: String) -> Failure { Failure(Int(UPSCATTER_USAGE), message) }
  private static func list(_ names: [String]) -> String { names.joined(separator: ", ") }
}

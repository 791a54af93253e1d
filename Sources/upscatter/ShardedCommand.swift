import ArgumentParser
import Pipeline
import ScanCore

/// A command that can run in shards, checked as if it ran here.
struct ShardedCommand {
  /// `scan` or `toys` with its arguments.
  private let given: [String]
  /// Path of its outputs without ending.
  let output: String
  /// How many shards there may be.
  private let parts: Int
  private let backendOptions: BackendOptions
  private let isScan: Bool

  /// Throws for whatever the command itself would refuse before it computes.
  /// - Parameter command: as it stands on the command line; the defaults of a configuration file are spelt out, as the nodes
  ///   read none
  init(_ command: [String]) throws {
    let words = try Configuration.expand(command)
    Configuration.announce()
    guard let name = words.first, ["scan", "toys"].contains(name) else {
      throw RequestError(
        words.isEmpty
          ? "No command to submit: give it behind --, as in `upscatter submit --shards 8 -- scan coherent-csi-2021 --output out/x`."
          : "\(words[0]): only scan and toys run in shards. Begin what stands behind -- with one of them.")
    }
    for option in ["--shard", "--resume", "--restart"] {
      guard words.contains(where: { $0 == option || $0.hasPrefix(option + "=") }) else { continue }
      throw RequestError("\(option): submit adds what shards need. Leave it out of the command behind --.")
    }
    given = words
    let parsed: any ParsableCommand
    do { parsed = try Console.keeping { try Upscatter.parseAsRoot(words) } } catch {
      throw RequestError("the command behind --: \(Self.reason(error))")
    }
    let checked: (output: String, parts: Int)
    switch parsed {
    case let scan as ScanCommand:
      guard scan.output != nil else { throw Self.unnamed(name) }
      checked = try scan.checkedForShards()
      (backendOptions, isScan) = (scan.backendOptions, true)
    case let toys as ToysCommand:
      guard toys.output != nil else { throw Self.unnamed(name) }
      checked = try toys.checkedForShards()
      (backendOptions, isScan) = (toys.backendOptions, false)
    default:
      throw RequestError("\(name): asks for help only. Leave that out of the command behind --.")
    }
    (output, parts) = checked
  }

  /// No shard is empty.
  func requireParts(shards: Int) throws(RequestError) {
    guard shards < 1 || shards > parts else { return }
    throw RequestError(
      "--shards \(shards): must lie between 1 and the number of \(isScan ? "masses" : "points"), \(parts) here. Give fewer shards, or "
        + "more masses with --m4.")
  }

  /// Whether the merge must compute on the device of the shards, as only double precision has the bits of the CPU.
  var mergeNeedsDevice: Bool { backendOptions.precision != .double }

  /// The command with what the resources of its job imply.
  func words(workers: Int?, gpus: Int?) throws(RequestError) -> [String] {
    var words = given
    if let workers, backendOptions.workers == nil { words += ["--workers", "\(workers)"] }
    guard let gpus else { return words }
    if !isScan, gpus > 1 {
      throw RequestError("--gpus \(gpus): toys compute on one device. Give --gpus 1, and more shards.")
    }
    let choices = backendOptions.backend.choices
    guard choices.contains(.auto) || choices.contains(.opencl) else {
      throw RequestError(
        "--gpus \(gpus): the command names --backend \(backendOptions.backend), which uses no GPU. Leave one of the two out."
      )
    }
    // asked for by name, a GPU that is missing is an error and not a slow run on the CPU
    if choices == [.auto] { words += ["--backend", "opencl"] }
    if backendOptions.device == nil { words += ["--device", "gpu"] }
    return words
  }

  private static func unnamed(_ command: String) -> RequestError {
    RequestError(
      "--output is needed in the command behind --: it names the results of \(command) and the folder of the jobs."
    )
  }

  /// The message of an argument that does not parse, without usage.
  private static func reason(_ error: any Error) -> String {
    let text = Upscatter.message(for: error)
    return text.hasPrefix("Error: ") ? String(text.dropFirst(7)) : text
  }
}

extension ScanCommand {
  /// Does every check that comes before the computation, devices apart: those of the nodes are not those here.
  /// - Returns: path of the outputs without ending, number of parts at most
  func checkedForShards() throws -> (output: String, parts: Int) {
    let request = try request(try selection())
    try requireWritable(request)
    return (request.output, request.masses.count)
  }
}

extension ToysCommand {
  /// The same for toys, whose shards are made of points.
  func checkedForShards() throws -> (output: String, parts: Int) {
    let request = try request(try selection())
    try requireWritable(request)
    let couplings = try d.map { try AxisSyntax.parse($0, name: "--d", unit: request.scale.unit).count }
    return (request.output, request.masses.count * (couplings ?? 32))
  }
}

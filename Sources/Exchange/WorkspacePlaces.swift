import Foundation

/// Where the parts of a workspace stand in its file: how messages begin.
struct WorkspacePlaces {
  let file: String
  private let workspace: Workspace
  private let source: JSONSource

  init(_ workspace: Workspace, _ text: Data, file: String) {
    (self.workspace, self.file) = (workspace, file)
    source = JSONSource(text, file: file)
  }

  /// Such as `model.json, channels[0].samples[1].data[2] (line 7)`.
  /// - Parameters:
  ///   - label: put behind the path
  func sample(_ channel: Int, _ sample: Int, _ steps: [JSONSource.Step] = [], label: String = "") -> String {
    let path = samplePath(channel, sample) + steps
    return place(JSONSource.text(of: path) + label, path)
  }

  func channel(_ name: String) -> String {
    place("channel \(name)", listed("channels", workspace.channels.firstIndex { $0.name == name }))
  }

  func measurement(_ name: String) -> String {
    place(
      "measurement \"\(name)\"", listed("measurements", workspace.measurements.firstIndex { $0.name == name })
    )
  }

  /// The first modifier of that name.
  func modifier(_ name: String) -> String {
    for (c, channel) in workspace.channels.enumerated() {
      for (s, sample) in channel.samples.enumerated() {
        guard let m = sample.modifiers.firstIndex(where: { $0.name == name }) else { continue }
        return place("modifier \"\(name)\"", samplePath(c, s) + [.member("modifiers"), .item(m)])
      }
    }
    return file
  }

  private func samplePath(_ channel: Int, _ sample: Int) -> [JSONSource.Step] {
    [.member("channels"), .item(channel), .member("samples"), .item(sample)]
  }

  private func listed(_ list: String, _ index: Int?) -> [JSONSource.Step] {
    [.member(list)] + (index.map { [.item($0)] } ?? [])
  }

  private func place(_ words: String, _ steps: [JSONSource.Step]) -> String {
    "\(file), \(words)" + (source.line(of: steps).map { " (line \($0))" } ?? "")
  }
}

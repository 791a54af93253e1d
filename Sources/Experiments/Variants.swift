/// A named change to an experiment file, chosen as `NAME:VARIANT`.
package struct ExperimentVariant: Hashable, Sendable {
  package var name: String
  package var description: String
}

/// Reads the `variants` section and applies one variant to the tree before it is interpreted.
struct VariantReader {
  let context: LoadContext

  /// All variants in their order in the file.
  func list(_ node: ConfigNode?) throws(ExperimentError) -> [ExperimentVariant] {
    guard let node else { return [] }
    guard case .mapping(let entries) = node.content else {
      throw node.error(
        expected: "a mapping of names to variants", cure: "Write `name: {description: ..., set: {...}}`.")
    }
    var variants: [ExperimentVariant] = []
    for entry in entries {
      guard
        entry.key.unicodeScalars.allSatisfy({
          $0.properties.isAlphabetic || "0123456789-_.".unicodeScalars.contains($0)
        })
      else {
        throw entry.keyPosition.error(
          found: "the variant name \(Spelling.excerpt(entry.key))", expected: "letters, digits and dashes",
          cure: "Rename the variant.")
      }
      let section = try context.section(entry.value, keys: ["description", "set"])
      variants.append(
        ExperimentVariant(name: entry.key, description: try section.required("description").text()))
      _ = try changes(section)
    }
    return variants
  }

  /// The root with every `set` of the variant applied.
  func apply(_ variant: String, of node: ConfigNode?, to root: ConfigNode) throws(ExperimentError)
    -> ConfigNode
  {
    let known = try list(node).map(\.name)
    guard let node, known.contains(variant), case .mapping(let entries) = node.content,
      let entry = entries.first(where: { $0.key == variant })
    else {
      throw root.position.error(
        found: "no variant \(Spelling.excerpt(variant))", expected: "\(Spelling.listing(known)) as variant",
        cure: "\(Spelling.suggestion(for: variant, among: known))Name one of the variants or none.")
    }
    var changed = root
    for change in try changes(Section(entry.value, keys: ["description", "set"], log: context.log)) {
      let path = change.key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
      changed = try replacing(path[...], in: changed, by: change)
    }
    return changed
  }

  private func changes(_ section: Section) throws(ExperimentError) -> [ConfigNode.Entry] {
    let set = try section.required("set")
    guard case .mapping(let changes) = set.content, !changes.isEmpty else {
      throw set.error(
        expected: "a mapping of dotted paths to values",
        cure: "Write for example `set: {analysis.electrons: excluded}`.")
    }
    return changes
  }

  private func replacing(
    _ path: ArraySlice<String>, in node: ConfigNode, by change: ConfigNode.Entry
  ) throws(ExperimentError) -> ConfigNode {
    guard let key = path.first, case .mapping(var entries) = node.content else {
      throw change.keyPosition.error(
        found: "the path \(Spelling.excerpt(change.key)), which leads into a value or a list",
        expected: "a path through mappings", cure: "Set the whole value or list instead.")
    }
    let index = entries.firstIndex { $0.key == key }
    if path.count == 1 {
      let entry = ConfigNode.Entry(key: key, keyPosition: change.keyPosition, value: change.value)
      if let index { entries[index] = entry } else { entries.append(entry) }
    } else {
      guard let index else {
        throw change.keyPosition.error(
          found: "the path \(Spelling.excerpt(change.key)) with no `\(key)` in the file",
          expected: "a path to something the file has",
          cure: "\(Spelling.suggestion(for: key, among: entries.map(\.key)))Correct the path.")
      }
      entries[index].value = try replacing(path.dropFirst(), in: entries[index].value, by: change)
    }
    var changed = node
    changed.content = .mapping(entries)
    return changed
  }
}

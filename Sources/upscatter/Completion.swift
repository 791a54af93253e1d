import ArgumentParser
import Experiments
import Foundation
import Pipeline
import Rates
import Reporting

/// What completion scripts of shells offer for arguments and options that are names or files.
enum Completion {
  static let flavourNames = ActingFlavour.allCases.map(\.rawValue)
  static let plotNames = PlotFormat.allCases.map(\.rawValue) + ["none"]

  static var entries: CompletionKind { .list(Catalogue.entryNames) }
  static var flavours: CompletionKind { .list(flavourNames) }
  static var models: CompletionKind { .list(InteractionCatalogue.allCases.map(\.rawValue)) }
  static var plots: CompletionKind { .list(plotNames) }
  static var results: CompletionKind { .file(extensions: ["h5"]) }
  static var states: CompletionKind { .file(extensions: ["state"]) }
  static var pictures: CompletionKind { .file(extensions: PlotFormat.allCases.map(\.rawValue)) }
  static var jsonFiles: CompletionKind { .file(extensions: ["json"]) }
  static var anyFile: CompletionKind { .file() }

  /// Catalogue names, with a colon their variants, and experiment files: asked of the program, as both may change.
  static var experiments: CompletionKind {
    .custom { words, index, word in
      let before = Array(words.prefix(max(0, index)))
      return switch CompletionShell.requesting {
      case .bash: afterColon(before, word)
      // there a colon begins a description
      case .zsh: experiments(word).map { $0.replacingOccurrences(of: ":", with: "\\:") }
      default: experiments(word)
      }
    }
  }
  /// Files of the entry that the line names.
  static var entryFiles: CompletionKind {
    .custom { words, _, _ in
      words.lazy.map { Catalogue.files(of: String($0.prefix { $0 != ":" })) }.first { !$0.isEmpty } ?? []
    }
  }

  /// Bash parts words at colons: NAME, `:` and what is begun of the variant; it wants what follows the colon.
  private static func afterColon(_ before: [String], _ word: String) -> [String] {
    let (names, start) =
      word == ":" ? (before[...], "") : before.last == ":" ? (before.dropLast(), word) : (before[...], nil)
    guard let start, let name = names.last else { return experiments(word) }
    return experiments("\(name):\(start)").map { String($0.dropFirst(name.count + 1)) }
  }

  /// What may stand where `word` has been begun. Names have no slash, so that a word with one is a path.
  static func experiments(_ word: String) -> [String] {
    if let colon = word.firstIndex(of: ":") {
      let name = String(word[..<colon])
      let variants = (try? Catalogue.variants(of: name)) ?? []
      return variants.map { "\(name):\($0.name)" }
    }
    let names = word.contains("/") ? [] : Catalogue.entryNames
    return names.filter { $0.hasPrefix(word) } + paths(word)
  }

  /// Experiment files and folders that begin with `word`, folders with a slash.
  private static func paths(_ word: String) -> [String] {
    let folder = word.lastIndex(of: "/").map { String(word[...$0]) } ?? ""
    let manager = FileManager.default
    let names = (try? manager.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.sorted().compactMap { name in
      let path = folder + name
      guard path.hasPrefix(word), !name.hasPrefix(".") else { return nil }
      var isFolder: ObjCBool = false
      guard manager.fileExists(atPath: path, isDirectory: &isFolder) else { return nil }
      if isFolder.boolValue { return path + "/" }
      return [".yaml", ".yml"].contains(where: name.hasSuffix) ? path : nil
    }
  }
}

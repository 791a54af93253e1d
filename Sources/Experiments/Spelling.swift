/// Help with mistyped words.
package enum Spelling {
  /// The candidate closest to `word` by edit distance, if it is close enough to be a slip.
  static func nearest(to word: String, among candidates: [String]) -> String? {
    guard word.count <= 64 else { return nil }
    let ranked = candidates.map { (candidate: $0, distance: distance(word.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }) else { return nil }
    // of one or two letters nothing would remain
    let isSlip = best.distance <= max(2, word.count / 3) && best.distance < word.count
    return isSlip ? best.candidate : nil
  }

  /// "Did you mean `x`? " or nothing: what `word` begins, else the closest.
  package static func suggestion(for word: String, among candidates: [String]) -> String {
    let begun = word.count >= 3 ? candidates.filter { $0.lowercased().hasPrefix(word.lowercased()) } : []
    if (1...4).contains(begun.count) { return "Did you mean \(listing(begun))? " }
    return nearest(to: word, among: candidates).map { "Did you mean `\($0)`? " } ?? ""
  }

  /// "`a`, `b` or `c`".
  package static func listing(_ words: [String]) -> String {
    let quoted = words.map { "`\($0)`" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "nothing" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }

  /// At most 60 characters of a text that came from a file, on one line, in backquotes.
  static func excerpt(_ text: String) -> String {
    let line = String(text.unicodeScalars.prefix(60).map { $0.value < 32 ? " " : Character($0) })
    return text.unicodeScalars.count > 60 ? "`\(line)...`" : "`\(line)`"
  }

  /// Edit distance: letters put in, left out, taken for another, and neighbours exchanged ("optimal string alignment").
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var rows = [Array(0...b.count)]
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var least = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), row[j] + 1, rows[i][j + 1] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, rows[i - 1][j - 1] + 1) }
        row.append(least)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}

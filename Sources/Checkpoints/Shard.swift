/// One of several parts of a run, each computed by a process of its own: "3/8".
package struct Shard: Hashable, Sendable, CustomStringConvertible {
  /// From 1 to `count`.
  package let index: Int
  package let count: Int

  /// nil outside 1 <= index <= count.
  package init?(index: Int, count: Int) {
    guard count >= 1, (1...count).contains(index) else { return nil }
    self.index = index
    self.count = count
  }

  /// nil unless the text is "i/n" with 1 <= i <= n.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Int(parts[0]), let count = Int(parts[1]) else { return nil }
    self.init(index: index, count: count)
  }

  package var description: String { "\(index)/\(count)" }

  /// The part's share of `total` rows or points: neighbours, the shares of all parts equal within one.
  package func range(of total: Int) -> Range<Int> {
    total * (index - 1) / count..<total * index / count
  }
}

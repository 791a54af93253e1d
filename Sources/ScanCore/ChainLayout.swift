/// How the columns of a row are cut into chains of neighbours: each chain is walked from left to right, every point
/// starting its minimisation where the ones before it point to. A function of the number of columns alone, so that
/// tiles, lanes and devices never change a result.
package struct ChainLayout: Hashable, Sendable {
  package static let lanes = 8
  package static let longest = 16
  /// Points per chain (the last chain of a row may be shorter).
  package let length: Int
  /// Chains per row.
  package let count: Int

  /// Chains of at most `longest` points whose number fills whole groups of `lanes` as well as it can.
  package init(columns: Int) {
    let groups = max(1, (columns + Self.lanes * Self.longest - 1) / (Self.lanes * Self.longest))
    length = max(1, (columns + Self.lanes * groups - 1) / (Self.lanes * groups))
    count = (columns + length - 1) / length
  }

  /// Groups of `lanes` chains per row.
  package var groups: Int { (count + Self.lanes - 1) / Self.lanes }
}

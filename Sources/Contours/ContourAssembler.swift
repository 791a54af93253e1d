/// Joins segments that share a crossed grid edge into polylines, in any order of arrival.
///
/// An edge of the grid is crossed at most once, and at most two cells share it: an edge met for the second time joins
/// two chains or closes one. Only loose ends are indexed, so memory follows the contour and not the grid.
struct ContourAssembler {
  /// A polyline that grows at both ends: `front` reversed, then `back`.
  private struct Chain {
    var front: [ContourPoint] = []
    var back: [ContourPoint] = []
    var frontEdge: Int
    var backEdge: Int
    var count: Int { front.count + back.count }
    var points: [ContourPoint] { front.reversed() + back }

    mutating func reverse() {
      swap(&front, &back)
      swap(&frontEdge, &backEdge)
    }
  }

  private var chains: [Int: Chain] = [:]
  private var looseEnds: [Int: Int] = [:]
  private var nextChain = 0
  private(set) var closed: [Contour] = []

  /// Adds the segment between two crossed edges.
  mutating func add(from edgeA: Int, _ pointA: ContourPoint, to edgeB: Int, _ pointB: ContourPoint) {
    switch (looseEnds[edgeA], looseEnds[edgeB]) {
    case (nil, nil): start(Chain(front: [pointA], back: [pointB], frontEdge: edgeA, backEdge: edgeB))
    case (let chain?, nil): extend(chain, at: edgeA, with: pointB, to: edgeB)
    case (nil, let chain?): extend(chain, at: edgeB, with: pointA, to: edgeA)
    case (let a?, let b?) where a == b: close(a)
    case (let a?, let b?): join(a, at: edgeA, with: b, at: edgeB)
    }
  }

  /// All pieces, canonical and sorted; chains still open end where the grid ends.
  func contours() -> [Contour] {
    let open = chains.values.map { Contour(points: $0.points, isClosed: false) }
    return canonicalOrder((open + closed).compactMap { $0.canonical() })
  }

  private mutating func start(_ chain: Chain) {
    looseEnds[chain.frontEdge] = nextChain
    looseEnds[chain.backEdge] = nextChain
    chains[nextChain] = chain
    nextChain += 1
  }

  private mutating func extend(_ index: Int, at edge: Int, with point: ContourPoint, to newEdge: Int) {
    if chains[index]?.backEdge == edge {
      chains[index]?.back.append(point)
      chains[index]?.backEdge = newEdge
    } else {
      chains[index]?.front.append(point)
      chains[index]?.frontEdge = newEdge
    }
    looseEnds[edge] = nil
    looseEnds[newEdge] = index
  }

  private mutating func close(_ index: Int) {
    guard let chain = chains.removeValue(forKey: index) else { return }
    looseEnds[chain.frontEdge] = nil
    looseEnds[chain.backEdge] = nil
    closed.append(Contour(points: chain.points, isClosed: true))
  }

  private mutating func join(_ a: Int, at edgeA: Int, with b: Int, at edgeB: Int) {
    guard var first = chains.removeValue(forKey: a), var second = chains.removeValue(forKey: b) else {
      return
    }
    looseEnds[edgeA] = nil
    looseEnds[edgeB] = nil
    if first.frontEdge == edgeA { first.reverse() }
    if second.backEdge == edgeB { second.reverse() }
    // the end of `first` now meets the start of `second`: append the shorter to the longer
    let merged: Chain
    if first.count >= second.count {
      merged = Chain(
        front: first.front, back: first.back + second.points, frontEdge: first.frontEdge,
        backEdge: second.backEdge)
    } else {
      merged = Chain(
        front: second.front + first.points.reversed(), back: second.back, frontEdge: first.frontEdge,
        backEdge: second.backEdge)
    }
    chains[a] = merged
    looseEnds[merged.frontEdge] = a
    looseEnds[merged.backEdge] = a
  }
}

import ScanCore

extension AdaptiveToys {
  /// The statistic of the first toys of a point: the same toys as in any run with its key and this seed.
  package func distribution(of point: ToyPoint, toys: Int) throws -> ToyDistribution {
    var distributions = [ToyDistribution()]
    var state = Progress(pointsDone: 0, points: 1, toysThrown: 0)
    try throwToys(0..<toys, of: [0], [point], &distributions, &state) { _ in }
    return distributions[0]
  }
}

import ScanCore

/// Shares of the signal that follow the pulls.
extension WorkspaceAssembly {
  /// The bins of a channel in as many blocks as pulls have different shares of the signal.
  func blocks(
    _ channel: Int, _ pulls: [Pull], _ template: [Double], _ places: WorkspacePlaces
  ) throws(ExchangeError) -> [JointBlock] {
    let bins = ranges[channel]
    let slopes = pulls.map { pull in
      sum(samples.filter { $0.isSignal && $0.channel == channel }) { $0.slopes[pull.name] }
    }
    var runs: [Range<Int>] = []
    var reference: [Double]?
    for bin in bins {
      if template[bin] == 0, let k = pulls.indices.first(where: { slopes[$0][bin] != 0 }) {
        throw ExchangeError(
          .badWorkspace,
          "\(places.channel(names[channel])): in bin \(bin - bins.lowerBound) the signal is 0 and \"\(pulls[k].name)\" changes it by "
            + "\(slopes[k][bin]). Give the bin a signal, or take the modifier out of it.")
      }
      let signal = template[bin]
      let shares: [Double]? =
        signal == 0 ? nil : zip(pulls, slopes).map { pull, slope in slope[bin] / (pull.scale * signal) }
      let differs = shares.map { Self.differs($0, reference ?? $0) } ?? false
      if runs.isEmpty || differs {
        runs.append(bin..<bin + 1)
        reference = shares
      } else {
        runs[runs.count - 1] = runs[runs.count - 1].lowerBound..<bin + 1
        reference = reference ?? shares
      }
    }
    return runs.map { run in
      let shares = zip(pulls, slopes).map { pull, slope in Self.share(run, template, slope, scale: pull.scale)
      }
      let (first, last) = (run.lowerBound - bins.lowerBound, run.upperBound - 1 - bins.lowerBound)
      let part = run == bins ? "" : " (bins \(first) to \(last))"
      return JointBlock(name: names[channel] + part, bins: run, signalShares: shares)
    }
  }

  private static func differs(_ shares: [Double], _ reference: [Double]) -> Bool {
    zip(shares, reference).contains { abs($0 - $1) > 1e-9 * max(1, abs($1)) }
  }

  /// kappa of bins in which it is the same, without the rounding of the workspace: equal shares become equal numbers.
  private static func share(
    _ bins: Range<Int>, _ template: [Double], _ slope: [Double], scale: Double
  ) -> Double {
    var (signal, change) = (0.0, 0.0)
    for bin in bins {
      signal += abs(template[bin])
      change += template[bin] < 0 ? -slope[bin] : slope[bin]
    }
    if signal == 0 { return 0 }
    return (change / (scale * signal) * 1e12).rounded() / 1e12
  }
}

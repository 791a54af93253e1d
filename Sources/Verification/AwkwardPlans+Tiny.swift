extension AwkwardPlans {
  /// A few cases cut to two masses and two couplings: every kernel in milliseconds of work, for kernel debuggers that
  /// interpret each operation.
  package static var tiny: [VerificationCase] {
    [onePoint, linesOnly, contact, quadratureWithElectrons, emptyBins, gaussianWithScaledSignal].map { item in
      var item = item
      item.masses = Array(item.masses.prefix(2))
      item.couplingSquares = Array(item.couplingSquares.suffix(2))
      return item
    }
  }
}

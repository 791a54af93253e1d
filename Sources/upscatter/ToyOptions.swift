import ArgumentParser
import Pipeline
import ScanCore

/// How toys are thrown.
struct ToyOptions: ParsableArguments {
  @Option(
    help:
      "Nuisance parameters of the toys: constraints (drawn from them), profiled (as fitted to the data at each point) or fixed."
  )
  var ensemble: ToyEnsemble = .constraints
  @Option(parsing: .unconditional, help: "Seed of the random numbers.")
  var seed: UInt64 = 1

  static func requireNumber(_ toys: Int) throws(RequestError) {
    guard (10...10_000_000).contains(toys) else {
      throw RequestError("--toys \(toys): must lie between 10 and 10000000; 1000 is a start.")
    }
  }
}

extension ToyEnsemble: ExpressibleByArgument {}

import ArgumentParser
import Pipeline

/// Whether and how the posterior is sampled.
struct PosteriorOptions: ParsableArguments {
  @Flag(help: "Sample the posterior too, with an ensemble of walkers.")
  var posterior = false
  @Option(
    help: ArgumentHelp(
      "log or linear: in what d has a flat prior, over its axis.",
      discussion: "m4 has one in log m4; pulls have their constraints."))
  var prior: PosteriorRequest.Prior = .logarithmic
  @Option(parsing: .unconditional, help: "Walkers of the sampler, an even number.")
  var walkers = 64
  @Option(
    parsing: .unconditional,
    help: "Most steps of every walker; doubled from 1000 until the ensemble converged.")
  var steps = 32000

  func request(seed: UInt64) throws(RequestError) -> PosteriorRequest? {
    guard posterior else { return nil }
    guard (8...4096).contains(walkers), walkers.isMultiple(of: 2) else {
      throw RequestError("--walkers \(walkers): must be an even number between 8 and 4096.")
    }
    guard (1000...10_000_000).contains(steps) else {
      throw RequestError("--steps \(steps): must lie between 1000 and 10000000.")
    }
    return PosteriorRequest(prior: prior, seed: seed, walkers: walkers, mostSteps: steps)
  }
}

extension PosteriorRequest.Prior: ExpressibleByArgument {}

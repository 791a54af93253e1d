import ScanCore
import Synchronization

/// Rates that no parameter moves, in the form the search over parameters asks for: evaluated once per mass.
final class FixedRates: LoadedPulledRates {
  private let rates: any LoadedRates
  private let cache = Mutex<[Double: ArraySlice<Double>]>([:])

  init(_ rates: any LoadedRates) { self.rates = rates }

  func evaluate(masses: [Double], pulls: [Double]) throws(BackendError) -> [Double] {
    // only what is asked for: a copy of all would be let go of while others add to it
    let known = cache.withLock { cache in
      Dictionary(masses.compactMap { mass in cache[mass].map { (mass, $0) } }) { first, _ in first }
    }
    let missing = Array(Set(masses.filter { known[$0] == nil })).sorted()
    var made: [Double: ArraySlice<Double>] = [:]
    if !missing.isEmpty {
      let values = try rates.evaluate(masses: missing)
      let stride = values.count / missing.count
      for (index, mass) in missing.enumerated() {
        made[mass] = values[index * stride..<(index + 1) * stride]
      }
      let new = made
      cache.withLock { $0.merge(new) { old, _ in old } }
    }
    return masses.flatMap { known[$0] ?? made[$0] ?? [] }
  }
}

import ScanCore
import Synchronization

extension OpenCLBackend {
  package func load(_ plan: PulledRatePlan) throws(BackendError) -> any LoadedPulledRates {
    let plan = try plan.validated()
    let options = shape(of: plan.rates) + ["-DPARAMETERS=\(plan.parameterCount)"]
    let runner = try runner(
      "pulled_rates.cl", kernel: "evaluate_pulled_rates", options: options,
      localSize: device.kind == .gpu ? 32 : 4)
    let packed = PackedPulledPlan(plan)
    try runner.upload(1, packed.rates.integers)
    try runner.upload(2, packed.rates.reals, "the tables of the rate plan")
    try runner.upload(3, packed.integers)
    try runner.upload(4, packed.reals, "the tables of the pulls")
    return OpenCLPulledRates(runner, plan: plan, limit: limit)
  }
}

/// A pulled rate plan on a device [UPS-19].
final class OpenCLPulledRates: LoadedPulledRates {
  private let runner: Mutex<KernelRunner>
  private let plan: PulledRatePlan
  private let limit: Int

  init(_ runner: sending KernelRunner, plan: PulledRatePlan, limit: Int) {
    self.runner = Mutex(runner)
    self.plan = plan
    self.limit = limit
  }

  func evaluate(masses: [Double], pulls: [Double]) throws(BackendError) -> [Double] {
    try plan.check(masses: masses, pulls: pulls)
    let parameters = plan.parameterCount
    let values = plan.valuesPerRequest
    let requestsPerPart = try rows(perPartOf: values, limit: limit)
    return try runner.withLock { runner throws(BackendError) in
      var events: [Double] = []
      events.reserveCapacity(masses.count * values)
      for start in stride(from: 0, to: masses.count, by: requestsPerPart) {
        let end = min(start + requestsPerPart, masses.count)
        let items = (end - start) * plan.rates.componentCount
        try runner.set(0, items)
        try runner.upload(5, Array(masses[start..<end]), "the masses")
        try runner.upload(6, Array(pulls[start * parameters..<end * parameters]), "the pulls")
        try runner.reserve(7, numbers: (end - start) * values)
        try runner.launch(items: items)
        events += try runner.read(7, numbers: (end - start) * values)
      }
      try runner.requireFinite(events)
      return events
    }
  }
}

import UpscatterKit

// limit EXPERIMENT MASS...: the limit on d at each mass (MeV, ascending)
let words = CommandLine.arguments.dropFirst()
let masses = words.dropFirst().compactMap(Double.init)

do {
  let analysis = try Analysis(
    of: words.first ?? "coherent-csi-2021", settings: Analysis.Settings(flavour: .mu), backend: .simd)
  let limits = try analysis.limits(masses: masses.isEmpty ? [10] : masses)
  for row in limits.rows {
    print("limit \(row.mass) \(row.coupling.map { "\($0)" } ?? "none")")
  }
} catch {
  // `error` is an UpscatterError: typed throws
  print("\(error.kind): \(error.message)")
}

import CUpscatter
import UpscatterKit

@_cdecl("upscatter_experiment_count")
public func experimentCount(_ analysis: OpaquePointer?, _ count: UnsafeMutablePointer<Int>?) -> Int32 {
  status { try required(count, "count").pointee = try handle(analysis).experiments.count }
}

@_cdecl("upscatter_experiment_get")
public func experimentGet(
  _ analysis: OpaquePointer?, _ index: Int, _ key: UnsafePointer<CChar>?,
  _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ needed: UnsafeMutablePointer<Int>?
) -> Int32 {
  status {
    let experiment = try handle(analysis).experiment(index)
    let value =
      switch try text(key, "key") {
      case "name": experiment.name
      case "title": experiment.title
      case "kind": experiment.kind.rawValue
      case "energy_unit": experiment.energyUnit
      case "content": experiment.content
      case let other:
        throw Failure(
          Int(UPSCATTER_USAGE),
          "key \(other): unknown; choose one of name, title, kind, energy_unit, content.")
      }
    try copy(value, to: buffer, size: size, needed: needed)
  }
}

@_cdecl("upscatter_bins")
public func bins(
  _ analysis: OpaquePointer?, _ index: Int, _ energyBins: UnsafeMutablePointer<Int>?,
  _ timeBins: UnsafeMutablePointer<Int>?
) -> Int32 {
  status {
    let experiment = try handle(analysis).experiment(index)
    let (energy, time) = (try required(energyBins, "energy_bins"), try required(timeBins, "time_bins"))
    energy.pointee = max(0, experiment.energyEdges.count - 1)
    time.pointee = max(0, experiment.timeEdges.count - 1)
  }
}

@_cdecl("upscatter_edges")
public func edges(
  _ analysis: OpaquePointer?, _ index: Int, _ energy: UnsafeMutablePointer<Double>?, _ energySize: Int,
  _ time: UnsafeMutablePointer<Double>?, _ timeSize: Int
) -> Int32 {
  status {
    let experiment = try handle(analysis).experiment(index)
    let target = try required(energy, "energy")
    try requireSize(energySize, experiment.energyEdges.count, "energy", "energy bins + 1")
    try requireSize(
      timeSize, experiment.timeEdges.count, "time", experiment.timeEdges.isEmpty ? "nothing" : "time bins + 1"
    )
    if timeSize > 0 { _ = try required(time, "time") }
    copy(experiment.energyEdges, to: target)
    copy(experiment.timeEdges, to: time)
  }
}

@_cdecl("upscatter_observed")
public func observed(
  _ analysis: OpaquePointer?, _ index: Int, _ values: UnsafeMutablePointer<Double>?, _ size: Int
) -> Int32 {
  status {
    let experiment = try handle(analysis).experiment(index)
    let target = try required(values, "values")
    try requireSize(size, experiment.binCount, "values", "bins")
    copy(experiment.observed ?? [Double](repeating: .nan, count: experiment.binCount), to: target)
  }
}

@_cdecl("upscatter_ingredient_count")
public func ingredientCount(
  _ analysis: OpaquePointer?, _ index: Int, _ count: UnsafeMutablePointer<Int>?
) -> Int32 {
  status {
    let names = try handle(analysis).analysis().ingredientNames(ofExperiment: index)
    try required(count, "count").pointee = names.count
  }
}

@_cdecl("upscatter_ingredient_name")
public func ingredientName(
  _ analysis: OpaquePointer?, _ index: Int, _ ingredient: Int, _ buffer: UnsafeMutablePointer<CChar>?,
  _ size: Int, _ needed: UnsafeMutablePointer<Int>?
) -> Int32 {
  status {
    let names = try handle(analysis).analysis().ingredientNames(ofExperiment: index)
    try copy(try name(names, ingredient, "ingredient"), to: buffer, size: size, needed: needed)
  }
}

/// One of several names by its index.
func name(_ names: [String], _ index: Int, _ what: String) throws -> String {
  guard names.indices.contains(index) else {
    throw Failure(
      Int(UPSCATTER_USAGE),
      "\(what) \(UInt(bitPattern: index)): there are \(names.count). Give an index below that.")
  }
  return names[index]
}

import CUpscatter
import UpscatterKit

@_cdecl("upscatter_events")
public func events(
  _ analysis: OpaquePointer?, _ index: Int, _ mass: Double, _ coupling: Double,
  _ events: UnsafeMutablePointer<Double>?, _ size: Int
) -> Int32 {
  status {
    let handle = try handle(analysis)
    let analysis = try handle.analysis()
    let target = try required(events, "events")
    let ingredients = try analysis.ingredientNames(ofExperiment: index).count
    try requireSize(
      size, ingredients * (try handle.experiment(index)).binCount, "events", "ingredients x bins")
    let spectra = try analysis.spectra(mass: mass, coupling: coupling)
    copy(spectra[index].ingredients.flatMap(\.events), to: target)
  }
}

@_cdecl("upscatter_default_masses")
public func defaultMasses(
  _ analysis: OpaquePointer?, _ masses: UnsafeMutablePointer<Double>?, _ count: Int
) -> Int32 {
  status {
    let analysis = try handle(analysis).analysis()
    let target = try required(masses, "masses")
    let values = try analysis.defaultMasses(count: count)
    try requireSize(count, values.count, "masses", "masses")
    copy(values, to: target)
  }
}

@_cdecl("upscatter_limits")
public func limits(
  _ analysis: OpaquePointer?, _ masses: UnsafePointer<Double>?, _ count: Int,
  _ limit: UnsafeMutablePointer<Double>?, _ lower: UnsafeMutablePointer<Double>?,
  _ best: UnsafeMutablePointer<Double>?, _ delta: UnsafeMutablePointer<Double>?
) -> Int32 {
  status {
    let analysis = try handle(analysis).analysis()
    let limits = try analysis.limits(masses: numbers(masses, count, "masses"))
    copy(limits.rows.map { $0.coupling ?? .nan }, to: limit)
    copy(limits.rows.map { $0.lowerCoupling ?? .nan }, to: lower)
    copy(limits.rows.map(\.bestFit), to: best)
    copy(limits.rows.map(\.deltaWithoutSignal), to: delta)
    cupscatter_keep_notes(limits.notes.joined(separator: "\n"))
  }
}

@_cdecl("upscatter_pull_count")
public func pullCount(_ analysis: OpaquePointer?, _ count: UnsafeMutablePointer<Int>?) -> Int32 {
  status {
    let target = try required(count, "count")
    target.pointee = try handle(analysis).pulls().count
  }
}

@_cdecl("upscatter_pull_name")
public func pullName(
  _ analysis: OpaquePointer?, _ index: Int, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> Int32 {
  status {
    let names = try handle(analysis).pulls().map(\.name)
    try copy(try name(names, index, "pull"), to: buffer, size: size, needed: needed)
  }
}

@_cdecl("upscatter_grid")
public func grid(
  _ analysis: OpaquePointer?, _ masses: UnsafePointer<Double>?, _ massCount: Int,
  _ couplings: UnsafePointer<Double>?, _ couplingCount: Int, _ degreesOfFreedom: Int32,
  _ delta: UnsafeMutablePointer<Double>?, _ deltaSize: Int, _ pulls: UnsafeMutablePointer<Double>?,
  _ pullsSize: Int, _ limit: UnsafeMutablePointer<Double>?, _ limitSize: Int
) -> Int32 {
  status {
    let handle = try handle(analysis)
    let masses = try numbers(masses, massCount, "masses")
    let couplings = try numbers(couplings, couplingCount, "couplings")
    guard let freedom = Grid.DegreesOfFreedom(rawValue: Int(degreesOfFreedom)) else {
      throw Failure(
        Int(UPSCATTER_USAGE),
        "degrees_of_freedom \(degreesOfFreedom): must be 1 (limit at fixed mass) or 2 (region in the plane).")
    }
    let points = masses.count * couplings.count
    let target = try required(delta, "delta")
    try requireSize(deltaSize, points, "delta", "masses x couplings")
    if pulls == nil {
      try requireSize(pullsSize, 0, "pulls", "nothing, as it is NULL:")
    } else {
      try requireSize(pullsSize, points * (try handle.pulls()).count, "pulls", "masses x couplings x pulls")
    }
    if limit == nil {
      try requireSize(limitSize, 0, "limit", "nothing, as it is NULL:")
    } else {
      guard freedom == .one else {
        throw Failure(
          Int(UPSCATTER_USAGE),
          "limit: a region in the plane has no limit per mass. Pass NULL and 0, or degrees_of_freedom 1.")
      }
      try requireSize(limitSize, masses.count, "limit", "masses")
    }
    let grid = try handle.analysis().grid(
      masses: masses, couplings: couplings, degreesOfFreedom: freedom, storesPulls: pulls != nil)
    // another thread may have changed the choices since the sizes were checked
    if pulls != nil {
      try requireSize(pullsSize, grid.pullValues.count, "pulls", "masses x couplings x pulls")
    }
    copy(grid.delta, to: target)
    copy(grid.pullValues, to: pulls)
    copy(grid.limit.map { $0 ?? .nan }, to: limit)
    cupscatter_keep_notes(grid.notes.joined(separator: "\n"))
  }
}

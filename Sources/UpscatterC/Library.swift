import CUpscatter
import UpscatterKit

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Kept for ever: the caller may hold on to the pointer.
private nonisolated(unsafe) let versionText: UnsafePointer<CChar>? = UnsafePointer(strdup(Upscatter.version))

@_cdecl("upscatter_version")
public func version() -> UnsafePointer<CChar>? { versionText }

@_cdecl("upscatter_catalogue_count")
public func catalogueCount(_ count: UnsafeMutablePointer<Int>?) -> Int32 {
  status { try required(count, "count").pointee = Experiment.catalogueNames.count }
}

@_cdecl("upscatter_catalogue_name")
public func catalogueName(
  _ index: Int, _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ needed: UnsafeMutablePointer<Int>?
) -> Int32 {
  status {
    let names = Experiment.catalogueNames
    guard names.indices.contains(index) else {
      throw Failure(
        Int(UPSCATTER_USAGE),
        "index \(UInt(bitPattern: index)): the catalogue has \(names.count) entries. Give an index below that."
      )
    }
    try copy(names[index], to: buffer, size: size, needed: needed)
  }
}

// MARK: - Handles

@_cdecl("upscatter_open")
public func open(
  _ experiments: UnsafePointer<UnsafePointer<CChar>?>?, _ count: Int,
  _ analysis: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  status {
    let analysis = try required(analysis, "analysis")
    analysis.pointee = nil
    guard (1...1000).contains(count) else {
      throw Failure(
        Int(UPSCATTER_BAD_SIZE), "experiments: \(UInt(bitPattern: count)) names; give between 1 and 1000.")
    }
    let names = try required(experiments, "experiments")
    analysis.pointee = register(
      Handle(try (0..<count).map { try Experiment(text(names[$0], "experiments[\($0)]")) }))
  }
}

@_cdecl("upscatter_free")
public func free(_ analysis: OpaquePointer?) -> Int32 {
  status { if let analysis { try remove(analysis) } }
}

@_cdecl("upscatter_set")
public func set(
  _ analysis: OpaquePointer?, _ key: UnsafePointer<CChar>?, _ value: UnsafePointer<CChar>?
) -> Int32 {
  status { try handle(analysis).set(text(key, "key"), value.map { String(cString: $0) }) }
}

@_cdecl("upscatter_get")
public func get(
  _ analysis: OpaquePointer?, _ key: UnsafePointer<CChar>?, _ buffer: UnsafeMutablePointer<CChar>?,
  _ size: Int,
  _ needed: UnsafeMutablePointer<Int>?
) -> Int32 {
  status {
    let analysis = try handle(analysis).analysis()
    let value =
      switch try text(key, "key") {
      case "coupling_unit": analysis.couplingUnit
      case "coupling_symbol": analysis.couplingSymbol
      case "coupling_definition": analysis.couplingDefinition
      case "mass_symbol": analysis.massSymbol ?? ""
      case "computed_by": analysis.computedBy
      case "remarks": analysis.remarks.joined(separator: "\n")
      case let other:
        throw Failure(
          Int(UPSCATTER_USAGE),
          "key \(other): unknown; choose one of coupling_unit, coupling_symbol, coupling_definition, mass_symbol, "
            + "computed_by, remarks.")
      }
    try copy(value, to: buffer, size: size, needed: needed)
  }
}

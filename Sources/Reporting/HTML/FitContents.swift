/// A result of `upscatter fit` in memory.
package struct FitContents {
  static let format = "upscatter fit"

  struct Pull: Decodable {
    var name: String
    var value: Double
    var error: Double?
    var width: Double
  }
  struct BestFit: Decodable {
    var m4: Double?
    var d: Double
    var statistic: Double
    var bins: Int
    var delta_without_signal: Double
    var pulls: [Pull]
  }
  struct Truth: Decodable {
    var m4: Double
    var d: Double
    var delta: Double
  }
  struct Interval: Decodable {
    var low: Double
    var high: Double
    var open_below: Bool
    var open_above: Bool
  }
  struct Region: Decodable {
    var confidence_level: Double
    var delta_chi2: Double?
    var closes: Bool
    var opening: String?
    var m4: [Interval]
    var d: [Interval]
  }
  struct Fit: Decodable {
    var best_fit: BestFit
    var truth: Truth?
    var regions: [Region]
    var notes: [String]
  }
  struct Summary: Decodable { var fit: Fit }

  let contents: ArrayContents
  let fit: Fit

  package init(reading path: String) throws(ReportError) {
    contents = try ArrayContents(reading: path, grids: ["delta"])
    fit = try contents.decoded(Summary.self, of: path).fit
  }

  package var name: String { contents.name }
  package var provenance: FitProvenance { contents.provenance }
}

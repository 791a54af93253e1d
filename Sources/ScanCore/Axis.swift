/// One axis of the scan: strictly ascending, positive values with their unit.
package struct Axis: Codable, Hashable, Sendable {
  package enum Spacing: String, Codable, Sendable { case logarithmic, linear, list }
  package var values: [Double]
  package var unit: String
  package var spacing: Spacing
  package init(values: [Double], unit: String, spacing: Spacing) {
    self.values = values
    self.unit = unit
    self.spacing = spacing
  }
  package var count: Int { values.count }
}

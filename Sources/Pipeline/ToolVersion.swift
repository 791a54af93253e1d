/// The version every output states.
package enum ToolVersion {
  package static let current = "0.3.0-dev"
}

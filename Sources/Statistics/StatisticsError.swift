/// An argument outside the domain of a statistic: the culprit, what is allowed, and the cure.
package struct StatisticsError: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}

func requireDomain(
  _ holds: Bool, _ found: @autoclosure () -> String, _ wanted: @autoclosure () -> String
) throws(StatisticsError) {
  if !holds { throw StatisticsError("\(found()); it must be \(wanted()).") }
}

func requireConfidenceLevel(_ level: Double) throws(StatisticsError) {
  try requireDomain(
    level > 0 && level < 1, "The confidence level is \(level)", "between 0 and 1, for example 0.9 for 90 %")
}

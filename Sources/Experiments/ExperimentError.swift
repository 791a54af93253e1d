/// What is wrong with an experiment file or one of its tables, where, and how to cure it.
package struct ExperimentError: Error, Hashable, Sendable, CustomStringConvertible {
  /// File name as the user knows it.
  package var file: String
  /// Line and column from 1; 0 when the fault concerns the file as a whole.
  package var line: Int
  package var column: Int
  package var found: String
  package var expected: String
  package var cure: String

  package init(file: String, line: Int = 0, column: Int = 0, found: String, expected: String, cure: String) {
    self.file = file
    self.line = line
    self.column = column
    self.found = found
    self.expected = expected
    self.cure = cure
  }

  /// One paragraph for people: `file:line:column: found ...; expected .... Cure.`
  package var description: String {
    let place = line > 0 ? "\(file):\(line):\(column)" : file
    return "\(place): found \(found); expected \(expected). \(cure)"
  }
}

/// Collects the faults of one file so that they can be shown together. Lives for one load.
final class FindingLog {
  private(set) var findings: [ExperimentError] = []

  func add(_ error: ExperimentError) {
    if !findings.contains(error) { findings.append(error) }
  }

  /// The value of `body`, or nil after noting its error.
  func attempt<T>(_ body: @autoclosure () throws(ExperimentError) -> T) -> T? {
    do throws(ExperimentError) {
      return try body()
    } catch {
      add(error)
      return nil
    }
  }
}

/// What every reader of a part of the file needs: the log for faults and the tables.
struct LoadContext {
  let log: FindingLog
  let tables: TableStore

  func section(_ node: ConfigNode, keys: [String]) throws(ExperimentError) -> Section {
    try Section(node, keys: keys, log: log)
  }
}

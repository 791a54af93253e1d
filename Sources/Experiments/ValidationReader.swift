import Units

/// Reads the files that say what the catalogue must reproduce.
struct ValidationReader {
  let file: String
  private let context = LoadContext(log: FindingLog(), tables: TableStore(folder: .embedded("")))

  init(file: String) { self.file = file }

  // MARK: - Checks of one entry

  func checks(_ text: String, entry: String) throws(ExperimentError) -> [ValidationCheck] {
    var checks: [ValidationCheck] = []
    for item in try items(text, key: "checks") { checks.append(try check(item, entry: entry)) }
    try throwFirstFinding()
    return checks
  }

  private func check(_ node: ConfigNode, entry: String) throws(ExperimentError) -> ValidationCheck {
    let section = try context.section(
      node,
      keys: [
        "events", "from", "to", "limit", "lower-limit", "chi-square", "over", "variant", "compares",
        "published",
        "uncertainty", "within", "source", "remark",
      ])
    let variant = try section["variant"]?.text()
    return ValidationCheck(
      experiment: variant.map { "\(entry):\($0)" } ?? entry, quantity: try quantity(section, entry: entry),
      compares: try section.required("compares").choice(ValidationCheck.Comparison.allCases),
      published: try section.required("published").number(),
      uncertainty: try section["uncertainty"]?.number(.nonNegative),
      within: try section.required("within").quantity(.dimension(.fraction), .positive),
      source: try section.required("source").text(), remark: try section["remark"]?.text())
  }

  private func quantity(_ section: Section, entry: String) throws(ExperimentError) -> ValidationCheck.Quantity
  {
    if let name = section["events"] {
      return .events(
        of: try name.text(), from: try section["from"]?.number(.nonNegative),
        to: try section["to"]?.number(.positive))
    }
    if let fit = section["chi-square"] {
      return try fit.choice([(name: "standard-model", value: .chiSquare)])
    }
    if let lower = section["lower-limit"] { return .lowerLimit(try query(lower)) }
    let query = try query(section.required("limit"))
    guard let other = try section["over"]?.text() else { return .limit(query) }
    return .limitRatio(query, over: other)
  }

  private func query(_ node: ConfigNode) throws(ExperimentError) -> LimitQuery {
    let limit = try context.section(node, keys: ["flavour", "m4", "coupling"])
    return LimitQuery(
      flavour: try limit.required("flavour").choice(Self.flavours),
      m4: try limit.required("m4").quantity(.dimension(.energy), .nonNegative),
      coupling: try limit.required("coupling").choice(CouplingConvention.allCases).rawValue)
  }

  private static let flavours = ["e", "mu", "tau", "all"].map { (name: $0, value: $0) }

  // MARK: - Statements

  func statements(_ text: String) throws(ExperimentError) -> [ValidationStatement] {
    var statements: [ValidationStatement] = []
    for item in try items(text, key: "statements") { statements.append(try statement(item)) }
    try throwFirstFinding()
    return statements
  }

  private func statement(_ node: ConfigNode) throws(ExperimentError) -> ValidationStatement {
    let section = try context.section(
      node, keys: ["claim", "source", "flavour", "m4", "experiment", "below", "kink", "remark"])
    var masses: [Double] = []
    for mass in try section.required("m4").list() {
      masses.append(try mass.quantity(.dimension(.energy), .nonNegative))
    }
    return ValidationStatement(
      claim: try section.required("claim").text(), source: try section.required("source").text(),
      flavour: try section.required("flavour").choice(Self.flavours), masses: masses,
      experiment: try section.required("experiment").text(),
      relation: try relation(section, masses: masses.count), remark: try section["remark"]?.text())
  }

  private func relation(
    _ section: Section, masses: Int
  ) throws(ExperimentError) -> ValidationStatement.Relation {
    guard let kink = section["kink"] else {
      var others: [String] = []
      for other in try section.required("below").list() { others.append(try other.text()) }
      return .below(others)
    }
    let fraction = try kink.quantity(.dimension(.fraction), .positive)
    guard masses == 3 else {
      throw kink.error(
        found: "a kink with \(masses) masses", expected: "three: below, at and above it", cure: "Change m4.")
    }
    return .kink(slopeFraction: fraction)
  }

  // MARK: - Common

  private func items(_ text: String, key: String) throws(ExperimentError) -> [ConfigNode] {
    let root = try ConfigDocument.parse(text, file: file)
    return try context.section(root, keys: [key]).required(key).list()
  }

  private func throwFirstFinding() throws(ExperimentError) {
    if let first = context.log.findings.first { throw first }
  }
}

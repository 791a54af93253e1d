/// A number that a catalogue entry must reproduce: one item of the `validation.yaml` beside its `experiment.yaml`.
package struct ValidationCheck: Hashable, Sendable, Codable {
  package enum Quantity: Hashable, Sendable, Codable {
    /// Expected events of "standard-model" or a background, of "expected", which is all of them, or the "observed" ones, in whole energy bins between two
    /// edges (unit of the channel; nil: from the first or to the last edge).
    case events(of: String, from: Double?, to: Double?)
    /// 90 % C.L. limit on the coupling at one mass.
    case limit(LimitQuery)
    /// Lower end of the 90 % C.L. interval at one mass, where the data exclude zero.
    case lowerLimit(LimitQuery)
    /// The statistic of the best fit without signal.
    case chiSquare
    /// Such a limit over the one of another entry or variant.
    case limitRatio(LimitQuery, over: String)
  }

  /// What agreement says.
  package enum Comparison: String, Hashable, Sendable, Codable, CaseIterable {
    /// A limit, a moment or a total of a publication that this calculation arrives at by itself.
    case result
    /// A number that was put into the entry, read back.
    case input
    /// Another calculation of ours or a scaling law, not a publication.
    case consistency
  }

  /// Catalogue name, with its variant after a colon if there is one.
  package var experiment: String
  package var quantity: Quantity
  package var compares: Comparison
  /// What ours is held against: published, put in, or expected.
  package var published: Double
  /// As published, nil where none is.
  package var uncertainty: Double?
  /// Largest relative difference of ours that passes.
  package var within: Double
  package var source: String
  /// Why ours differs, or what was done.
  package var remark: String?

  package init(
    experiment: String, quantity: Quantity, compares: Comparison, published: Double,
    uncertainty: Double? = nil, within: Double, source: String, remark: String? = nil
  ) {
    self.experiment = experiment
    self.quantity = quantity
    self.compares = compares
    self.published = published
    self.uncertainty = uncertainty
    self.within = within
    self.source = source
    self.remark = remark
  }
}

/// A limit asked for: which coupling, at which mass, in which convention.
package struct LimitQuery: Hashable, Sendable, Codable {
  /// "e", "mu", "tau" or "all"
  package var flavour: String
  /// MeV
  package var m4: Double
  /// Name of a coupling convention: "d", "d-no-half" or "mu".
  package var coupling: String

  package init(flavour: String, m4: Double, coupling: String) {
    self.flavour = flavour
    self.m4 = m4
    self.coupling = coupling
  }
}

/// What holds between the limits of several entries, or along one: an item of `validation/statements.yaml`.
package struct ValidationStatement: Hashable, Sendable, Codable {
  package enum Relation: Hashable, Sendable, Codable {
    /// The limit is below those of the others at every mass.
    case below([String])
    /// At the middle one of three masses the slope of ln d(m4) falls to less than this fraction.
    case kink(slopeFraction: Double)
  }

  package var claim: String
  package var source: String
  package var flavour: String
  /// MeV
  package var masses: [Double]
  /// The entry (with variant), or `published:NAME`, whose limit this is about.
  package var experiment: String
  package var relation: Relation
  package var remark: String?

  package init(
    claim: String, source: String, flavour: String, masses: [Double], experiment: String, relation: Relation,
    remark: String? = nil
  ) {
    self.claim = claim
    self.source = source
    self.flavour = flavour
    self.masses = masses
    self.experiment = experiment
    self.relation = relation
    self.remark = remark
  }
}

extension Catalogue {
  /// The checks of an entry in the order of its file; empty if it has none.
  package static func validationChecks(of name: String) throws(ExperimentError) -> [ValidationCheck] {
    guard let text = text(of: name, file: "validation.yaml") else { return [] }
    return try ValidationReader(file: "\(name)/validation.yaml").checks(text, entry: name)
  }

  /// What must hold between entries.
  package static func validationStatements() throws(ExperimentError) -> [ValidationStatement] {
    let file = "validation/statements.yaml"
    guard let text = CatalogueTexts.text(file) else { return [] }
    return try ValidationReader(file: file).statements(text)
  }
}

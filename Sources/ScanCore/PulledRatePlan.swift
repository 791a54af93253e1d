/// A rate plan whose response moves with pulls that act non-linearly: quenching components, energy scale, neutron radius
/// [UPS-19].
///
/// With v = ln(T / referenceRecoil) and parameters theta_k in units of their widths, the response of `RatePlan` becomes
///
///     W_i(v; theta) = g(v; theta_r) S_i(ln x),   x(v; theta) = x_0(v) + sum_k theta_k x_k(v),
///     g(v; theta_r) = sum_n g_n(v) theta_r^n
///
/// with x the visible energy, S_i its probability to be selected in bin i, and g everything else that depends on the
/// recoil (squared charge times form factor, target count, prefactor). At theta = 0 it is the table of `rates`.
///
/// For each request (m4, theta) a backend redoes the double integrals and returns (1 + parameterCount) x componentCount
/// x binCount numbers: the expected events, then their derivatives with respect to each theta_k (bins contiguous).
package struct PulledRatePlan: Codable, Hashable, Sendable {
  /// Channels, flux, rules, scales and recoil windows; its response values are those of theta = 0.
  package var rates: RatePlan
  /// Number of parameters theta.
  package var parameterCount: Int
  /// One per entry of `rates.responses`, on the same grid in v.
  package var responses: [PulledResponse]
  package var smearings: [SmearingTable]

  package init(
    rates: RatePlan, parameterCount: Int, responses: [PulledResponse], smearings: [SmearingTable]
  ) {
    self.rates = rates
    self.parameterCount = parameterCount
    self.responses = responses
    self.smearings = smearings
  }

  /// |theta| up to which the tables hold; fits keep within it.
  package static let largestPull = 6.0
  package static let maximumParameters = 6
  package static let maximumFactorDegree = 24
  /// |x_0| and |x_k| in MeV, so that no sum of them overflows in 32 bits.
  package static let largestVisibleEnergy = 1e12

  /// Numbers per request in the output.
  package var valuesPerRequest: Int { (1 + parameterCount) * rates.valuesPerMass }
}

/// How one response table moves.
package struct PulledResponse: Codable, Hashable, Sendable {
  /// rowCount x (1 + parameterCount) on the grid of the response table: x_0, then x_k (MeV; zero where theta_k does not
  /// move the visible energy); read with six-point Lagrange interpolation.
  package var visibleEnergy: [Double]
  /// rowCount x (factorDegree + 1): g_0 ... g_N, read likewise; scaled like `ResponseTable.values`.
  package var factor: [Double]
  package var factorDegree: Int
  /// The parameter whose powers multiply g_n; not used when `factorDegree` is 0.
  package var factorParameter: Int
  /// Index into `PulledRatePlan.smearings`.
  package var smearing: Int

  package init(
    visibleEnergy: [Double], factor: [Double], factorDegree: Int, factorParameter: Int, smearing: Int
  ) {
    self.visibleEnergy = visibleEnergy
    self.factor = factor
    self.factorDegree = factorDegree
    self.factorParameter = factorParameter
    self.smearing = smearing
  }
}

/// S_i on a uniform grid in u = ln(x / MeV): row r sits at u = firstLog + r * logStep; six-point Lagrange interpolation,
/// its derivative for dS_i/du. Positions (u - firstLog) / logStep are clamped to 2 ... rowCount - 3, outside of which
/// dS_i/du = 0; x <= `smallestEnergy` reads the lowest position.
package struct SmearingTable: Codable, Hashable, Sendable {
  /// MeV; below every table, above the smallest normal number of 32 bits.
  package static let smallestEnergy = 1e-30
  /// Where tables may lie in u, so that positions and 1/x are numbers of 32 bits.
  package static let logRange = -60.0...60.0
  package static let smallestLogStep = 1e-6

  package var firstLog: Double
  package var logStep: Double
  /// At least six.
  package var rowCount: Int
  /// rowCount x binCount, bins contiguous.
  package var values: [Double]

  package init(firstLog: Double, logStep: Double, rowCount: Int, values: [Double]) {
    self.firstLog = firstLog
    self.logStep = logStep
    self.rowCount = rowCount
    self.values = values
  }
}

/// A fold whose weights move with one parameter (the onset of the arrival times): cubic splines in theta through the
/// weights at evenly spaced knots [UPS-19].
package struct PulledFold: Codable, Hashable, Sendable {
  /// The fold at theta = 0; also gives the shape.
  package var nominal: ComponentFold
  /// The parameter it moves with; not used without knots.
  package var parameter: Int
  /// Knot r sits at theta = firstKnot + r * knotStep; theta = 0 is one of them.
  package var firstKnot: Double
  package var knotStep: Double
  /// knots x componentCount x timeBins; empty when the weights do not move.
  package var weights: [Double]
  /// Derivatives of the splines at the knots, shaped like `weights`.
  package var slopes: [Double]

  package init(
    nominal: ComponentFold, parameter: Int = 0, firstKnot: Double = 0, knotStep: Double = 1,
    weights: [Double] = [], slopes: [Double] = []
  ) {
    self.nominal = nominal
    self.parameter = parameter
    self.firstKnot = firstKnot
    self.knotStep = knotStep
    self.weights = weights
    self.slopes = slopes
  }

  package var moves: Bool { !weights.isEmpty }
  package var knotCount: Int { weights.count / max(1, nominal.componentCount * nominal.timeBins) }
}

/// A likelihood with non-linear parameters theta_k, each a unit Gaussian, beside the linear pulls of `linear` [UPS-20]:
///
///     mu = constant + f_0 (SM(theta) + kappa q s(theta)) + (1 - kappa) q s(theta) + f_1 D_1 + f_2 D_2 + f_3 D_3
///     chi2 = 2 sum[mu - n + n ln(n/mu)] + sum ((f_k - 1)/sigma_k)^2 + sum theta_k^2
///
/// plus theta_k C_k for the parameters behind those of the rates, which move backgrounds only. f = 1 + eta. `linear` holds observation, widths and the templates at theta = 0.
package struct PulledLikelihoodPlan: Codable, Hashable, Sendable {
  package var linear: LikelihoodPlan
  /// Events per bin that nothing moves: backgrounds without a pull.
  package var constant: [Double]
  /// Whether the first linear pull scales the Standard Model; if not, f_0 stays 1 in front of it.
  package var scalesStandardModel: Bool
  /// All parameters: those of the rates, then one per background shape.
  package var parameterCount: Int
  /// C_k, events per bin for theta_k = 1, of either sign.
  package var backgroundShapes: [[Double]]
  package var signal: PulledRatePlan
  package var signalFold: PulledFold
  package var standardModel: PulledRatePlan
  package var standardModelFold: PulledFold

  package init(
    linear: LikelihoodPlan, constant: [Double], scalesStandardModel: Bool, parameterCount: Int,
    signal: PulledRatePlan, signalFold: PulledFold, standardModel: PulledRatePlan,
    standardModelFold: PulledFold, backgroundShapes: [[Double]] = []
  ) {
    self.linear = linear
    self.constant = constant
    self.scalesStandardModel = scalesStandardModel
    self.parameterCount = parameterCount
    self.signal = signal
    self.signalFold = signalFold
    self.standardModel = standardModel
    self.standardModelFold = standardModelFold
    self.backgroundShapes = backgroundShapes
  }

  package static let maximumParameters = 8
  /// Parameters that move signal and Standard Model; without any, their integrals are done once.
  package var rateParameterCount: Int { parameterCount - backgroundShapes.count }

  package var pullCount: Int { linear.pullCount + parameterCount }
  /// Gaussian widths of all pulls: relative for the linear ones, 1 for every theta.
  package var pullWidths: [Double] { linear.pullWidths + [Double](repeating: 1, count: parameterCount) }
}

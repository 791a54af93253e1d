import DipolePhysics
import Units

/// A, B, C, E_min and dsigma/dT of every process [UPS-3] to [UPS-6], [UPS-17]: 1e-12; E_min 1e-13. Rows outside the kinematic range
/// must give exactly 0.
func checkCrossSectionTable(folder: String) throws(ReferenceTableError) -> [TableReport] {
  let file = "xs.csv"
  let table = try ReferenceCSV(folder: folder, file: file)
  var comparisons = ["dsigma/dT", "A", "B", "C"].map {
    TableComparison(file: file, quantity: $0, tolerance: 1e-12)
  }
  comparisons.append(TableComparison(file: file, quantity: "E_min", tolerance: 1e-13))
  for row in table.rows {
    do throws(ReferenceTableError) {
      try CrossSectionRow(row).compare(&comparisons)
    } catch {
      comparisons[0].fail(error.description)
    }
  }
  return comparisons.map(\.report)
}

/// One row of xs.csv.
private struct CrossSectionRow {
  let row: ReferenceCSV.Row
  let process: String
  let mass: Double
  let heavyMass: Double
  let energy: Double
  let recoil: Double

  init(_ row: ReferenceCSV.Row) throws(ReferenceTableError) {
    self.row = row
    process = try row.text("process")
    mass = try row.number("M_MeV")
    heavyMass = try row.number("m4_MeV")
    energy = try row.number("E_MeV")
    recoil = try row.number("T_MeV")
  }

  func compare(_ comparisons: inout [TableComparison]) throws(ReferenceTableError) {
    let label = "line \(row.line) (\(process))"
    let sigma = try coefficients()
    comparisons[0].add(try differential(sigma), reference: try expectedValue(), label)
    comparisons[1].add(sigma.a, reference: try row.number("A_cm2_per_MeV"), label)
    comparisons[2].add(sigma.b, reference: try row.number("B_cm2"), label)
    comparisons[3].add(sigma.c, reference: try row.number("C_cm2_MeV"), label)
    let minimum = Kinematics.minimumNeutrinoEnergy(recoil: recoil, targetMass: mass, heavyMass: heavyMass)
    comparisons[4].add(minimum, reference: try row.number("Emin_MeV"), label)
  }

  /// The tabulated value; it must be 0 where the table says the point is not allowed.
  private func expectedValue() throws(ReferenceTableError) -> Double {
    let value = try row.number("dsigma_dT_cm2_per_MeV")
    switch try row.text("allowed") {
    case "1": return value
    case "0" where value == 0: return 0
    case let flag: throw row.failure("column \"allowed\" is \"\(flag)\" with a value of \(value)")
    }
  }

  // MARK: - Processes

  private func coefficients() throws(ReferenceTableError) -> CrossSectionCoefficients {
    switch process {
    case "cevns":
      try requireNoParameters()
      let charge = try weakCharge()
      return CEvNSCrossSection.coefficients(
        recoil: recoil, targetMass: mass, weakCharge: charge, variant: try cevnsVariant(row.text("variant")))
    case "nue":
      try requireNoParameters()
      let g = try chiralCouplings()
      return ElectronCrossSection.coefficients(recoil: recoil, left: g.left, right: g.right)
    case "dipole_nucleus", "dipole_electron":
      try requireNoParameters()
      let (moment, charge, spin) = try dipoleArguments()
      return DipoleCrossSection.coefficients(
        recoil: recoil, targetMass: mass, heavyMass: heavyMass, magneticMoment: moment, chargeSquared: charge,
        spin: spin)
    case "vector", "millicharge", "radius": return try shiftedCEvNS()
    case "scalar", "tensor": return try lightMediator()
    case "interf": return try interference()
    default: throw row.failure("unknown process \"\(process)\"")
    }
  }

  /// dsigma/dT through the function that knows the kinematic limits, where the process has one.
  private func differential(_ sigma: CrossSectionCoefficients) throws(ReferenceTableError) -> Double {
    switch process {
    case "cevns":
      let variant = try cevnsVariant(row.text("variant"))
      return CEvNSCrossSection.differential(
        neutrinoEnergy: energy, recoil: recoil, targetMass: mass, weakCharge: try weakCharge(),
        variant: variant)
    case "nue":
      let g = try chiralCouplings()
      return ElectronCrossSection.differential(
        neutrinoEnergy: energy, recoil: recoil, left: g.left, right: g.right)
    case "dipole_nucleus", "dipole_electron":
      let (moment, charge, spin) = try dipoleArguments()
      return DipoleCrossSection.differential(
        neutrinoEnergy: energy, recoil: recoil, targetMass: mass, heavyMass: heavyMass,
        magneticMoment: moment,
        chargeSquared: charge, spin: spin)
    default:
      let minimum = Kinematics.minimumNeutrinoEnergy(recoil: recoil, targetMass: mass, heavyMass: heavyMass)
      return energy >= minimum ? sigma.value(at: energy) : 0
    }
  }

  private func requireNoParameters() throws(ReferenceTableError) {
    guard try row.text("params").isEmpty else { throw row.failure("this process takes no parameters") }
  }

  private func shiftedCEvNS() throws(ReferenceTableError) -> CrossSectionCoefficients {
    var parameters = try FormulaParameters(row, column: "params")
    let charges = try nucleonCharges()
    let shift: Double
    switch process {
    case "vector":
      let nucleonCharge =
        try parameters.number("g_p") * charges.protons + parameters.number("g_n") * charges.neutrons
      shift = WeakChargeShift.vector(
        recoil: recoil, targetMass: mass, neutrinoCoupling: try parameters.number("g_nu"),
        nucleonCharge: nucleonCharge, mediatorMass: try parameters.number("m_V"))
    case "millicharge":
      shift = WeakChargeShift.millicharge(
        recoil: recoil, targetMass: mass, neutrinoCharge: try parameters.number("q_nu"),
        protons: charges.protons)
    default:
      shift = WeakChargeShift.chargeRadius(
        radiusSquared: try parameters.number("r2_cm2"), protons: charges.protons)
    }
    let variant = try cevnsVariant(parameters.text("variant"))
    try parameters.require("includes_SM", "1")
    try parameters.finish()
    return CEvNSCrossSection.coefficients(
      recoil: recoil, targetMass: mass, weakCharge: try weakCharge() + shift, variant: variant)
  }

  private func lightMediator() throws(ReferenceTableError) -> CrossSectionCoefficients {
    var parameters = try FormulaParameters(row, column: "params")
    let charges = try nucleonCharges()
    let coupling =
      try parameters.number("g_nu")
      * (parameters.number("g_p") * charges.protons + parameters.number("g_n") * charges.neutrons)
    if process == "tensor" {
      let mediator = try parameters.number("m_T")
      try parameters.finish()
      return TensorCrossSection.coefficients(
        recoil: recoil, targetMass: mass, coupling: coupling, mediatorMass: mediator)
    }
    let mediator = try parameters.number("m_phi")
    try parameters.require("spin", "half")
    try parameters.finish()
    return ScalarCrossSection.coefficients(
      recoil: recoil, targetMass: mass, coupling: coupling, mediatorMass: mediator)
  }

  private func interference() throws(ReferenceTableError) -> CrossSectionCoefficients {
    var parameters = try FormulaParameters(row, column: "params")
    try parameters.require("form_factors", "unity")
    let antineutrino: Bool
    switch try parameters.text("anti") {
    case "0": antineutrino = false
    case "1": antineutrino = true
    case let flag: throw row.failure("parameter \"anti\" is \"\(flag)\", expected 0 or 1")
    }
    let sigma = InterferenceCrossSection.coefficients(
      recoil: recoil, targetMass: mass, heavyMass: heavyMass, magneticMoment: try row.number("mu_muB"),
      charge: try parameters.number("Qf"), vectorCharge: try parameters.number("ZV"),
      axialCharge: try parameters.number("ZA"), antineutrino: antineutrino)
    try parameters.finish()
    return sigma
  }

  // MARK: - Columns

  private func cevnsVariant(_ name: String) throws(ReferenceTableError) -> CEvNSCrossSection.Variant {
    switch name {
    case "leading": .leading
    case "spin0": .spinZero
    case "spinhalf": .spinHalf
    default: throw row.failure("unknown variant \"\(name)\"")
    }
  }

  private func dipoleArguments() throws(ReferenceTableError) -> (Double, Double, TargetSpin) {
    guard let spin = TargetSpin(rawValue: try row.text("variant")) else {
      throw row.failure("unknown target spin \"\(try row.text("variant"))\"")
    }
    let moment = try row.number("mu_muB")
    if process == "dipole_electron" { return (moment, 1, spin) }
    let charge = try nucleonCharges().protons
    return (moment, charge * charge, spin)
  }

  private func chiralCouplings() throws(ReferenceTableError) -> (left: Double, right: Double) {
    guard mass == PhysicalConstants.electronMass else { throw row.failure("M is not the electron mass") }
    let flavour = try row.text("flavour")
    let antineutrino = flavour.hasSuffix("bar")
    let family = antineutrino ? String(flavour.dropLast(3)) : flavour
    guard ["e", "mu", "tau"].contains(family) else { throw row.failure("unknown flavour \"\(flavour)\"") }
    return ElectronCrossSection.chiralCouplings(
      family: family, antineutrino: antineutrino, sin2: try row.number("s2w"))
  }

  private func weakCharge() throws(ReferenceTableError) -> Double {
    let charges = try nucleonCharges()
    return WeakCouplings.tree(sin2: try row.number("s2w"))
      .weakCharge(protons: charges.protons, neutrons: charges.neutrons)
  }

  /// Z F_p and N F_n.
  private func nucleonCharges() throws(ReferenceTableError) -> (protons: Double, neutrons: Double) {
    let q = (2 * mass * recoil).squareRoot() / PhysicalConstants.hbarC
    let (Z, N) = (Double(try row.integer("Z")), Double(try row.integer("N")))
    return (
      Z * (try formFactor("rms_p_fm").value(momentumTransfer: q)),
      N * (try formFactor("rms_n_fm").value(momentumTransfer: q))
    )
  }

  private func formFactor(_ radiusColumn: String) throws(ReferenceTableError) -> FormFactor {
    let shape: FormFactor.Shape
    switch try row.text("ff") {
    case "unity": return .unity
    case "helm": shape = .helm
    case "kn": shape = .kleinNystrand
    case "sf": shape = .fermi
    case let name: throw row.failure("unknown form factor \"\(name)\"")
    }
    return FormFactor(
      shape: shape, rmsRadius: try row.number(radiusColumn), thickness: try row.number("ff_par_fm"))
  }
}

import DipolePhysics
import Foundation
import Units

/// Constants, decay, quenching, timing, transition moments, solar mixing and total cross sections of misc.json. A section
/// or value nobody checks is a failure.
func checkMiscellaneousTable(folder: String) throws(ReferenceTableError) -> [TableReport] {
  let file = "misc.json"
  var root = try ReferenceRecord(folder: folder, file: file)
  var reports: [TableReport] = []
  _ = try root.text("note")
  reports += try compareConstants(&root)
  reports += try compareRows(
    root.records("decay"), ["width_dirac", "width_majorana", "decay_length"], 1e-13, decay)
  reports += try compareRows(
    root.records("quenching"), ["csi_poly", "lindhard_ge", "lar_linear"], 1e-13, quenching)
  reports += try compareRows(root.records("timing"), ["cdf_prompt", "cdf_delayed"], 1e-12, timing)
  reports += try compareTransitionMoments(root.record("tmm"))
  reports += try compareRows(root.records("solar"), ["P_e1", "P_e2", "P_e3"], 1e-12, solar)
  reports += try compareRows(root.records("dipole_total"), ["sigma_total"], 1e-12, dipoleTotal)
  try root.finish()
  return reports
}

/// Values found and expected for the quantities of one section.
private typealias RowComparison = (inout ReferenceRecord) throws(ReferenceTableError) -> [(
  found: Double, expected: Double
)]

private func compareRows(
  _ records: [ReferenceRecord], _ quantities: [String], _ tolerance: Double, _ compare: RowComparison
) throws(ReferenceTableError) -> [TableReport] {
  var comparisons = quantities.map { TableComparison(file: "misc.json", quantity: $0, tolerance: tolerance) }
  for record in records {
    var record = record
    do throws(ReferenceTableError) {
      let pairs = try compare(&record)
      try record.finish()
      for (index, pair) in pairs.enumerated() {
        comparisons[index].add(pair.found, reference: pair.expected, record.path)
      }
    } catch {
      comparisons[0].fail(error.description)
    }
  }
  return comparisons.map(\.report)
}

// MARK: - Sections

private func compareConstants(_ root: inout ReferenceRecord) throws(ReferenceTableError) -> [TableReport] {
  typealias Constants = PhysicalConstants
  var record = try root.record("constants")
  var comparison = TableComparison(file: "misc.json", quantity: "constants", tolerance: 1e-15)
  let values: [(String, Double)] = [
    ("GF", Constants.fermiConstant), ("alpha", Constants.fineStructure), ("me", Constants.electronMass),
    ("hbarc", Constants.hbarC), ("u", Constants.atomicMassUnit), ("NA", Constants.avogadro),
    ("s2w", Constants.weakMixingAngleSquaredSine), ("mmu", Constants.muonMass), ("mpi", Constants.pionMass),
    ("hbar", Constants.hbar), ("c", Constants.speedOfLight), ("hc2", Constants.hbarCSquared),
    ("muB", Constants.bohrMagneton),
  ]
  for (name, value) in values { comparison.add(value, reference: try record.number(name), name) }
  try record.finish()
  let magneton = try root.number("muB_invGeV")
  comparison.add(Constants.bohrMagnetonInverseGeV, reference: magneton, "muB_invGeV")
  return [comparison.report]
}

private func decay(_ row: inout ReferenceRecord) throws(ReferenceTableError) -> [(
  found: Double, expected: Double
)] {
  let (m4, moment) = (try row.number("m4_MeV"), try row.number("mu_muB"))
  let energy = try row.number("E_MeV")
  let width = { HeavyNeutrinoDecay.width(heavyMass: m4, magneticMoment: moment, nature: $0) }
  let length = HeavyNeutrinoDecay.decayLength(
    energy: energy, heavyMass: m4, magneticMoment: moment, nature: .dirac)
  return [
    (width(.dirac), try row.number("width_dirac_MeV")),
    (width(.majorana), try row.number("width_majorana_MeV")),
    (length, try row.number("decay_length_dirac_cm")),
  ]
}

private func quenching(
  _ row: inout ReferenceRecord
) throws(ReferenceTableError) -> [(found: Double, expected: Double)] {
  let T = try row.number("T_MeV")
  let polynomial = Quenching.polynomial(recoil: T, coefficients: [0.0554628, 4.30681, -111.707, 840.384])
  return [
    (polynomial, try row.number("csi_poly_Eee_MeV")),
    (Quenching.lindhard(recoil: T, protons: 32, k: 0.157), try row.number("lindhard_ge_k0157_Eee_MeV")),
    (Quenching.linear(recoil: T, offset: 0.246, slopePerKeV: 7.8e-4), try row.number("lar_linear_Eee_MeV")),
  ]
}

private func timing(_ row: inout ReferenceRecord) throws(ReferenceTableError) -> [(
  found: Double, expected: Double
)] {
  let width = try row.number("sigma_us")
  guard width > 0 else { throw row.failure("the width of the pulse is not positive") }
  let pulse = ArrivalTime(center: try row.number("t0_us"), width: width)
  let t = try row.number("t_us")
  return [
    (pulse.promptCDF(at: t), try row.number("cdf_prompt")),
    (pulse.delayedCDF(at: t), try row.number("cdf_delayed")),
  ]
}

private func solar(_ row: inout ReferenceRecord) throws(ReferenceTableError) -> [(
  found: Double, expected: Double
)] {
  let mixing = SolarMixing(
    sin2Theta12: try row.number("s12sq"), sin2Theta13: try row.number("s13sq"),
    massSplitting: try row.number("dm21_eV2"))
  let found = mixing.probabilities(
    energy: try row.number("E_MeV"), electronDensity: try row.number("ne_mol_cm3"))
  return [
    (found.e1, try row.number("Pe1")), (found.e2, try row.number("Pe2")), (found.e3, try row.number("Pe3")),
  ]
}

private func dipoleTotal(
  _ row: inout ReferenceRecord
) throws(ReferenceTableError) -> [(found: Double, expected: Double)] {
  _ = try row.text("target")
  let found = DipoleCrossSection.total(
    neutrinoEnergy: try row.number("E_MeV"), targetMass: try row.number("M_MeV"),
    heavyMass: try row.number("m4_MeV"), magneticMoment: try row.number("mu_muB"), charge: 1)
  return [(found, try row.number("sigma_point_charge1_cm2"))]
}

// MARK: - Transition moments

private func compareTransitionMoments(_ section: ReferenceRecord) throws(ReferenceTableError) -> [TableReport]
{
  var section = section
  var angles = try section.record("mixing")
  let mixing = LeptonMixing(
    sin2Theta12: try angles.number("s12sq"), sin2Theta13: try angles.number("s13sq"),
    sin2Theta23: try angles.number("s23sq"), delta: try angles.number("delta"))
  try angles.finish()
  let rows = try section.records("rows")
  try section.finish()
  return try compareRows(rows, ["mu2_general_no_mixing", "mu2_incoherent_i4"], 1e-13) {
    (row) throws(ReferenceTableError) in
    let family = try row.text("flavour")
    guard ["e", "mu", "tau"].contains(family) else { throw row.failure("unknown flavour \"\(family)\"") }
    let moments = try transitionMoments(row.record("lam"))
    return [
      (
        moments.coherentSquaredMoment(flavourFamily: family, mixing: mixing),
        try row.number("mu2_general_no_mixing")
      ),
      (
        moments.incoherentSterileSquaredMoment(flavourFamily: family, mixing: mixing),
        try row.number("mu2_incoherent_i4")
      ),
    ]
  }
}

private func transitionMoments(_ record: ReferenceRecord) throws(ReferenceTableError) -> TransitionMoments {
  var record = record
  let moments = TransitionMoments(
    lambda12: try record.complex("lam12"), lambda13: try record.complex("lam13"),
    lambda23: try record.complex("lam23"), lambda14: try record.complex("lam14"),
    lambda24: try record.complex("lam24"), lambda34: try record.complex("lam34"))
  try record.finish()
  return moments
}

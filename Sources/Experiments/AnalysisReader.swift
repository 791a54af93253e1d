/// Reads the `analysis` section.
struct AnalysisReader {
  let context: LoadContext

  func read(_ node: ConfigNode) throws(ExperimentError) -> AnalysisSpec {
    let section = try context.section(
      node,
      keys: [
        "couplings", "weak-mixing", "fermi-constant", "cevns-kinematics", "dipole-spin", "dipole-bracket",
        "electrons",
      ])
    let recoils = try section.required("electrons").choice([
      ("included", (electrons: true, nuclei: true)), ("excluded", (electrons: false, nuclei: true)),
      ("only", (electrons: true, nuclei: false)),
    ])
    return AnalysisSpec(
      couplings: try section.required("couplings").choice([.radiative, .tree]),
      weakMixing: try section.required("weak-mixing").number(.fraction),
      fermiConstant: try section.required("fermi-constant").quantity(.perEnergy(power: 2), .positive),
      kinematics: try section.required("cevns-kinematics").choice([.leading, .spinZero, .spinHalf]),
      dipoleSpin: try section.required("dipole-spin").choice([.half, .zero]),
      bracket: try section.required("dipole-bracket").choice([.traces, .arxiv2406_07477]),
      includeElectrons: recoils.electrons, includeNuclei: recoils.nuclei)
  }
}

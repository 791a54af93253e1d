import Experiments
import Foundation

/// A folder of its own for one test, removed when the value goes.
final class ScratchFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("upscatter-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
  }

  /// The error of loading `name`, nil if it loads.
  func fault(_ name: String) -> ExperimentError? {
    do throws(ExperimentError) {
      _ = try Catalogue.load(path(name))
      return nil
    } catch {
      return error
    }
  }
}

/// A small measurement with every kind of table, sound as it stands; the tests break one thing at a time.
enum Sample {
  static let yaml = """
    schema: 1
    name: sample
    title: A sample
    kind: measurement
    references: [own]
    source:
      pion-decay-at-rest:
        neutrinos-per-proton: 0.08
        protons-on-target: 1.5e23
        baseline: 20 m
        arrival-times: { table: times.csv }
      components:
        - label: line
          flavour: e
          fluence: 1e13 /cm^2
          spectrum: { lines: [ { energy: 0.75 MeV, weight: 0.9 }, { energy: 430 keV, weight: 0.1 } ] }
          arrival-times: { exponential: { rate: 0 /us } }
        - label: reactor
          flavour: e_bar
          fluence: 2e17 /m^2
          spectrum: { table: spectrum.csv }
          arrival-times: { gaussian-pulse: { center: 500 ns, width: 0.1 us, delayed: no } }
    detector:
      mass: 2500 g
      molar-mass: 4.0026 g/mol
      nuclei:
        - name: He4
          protons: 2
          neutrons: 2
          atomic-mass: 4.00260325413 u
          per-formula-unit: 1
          form-factor: { klein-nystrand: { proton-radius: 1.8 fm, neutron-radius: 1.8 fm, range: 0.7 fm } }
          electron-levels: { table: levels.csv, element: He }
      quenching: { lindhard: { protons: 2, k: 0.15 } }
      response: { truncated-gaussian: { noise: 68.5 eV, pair-energy: 2.96 eV, fano: 0.1 } }
      efficiency:
        energy: { logistic: { a: 0.9, b: 2 /keVee, c: 1 keVee, d: 0, maximum: 8 keVee } }
        recoil: none
        time: none
      recoil-floor: { nuclear: 3 eV, electron: 3 eV }
    analysis:
      couplings: tree
      weak-mixing: 0.2386
      fermi-constant: 1.1663788e-5 /GeV^2
      cevns-kinematics: leading
      dipole-spin: spin-0
      dipole-bracket: traces
      electrons: included
    channel:
      energy:
        unit: keVee
        edges: [1, 2, 4]
      time:
        unit: ns
        edges: [0, 500, 1000]
      observed: { table: observed.csv, column: events }
      backgrounds:
        - name: flat
          total: 12
          energy: [1, 3]
          time: { exponential: { rate: 0 /us } }
          time-efficiency: applied
        - name: listed
          events: [1, 2, 3, 4]
    systematics:
      statistic: poisson
      signal: { width: 12 %, scope: sm-only }
      backgrounds: { flat: 0.25, listed: none }
    variants:
      bare:
        description: nuclei only
        set: { analysis.electrons: excluded, channel.energy.from: 2 keVee }

    """

  static let tables = [
    "observed.csv": """
    # events per bin
    energy_low [keVee],energy_high [keVee],time_low [us],time_high [us],events
    1,2,0,0.5,3
    1,2,0.5,1,5
    2,4,0,0.5,7
    2,4,0.5,1,11

    """,
    "times.csv": """
    time_low [us],time_high [us],nu_mu,nu_mu_bar,nu_e
    0,0.5,0.75,0.25,0.125
    0.5,1,0.25,0.25,0.125

    """,
    "levels.csv": """
    element,shell,binding_energy [eV],electrons
    He,K,24.6,2

    """,
    "spectrum.csv": """
    energy [MeV],density [1/MeV]
    1,0
    2,3
    4,0

    """,
  ]

  /// A folder with the sample, its YAML and one table changed.
  static func folder(
    replacing old: String = "", with new: String = "", in file: String = "sample.yaml"
  ) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    var files = tables
    files["sample.yaml"] = yaml
    if !old.isEmpty, let text = files[file], let range = text.range(of: old) {
      files[file] = text.replacingCharacters(in: range, with: new)
    }
    for (name, text) in files { try folder.write(text, to: name) }
    return folder
  }
}

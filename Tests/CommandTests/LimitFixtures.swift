// Written by Scripts/make-limit-fixtures.py with pyhf 0.7.6; do not edit.
extension LimitFixture {
  static let all: [LimitFixture] = [
    LimitFixture(
      experiment: "one-bin.yaml", m4: 10, limit: 7.052567326830981e-07,
      expected: [
        5.851944769959909e-07, 6.940154900868062e-07, 8.487863988911269e-07, 1.0555771794857516e-06,
        1.3021618136359533e-06,
      ],
      q0: 0.0),
    LimitFixture(
      experiment: "coherent-csi-2021", m4: 10, limit: 6.107779796097606e-07,
      expected: [
        4.619705964775377e-07, 5.492695607802485e-07, 6.747561249091155e-07, 8.45520013794044e-07,
        1.0551388937710418e-06,
      ],
      q0: 3.5413449950283393e-11),
    LimitFixture(
      experiment: "coherent-csi-2021", m4: 30, limit: 1.391796224946274e-06,
      expected: [
        8.964402877052654e-07, 1.0644695790188139e-06, 1.3050747938123403e-06, 1.6308655313256953e-06,
        2.028618944142771e-06,
      ],
      q0: 0.09184249915358578),
  ]

  static let oneBin = """
    schema: 1
    name: one-bin
    title: One bin
    kind: measurement
    references: ["test"]
    source:
      pion-decay-at-rest: { neutrinos-per-proton: 0.08, protons-on-target: 1.5e23, baseline: 28.4 m }
    detector:
      mass: 10 kg
      molar-mass: 39.948 g/mol
      nuclei:
        - name: Ar40
          protons: 18
          neutrons: 22
          atomic-mass: 39.9623831 u
          per-formula-unit: 1
          form-factor: { helm: { proton-radius: 3.427 fm, neutron-radius: 3.55 fm, skin: 0.9 fm } }
      quenching: { linear: { offset: 0.246, slope: 7.8e-4 /keV } }
      response: { gaussian: { noise: 0 keV, stochastic: 0.58, constant: 0, combination: quadrature } }
      efficiency: { energy: none, recoil: none, time: none }
      recoil-floor: { nuclear: 1 keV }
    analysis:
      couplings: radiative
      weak-mixing: 0.23857
      fermi-constant: 1.1663788e-5 /GeV^2
      cevns-kinematics: spin-0
      dipole-spin: spin-1/2
      dipole-bracket: traces
      electrons: excluded
    channel:
      energy: { unit: keVee, edges: [5, 40] }
      observed: [55]
      backgrounds:
        - { name: beam, events: [6.5] }
        - { name: steady, events: [14.25] }
    systematics:
      statistic: poisson
      signal: { width: 10 %, scope: dipole-and-sm }
      backgrounds: { beam: 30 %, steady: 5 % }

    """
}

extension Catalogue {
  /// A complete, commented experiment file called `name` that loads as it is: a projection for 100 kg of
  /// liquid argon at a stopped-pion source, without tables beside it.
  package static func template(name: String) -> String {
    ExperimentTemplate.text.replacing("NAME", with: name)
  }
}

private enum ExperimentTemplate {
  static let text = """
    # An experiment file of upscatter, schema 1. Every number that has a dimension carries its unit; unknown keys
    # are errors. The name must be that of this file without its ending. docs/formats.md describes all keys.
    schema: 1
    name: NAME
    title: NAME                           # of plots and tables
    kind: projection                      # measurement (needs `channel.observed`) or projection
    references:
      - "own projection"

    source:
      pion-decay-at-rest:                 # nu_mu, nu_mu_bar and nu_e
        neutrinos-per-proton: 0.08        # of each flavour
        protons-on-target: 1.5e23
        baseline: 28.4 m
        # arrival-times: needed if the channel has a time axis, for example
        #   gaussian-pulse: { center: 0.45 us, width: 0.15 us }
      # Other sources, alone or together: reactor, solar, chromium-51, diffuse-supernova, components. For example
      # reactor:
      #   live-time: 1 y
      #   flux: { thermal-power: { power: 3 GW, baseline: 20 m, energy-per-fission: ma-2013 } }
      #   spectra: bestiole-2023
      #   fission-fractions: { u235: 0.58, u238: 0.07, pu239: 0.30, pu241: 0.05 }
      #   neutron-capture: 0.6

    detector:
      mass: 100 kg
      molar-mass: 39.948 g/mol            # of the formula unit that `per-formula-unit` counts in
      nuclei:
        - name: Ar40
          protons: 18
          neutrons: 22
          atomic-mass: 39.9623831 u       # of the neutral atom
          per-formula-unit: 1             # stoichiometry times abundance
          form-factor:                    # helm, klein-nystrand, fermi, helm-lewin-smith or unity
            helm: { proton-radius: 3.427 fm, neutron-radius: 3.55 fm, skin: 0.9 fm }
          # electron-levels: { table: levels.csv, element: Ar }   # needed if electrons are included
        # or all natural isotopes at once:
        # - element: Ar
        #   per-formula-unit: 1
        #   form-factor: { helm: { radii: charge, neutron-skin: 0.1 fm, skin: 0.9 fm } }
        #   electron-levels: library
      quenching:                          # polynomial, lindhard, linear, table or none
        linear: { offset: 0.246, slope: 7.8e-4 /keV }
      response:                           # gamma-photoelectrons, truncated-gaussian, gaussian, ideal or matrix
        # sigma^2 = noise^2 + stochastic^2 E + constant^2 E^2 (E in keV); combination `sum` adds the terms themselves
        gaussian: { noise: 0 keV, stochastic: 0.58, constant: 0, combination: quadrature }
      efficiency:                         # of the threshold and the selection
        energy: none                      # or logistic: { a, b, c, d, maximum }, table: efficiency.csv
        recoil: none                      # or { table: efficiency.csv }, against the true recoil energy
        time: none                        # or delayed-exponential: { start, rate }
      # where integrals begin, lower than any recoil the channel sees; thresholds are written above or as the first edge
      recoil-floor: { nuclear: 1 keV }    # and `electron` if electrons are included

    analysis:
      couplings: radiative                # or tree
      weak-mixing: 0.23857                # sin^2 theta_W at zero momentum transfer
      fermi-constant: 1.1663788e-5 /GeV^2
      cevns-kinematics: spin-0            # or leading, spin-1/2
      dipole-spin: spin-1/2               # or spin-0
      dipole-bracket: traces              # or arxiv-2406.07477
      electrons: excluded                 # or included

    channel:
      energy:
        unit: keVee                       # PE, keVee, keV or bin, as the response demands
        edges: [5, 10, 15, 20, 30, 40]
      # time: { unit: us, edges: [0, 1, 2, 6] }
      # observed: [..]                    # one number per bin, or { table: observed.csv, column: events }
      # uncertainties: [..]               # their standard deviations; then the statistic is gaussian
      backgrounds:
        - name: steady-state
          events: [40, 30, 25, 40, 35]    # one number per bin, or { table: ..., column: ... }
        # or per mass, energy and time:
        # - name: flat
        #   rate: 0.5 counts/(kg keV d)   # in every bin; or a list, or a table
        #   live-time: 100 d              # or source: the live time of the source, if it has one

    systematics:
      statistic: poisson                  # or gaussian
      signal: { width: 5 %, scope: dipole-and-sm }
      backgrounds:
        steady-state: 2 %                 # or none (fixed), free (not constrained)
      # shape:                            # pulls that change shapes, by a name of your own; at most eight
      #   scale: { energy-scale: 2 % }    # also quenching, neutron-radius, arrival-onset, background-shape

    variants:
      sm-only-pull:
        description: the signal pull moves the Standard Model part only
        set: { systematics.signal.scope: sm-only }

    """
}

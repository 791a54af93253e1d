#!/usr/bin/env python3
"""Writes Tests/CommandTests/LimitFixtures.swift: CLs limits of exported models as pyhf gives them.

Usage: make-limit-fixtures.py UPSCATTER > Tests/CommandTests/LimitFixtures.swift      (needs pyhf and iminuit; minutes)

The models are written by `upscatter export`. pyhf fits with Minuit at a tolerance of 1e-8, strategy 2; limits by TOMS 748 to
1e-9. Couplings follow from d = d(mu = 1) sqrt(mu).
"""
import json
import subprocess
import sys
import tempfile

import numpy as np
import pyhf
from pyhf.infer.intervals.upper_limits import toms748_scan

# A counting experiment: one bin with two backgrounds, and a deficit.
ONE_BIN = """schema: 1
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

# experiment, mass, coupling of mu = 1
MODELS = [("one-bin.yaml", 10, 1e-6), ("coherent-csi-2021", 10, 6e-7), ("coherent-csi-2021", 30, 1.4e-6)]


def main():
    pyhf.set_backend("numpy", pyhf.optimize.minuit_optimizer(tolerance=1e-8, strategy=2))
    print(f"""// Written by Scripts/make-limit-fixtures.py with pyhf {pyhf.__version__}; do not edit.
extension LimitFixture {{
  static let all: [LimitFixture] = [""")
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/one-bin.yaml", "w") as file:
            file.write(ONE_BIN)
        for experiment, mass, coupling in MODELS:
            subprocess.run([sys.argv[1], "export", experiment, "--flavor", "mu", "--m4", str(mass), "--d", repr(coupling),
                            "--output", "model.json"], check=True, capture_output=True, cwd=folder)
            with open(f"{folder}/model.json") as file:
                workspace = pyhf.Workspace(json.load(file))
            model = workspace.model()
            data = workspace.data(model)
            limit, bands = toms748_scan(data, model, 0.001, 8, level=0.1, rtol=1e-9)
            q0, (_, best) = pyhf.infer.test_statistics.q0(
                0.0, data, model, model.config.suggested_init(), model.config.suggested_bounds(),
                model.config.suggested_fixed(), return_fitted_pars=True)
            d = [repr(float(coupling * np.sqrt(mu))) for mu in [limit, *bands]]
            print(f"""    LimitFixture(
      experiment: "{experiment}", m4: {mass}, limit: {d[0]},
      expected: [{", ".join(d[1:])}],
      q0: {float(q0)!r}),""")
            print(experiment, mass, d, float(q0), float(best[model.config.poi_index]), file=sys.stderr)
    print(f"""  ]

  static let oneBin = \"\"\"
    {ONE_BIN.rstrip().replace(chr(10), chr(10) + "    ")}

    \"\"\"
}}""")


if __name__ == "__main__":
    main()

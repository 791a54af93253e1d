#!/usr/bin/env python3
"""Compares profile likelihoods of workspaces in pyhf with those of `upscatter import` [UPS-44].

Usage: pyhf-compare.py PROGRAM               compares; ends with 1 where they differ by more than 1e-6
       pyhf-compare.py PROGRAM --fixtures > Tests/ExchangeTests/PyhfFixtures.swift

Needs pyhf, iminuit and numpy. Every workspace is validated against the schema of pyhf. The statistic is pyhf's, -2 ln L; it is
minimised over the pulls by pyhf's own fit with Minuit, then by Newton steps on numerical derivatives of pyhf's likelihood, since
Minuit stops 1e-5 or so above the minimum.
"""
import json
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import numpy as np
import pyhf

# exported by upscatter
MODELS = {
    "coherent-csi-2021": ["coherent-csi-2021", "--flavor", "mu", "--m4", "10", "--d", "6e-7"],
    "coherent-csi-2021, coherent-csi-2017": [
        "coherent-csi-2021", "coherent-csi-2017", "--flavor", "mu", "--m4", "10", "--d", "6e-7", "--share",
        "beam-neutrons"],
    "coherent-lar-2020": ["coherent-lar-2020", "--flavor", "mu", "--m4", "10", "--d", "9e-7"],
    "supercdms": ["supercdms", "--flavor", "e", "--m4", "0.1", "--d", "7e-8"],
}
STRENGTHS = [0.0, 0.25, 0.5, 1.0, 2.0]


def histosys(name, nominal, step):
    return {"name": name, "type": "histosys", "data": {
        "lo_data": [n - s for n, s in zip(nominal, step)], "hi_data": [n + s for n, s in zip(nominal, step)]}}


def factor(name, kind="normfactor"):
    return {"name": name, "type": kind, "data": None}


def foreign():
    """A workspace that upscatter would not write itself: lumi, a shape of the signal that differs from bin to bin, a
    parameter that scales one sample and tilts another, a shifted and a fixed constraint, counts that are not whole."""
    signal, wide, rare = [4.0, 6.0, 3.0], [50.0, 40.0, 30.0], [2.0, 1.0, 8.0]
    return {
        "version": "1.0.0",
        "channels": [
            {"name": "b-region", "samples": [
                {"name": "signal", "data": signal, "modifiers": [
                    factor("strength"), histosys("tilt", signal, [0.4, -0.3, 0.6]), histosys("scale", signal, [0.4, 0.6, 0.3])]},
                {"name": "wide", "data": wide, "modifiers": [factor("lumi", "lumi")]},
                {"name": "rare", "data": rare, "modifiers": [histosys("scale", rare, [0.2, 0.1, 0.8]), histosys("old", rare, [1, 1, 1])]}]},
            {"name": "a-control", "samples": [
                {"name": "signal", "data": [0.0, 1.0], "modifiers": [factor("strength"), histosys("scale", [0, 1], [0, 0.2])]},
                {"name": "free", "data": [20.0, 10.0], "modifiers": [factor("level")]},
                {"name": "wide", "data": [5.0, 5.0], "modifiers": [histosys("tilt", [5.0, 5.0], [0.5, -0.5])]}]}],
        "observations": [
            {"name": "a-control", "data": [33.0, 19.5]}, {"name": "b-region", "data": [61.0, 44.0, 40.25]}],
        "measurements": [
            {"name": "other", "config": {"poi": "level", "parameters": []}},
            {"name": "main", "config": {"poi": "strength", "parameters": [
                {"name": "lumi", "inits": [1.0], "auxdata": [1.05], "sigmas": [0.05], "bounds": [[0.5, 1.5]]},
                {"name": "old", "inits": [0.7], "fixed": True},
                {"name": "tilt", "auxdata": [0.3]}]}}]}


def newton(function, start, bounds, step=1e-3):
    """Minimum of a smooth function from close by: central differences, steps cut at the bounds."""
    x = np.array(start)
    value = function(x)
    n = len(x)
    for _ in range(6):
        gradient = np.zeros(n)
        hessian = np.zeros((n, n))
        shifts = np.eye(n) * step
        up = [function(x + shifts[i]) for i in range(n)]
        down = [function(x - shifts[i]) for i in range(n)]
        for i in range(n):
            gradient[i] = (up[i] - down[i]) / (2 * step)
            hessian[i, i] = (up[i] - 2 * value + down[i]) / step**2
            for j in range(i):
                both = function(x + shifts[i] + shifts[j]) - function(x + shifts[i] - shifts[j])
                both -= function(x - shifts[i] + shifts[j]) - function(x - shifts[i] - shifts[j])
                hessian[i, j] = hessian[j, i] = both / (4 * step**2)
        trial = np.clip(x - np.linalg.solve(hessian, gradient), *np.transpose(bounds))
        if function(trial) >= value:
            break
        x, value = trial, function(trial)
    return value


class Likelihood:
    """-2 ln L of pyhf, minimised over everything but the strength."""

    def __init__(self, workspace, measurement):
        pyhf.schema.validate(workspace, "workspace.json")
        loaded = pyhf.Workspace(workspace)
        self.model = loaded.model(measurement_name=measurement)
        self.data = np.array(loaded.data(self.model))
        self.poi = self.model.config.poi_index
        self.bounds = self.model.config.suggested_bounds()
        self.fixed = self.model.config.suggested_fixed()

    def value(self, parameters):
        return float(-2 * self.model.logpdf(parameters, self.data)[0])

    def profile(self, strength):
        fitted, value = pyhf.infer.mle.fixed_poi_fit(
            strength, self.data, self.model, return_fitted_val=True)
        others = [i for i in range(len(fitted)) if i != self.poi and not self.fixed[i]]

        def function(x):
            parameters = np.array(fitted)
            parameters[others] = x
            return self.value(parameters)

        polished = newton(function, np.array(fitted)[others], [self.bounds[i] for i in others])
        return polished, float(value)

    def differences(self):
        """To strength 1, by Newton steps and by Minuit alone."""
        values = np.array([self.profile(strength) for strength in STRENGTHS])
        return (values - values[STRENGTHS.index(1.0)]).T


def run(program, *arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True, text=True).stdout


def compare(program, path, measurement):
    report = json.loads(run(
        program, "import", path, "--measurement", measurement, "--json", "--profile",
        ",".join(str(s) for s in STRENGTHS)))
    ours = np.array([point["delta"] for point in report["profile"]])
    ours -= ours[STRENGTHS.index(1.0)]
    pyhfs, minuit = Likelihood(json.loads(Path(path).read_text()), measurement).differences()
    return ours, pyhfs, minuit


def print_fixtures(results, workspace):
    text = "\n".join(textwrap.wrap(json.dumps(workspace), 100, break_long_words=False, break_on_hyphens=False))
    numbers = lambda values: ", ".join(repr(float(value)) for value in values)
    print(f"""// Written by Scripts/pyhf-compare.py --fixtures with pyhf {pyhf.__version__}; do not edit.

/// Delta (-2 ln L) of pyhf to strength 1, minimised over the other parameters.
enum PyhfFixtures {{
  static let strengths = [{numbers(STRENGTHS)}]

  /// By the experiments of the model.
  static let differences: [String: [Double]] = [""")
    for name, (_, pyhfs, _) in results.items():
        print(f'    "{name}": [\n      {numbers(pyhfs)},\n    ],')
    print(f"""  ]

  /// A workspace that was not made here, with the measurement "main". Its differences stand under "foreign", those with no
  /// event in place of 40.25 under "foreign, empty bin".
  static let foreign = #\"\"\"
{textwrap.indent(text, "    ")}
    \"\"\"#
}}""")


def main():
    program, fixtures = sys.argv[1], "--fixtures" in sys.argv
    pyhf.set_backend("numpy", pyhf.optimize.minuit_optimizer())
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        path = str(Path(folder) / "model.json")
        for name, arguments in MODELS.items():
            run(program, "export", *arguments, "--output", path)
            workspace = json.loads(Path(path).read_text())
            results[name] = compare(program, path, workspace["measurements"][0]["name"])
        # with counts as they are, and with none in the last bin
        for name, count in ("foreign", 40.25), ("foreign, empty bin", 0):
            workspace = foreign()
            workspace["observations"][1]["data"][2] = count
            Path(path).write_text(json.dumps(workspace))
            results[name] = compare(program, path, "main")
    if fixtures:
        return print_fixtures(results, foreign())
    worst = 0.0
    for name, (ours, pyhfs, minuit) in results.items():
        print(f"{name}: strength, Delta(-2 ln L) to strength 1 of upscatter and of pyhf, difference, Minuit alone")
        for row in zip(STRENGTHS, ours, pyhfs, ours - pyhfs, minuit - pyhfs):
            print("{:5} {:22.15g} {:22.15g} {:10.1e} {:10.1e}".format(*row))
        worst = max(worst, np.max(np.abs(ours - pyhfs)))
    print(f"worst difference {worst:.1e}")
    sys.exit(bool(worst > 1e-6))


if __name__ == "__main__":
    main()

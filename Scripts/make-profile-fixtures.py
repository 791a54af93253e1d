#!/usr/bin/env python3
"""Writes Tests/BackendTests/MinuitFixture.swift: the profiled chi2 of COHERENT CsI at 1000 random points as Minuit finds it.

Usage: make-profile-fixtures.py UPSCATTER > Tests/BackendTests/MinuitFixture.swift     (needs iminuit and scipy; minutes)

Events come from `upscatter export` at every mass. The likelihood [UPS-12] is written out here, with its four pulls (signal, beam
neutrons, neutrino-induced neutrons, steady state):

    mu = rest + q s f_0 + sum_k f_k D_k,   chi2 = 2 sum [mu - n + n ln(n/mu)] + sum ((f_k - 1)/sigma_k)^2,   f_k >= 1e-6

Every point is minimised by MIGRAD (strategy 2, analytic gradient) from four starts; the lowest is stored. As a check of Minuit
every point is minimised by scipy's trust-constr too. The largest differences are printed to standard error and stored.
"""
import json
import subprocess
import sys
import tempfile
import textwrap
import warnings

import iminuit
import numpy as np
import scipy
from scipy import optimize

SEED = 20260611
MASSES = [0.1, 1.0, 5.0, 10.0, 17.0, 25.0, 33.0, 42.0]
COUPLING = 1e-6  # q = 1
LIMIT = {0.1: 4.9e-7, 1.0: 4.9e-7, 5.0: 5.2e-7, 10.0: 5.7e-7, 17.0: 8e-7, 25.0: 1.2e-6, 33.0: 1.6e-6, 42.0: 2.6e-6}
PULLS = ["signal", "beam-neutrons", "neutrino-neutrons", "steady-state"]
TOYS, POINTS, FLOOR = 24, 1000, 1e-6


def exported(folder, mass):
    path = f"{folder}/model.json"
    subprocess.run([sys.argv[1], "export", "coherent-csi-2021", "--flavor", "mu", "--m4", repr(mass), "--d", repr(COUPLING),
                    "--output", path], check=True, capture_output=True)
    with open(path) as file:
        workspace = json.load(file)
    samples = {sample["name"]: sample for sample in workspace["channels"][0]["samples"]}
    return samples, workspace["observations"][0]["data"]


def width(sample, pull):
    """From the step of the histosys."""
    step = next(m["data"] for m in sample["modifiers"] if m["name"] == pull)
    high, low, events = (np.array(values) for values in (step["hi_data"], step["lo_data"], sample["data"]))
    ratio = ((high - low)[events > 0] / 2 / events[events > 0])
    assert np.ptp(ratio) < 1e-9
    return float(f"{np.median(ratio):.10g}")


class Model:
    def __init__(self):
        with tempfile.TemporaryDirectory() as folder:
            both = [exported(folder, mass) for mass in MASSES]
        samples, observed = both[0]
        self.observed = np.array(observed)
        self.signal = np.array([s["signal"]["data"] for s, _ in both])
        self.pulled = np.array([samples[f"pulled_{p}"]["data"] for p in PULLS])
        self.rest = np.array(samples["rest"]["data"]) if "rest" in samples else np.zeros(len(observed))
        self.widths = np.array([width(samples[f"pulled_{p}"], p) for p in PULLS])

    def templates(self, row, q):
        templates = self.pulled.copy()
        templates[0] += q * self.signal[row]
        return templates


class Chi2:
    """In x_k = (f_k - 1)/sigma_k."""

    def __init__(self, model, row, q, counts):
        self.t, self.rest, self.widths, self.n = model.templates(row, q), model.rest, model.widths, counts
        self.some = counts > 0

    def mu(self, x):
        return self.rest + (1 + self.widths * np.asarray(x)) @ self.t

    def __call__(self, x):
        mu, n = self.mu(x), self.n
        terms = mu - n
        terms[self.some] += n[self.some] * np.log(n[self.some] / mu[self.some])
        return float(2 * np.sum(terms) + np.dot(x, x))

    def gradient(self, x):
        return 2 * self.widths * (self.t @ (1 - self.n / self.mu(x))) + 2 * np.asarray(x)

    def hessian(self, x):
        scaled = self.t * self.widths[:, None] / self.mu(x)
        return 2 * (scaled * self.n) @ scaled.T + 2 * np.eye(len(x))


def minuit(chi2, start, lower):
    best = iminuit.Minuit(chi2, np.array(start), grad=chi2.gradient)
    best.errordef, best.strategy, best.tol, best.print_level = 1, 2, 1e-7, 0
    best.precision = 1e-15
    best.limits = [(low, None) for low in lower]
    for _ in range(3):
        best.migrad(ncall=20000)
    return best


def check(chi2, start, lower):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = optimize.minimize(chi2, start, jac=chi2.gradient, hess=chi2.hessian, method="trust-constr",
                                  bounds=optimize.Bounds(lower, np.inf, keep_feasible=True),
                                  options={"gtol": 1e-11, "xtol": 1e-14, "barrier_tol": 1e-14, "maxiter": 2000})
    return chi2(found.x)


def main():
    random = np.random.default_rng(SEED)
    model = Model()
    lower = (FLOOR - 1) / model.widths
    data = [model.observed]
    for _ in range(TOYS):  # truth: anything from no signal to twice the coupling of the limit, factors from their constraints
        row = random.integers(len(MASSES))
        q = (LIMIT[MASSES[row]] / COUPLING) ** 2 * random.choice([0, 1, 4])
        f = np.maximum(1 + model.widths * random.standard_normal(4), 0.05)
        data.append(random.poisson(model.rest + f @ model.templates(row, q)).astype(float))
    points, spread, difference, invalid = [], 0.0, 0.0, 0
    for index in range(POINTS):
        row = int(random.integers(len(MASSES)))
        number = 0 if index % 4 == 0 else int(random.integers(1, TOYS + 1))
        # one half about the limit and below, the other far inside the excluded region
        far = index % 2 == 1
        factor = np.exp(random.uniform(np.log(2), np.log(30))) if far else random.uniform(0, 1.5)
        d = float(f"{LIMIT[MASSES[row]] * factor:.6g}")
        chi2 = Chi2(model, row, (d / COUPLING) ** 2, data[number])
        starts = [np.zeros(4)] + [np.maximum(random.normal(0, 2, 4), lower / 2) for _ in range(3)]
        fits = [minuit(chi2, start, lower) for start in starts]
        # after the first valid one every other must find the same minimum
        values = sorted(fit.fval for fit in fits)
        invalid += sum(not fit.valid for fit in fits)
        reference = check(chi2, starts[0], lower)
        spread = max(spread, values[-1] - values[0])
        difference = max(difference, abs(reference - values[0]))
        points.append([number, row, d, values[0]])
    statistics = np.array([p[3] for p in points])
    note = (f"iminuit {iminuit.__version__} (scipy {scipy.__version__}), seed {SEED}: {POINTS} points, {4 * POINTS} fits, {invalid} "
            f"of them not called valid; largest spread of four starts {spread:.1e}, largest difference from trust-constr {difference:.1e}")
    print(note, f"chi2 from {statistics.min():.1f} to {statistics.max():.1f}", file=sys.stderr)
    fixture = {
        "experiment": "coherent-csi-2021", "flavour": "mu", "masses": MASSES, "coupling": COUPLING, "pulls": PULLS,
        "widths": model.widths.tolist(), "rest": model.rest.tolist(), "pulled": model.pulled.tolist(),
        "signal": model.signal.tolist(), "observed": [[int(n) for n in counts] for counts in data], "spread": spread,
        "check": difference, "points": points}
    # no string holds a space, where lines are broken
    text = "\n".join(textwrap.wrap(json.dumps(fixture), 108, break_long_words=False, break_on_hyphens=False))
    print(f"""// Written by Scripts/make-profile-fixtures.py; do not edit.
// {textwrap.fill(note, 108, subsequent_indent="// ")}

extension MinuitFixture {{
  /// Points are [data set, row of masses, d in 1/GeV, chi2].
  static let text = #\"\"\"
{textwrap.indent(text, "    ")}
    \"\"\"#
}}""")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Prints the numbers that Tests/CommandTests/FitCommandTests.swift expects of

    upscatter fit ess10 --statistic poisson --flavor mu --inject-m4 9 --inject-d 4.2e-7 --m4 1:50:20 --d 1e-7:2e-6:40

from the events of `upscatter spectrum` alone: likelihood, profiles and posterior are written out here.

Usage: make-fit-fixtures.py UPSCATTER      (needs numpy and scipy; a few minutes)
"""
import json
import subprocess
import sys

import numpy as np
from scipy import interpolate, optimize

WIDTH, M4, D = 0.05, 9.0, 4.2e-7


def events(m4):
    command = [sys.argv[1], "spectrum", "ess10", "--statistic", "poisson", "--flavor", "mu",
               "--m4", repr(float(m4)), "--d", repr(D), "--json"]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found = {i["name"]: np.array(i["events"]) for i in report["ingredients"]}
    return found["standard-model"], found["dipole"]


SM, TRUTH = events(M4)
N = SM + TRUTH


def chi2(f, signal):
    mu = f * (SM + signal)
    return 2 * np.sum(mu - N + N * np.log(N / mu), axis=-1) + ((f - 1) / WIDTH) ** 2


def profiled(signal):
    """Minimum over f in closed form: d chi2/df = 2 [M - n/f + (f - 1)/w^2] = 0."""
    m, n, w = np.sum(SM + signal, axis=-1), np.sum(N), WIDTH**2
    b = m * w - 1
    f = (-b + np.sqrt(b * b + 4 * n * w)) / 2
    return 2 * (f * m - n + np.sum(N * np.log(N / (f[..., None] * (SM + signal))), axis=-1)) + ((f - 1) / WIDTH) ** 2


print("without signal", repr(float(profiled(np.zeros((1, 5)))[0])))
for m4, d in ((15, 5e-7), (2, 3.5e-7), (25, 6e-7)):
    print("at", m4, d, repr(float(profiled(events(m4)[1][None] * (d / D) ** 2)[0])))

# error of the pull: inverse of sum n/mu^2 (dmu/dx)(dmu/dx)^T + 1/w^2 over (f, ln q, ln m4)
step = 0.002
slope = (events(M4 * (1 + step))[1] - events(M4 * (1 - step))[1]) / np.log((1 + step) / (1 - step))
rows = np.array([N, TRUTH, slope])
hessian = (rows / N) @ rows.T + np.diag([1 / WIDTH**2, 0, 0])
print("pull error", repr(float(np.sqrt(np.linalg.inv(hessian)[0, 0]))))

# templates between 240 masses: cubic in ln m4
masses = np.geomspace(1, 50, 240)
table = interpolate.CubicSpline(np.log(masses), [events(m)[1] / D**2 for m in masses])
logm, logd = np.linspace(0, np.log(50), 1200), np.linspace(np.log(1e-7), np.log(2e-6), 1200)
signals = np.maximum(table(logm), 0)


def best(x):
    return profiled((np.maximum(table(x[0]), 0) * np.exp(2 * x[1]))[None])[0]


def profile_m(x):
    return min(optimize.minimize_scalar(lambda y: best((x, y)), bounds=(np.log(1e-9), np.log(5e-6)), method="bounded",
                                        options={"xatol": 1e-10}).fun, best((x, -40.0)))


def profile_d(y):
    grid = min(logm, key=lambda x: best((x, y)))
    return optimize.minimize_scalar(lambda x: best((x, y)), bounds=(max(0, grid - 0.01), min(np.log(50), grid + 0.01)),
                                    method="bounded", options={"xatol": 1e-10}).fun


for level, delta in ((0.68, 0.988946481478023), (0.9, 2.705543454095404)):
    high = optimize.brentq(lambda x: profile_m(x) - delta, np.log(9), np.log(40))
    low_d = optimize.brentq(lambda y: profile_d(y) - delta, np.log(2e-7), np.log(D))
    high_d = optimize.brentq(lambda y: profile_d(y) - delta, np.log(D), np.log(1.5e-6))
    print("interval", level, np.exp([high, low_d, high_d]).tolist())

# posterior: all of (ln m4, ln d, f) by sums
f = np.linspace(0.75, 1.25, 101)
logp = np.empty((logm.size, logd.size))
for i, signal in enumerate(signals):
    mu = SM + np.exp(2 * logd)[:, None] * signal
    c = 2 * (np.outer(f, mu.sum(1)) - N.sum() + np.sum(N * np.log(N)) - (np.log(mu) @ N)[None] - N.sum() * np.log(f)[:, None])
    c += (((f - 1) / WIDTH) ** 2)[:, None]
    logp[i] = np.log(np.sum(np.exp(-c / 2), axis=0) + 1e-300)
for prior, extra in (("log", 0), ("linear", logd)):
    p = np.exp(logp + extra)
    p /= p.sum()
    for name, axis, marginal in (("m4", logm, p.sum(1)), ("d", logd, p.sum(0))):
        cumulative = np.cumsum(marginal) - marginal / 2
        print("posterior", prior, name, np.exp(np.interp([0.05, 0.16, 0.84, 0.95], cumulative, axis)).tolist())

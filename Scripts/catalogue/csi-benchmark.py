#!/usr/bin/env python3
"""Writes the background table of the catalogue entry `csi-benchmark`.

usage: csi-benchmark.py OUTPUT_DIR

The backgrounds are smooth stand-ins: photoelectron shape f(x) times the energy efficiency, integrated over each bin,
times a time shape, scaled to the total; the sum over all bins is the total.
  beam_neutrons      18.4   exp(-x/18 PE)      Gaussian at 0.55 us, width 0.20 us
  neutrino_neutrons   5.6   exp(-x/10 PE)      Gaussian at 0.60 us, width 0.25 us
  steady_state     1286     1 + 0.02 x/PE      time efficiency: 1 below 0.52 us, exp(-0.0494 (t/us - 0.52)) after
Computed with mpmath at 30 digits, printed with 12.
"""
import sys
from pathlib import Path

import mpmath as mp

mp.mp.dps = 30
PE_EDGES = [0, 8, 12, 16, 20, 24, 32, 40, 50, 60]
TIME_EDGES = ["0", "0.125", "0.25", "0.375", "0.5", "0.625", "0.75", "0.875", "1", "2", "4", "6"]
A, B, C, D = mp.mpf("1.32045"), mp.mpf("0.285979"), mp.mpf("10.8646"), mp.mpf("-0.333322")
RATE, START = mp.mpf("0.0494"), mp.mpf("0.52")
ZERO = C - mp.log(-A / D - 1) / B  # the efficiency vanishes below


def efficiency(x):
    return A / (1 + mp.exp(-B * (x - C))) + D


def normalised(values):
    total = mp.fsum(values)
    return [value / total for value in values]


def energy_shape(f):
    def integral(low, high):
        low = max(mp.mpf(low), ZERO)
        return mp.quad(lambda x: f(x) * efficiency(x), [low, high]) if high > low else mp.mpf(0)
    return normalised([integral(lo, hi) for lo, hi in zip(PE_EDGES, PE_EDGES[1:])])


def gaussian_times(center, width):
    cumulative = [mp.ncdf(mp.mpf(t), mp.mpf(center), mp.mpf(width)) for t in TIME_EDGES]
    return normalised([hi - lo for lo, hi in zip(cumulative, cumulative[1:])])


def efficient_time(t):
    """Integral of the time efficiency from 0 to t."""
    return t if t < START else START + (1 - mp.exp(-RATE * (t - START))) / RATE


def flat_times():
    cumulative = [efficient_time(mp.mpf(t)) for t in TIME_EDGES]
    return normalised([hi - lo for lo, hi in zip(cumulative, cumulative[1:])])


def templates():
    return [
        ("18.4", energy_shape(lambda x: mp.exp(-x / 18)), gaussian_times("0.55", "0.2")),
        ("5.6", energy_shape(lambda x: mp.exp(-x / 10)), gaussian_times("0.6", "0.25")),
        ("1286", energy_shape(lambda x: 1 + x / 50), flat_times()),
    ]


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    shapes = templates()
    lines = ["# Smooth stand-in backgrounds of the benchmark (own definition, no measurement): events per bin.",
             "# Written by Scripts/catalogue/csi-benchmark.py with mpmath, 12 digits.",
             "energy_low [PE],energy_high [PE],time_low [us],time_high [us],beam_neutrons,neutrino_neutrons,steady_state"]
    for i in range(len(PE_EDGES) - 1):
        for j in range(len(TIME_EDGES) - 1):
            events = [mp.nstr(mp.mpf(total) * e[i] * t[j], 12) for total, e, t in shapes]
            edges = [str(PE_EDGES[i]), str(PE_EDGES[i + 1]), TIME_EDGES[j], TIME_EDGES[j + 1]]
            lines.append(",".join(edges + events))
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    (out / "backgrounds.csv").write_text("\n".join(lines) + "\n")


main()

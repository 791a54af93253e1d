#!/usr/bin/env python3
"""Writes the tables of the catalogue entry `coherent-lar-2020`.

usage: coherent-lar-2020.py RELEASE_DIR OUTPUT_DIR

RELEASE_DIR holds the figures of the COHERENT LAr release, analysis A (arXiv:2006.12659), as CSV with `#` comments:
  lar_3d_nominal.csv       E_keVee, F90, t_us (bin centres), data_on, ss_bkg, brn_prompt, brn_delayed, cevns_sm
  lar_3d_systematics.csv   the same bins, brn_e_p1, brn_e_m1, brn_tmean_p1, brn_tmean_m1, brn_twidth, ...
  lar_efficiency.csv       E_keVee, efficiency
Standard library only.
"""
import csv
import math
import sys
from pathlib import Path

ENERGY_EDGES = [10 * i for i in range(13)]
F90_BINS = 8
TIME_EDGES = [round(-0.1 + 0.5 * i, 1) for i in range(11)]
# Quenching E_ee = (0.246 + 7.8e-4 T) T and resolution sigma = 0.58 sqrt(E_ee), keV, of the release.
QUENCHING = (0.246, 7.8e-4)
RESOLUTION = 0.58
# Nodes of the response in recoil energy (keV): close where the efficiency rises, to the largest recoil (167 keV) and beyond.
RECOILS = [x / 4 for x in range(0, 48)] + [x / 2 for x in range(24, 80)] + list(range(40, 172))
PAPER = "D. Akimov et al. (COHERENT), Phys. Rev. Lett. 126 (2021) 012002, arXiv:2003.10630; data release arXiv:2006.12659."
COLUMNS = ["observed", "steady_state", "brn_prompt", "brn_delayed", "energy_plus", "energy_minus", "onset_plus",
           "onset_minus", "width_plus"]


def read(path):
    with open(path) as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def write(path, notes, header, rows):
    text = "".join(f"# {note}\n" for note in notes) + ",".join(header) + "\n"
    path.write_text(text + "".join(",".join(row) + "\n" for row in rows))


def number(value, digits=7):
    return f"{value:.{digits}g}"


def bins_of(edges):
    return list(zip(edges, edges[1:]))


# MARK: - Data and backgrounds


def released(release):
    """Rows of the release: energy bin, F90 bin, time bin, one value per column; shapes have the total of the nominal."""
    rows = []
    for n, s in zip(read(release / "lar_3d_nominal.csv"), read(release / "lar_3d_systematics.csv")):
        assert all(n[key] == s[key] for key in ("E_keVee", "F90", "t_us"))
        values = [float(n[key]) for key in ("data_on", "ss_bkg", "brn_prompt", "brn_delayed")]
        values += [float(s[f"brn_{key}"]) for key in ("e_p1", "e_m1", "tmean_p1", "tmean_m1", "twidth")]
        indices = (int(float(n["E_keVee"]) // 10), int((float(n["F90"]) - 0.5) / 0.05), round((float(n["t_us"]) - 0.15) / 0.5))
        rows.append((indices, values, float(n["cevns_sm"])))
    totals = [sum(values[i] for _, values, _ in rows) for i in range(len(COLUMNS))]
    for _, values, _ in rows:
        for i in range(4, len(COLUMNS)):
            values[i] *= totals[2] / totals[i]
    return rows


def summed(rows, key):
    """Values summed over the released bins of equal key, in the order of the keys."""
    table = {}
    for indices, values, _ in rows:
        cell = table.setdefault(key(*indices), [0.0] * len(COLUMNS))
        for i, value in enumerate(values):
            cell[i] += value
    return [table[k] for k in sorted(table)]


def projections(rows, out):
    notes = [PAPER, "Released events per bin, analysis A: on-beam data; steady state (measured off beam); beam-related neutrons.",
             "energy, onset, width: prompt neutrons with the released +-1 sigma variations of energy spectrum, mean time and",
             "width in time, scaled to the nominal total (the release gives 523.7 for onset_plus)."]
    times = [[number(lo), number(hi)] for lo, hi in bins_of(TIME_EDGES)]
    energies = [[number(lo), number(hi)] for lo, hi in bins_of(ENERGY_EDGES)]

    def cells(key):
        return [[number(value, 6) for value in row] for row in summed(rows, key)]

    labels = [[str(b + 1), *t] for b in range(F90_BINS * len(energies)) for t in times]
    write(out / "events.csv", notes + ["Bin 8 i + j + 1: energy bin i of 10 keVee, F90 bin j of 0.05 from 0.5."],
          ["bin", "time_low [us]", "time_high [us]"] + COLUMNS,
          [a + b for a, b in zip(labels, cells(lambda e, f, t: (e, f, t)))])
    low, high = "energy_low [keVee]", "energy_high [keVee]"
    labels = [[*e, *t] for e in energies for t in times]
    write(out / "events-energy-time.csv", notes, [low, high, "time_low [us]", "time_high [us]"] + COLUMNS,
          [a + b for a, b in zip(labels, cells(lambda e, f, t: (e, t)))])
    # Variations in time move nothing in one bin of time.
    window = [number(TIME_EDGES[0]), number(TIME_EDGES[-1])]
    write(out / "events-energy.csv", notes, [low, high, "time_low [us]", "time_high [us]"] + COLUMNS[:6],
          [a + window + b[:6] for a, b in zip(energies, cells(lambda e, f, t: e))])


# MARK: - Response


def efficiency_nodes(release):
    """Nodes of the released acceptance; its last value holds to the end of the bins and beyond."""
    nodes = [(float(r["E_keVee"]), float(r["efficiency"])) for r in read(release / "lar_efficiency.csv")]
    return nodes + [(1000.0, nodes[-1][1])]


def efficiency_table(release, out):
    notes = [PAPER, "Acceptance after all cuts of analysis A against the reconstructed energy; the last value is kept."]
    write(out / "efficiency.csv", notes, ["energy [keVee]", "efficiency"],
          [[number(e), number(value)] for e, value in efficiency_nodes(release)])


def interpolate(nodes, x):
    if x <= nodes[0][0]:
        return 0.0
    for (a, ya), (b, yb) in zip(nodes, nodes[1:]):
        if x <= b:
            return ya + (yb - ya) * (x - a) / (b - a)


def energy_weights(recoil, nodes):
    """Probability of each energy bin: Gaussian resolution times acceptance, which is linear between its nodes."""
    mean = (QUENCHING[0] + QUENCHING[1] * recoil) * recoil
    weights = [0.0] * (len(ENERGY_EDGES) - 1)
    if mean <= 0:
        return weights
    sigma = RESOLUTION * math.sqrt(mean)
    cuts = sorted(set(ENERGY_EDGES) | {e for e, _ in nodes if e < ENERGY_EDGES[-1]})
    for lo, hi in zip(cuts, cuts[1:]):
        if hi <= nodes[0][0]:
            continue
        ylo, yhi = interpolate(nodes, lo), interpolate(nodes, hi)
        a, b = (lo - mean) / sigma, (hi - mean) / sigma
        inside = (math.erf(b / math.sqrt(2)) - math.erf(a / math.sqrt(2))) / 2
        density = (math.exp(-b * b / 2) - math.exp(-a * a / 2)) / math.sqrt(2 * math.pi)
        slope = (yhi - ylo) / (hi - lo)
        weights[min(int(lo // 10), 11)] += (ylo + slope * (mean - lo)) * inside - slope * sigma * density
    return weights


def f90_shares(rows):
    """P(F90 bin | energy bin) of the released Standard Model template; above 50 keVee, where it is empty, as below."""
    table = [[0.0] * F90_BINS for _ in ENERGY_EDGES[1:]]
    for (e, f, _), _, cevns in rows:
        table[e][f] += cevns
    for e, row in enumerate(table):
        table[e] = [value / sum(row) for value in row] if e < 5 else table[4]
    return table


def response(rows, release, out):
    nodes, shares = efficiency_nodes(release), f90_shares(rows)
    lines = []
    for recoil in RECOILS:
        weights = energy_weights(recoil, nodes)
        cells = [w * share for w, row in zip(weights, shares) for share in row]
        lines.append([number(recoil)] + [number(c, 5) if c > 1e-8 else "0" for c in cells])
    notes = [PAPER,
             "Probability that a nuclear recoil falls into a bin, calculated from released parameters: quenching 0.246 +",
             "7.8e-4 T/keV, Gaussian of width 0.58 sqrt(E_ee keV), acceptance against the reconstructed energy.",
             "The share of each F90 bin is that of the released Standard Model template in the same energy bin."]
    count = F90_BINS * (len(ENERGY_EDGES) - 1)
    write(out / "response.csv", notes, ["recoil [keV]"] + [f"bin_{i + 1}" for i in range(count)], lines)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    release, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    rows = released(release)
    projections(rows, out)
    efficiency_table(release, out)
    response(rows, release, out)


main()

#!/usr/bin/env python3
"""Writes the tables of the catalogue entry `coherent-csi-2017`.

usage: coherent-csi-2017.py RELEASE_DIR OUTPUT_DIR

RELEASE_DIR holds the figures of the first COHERENT CsI release (arXiv:1804.09459) as CSV with `#` comments:
  csi2017_binned.csv               pe, t_us, coincidence_beamOn, anticoincidence_beamOn, ...   2 PE x 0.5 us, centres
  csi2017_time_pdfs.csv            t_us, prompt_nu, delayed_nu, prompt_neutron                 0.5-us bins, centres
  csi2017_prompt_neutron_pdf_pe.csv   pe, weight     per GWh and 1-PE bin, before the selection efficiency
Standard library only.
"""
import csv
import math
import sys
from pathlib import Path

PE_EDGES = list(range(6, 31, 2))
TIME_EDGES = [0.5 * i for i in range(13)]
EXPOSURE_GWH = 7.47554
PAPER = "D. Akimov et al. (COHERENT), Science 357 (2017) 1123, arXiv:1708.01294; data release arXiv:1804.09459."


def read(path):
    with open(path) as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def write(path, notes, header, rows):
    text = "".join(f"# {note}\n" for note in notes) + ",".join(header) + "\n"
    path.write_text(text + "".join(",".join(row) + "\n" for row in rows))


def number(value):
    return f"{value:.7g}"


def bins_of(edges):
    return list(zip(edges, edges[1:]))


def inside(row, pe=(6, 30), time=(0, 6)):
    return pe[0] < float(row["pe"]) < pe[1] and time[0] < float(row["t_us"]) < time[1]


def efficiency(pe):
    """Released efficiency from 6 PE on, where its step function is one."""
    return 0.6655 / (1 + math.exp(-0.4942 * (pe - 10.8507)))


def observed(binned, out):
    rows = []
    for pe in bins_of(PE_EDGES):
        for time in bins_of(TIME_EDGES):
            cell = [r for r in binned if inside(r, pe, time)]
            assert len(cell) == 1
            rows.append([number(x) for x in (*pe, *time)] + [cell[0]["coincidence_beamOn"]])
    notes = [PAPER, "Beam-coincident events with the beam on, as released; 6 to 30 PE, 0 to 6 us.",
             f"Total {sum(int(row[-1]) for row in rows)}."]
    write(out / "observed.csv", notes,
          ["energy_low [PE]", "energy_high [PE]", "time_low [us]", "time_high [us]", "events"], rows)


def decay_rate(counts):
    """Maximum-likelihood rate per bin of counts that fall exponentially over the bins, and its error."""
    total, mean = sum(counts), sum(i * n for i, n in enumerate(counts)) / sum(counts)

    def moments(rate):
        weights = [math.exp(-rate * i) for i in range(len(counts))]
        first = sum(i * w for i, w in enumerate(weights)) / sum(weights)
        return first, sum((i - first) ** 2 * w for i, w in enumerate(weights)) / sum(weights)

    rate = 0.0
    for _ in range(50):
        first, variance = moments(rate)
        rate += (first - mean) / variance
    return rate, 1 / math.sqrt(total * moments(rate)[1])


def background_energies(release, binned, out):
    neutrons = read(release / "csi2017_prompt_neutron_pdf_pe.csv")
    rows = []
    for lo, hi in bins_of(PE_EDGES):
        steady = sum(int(r["anticoincidence_beamOn"]) for r in binned if inside(r, (lo, hi)))
        beam = sum(float(r["weight"]) * efficiency(float(r["pe"])) for r in neutrons if lo < float(r["pe"]) < hi)
        rows.append([number(lo), number(hi), str(steady), number(EXPOSURE_GWH * beam)])
    late = [sum(int(r["anticoincidence_beamOn"]) for r in binned if inside(r, time=(t, t + 0.5)))
            for t in [0.5 * i for i in range(24)]]
    rate, error = decay_rate(late)
    steady, beam = (sum(float(row[i]) for row in rows) for i in (2, 3))
    notes = [PAPER,
             f"steady_state: anti-coincident events with the beam on, below 6 us (total {number(steady)}). Their times",
             f"between 0 and 12 us ({sum(late)} events, 6 to 30 PE) fall as exp(-rate t), rate {2 * rate:.4f} +- {2 * error:.4f} /us"
             " (maximum likelihood).",
             f"beam_neutrons: released spectrum per GWh times {EXPOSURE_GWH} GWh and the selection efficiency (total"
             f" {beam:.4f})."]
    write(out / "background-energies.csv", notes,
          ["energy_low [PE]", "energy_high [PE]", "steady_state", "beam_neutrons"], rows)


def times(release, binned, out):
    table = read(release / "csi2017_time_pdfs.csv")
    header = ["time_low [us]", "time_high [us]"]
    low = [float(r["t_us"]) - 0.25 for r in table]
    rows = [[number(t), number(t + 0.5), number(float(r["prompt_nu"]))] + 2 * [number(float(r["delayed_nu"]))]
            for t, r in zip(low, table)]
    notes = [PAPER, "Released arrival times: nu_mu are prompt, nu_mu_bar and nu_e delayed by the muon decay.",
             "Fraction of the arrivals between 0 and 12 us."]
    write(out / "arrival-times.csv", notes, header + ["nu_mu", "nu_mu_bar", "nu_e"], rows)

    steady = [sum(int(r["anticoincidence_beamOn"]) for r in binned if inside(r, time=t)) for t in bins_of(TIME_EDGES)]
    rows = [[number(lo), number(hi), number(float(r["prompt_neutron"])), number(n / sum(steady))]
            for (lo, hi), r, n in zip(bins_of(TIME_EDGES), table, steady)]
    notes = [PAPER, "beam_neutrons: released times of the prompt neutrons, fraction between 0 and 12 us (none is later).",
             "steady_state: anti-coincident events with the beam on, 6 to 30 PE, fraction of those below 6 us."]
    write(out / "background-times.csv", notes, header + ["beam_neutrons", "steady_state"], rows)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    release, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    binned = read(release / "csi2017_binned.csv")
    observed(binned, out)
    background_energies(release, binned, out)
    times(release, binned, out)


main()

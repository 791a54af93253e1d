#!/usr/bin/env python3
"""Writes the tables of the catalogue entry `coherent-csi-2021`.

usage: coherent-csi-2021.py RELEASE_DIR ATOMIC_CSV OUTPUT_DIR

RELEASE_DIR holds the figures of the COHERENT CsI release (ancillary files of arXiv:2110.07730) as CSV with `#` comments:
  csi_events_C.csv, csi_events_AC.csv        pe, t_us          coincident and anti-coincident events
  csi_{brn,nin}_pdf_pe.csv                   pe_centre, weight           1-PE bins
  csi_{brn,nin}_pdf_t.csv                    t_us_centre, weight         10-ns bins
  sns_flux_time_10ns.csv                     t_ns_low, t_ns_high, nue, numu, numubar   fraction of all arrivals
ATOMIC_CSV: element, Z, shell, binding_eV, electrons (X-ray edge compilation).
Standard library only.
"""
import csv
import sys
from pathlib import Path

PE_EDGES = [0, 8, 12, 16, 20, 24, 32, 40, 50, 60]
TIME_EDGES = [0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1, 2, 4, 6]
# Arrival times are kept at 10 ns up to 2 us, where pulse, efficiency kink and narrow bins are, and at 50 ns after.
TIME_TABLE_NS = list(range(0, 2000, 10)) + list(range(2000, 6001, 50))
PAPER = "D. Akimov et al. (COHERENT), Phys. Rev. Lett. 129 (2022) 081801, arXiv:2110.07730, ancillary files."


def read(path):
    with open(path) as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def locate(value, edges):
    """Index of the half-open bin that holds value, None outside."""
    if not edges[0] <= value < edges[-1]:
        return None
    return next(i for i in range(len(edges) - 1) if value < edges[i + 1])


def write(path, notes, header, rows):
    text = "".join(f"# {note}\n" for note in notes) + ",".join(header) + "\n"
    path.write_text(text + "".join(",".join(row) + "\n" for row in rows))


def number(value):
    return f"{value:.7g}"


def bins_of(edges):
    return list(zip(edges, edges[1:]))


def observed(release, out):
    counts = [[0] * (len(TIME_EDGES) - 1) for _ in PE_EDGES[1:]]
    for event in read(release / "csi_events_C.csv"):
        i, j = locate(float(event["pe"]), PE_EDGES), locate(float(event["t_us"]), TIME_EDGES)
        if i is not None and j is not None:
            counts[i][j] += 1
    rows = [
        [number(x) for x in (*pe, *t)] + [str(counts[i][j])]
        for i, pe in enumerate(bins_of(PE_EDGES)) for j, t in enumerate(bins_of(TIME_EDGES))
    ]
    total = sum(map(sum, counts))
    notes = [PAPER, "Beam-coincident events that pass the selection, counted in half-open bins [low, high).",
             f"Total {total}."]
    write(out / "observed.csv", notes,
          ["energy_low [PE]", "energy_high [PE]", "time_low [us]", "time_high [us]", "events"], rows)


def background_energies(release, out):
    steady = [0] * (len(PE_EDGES) - 1)
    for event in read(release / "csi_events_AC.csv"):
        i = locate(float(event["pe"]), PE_EDGES)
        if i is not None and 0 <= float(event["t_us"]) < TIME_EDGES[-1]:
            steady[i] += 1
    shapes = []
    for kind in ("brn", "nin"):
        shape = [0.0] * len(steady)
        for row in read(release / f"csi_{kind}_pdf_pe.csv"):
            i = locate(float(row["pe_centre"]), PE_EDGES)
            if i is not None:
                shape[i] += float(row["weight"])
        shapes.append([value / sum(shape) for value in shape])
    rows = [[number(lo), number(hi), str(steady[i])] + [number(s[i]) for s in shapes]
            for i, (lo, hi) in enumerate(bins_of(PE_EDGES))]
    notes = [PAPER,
             f"steady_state: anti-coincident events below 6 us (total {sum(steady)}).",
             "beam_neutrons, neutrino_neutrons: released 1-PE shapes (selection efficiency included) summed into",
             "these bins and normalised to one."]
    write(out / "background-energies.csv", notes,
          ["energy_low [PE]", "energy_high [PE]", "steady_state", "beam_neutrons", "neutrino_neutrons"], rows)


def rebin(fine, low_ns, high_ns):
    return sum(mass for start, mass in fine if low_ns <= start < high_ns)


def time_rows(columns):
    """One row per bin of TIME_TABLE_NS; columns hold (start in ns, mass) of 10-ns bins."""
    return [[number(lo / 1000), number(hi / 1000)] + [number(rebin(c, lo, hi)) for c in columns]
            for lo, hi in bins_of(TIME_TABLE_NS)]


def background_times(release, out):
    columns = []
    for kind in ("brn", "nin"):
        fine = [(round(1000 * float(r["t_us_centre"])) - 5, float(r["weight"]))
                for r in read(release / f"csi_{kind}_pdf_t.csv")]
        total = rebin(fine, 0, 6000)
        columns.append([(start, mass / total) for start, mass in fine])
    notes = [PAPER, "Reconstructed times of the neutron backgrounds, as released: without the time-dependent efficiency.",
             "Fraction of the events between 0 and 6 us; 10-ns bins, summed to 50 ns from 2 us on."]
    write(out / "background-times.csv", notes,
          ["time_low [us]", "time_high [us]", "beam_neutrons", "neutrino_neutrons"], time_rows(columns))


def arrival_times(release, out):
    table = read(release / "sns_flux_time_10ns.csv")
    columns = [[(int(r["t_ns_low"]), float(r[name])) for r in table] for name in ("numu", "numubar", "nue")]
    notes = [PAPER, "Arrival times at the detector, simulated decays folded with the measured beam pulse.",
             "Fraction of all arrivals between 0 and 15 us; 10-ns bins, summed to 50 ns from 2 us on."]
    write(out / "arrival-times.csv", notes,
          ["time_low [us]", "time_high [us]", "nu_mu", "nu_mu_bar", "nu_e"], time_rows(columns))


def electron_levels(atomic, out):
    rows = [[r["element"], r["shell"], r["binding_eV"], r["electrons"]]
            for r in read(atomic) if r["element"] in ("Cs", "I")]
    notes = ["W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63 (2002) 121: X-ray edges of the neutral atoms;",
             "ground-state occupations; `valence` carries the first ionisation energy."]
    write(out / "electron-levels.csv", notes, ["element", "shell", "binding_energy [eV]", "electrons"], rows)


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    release, atomic, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    observed(release, out)
    background_energies(release, out)
    background_times(release, out)
    arrival_times(release, out)
    electron_levels(atomic, out)


main()

#!/usr/bin/env python3
"""Writes the tables of the catalogue entry `xenon1t-s2only` (numpy).

usage: xenon1t-s2only.py DATA_DIR OUTPUT_DIR

DATA_DIR holds released figures as CSV with `#` comments, in the folder xenon1t_s2only:
x1t_s2only_{response_nr,response_er,events,background,s2_binning}.csv.
"""
import sys
from pathlib import Path

import numpy as np

from xenon_tables import matrix, numbers, read, text, write

RELEASE = "E. Aprile et al. (XENON), PRL 123 (2019) 251801, arXiv:1907.11485, data release."
EDGES = [150, 200, 300, 700, 1500]  # PE, our choice; moved to the nearest edge of the released binning
THRESHOLDS = {"nuclear": ("nr", 0.7), "electron": ("er", 0.186)}  # keV, of the publication


def cut_below(recoils, responses, threshold):
    """Rows from the threshold (keV) on, the first one interpolated; nothing is seen below."""
    first = np.array([np.interp(threshold, recoils, row) for row in responses])
    keep = recoils > threshold
    return np.r_[threshold, recoils[keep]], np.c_[first, responses[:, keep]]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, out = Path(sys.argv[1]) / "xenon1t_s2only", Path(sys.argv[2])
    low = numbers(read(folder / "x1t_s2only_s2_binning.csv"), "start_pe")[0]
    starts = [int(np.argmin(abs(low - edge))) for edge in EDGES]
    blocks = list(zip(starts, starts[1:]))
    label = ", ".join(f"{low[k]:g}" for k in starts)
    for recoil, (kind, threshold) in THRESHOLDS.items():
        t = read(folder / f"x1t_s2only_response_{kind}.csv")
        fine = numbers(t, *[f"s2_bin_{k:03d}" for k in range(len(low))])
        recoils, fine = cut_below(numbers(t, "energy_kev")[0], fine, threshold)
        # The table ends where no response is left; the publication gives it up to 50 keV.
        rows = np.array([fine[a:b].sum(axis=0) for a, b in blocks])
        last = 1 + int(np.flatnonzero(rows.sum(axis=0) > 1e-6)[-1])
        matrix(out / f"matrix-{recoil}.csv",
               [RELEASE, f"Probability of S2 bins with the edges {label} PE for {recoil} recoils,",
                f"selection included; no response below {threshold} keV, as in the publication."],
               recoils[:last + 1], rows[:, :last + 1])
    events = numbers(read(folder / "x1t_s2only_events.csv"), "s2_area_pe")[0]
    table = read(folder / "x1t_s2only_background.csv")
    electrons, released = ([component[a:b].sum() for a, b in blocks]
                           for component in numbers(table, "er_background_events", "cevns_background_events"))
    columns = {"bin": [str(k + 1) for k in range(len(blocks))],
               "observed": [str(n) for n in np.histogram(events, low[starts])[0]],
               "electron_recoils": text(electrons, 6)}
    columns |= {f"unmodelled_{k + 1}": [str(int(k == j)) for j in range(len(blocks))] for k in range(3)}
    columns["released_8b"] = text(released, 6)
    write(out / "bins.csv",
          [RELEASE, f"S2 bins with the edges {label} PE: observed events of the search data, expected",
           "electron recoils of the flat background; unmodelled_K: one event in bin K. released_8b, the released solar",
           "8B, is for comparison only."], columns)


main()

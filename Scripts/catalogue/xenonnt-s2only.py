#!/usr/bin/env python3
"""Writes the tables of the catalogue entry `xenonnt-s2only` (numpy).

usage: xenonnt-s2only.py DATA_DIR OUTPUT_DIR

DATA_DIR holds released figures as CSV with `#` comments, in the folder xenonnt_s2only: sr{0,1,2}_binned.csv,
sr{0,1,2}_response_nr.csv, sr{0,1,2}_systematic_templates.csv, xenonnt_s2only_meta.json.
"""
import json
import sys
from pathlib import Path

import numpy as np

from xenon_tables import Runs, matrix, numbers, read, text, write

RELEASE = "E. Aprile et al. (XENON), arXiv:2601.11296, data release."
NAMES = ["sr0", "sr1", "sr2"]
BINS = 7


def response(folder, run):
    """Recoils (keV) and probability per bin at nominal charge yield."""
    t = read(folder / f"{run}_response_nr.csv")
    keep = np.flatnonzero(numbers(t, "t_qy")[0] == 0)
    return numbers(t, "E_keV")[0][keep], numbers(t, *[f"bin{k}" for k in range(BINS)])[:, keep]


def cathode_at(folder, run, value):
    """Released cathode template (per tonne year) at a value of its nuisance parameter."""
    t = read(folder / f"{run}_systematic_templates.csv")
    row = next(k for k, c in enumerate(t["component"]) if c == "cathode" and float(t["t_value"][k]) == value)
    return np.array([float(t[f"bin{k}"][row]) for k in range(BINS)])


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    folder, out = Path(sys.argv[1]) / "xenonnt_s2only", Path(sys.argv[2])
    meta = json.loads((folder / "xenonnt_s2only_meta.json").read_text())
    runs = Runs([meta["exposure_tonne_year"][run] for run in NAMES])
    label = ", ".join(f"{x:g} in {run.upper()}" for x, run in zip(runs.exposures, NAMES))
    responses = [response(folder, run) for run in NAMES]
    matrix(out / "matrix.csv",
           [RELEASE, "Probability of each bin at nominal charge yield: cS2 with the edges 80, 140, ..., 500 PE in each run,",
            f"weighted by the share of the run in the exposure ({runs.total:.6g} tonne years: {label})."],
           responses[0][0], runs.responses([r for _, r in responses]))
    tables = [read(folder / f"{run}_binned.csv") for run in NAMES]
    rates = {key: [numbers(t, f"{key}_per_ty")[0] for t in tables] for key in ("cathode", "ae", "de", "cevns")}
    columns = {"bin": [str(k + 1) for k in range(3 * BINS)], "observed": [v for t in tables for v in t["observed"]]}
    for k, run in enumerate(NAMES):
        columns[f"cathode_{run}"] = text(runs.alone(k, rates["cathode"]), 6)
        for name, value in (("up", 1), ("down", -1)):
            moved = [cathode_at(folder, r, value) for r in NAMES]
            columns[f"cathode_{run}_{name}"] = text(runs.alone(k, moved), 6)
    others = [runs.events(rates["de"])] + [runs.alone(k, rates["ae"]) for k in range(2)]
    columns["others"] = text(sum(others), 6)
    widths = meta["nuisance"]["anode_ae_rel"]
    for k, run in enumerate(NAMES[:2]):
        columns[f"others_anode_{run}_up"] = text(sum(others) + widths[run] * others[k + 1], 6)
    for k, run in enumerate(NAMES):
        delayed = meta["nuisance"]["delayed_electron_rel"][run] * runs.alone(k, rates["de"])
        columns[f"others_delayed_{run}_up"] = text(sum(others) + delayed, 6)
    columns["released_8b"] = text(runs.events(rates["cevns"]), 6)
    write(out / "bins.csv",
          [RELEASE, "Observed events; expected events of the cathode in each run, and of the others: delayed electrons and",
           "events of the anode (SR0, SR1). cathode_RUN_up, _down: the released shape at +-1 of its nuisance parameter;",
           "others_KIND_RUN_up: +1 sigma of that part. released_8b, the released solar 8B, is for comparison only."], columns)


main()

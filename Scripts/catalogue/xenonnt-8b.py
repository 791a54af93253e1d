#!/usr/bin/env python3
"""Writes the tables of the catalogue entry `xenonnt-8b` (numpy).

usage: xenonnt-8b.py DATA_DIR OUTPUT_DIR

DATA_DIR holds released figures as CSV with `#` comments:
  xenonnt_8b/       sr{0,1,2}_binned.csv, sr{0,1,2}_mono_response.csv, sr0_sr1_b8_templates_2024.csv, xenonnt_8b_meta.json
  nuclear/, solar/  isotopes and the 8B spectrum, for the Standard Model expectation behind matrix-template-2024.csv
"""
import json
import sys
from pathlib import Path

import numpy as np

from xenon_cevns import folded_events
from xenon_tables import Runs, matrix, numbers, read, text, write

RELEASE = "E. Aprile et al. (XENON), PRL 133 (2024) 191002, arXiv:2408.02877 and arXiv:2604.06002, data release."
LIGHT = "E. Aprile et al. (XENON), PRL 134 (2025) 111802, arXiv:2409.17868, data release."
NAMES = ["sr0", "sr1", "sr2"]
BINS = 81
SNO_FLUX = 5.25e6  # 8B, cm^-2 s^-1: of the template


def response(data, run):
    """Recoils (keV) and probability per bin at nominal yields."""
    t = read(data / f"xenonnt_8b/{run}_mono_response.csv")
    keep = np.flatnonzero((numbers(t, "t_ly")[0] == 0) & (numbers(t, "t_qy")[0] == 0))
    return numbers(t, "E_keV")[0][keep], numbers(t, *[f"b{k:03d}" for k in range(BINS)])[:, keep]


def science_runs(data, out, runs, responses, suffix):
    count = len(runs.exposures)
    label = ", ".join(f"{x:g} in {run.upper()}" for x, run in zip(runs.exposures, NAMES))
    matrix(out / f"matrix{suffix}.csv",
           [RELEASE, "Probability of each bin at nominal yields: 81 bins of each run, in the order 27 cS2 + 9 shadow",
            "+ 3 S1 BDT + S2 BDT, weighted by the share of the run in the exposure",
            f"({runs.total:.7g} tonne years: {label})."],
           responses[0][0], runs.responses([r for _, r in responses[:count]]))
    tables = [read(data / f"xenonnt_8b/{run}_binned.csv") for run in NAMES[:count]]
    rates = {key: [numbers(t, f"{key}_per_ty")[0] for t in tables] for key in ("ac", "er", "rg")}
    columns = {"bin": [str(k + 1) for k in range(BINS * count)],
               "observed": [v for t in tables for v in t["observed"]]}
    columns |= {f"accidentals_{NAMES[k]}": text(runs.alone(k, rates["ac"]), 6) for k in range(count)}
    columns["electrons_and_neutrons"] = text(runs.events(rates["er"]) + runs.events(rates["rg"]), 6)
    write(out / f"bins{suffix}.csv",
          [RELEASE, "Observed events; expected accidental coincidences of each run; electron recoils and radiogenic",
           "neutrons together."], columns)


def template_2024(data, out, runs, responses):
    """The response times template of 2024 / expectation from the response, bin by bin."""
    t = read(data / "xenonnt_8b/sr0_sr1_b8_templates_2024.csv")
    scaled = []
    for run, (recoils, probability) in zip(NAMES, responses):
        expected = folded_events(data, SNO_FLUX, recoils * 1e-3, probability)
        scaled.append(probability * (numbers(t, f"{run}_ly0_qy0")[0] / expected)[:, None])
    matrix(out / "matrix-template-2024.csv",
           [LIGHT, "matrix.csv times, in each bin, the Standard Model 8B template of 2024 over the expectation from the",
            "response (8B flux 5.25e6 cm^-2 s^-1): the yields of that analysis, independent of the recoil energy."],
           responses[0][0], runs.responses(scaled))


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    data, out = Path(sys.argv[1]), Path(sys.argv[2])
    meta = json.loads((data / "xenonnt_8b/xenonnt_8b_meta.json").read_text())
    exposures = [meta[run]["exposure_tonne_year"] for run in NAMES]
    responses = [response(data, run) for run in NAMES]
    science_runs(data, out, Runs(exposures[:2]), responses, "")
    science_runs(data, out, Runs(exposures), responses, "-sr2")
    template_2024(data, out, Runs(exposures[:2]), responses[:2])


main()

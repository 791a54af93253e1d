#!/usr/bin/env python3
"""Writes the published limit curves that plots can overlay.

usage: published-curves.py DIGITISED_DIR OUTPUT_DIR

DIGITISED_DIR holds CSV files with the columns m4_MeV and d_gamma_invGeV (coefficient of the Lagrangian without 1/2) and
an `# original result:` line each. The coupling written here is mu of L = (mu/2) N sigma F nu, twice that number.
Standard library only.
"""
import csv
import sys
from pathlib import Path

LICENCE = ("Digitised curve from github.com/mhostert/Heavy-Neutrino-Limits, MIT licence, "
           "copyright (c) 2021 Matheus Hostert.")
# output name: input file, label, flavour, confidence level (None: the bound states none), kind, sense
CURVES = {
    "charm-ii": ("dipole_mu_CHARMII", "CHARM-II", "mu", 90, "limit", "excluded-above"),
    "miniboone": ("dipole_mu_MiniBooNE", "MiniBooNE", "mu", 95, "limit", "excluded-above"),
    "nomad": ("dipole_mu_NOMAD_bottom", "NOMAD", "mu", 90, "limit", "excluded-above"),
    "sk-atmospheric-mu": ("dipole_mu_SK_atm", "Super-K atmospheric", "mu", 90, "region", "excluded-inside"),
    "sk-atmospheric-e": ("dipole_e_SK_atm", "Super-K atmospheric", "e", 90, "region", "excluded-inside"),
    "sk-atmospheric-tau": ("dipole_tau_SK_atm", "Super-K atmospheric lower edge", "tau", 90, "band", "excluded-above"),
    "donut": ("dipole_tau_DONUT", "DONUT", "tau", 90, "limit", "excluded-above"),
    "lsnd": ("dipole_e_LSND", "LSND", "e", 95, "limit", "excluded-above"),
    "borexino": ("dipole_universal_Borexino", "Borexino", "universal", 90, "limit", "excluded-above"),
    "borexino-sk": ("dipole_universal_Borexino_SK", "Borexino and Super-K", "universal", 90, "limit",
                    "excluded-above"),
    "xenon1t": ("dipole_universal_Xenon1T", "XENON1T", "universal", 90, "limit", "excluded-above"),
    "lep": ("dipole_universal_LEPgz", "LEP", "universal", 95, "limit", "excluded-above"),
    "sn1987a-lower": ("dipole_universal_SN1987A_bottom", "SN1987A lower edge", "universal", None, "band", "excluded-above"),
    "sn1987a-upper": ("dipole_universal_SN1987A_top", "SN1987A upper edge", "universal", None, "band", "excluded-below"),
    "bbn": ("dipole_universal_BBN", "BBN", "universal", None, "region", "boundary"),
}


def read(path):
    """The points of one digitised file and the publication it names."""
    lines = path.read_text().splitlines()
    origin = next(line for line in lines if line.startswith("# original result:"))
    reference = origin.split(":", 1)[1].split(";")[0].strip()
    table = csv.DictReader(line for line in lines if not line.startswith("#"))
    return reference, [(float(r["m4_MeV"]), 2 * float(r["d_gamma_invGeV"])) for r in table]


def genuine(points):
    """Without the points that only close a digitised curve at the edge of a plot: far above or below every limit."""
    return [(m4, d) for m4, d in points if 2e-15 < d < 2e-2]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    source, out = map(Path, sys.argv[1:])
    out.mkdir(parents=True, exist_ok=True)
    index = ["# Published limit curves for overlays; one file per curve, same name.",
             "curve,label,flavour,confidence [%],kind,sense,reference"]
    for name, (file, label, flavour, level, kind, sense) in CURVES.items():
        reference, points = read(source / f"{file}.csv")
        index.append(f"{name},{label},{flavour},{level or 'none'},{kind},{sense},{reference}")
        confidence = f"{level} % C.L." if level else "without a confidence level"
        lines = [f"# {label}: published in {reference}; {confidence}, {flavour} coupling.", f"# {LICENCE}",
                 "# d: mu of L = (mu/2) N sigma F nu + h.c., four significant digits.", "m4 [MeV],d [1/GeV]"]
        lines += [f"{m4:.4g},{d:.4g}" for m4, d in genuine(points)]
        (out / f"{name}.csv").write_text("\n".join(lines) + "\n")
    (out / "index.csv").write_text("\n".join(index) + "\n")


main()

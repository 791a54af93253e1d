#!/usr/bin/env python3
"""Writes the efficiencies of the catalogue entries `xenon1t-8b` and `pandax4t-8b` (numpy).

usage: xenon-8b-limits.py DATA_DIR ENTRIES_DIR

DATA_DIR holds released and digitised figures as CSV with `#` comments: xenonnt_8b/sr0_efficiency.csv,
lxe_nr/pandax4t_8b_2024_efficiency.csv. ENTRIES_DIR is Sources/CatalogueFiles/entries.
"""
import sys
from pathlib import Path

from xenon_tables import numbers, read, text, write


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    data, entries = Path(sys.argv[1]), Path(sys.argv[2])
    t = read(data / "xenonnt_8b/sr0_efficiency.csv")
    write(entries / "xenon1t-8b/efficiency.csv",
          ["E. Aprile et al. (XENON), PRL 133 (2024) 191002, arXiv:2408.02877 and arXiv:2604.06002, data release.",
           "Total efficiency of XENONnT SR0 at nominal yields, standing in for XENON1T."],
          {"recoil [keV]": text(numbers(t, "E_keV")[0]), "efficiency": text(numbers(t, "ly0_qy0")[0])})
    t = read(data / "lxe_nr/pandax4t_8b_2024_efficiency.csv")
    write(entries / "pandax4t-8b/efficiency.csv",
          ["Z. Bo et al. (PandaX-4T), PRL 133 (2024) 191001, arXiv:2407.10892 (digitised).",
           "Efficiency of the paired S1-S2 search of 2024, standing in for the one of 2022."],
          {"recoil [keV]": text(numbers(t, "E_keVnr")[0]), "efficiency": text(numbers(t, "efficiency")[0])})


main()

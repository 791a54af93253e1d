#!/usr/bin/env python3
"""Writes the tables of the catalogue entry `supercdms`: what a recoil of a nucleus looks like to a high-voltage detector.

usage: supercdms.py OUTPUT_DIR

A recoil T makes phonons of energy T plus the work of the field on its pairs, Y T V / eps; the unit keVee is the recoil of an
electron (Y = 1) with the same phonons. Hence E_ee = T (1 + Y(T) g) / (1 + g) with g = V / eps, Y after Lindhard.
Standard library only.
"""
import sys
from pathlib import Path

VOLTAGE = 100.0
CRYSTALS = {
    # Z, Lindhard k = 0.133 Z^(2/3) A^(-1/2), energy per pair (eV), lowest recoil with a yield (keV)
    "germanium": (32, 0.157, 3.0, 0.040),
    "silicon": (14, 0.146, 3.8, 0.078),
}


def lindhard(recoil, z, k):
    """Ionisation yield of a nuclear recoil (keV)."""
    reduced = 11.5 * z ** (-7 / 3) * recoil
    g = 3 * reduced**0.15 + 0.7 * reduced**0.6 + reduced
    return k * g / (1 + k * g)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, (z, k, pair, lowest) in CRYSTALS.items():
        gain = VOLTAGE / pair
        recoils = [lowest * (100 / lowest) ** (i / 60) for i in range(61)]
        lines = [f"# Phonons of nuclear recoils over those of electron recoils of the same energy: (1 + Y g) / (1 + g), g = {gain:.5g}",
                 f"# (100 V over {pair} eV), Y of J. Lindhard et al. with k = {k}.", "recoil [keV],factor"]
        lines += [f"{t:.6g},{(1 + lindhard(t, z, k) * gain) / (1 + gain):.6g}" for t in recoils]
        (Path(sys.argv[1]) / f"quenching-{name}.csv").write_text("\n".join(lines) + "\n")


main()

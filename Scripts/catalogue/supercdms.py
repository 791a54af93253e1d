#!/usr/bin/env python3
"""Writes the response matrices of the catalogue entry `supercdms`: high-voltage detectors, nuclear and electron recoils.

usage: supercdms.py OUTPUT_DIR

A recoil T makes phonons of energy T plus the work of the field on its pairs, Y T V / eps. The bins are in keVee: the recoil
of an electron (Y = 1) with the same phonons. Hence E_ee = T (1 + Y(T) g) / (1 + g) with g = V / eps and Y after Lindhard,
and the phonon resolution is a Gaussian in E_ee with sigma_phonon / (1 + g).
Standard library only.
"""
import math
import sys
from pathlib import Path

VOLTAGE = 100.0
STEPS = [-4, -2.5, -1.75, -1.25, -0.75, -0.25, 0.25, 0.75, 1.25, 1.75, 2.5, 4]  # rows around an edge, in sigma


class Crystal:
    def __init__(self, z, k, pair, phonons, edges):
        """Lindhard's k; energy per pair and phonon resolution in eV; edges of the bins in keVee."""
        self.z, self.k, self.gain, self.edges = z, k, VOLTAGE / pair, edges
        self.sigma = 1e-3 * phonons / (1 + self.gain)

    def yield_(self, recoil):
        reduced = 11.5 * self.z ** (-7 / 3) * recoil
        g = 3 * reduced**0.15 + 0.7 * reduced**0.6 + reduced
        return self.k * g / (1 + self.k * g)

    def visible(self, recoil, is_electron):
        return recoil if is_electron else recoil * (1 + self.yield_(recoil) * self.gain) / (1 + self.gain)

    def recoil(self, visible, is_electron):
        low, high = visible, 100 * visible
        for _ in range(200 * (not is_electron)):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if self.visible(middle, False) < visible else (low, middle)
        return low

    def probabilities(self, visible):
        below = [0.5 * math.erfc((visible - edge) / self.sigma / math.sqrt(2)) for edge in self.edges]
        return [max(0.0, b - a) for a, b in zip(below, below[1:])]

    def rows(self, is_electron):
        nodes = sorted(e + s * self.sigma for e in self.edges for s in STEPS)
        for k, visible in enumerate(nodes):
            # zero at both ends, so that the table ends where the bins do
            outside = k in (0, len(nodes) - 1)
            values = [0.0] * (len(self.edges) - 1) if outside else self.probabilities(visible)
            yield self.recoil(visible, is_electron), values


CRYSTALS = {
    "germanium": Crystal(32, 0.157, 3.0, 10, [0.0055, 0.01, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1, 2]),
    "silicon": Crystal(14, 0.146, 3.8, 5, [0.014, 0.02, 0.04, 0.08, 0.15, 0.3, 0.6, 1, 2]),
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, crystal in CRYSTALS.items():
        for kind in ("nuclear", "electron"):
            edges = ", ".join(f"{e:g}" for e in crystal.edges)
            lines = [f"# {kind.capitalize()} recoils in {name} at 100 V: probability of bins with the edges",
                     f"# {edges} keVee; resolution {1e3 * crystal.sigma:.3g} eVee."]
            if kind == "nuclear":
                lines.append(f"# E_ee = T (1 + Y g) / (1 + g), g = {crystal.gain:.5g}, Y of J. Lindhard et al. with k = {crystal.k}.")
            lines.append(",".join(["recoil [keV]"] + [f"bin_{k + 1}" for k in range(len(crystal.edges) - 1)]))
            for recoil, values in crystal.rows(kind == "electron"):
                lines.append(",".join([f"{recoil:.8g}"] + [f"{v:.6g}" if v > 1e-12 else "0" for v in values]))
            (Path(sys.argv[1]) / f"{name}-{kind}.csv").write_text("\n".join(lines) + "\n")


main()

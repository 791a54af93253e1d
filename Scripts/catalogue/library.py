#!/usr/bin/env python3
"""Writes the library: isotopes, electron levels, solar and reactor neutrinos (numpy, scipy).

usage: library.py DATA_DIR OUTPUT_DIR

DATA_DIR holds the full tables in the folders nuclear, atomic, solar and reactor; OUTPUT_DIR is
Sources/CatalogueFiles/library. Long spectra are thinned (thinning.py); their headers state the measured difference.
"""
import csv
import sys
from pathlib import Path

import numpy as np

from thinning import thin

SPECTRA = {"pp": "pp", "b8": "8B", "hep": "hep", "n13": "13N", "o15": "15O", "f17": "17F"}
PROFILES = SPECTRA | {"be7": "7Be", "pep": "pep"}
BAHCALL = "J. N. Bahcall, standard tables of solar neutrino spectra"
SPECTRUM_SOURCES = {"pp": f"{BAHCALL} (pp)",
                    "b8": "J. N. Bahcall et al., PRC 54 (1996) 411", "hep": f"{BAHCALL} (hep)",
                    "n13": f"{BAHCALL} (CNO)", "o15": f"{BAHCALL} (CNO)", "f17": f"{BAHCALL} (CNO)"}
# ln S(E) = sum a_k E^k, 1/(MeV fission): Huber, PRC 84 (2011) 024617; 238U Mueller et al., PRC 83 (2011) 054615.
FITS = {"u235": [4.367, -4.577, 2.100, -0.5294, 0.06186, -0.002777],
        "u238": [0.4833, 0.1927, -0.1283, -0.006762, 0.002233, -0.0001536],
        "pu239": [4.757, -5.392, 2.563, -0.6596, 0.07820, -0.003536],
        "pu241": [2.990, -2.882, 1.278, -0.3343, 0.03905, -0.001754]}
ISOTOPES = list(FITS)


def read(path):
    with open(path) as file:
        rows = list(csv.reader(line for line in file if not line.startswith("#")))
    return {name: [row[k] for row in rows[1:]] for k, name in enumerate(rows[0])}


def number(x, digits=7):
    return f"{float(x):.{digits}g}"


class Library:
    def __init__(self, data, out):
        self.data, self.out = Path(data), Path(out)

    def write(self, name, comments, columns):
        lines = [f"# {c}" for c in comments] + [",".join(columns)]
        lines += [",".join(row) for row in zip(*columns.values())]
        path = self.out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")

    # Matter

    def isotopes(self):
        t = read(self.data / "nuclear/isotopes.csv")
        self.write("isotopes.csv",
                   ["Natural isotopes: abundance by number (IUPAC), mass of the neutral atom (AME), rms charge radius",
                    "(I. Angeli, K. P. Marinova, ADNDT 99 (2013) 69; radii recalled, to be confirmed)."],
                   {"element": t["element"], "protons": t["Z"], "nucleons": t["A"], "atomic_mass [u]": t["atomic_mass_u"],
                    "abundance": t["abundance"], "charge_radius [fm]": t["r_charge_fm"]})

    def electron_levels(self):
        t = read(self.data / "atomic/binding_energies.csv")
        self.write("electron-levels.csv",
                   ["W. T. Elam, B. D. Ravel, J. R. Sieber, Radiat. Phys. Chem. 63 (2002) 121: X-ray edges of the neutral",
                    "atoms; ground-state occupations; `valence` carries the first ionisation energy."],
                   {"element": t["element"], "shell": t["shell"], "binding_energy [eV]": t["binding_eV"],
                    "electrons": t["electrons"]})

    # The Sun

    def solar_spectra(self):
        for name, source in SPECTRA.items():
            t = read(self.data / f"solar/spectrum_{source}.csv")
            energies, density = (np.array(t[c], float) for c in ("E_MeV", "pdf_per_MeV"))
            nodes, (values,), worst = thin(energies, [density])
            self.write(f"solar/spectrum-{name}.csv",
                       [f"{SPECTRUM_SOURCES[name]}; thinned from {len(energies)} rows, cumulative integrals of",
                        f"phi and phi/E within {worst:.1e} of the whole."],
                       {"energy [MeV]": map(number, nodes), "density [1/MeV]": map(number, values)})

    def production_profiles(self):
        for name, source in PROFILES.items():
            t = read(self.data / f"solar/production_{source}.csv")
            rows = sorted((float(x), max(float(f), 0)) for x, f in zip(t["x"], t["f"]))
            x, f = (np.array(c) for c in zip(*rows))
            # On a grid that resolves the peak: the digitised points scatter more than the steps matter.
            grid = np.linspace(0, x[-1], 33)
            values = np.interp(grid, x, f)
            values /= np.trapezoid(values, grid)
            self.write(f"solar/production-{name}.csv",
                       ["Where the neutrinos are made: density in r/R_sun, as in arXiv:1302.2791 (digitised)."],
                       {"radius": (number(v, 5) for v in grid), "density": (number(v, 4) for v in values)})

    # Reactors

    def huber_mueller(self):
        t = read(self.data / "reactor/vogel_engel_plus_mueller.csv")
        below = [k for k, e in enumerate(t["E_MeV"]) if float(e) < 2]
        dense = np.linspace(2, 8, 601)
        fits = [np.exp(np.polyval(FITS[k][::-1], dense)) for k in ISOTOPES]
        nodes, values, worst = thin(dense, fits)
        columns = {"energy [MeV]": [t["E_MeV"][k] for k in below] + [number(e) for e in nodes]}
        for name, fitted in zip(ISOTOPES, values):
            columns[f"{name} [1/MeV]"] = [t[name][k] for k in below] + [number(v) for v in fitted]
        self.write("reactor/huber-mueller.csv",
                   ["Antineutrinos per MeV and fission. From 2 MeV: P. Huber, PRC 84 (2011) 024617 (235U, 239Pu, 241Pu) and",
                    "T. A. Mueller et al., PRC 83 (2011) 054615 (238U), exponentials of polynomials of fifth degree as linear",
                    f"pieces, cumulative integrals of phi and phi/E within {worst:.1e} of the whole above 2 MeV. Below: P. Vogel,",
                    "J. Engel, PRD 39 (1989) 3378, table II. Nothing below 7.8 keV and above 8 MeV."], columns)

    def bestiole(self):
        t = read(self.data / "reactor/bestiole2023_spectra.csv")
        energies = np.array(t["E_MeV"], float)
        source = "L. Perisse et al. (BESTIOLE), PRC 108 (2023) 055501, arXiv:2304.14992, 25 keV bins, 12.5 keV to 12.5 MeV;"
        for name, keys, unit in [("bestiole-2023", ISOTOPES, "fission"),
                                 ("capture-bestiole-2023", ["u239", "np239"], "decay")]:
            full = [np.array(t[k], float) for k in keys]
            rows = max(int(np.flatnonzero(c).max()) for c in full) + 1
            rows = min(rows + 1, len(energies))
            nodes, values, worst = thin(energies[:rows], [c[:rows] for c in full])
            columns = {"energy [MeV]": [number(e) for e in nodes]}
            for key, fitted in zip(keys, values):
                columns[f"{key} [1/MeV]"] = [number(v) for v in fitted]
            self.write(f"reactor/{name}.csv",
                       [f"Antineutrinos per MeV and {unit}: {source}",
                        f"thinned from {rows} rows, cumulative integrals of phi and phi/E within {worst:.1e} of the whole."],
                       columns)

    def other_reactor(self):
        t = read(self.data / "reactor/kopeikin_lowE_pwr_spectrum.csv")
        self.write("reactor/kopeikin-2012.csv",
                   ["Antineutrinos per MeV and fission of a pressurised-water reactor, neutron capture on 238U included:",
                    "V. I. Kopeikin, Phys. At. Nucl. 75 (2012) 143 (attribution recalled, to be confirmed)."],
                   {"energy [MeV]": t["E_MeV"], "total [1/MeV]": t["nu_per_MeV_fission"]})
        self.write("reactor/energy-per-fission.csv",
                   ["Energy per fission: X. B. Ma et al., PRC 88 (2013) 014605; V. I. Kopeikin et al., Phys. At. Nucl. 67",
                    "(2004) 1892 (attributions recalled, to be confirmed)."],
                   {"isotope": ISOTOPES, "ma_2013 [MeV]": ["202.36", "205.99", "211.12", "214.26"],
                    "kopeikin_2004 [MeV]": ["201.92", "205.52", "209.99", "213.6"]})

    def solar_fluxes(self):
        import json
        fluxes = json.loads((self.data / "solar/solar_parameters.json").read_text())["fluxes"]
        keys = {"pp": "pp", "pep": "pep", "hep": "hep", "be7": "7Be", "b8": "8B", "n13": "13N", "o15": "15O", "f17": "17F"}
        self.write("solar/fluxes.csv",
                   ["Fluxes at the Earth: N. Vinyoles et al., ApJ 835 (2017) 202, arXiv:1611.09867 (column AGSS09met recalled,",
                    "to be confirmed)."],
                   {"flux": keys, "b16_gs98 [/cm^2/s]": [number(fluxes[k]["GS98"]) for k in keys.values()],
                    "b16_agss09met [/cm^2/s]": [number(fluxes[k]["AGSS09"]) for k in keys.values()]})
        self.write("solar/lines.csv", ["Electron capture in the Sun: energies and shares of its neutrinos."],
                   {"flux": ["be7", "be7", "pep"], "energy [MeV]": ["0.8613", "0.3843", "1.442"],
                    "weight": ["0.895", "0.105", "1"]})


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    library = Library(sys.argv[1], sys.argv[2])
    for part in (library.isotopes, library.electron_levels, library.solar_spectra, library.production_profiles,
                 library.solar_fluxes, library.huber_mueller, library.bestiole, library.other_reactor):
        part()


main()

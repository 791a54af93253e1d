#!/usr/bin/env python3
"""Writes the tables of the catalogue entries `dresden-ii` and `conus-plus`.

usage: reactors.py DATA_DIR ENTRIES_DIR

DATA_DIR holds figures of the publications named below as CSV with `#` comments:
  dresden2/dresden2_spectrum.csv        E_keVee, on, on_err, off, off_err   10-eV bins
  dresden2/dresden2_quenching.csv       E_keVnr, QF_Fef, QF_YBe
  dresden2/dresden2_sm_prediction.csv   E_keVee, cevns_Fef, ..., nue        only where the background is expanded depends on it
  conus_plus/conus_plus_excess.csv      E_low_eVee, E_high_eVee, excess, err
  reactor/kopeikin_lowE_pwr_spectrum.csv  E_MeV, nu_per_MeV_fission
ENTRIES_DIR is Sources/CatalogueFiles/entries.
"""
import csv
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import brentq, least_squares
from thinning import thin

DRESDEN = "J. Colaresi et al., Phys. Rev. Lett. 129 (2022) 211802, arXiv:2202.09672, ancillary files."
CONUS = "N. Ackermann et al. (CONUS+), Nature 643 (2025) 1229, arXiv:2501.05206"
# Mean energy of an electron-hole pair in germanium, keV: no smaller ionisation is counted.
PAIR_ENERGY = 2.96e-3

# Electron capture on 71Ge in Dresden-II: centre of L2 and M1, width of M1 (keVee), height of L2 over L1, M1 over L1 area
L2_CENTER, M1_CENTER, M1_WIDTH, L2_HEIGHT, M1_AREA, M1_ERROR = 1.142, 0.158, 0.0685, 0.008, 0.16, 0.03
# A free parameter is a pull of this many standard deviations of the fit.
FREE = 100

# P. Huber, PRC 84 (2011) 024617: 235U, 239Pu, 241Pu; T. A. Mueller et al., PRC 83 (2011) 054615: 238U.
POLYNOMIALS = {
    "u235": [4.367, -4.577, 2.100, -0.5294, 0.06186, -0.002777],
    "u238": [0.4833, 0.1927, -0.1283, -0.006762, 0.002233, -0.0001536],
    "pu239": [4.757, -5.392, 2.563, -0.6596, 0.07820, -0.003536],
    "pu241": [2.990, -2.882, 1.278, -0.3343, 0.03905, -0.001754],
}
CONUS_FRACTIONS = {"u235": 0.58, "u238": 0.07, "pu239": 0.30, "pu241": 0.05}


def columns(path):
    with open(path) as lines:
        rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    return {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


def write(path, notes, header, values):
    text = "".join(f"# {note}\n" for note in notes) + ",".join(header) + "\n"
    text += "".join(",".join(f"{x:.7g}" for x in row) + "\n" for row in zip(*values))
    path.write_text(text)


# Quenching


def lindhard(recoil, k):
    """Quenching factor of germanium."""
    e = 11.5 * 32 ** (-7 / 3) * recoil
    g = 3 * e**0.15 + 0.7 * e**0.6 + e
    return k * g / (1 + k * g)


def write_floor(path, factor, model):
    """A step where the ionisation reaches one electron-hole pair."""
    recoil = brentq(lambda t: factor(t) * t - PAIR_ENERGY, 1e-4, 1)
    notes = [f"Nuclear recoils that ionise one electron-hole pair, {1e3 * PAIR_ENERGY:.2f} eV, or more: {model}.",
             "Zero below the first row."]
    write(path, notes, ["recoil [keV]", "efficiency"], [[recoil, 100], [1, 1]])


def simplified(x, y, tolerance):
    """Rows whose linear interpolation stays within a relative tolerance of all rows (Douglas, Peucker)."""
    keep, spans = {0, len(x) - 1}, [(0, len(x) - 1)]
    while spans:
        a, b = spans.pop()
        inside = np.arange(a + 1, b)
        if not len(inside):
            continue
        error = np.abs(np.interp(x[inside], [x[a], x[b]], [y[a], y[b]]) / y[inside] - 1)
        worst = inside[error.argmax()]
        if error.max() > tolerance:
            keep.add(int(worst))
            spans += [(a, worst), (worst, b)]
    return sorted(keep)


def dresden_quenching(data, out):
    table = columns(data / "dresden2/dresden2_quenching.csv")
    used = table["E_keVnr"] <= 2.5
    recoil = table["E_keVnr"][used]
    for model, what in (("Fef", "iron-filtered neutrons"), ("YBe", "photoneutrons")):
        factor = table[f"QF_{model}"][used]
        rows = simplified(recoil, factor, 1e-4)
        notes = [DRESDEN, f"Quenching factor {model} ({what}) of germanium; based on J. I. Collar et al., PRD 103 (2021) 122003,",
                 f"arXiv:2102.10089. {len(rows)} of {len(recoil)} rows up to 2.5 keV, more than reactor neutrinos give: linear",
                 "interpolation stays within 1e-4 of the others."]
        write(out / f"quenching-{model.lower()}.csv", notes, ["recoil [keV]", "factor"], [recoil[rows], factor[rows]])
        write_floor(out / f"floor-{model.lower()}.csv", lambda t, f=factor: np.interp(t, recoil, f), f"quenching {model}")
    write_floor(out / "floor-lindhard.csv", lambda t: lindhard(t, 0.157), "Lindhard, k = 0.157")


# Background of Dresden-II


def capture_lines(x, height, center, width, m1_area):
    gauss = lambda c, w: np.exp(-0.5 * ((x - c) / w) ** 2)
    return height * (gauss(center, width) + L2_HEIGHT * gauss(L2_CENTER, width)
                     + m1_area * width / M1_WIDTH * gauss(M1_CENTER, M1_WIDTH))


def background(x, p):
    flat, exponential, decay, height, center, width, m1_area = p
    return flat + exponential * np.exp(-decay * x) + capture_lines(x, height, center, width, m1_area)


def fit(x, events, error, signal):
    """Best fit of the release model to the reactor-ON spectrum with a given signal, and its errors."""
    lower, upper = [0, 0, 0, 0, 1.25, 0.04, 0], [1e3, 1e4, 50, 1e3, 1.35, 0.12, 1]
    residuals = lambda p: np.append((events - background(x, p) - signal) / error, (p[6] / M1_AREA - 1) / M1_ERROR)
    starts = ([5, 100, 5, 60, 1.297, 0.075, 0.16], [5, 50, 10, 40, 1.297, 0.07, 0.16], [9, 300, 20, 40, 1.297, 0.07, 0.16])
    fits = [least_squares(residuals, s, bounds=(lower, upper), x_scale=s, xtol=1e-14, ftol=1e-14, gtol=1e-14) for s in starts]
    best = min(fits, key=lambda result: result.cost)
    return best.x, np.sqrt(np.diag(np.linalg.inv(best.jac.T @ best.jac)))


def dresden_spectra(data, out):
    spectrum = columns(data / "dresden2/dresden2_spectrum.csv")
    x = spectrum["E_keVee"]
    edges = [x - 0.005, x + 0.005]
    write(out / "observed.csv",
          [DRESDEN, "Reactor-ON spectrum, counts per (10 eV, 2.924 kg, day), corrected for the acceptance, and released errors."],
          ["energy_low [keVee]", "energy_high [keVee]", "events", "error"], [*edges, spectrum["on"], spectrum["on_err"]])
    prediction = columns(data / "dresden2/dresden2_sm_prediction.csv")
    signal = (prediction["cevns_Fef"] + prediction["nue"])[: len(x)]
    p, errors = fit(x, spectrum["on"], spectrum["on_err"], signal)
    p[6] = M1_AREA
    flat, exponential, decay, height, center, width, _ = p

    def moved(index):
        """Change per FREE standard deviations of one parameter."""
        step = 1e-4 * errors[index]
        up, down = p.copy(), p.copy()
        up[index] += step
        down[index] -= step
        return FREE * errors[index] * (background(x, up) - background(x, down)) / (2 * step)

    falling = exponential * np.exp(-decay * x)
    lines = capture_lines(x, height, center, width, M1_AREA)
    notes = [
        "Background model of the release (arXiv:2202.09672): A + B exp(-C E) + L1 + L2 + M1, fitted to the reactor-ON spectrum with",
        "the Standard Model signal (quenching Fef): "
        f"A = {flat:.4f}, B = {exponential:.3f}, C = {decay:.4f}/keVee,",
        f"L1 height {height:.3f}, center {center:.5f}, width {width:.5f} keVee; M1 over L1 area {M1_AREA}. Counts per (10 eV, 2.924 kg, day).",
        f"moved_*: {FREE} standard deviations of the fit, by the linear change of the bins; moved_m1: the 3 % of the M1 area.",
    ]
    names = ["flat", "falling", "capture_lines", "moved_decay", "moved_center", "moved_width", "moved_m1"]
    ones = np.full(len(x), flat)
    m1 = capture_lines(x, height, center, width, M1_AREA * (1 + M1_ERROR))
    write(out / "backgrounds.csv", notes, ["energy_low [keVee]", "energy_high [keVee]", *names],
          [*edges, ones, falling, lines, falling + moved(2), lines + moved(4), lines + moved(5), m1])


# CONUS+


def conus(data, out):
    table = columns(data / "conus_plus/conus_plus_excess.csv")
    write(out / "observed.csv",
          [f"{CONUS}, figure 1, digitised.", "Excess of reactor-on over the background model, one detector of 1 kg for 119 d."],
          ["energy_low [keVee]", "energy_high [keVee]", "events", "error"],
          [table["E_low_eVee"] / 1e3, table["E_high_eVee"] / 1e3, table["excess"], table["err"]])
    write_floor(out / "floor.csv", lambda t: lindhard(t, 0.162), "Lindhard, k = 0.162")
    low = columns(data / "reactor/kopeikin_lowE_pwr_spectrum.csv")
    below = low["E_MeV"] < 2
    fine = np.linspace(2, 8, 601)
    summed = sum(share * np.exp(np.polyval(POLYNOMIALS[name][::-1], fine)) for name, share in CONUS_FRACTIONS.items())
    nodes, (density,), worst = thin(fine, [summed])
    notes = ["Antineutrinos per MeV and fission. Below 2 MeV: V. I. Kopeikin, Phys. At. Nucl. 75 (2012) 143, neutron capture included",
             "(attribution recalled, to be confirmed). 2 to 8 MeV: P. Huber, PRC 84 (2011) 024617, and for 238U T. A. Mueller et al.,",
             "PRC 83 (2011) 054615, fission fractions 0.58, 0.07, 0.30, 0.05 (235U, 238U, 239Pu, 241Pu); cumulative integrals of phi and",
             f"phi/E within {worst:.1e} of the whole above 2 MeV. Nothing above 8 MeV."]
    write(out / "spectrum.csv", notes, ["energy [MeV]", "total [1/MeV]"],
          [np.append(low["E_MeV"][below], nodes), np.append(low["nu_per_MeV_fission"][below], density)])


def main():
    data, entries = Path(sys.argv[1]), Path(sys.argv[2])
    for name in ("dresden-ii", "conus-plus"):
        (entries / name).mkdir(exist_ok=True)
    dresden_quenching(data, entries / "dresden-ii")
    dresden_spectra(data, entries / "dresden-ii")
    conus(data, entries / "conus-plus")


main()

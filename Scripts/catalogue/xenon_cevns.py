"""Standard Model CEvNS of solar 8B neutrinos on natural xenon, folded with a response (numpy).

Formulas of docs/physics: spin-0 CEvNS with Helm form factors; the mean proton coupling of the arriving flavours, whose
difference is 1e-3 of the rate.
"""
import csv

import numpy as np

YEAR = 365.25 * 86400
HBARC = 197.3269804  # MeV fm
PREFACTOR = 1.6861736656e-44  # G_F^2 (hbar c)^2 / pi, cm^2 MeV^-2
PROTON, NEUTRON = 0.0332, -0.5094  # P_ee = 1/3: (0.0401 + 0.0318 + 0.0275) / 3


def rows(path):
    with open(path) as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def helm(q, radius, skin=0.9):
    y = q * np.sqrt(5 / 3 * (radius**2 - 3 * skin**2))
    return 3 * (np.sin(y) / y**2 - np.cos(y) / y) / y * np.exp(-((q * skin) ** 2) / 2)


def spectrum(data):
    table = rows(data / "solar/spectrum_8B.csv")
    energies, density = (np.array([float(r[c]) for r in table]) for c in ("E_MeV", "pdf_per_MeV"))
    return energies, density / np.trapezoid(density, energies)


def moments(energies, density, lowest):
    """integral phi E^-n dE above each of `lowest`, n = 0, 1, 2, on a fine grid."""
    fine = np.linspace(energies[0], energies[-1], 20001)
    phi = np.interp(fine, energies, density)
    for n in range(3):
        f = phi / fine**n
        above = np.r_[np.cumsum((0.5 * (f[1:] + f[:-1]) * np.diff(fine))[::-1])[::-1], 0]
        yield np.interp(lowest, fine, above, left=above[0], right=0)


def rate(data, flux, recoils):
    """Events per MeV and tonne year at recoil energies (MeV)."""
    xenon = [r for r in rows(data / "nuclear/isotopes.csv") if r["element"] == "Xe"]
    total = sum(float(r["abundance"]) for r in xenon)
    molar = sum(float(r["abundance"]) * float(r["atomic_mass_u"]) for r in xenon) / total
    energies, density = spectrum(data)
    result = np.zeros_like(recoils)
    for r in xenon:
        mass, z, n = float(r["nuclear_mass_MeV"]), int(r["Z"]), int(r["A"]) - int(r["Z"])
        targets = 1e6 * 6.02214076e23 / molar * float(r["abundance"]) / total
        i0, i1, i2 = moments(energies, density, (recoils + np.sqrt(recoils * (recoils + 2 * mass))) / 2)
        charge = (PROTON * z + NEUTRON * n) * helm(np.sqrt(2 * mass * recoils) / HBARC, float(r["r_charge_fm"]))
        result += targets * PREFACTOR * mass * charge**2 * (i0 - recoils * i1 - 0.5 * mass * recoils * i2)
    return result * flux * YEAR


def folded_events(data, flux, nodes, response):
    """Events per tonne year in each row of `response`, linear between the recoil nodes (MeV)."""
    fine = np.linspace(nodes[0], nodes[-1], 200 * (len(nodes) - 1) + 1)
    per_energy = rate(data, flux, fine)
    return np.array([np.trapezoid(per_energy * np.interp(fine, nodes, row), fine) for row in response])

#!/usr/bin/env python3
"""Writes the tables of the catalogue entries on electron recoils in xenon: xenon1t-er, xenonnt-er-sr0, lz-er-ws2022,
lz-er-ws2024, darwin-er.

usage: xenon-electron-recoils.py DATA_DIR ENTRIES_DIR [SPECTRA_DIR]

DATA_DIR holds figures as CSV with `#` comments:
  lxe_er/xenon1t_er_binned.csv                 E_low_keV, counts, B0_counts         arXiv:2006.09721, figure 4
  lxe_er/xenon1t_er_efficiency.csv             E_keV, efficiency
  lxe_er/xenon1t_er_tritium_fit.csv            E_keV, rate                          events/(tonne year keV)
  lxe_er/xenon1t_solar_nu_unsmeared.csv        E_low_keV, E_high_keV, rate          before resolution and efficiency
  xenonnt_sr0_release/bkg_model.csv            E_keV, r0 .. r9                      released B0, steps of 0.1 keV
  xenonnt_sr0_release/efficiency.csv           E_keV, efficiency                    arXiv:2207.11330, released
  xenonnt_sr0_release/observed.csv             E_low_keV, counts                    released energies, counted
  lxe_er/xenonnt_sr0_er_solar_nu.csv           E_keV, rate                          its solar neutrinos, digitised
  lxe_er/lz_ws{2022,2024}_er_binned.csv        E_low_keVee, observed, background_fit   arXiv:2511.17350
  lxe_er/lz_ws{2022,2024}_er_efficiency.csv    E_keV, efficiency
  atomic/xe_{rrpa,step}_pp_be7_rate.csv        E_keV, rate                          arXiv:1610.04177
  future/darwin_2vbb_rejected995.csv           E_keVee, rate                        after 99.5 % rejection
  future/xlzd_bkg_{radon,krypton,xe124_ee}.csv E_keVee, rate
SPECTRA_DIR holds the output of `upscatter spectrum NAME --json` for lz-er-ws2022, lz-er-ws2022:atomic and so on as
NAME.json, NAME-atomic.json: the fitted background of LZ contains solar neutrinos, which are taken out as this program
expects them. Without it nothing is taken out, for a first run. Standard library only.
"""
import csv
import json
import math
import sys
from pathlib import Path

LOW, HIGH = "energy_low [keVee]", "energy_high [keVee]"
# Energies (keV) of the atomic correction: between the edges of the shells the ratio is smooth.
ATOMIC_NODES = [0.25, 0.4, 0.55, 0.649, 0.709, 0.85, 0.96, 1.03, 1.18, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 4.83, 5.17, 5.52, 6,
                7, 8, 10, 12, 15, 18, 22, 25, 28]
FLOOR, CEILING = 0.05, 400  # keV: correction and efficiency are constant beyond their tables


def read(path):
    with open(path) as lines:
        return list(csv.DictReader(line for line in lines if not line.startswith("#")))


def columns(path, *names):
    rows = read(path)
    return [[float(row[name]) for row in rows] for name in names]


def write(path, notes, header, rows):
    text = "".join(f"# {note}\n" for note in notes) + ",".join(header) + "\n"
    path.write_text(text + "".join(",".join(f"{x:.6g}" for x in row) + "\n" for row in rows))


def interpolate(x, nodes, values, outside=None):
    """Linear; constant beyond the ends, or `outside`."""
    if x <= nodes[0]:
        return values[0] if outside is None or x == nodes[0] else outside
    if x >= nodes[-1]:
        return values[-1] if outside is None or x == nodes[-1] else outside
    k = next(i for i in range(1, len(nodes)) if x <= nodes[i])
    t = (x - nodes[k - 1]) / (nodes[k] - nodes[k - 1])
    return values[k - 1] + t * (values[k] - values[k - 1])


def mean(curve, low, high, steps=50):
    width = (high - low) / steps
    return sum(curve(low + (i + 0.5) * width) for i in range(steps)) / steps


def bins(first, last):
    return [(float(low), float(low + 1)) for low in range(first, last)]


def binned(path, notes, edges, named):
    write(path, notes, [LOW, HIGH, *named], [[lo, hi, *values] for (lo, hi), *values in zip(edges, *named.values())])


def gauss(low, high, mean_energy, sigma):
    z = [(edge - mean_energy) / (sigma * math.sqrt(2)) for edge in (low, high)]
    return 0.5 * (math.erf(z[1]) - math.erf(z[0]))


# MARK: XENON1T

def xenon1t_sigma(energy):
    return 0.31 * math.sqrt(energy) + 0.0037 * energy


def xenon1t(data, out):
    paper = "E. Aprile et al. (XENON), Phys. Rev. D 102 (2020) 072004, arXiv:2006.09721"
    exposure, edges = 0.6473, bins(1, 30)
    counts, b0 = columns(data / "lxe_er/xenon1t_er_binned.csv", "counts", "B0_counts")
    energies, efficiency = columns(data / "lxe_er/xenon1t_er_efficiency.csv", "E_keV", "efficiency")
    solar = solar_xenon1t(data, edges, energies, efficiency, exposure)
    tritium = columns(data / "lxe_er/xenon1t_er_tritium_fit.csv", "E_keV", "rate")
    named = {
        "observed": counts, "b0_without_solar": [b - s for b, s in zip(b0, solar)], "published_solar": solar,
        "tritium": [exposure * mean(lambda e: interpolate(e, *tritium), *edge) for edge in edges],
    }
    notes = [f"{paper}, figure 4 (digitised), 0.6473 tonne-years.",
             "b0_without_solar: background model B0 less published_solar, the solar neutrinos of the authors: the input of",
             "their analysis before resolution, here smeared and selected. tritium: their fit B0 + tritium."]
    binned(out / "spectrum.csv", notes, edges, named)
    notes = [f"{paper} (digitised): total efficiency over the reconstructed energy."]
    write(out / "efficiency.csv", notes, ["energy [keVee]", "efficiency"], zip(energies, efficiency))
    atomic(data, out / "atomic-correction.csv")


def solar_xenon1t(data, edges, energies, efficiency, exposure):
    """Published solar neutrinos per bin: events/(tonne year keV) smeared, then selected."""
    low, high, rate = columns(data / "lxe_er/xenon1t_solar_nu_unsmeared.csv", "E_low_keV", "E_high_keV", "rate")
    low, high, rate = [0.1] + low, [low[0]] + high, [rate[0]] + rate  # constant below the first energy
    totals = []
    for lo, hi in edges:
        total, steps = 0.0, 20
        for i in range(steps):
            a, b = lo + (hi - lo) * i / steps, lo + (hi - lo) * (i + 1) / steps
            seen = sum(r * (h - l) * gauss(a, b, 0.5 * (l + h), xenon1t_sigma(0.5 * (l + h)))
                       for l, h, r in zip(low, high, rate) if l < hi + 15)
            total += interpolate(0.5 * (a + b), energies, efficiency, outside=0.0) * seen
        totals.append(exposure * total)
    return totals


# MARK: XENONnT

def xenonnt(data, out):
    paper = "E. Aprile et al. (XENON), Phys. Rev. Lett. 129 (2022) 161805, arXiv:2207.11330"
    exposure, edges = 1.16, bins(1, 30)
    counts, = columns(data / "xenonnt_sr0_release/observed.csv", "counts")
    energies, efficiency = columns(data / "xenonnt_sr0_release/efficiency.csv", "E_keV", "efficiency")
    tenths = [[float(row[f"r{k}"]) for k in range(10)] for row in read(data / "xenonnt_sr0_release/bkg_model.csv")]
    b0 = [exposure * sum(row) / 10 for row in tenths]
    # The digitised curve of the solar neutrinos over the efficiency is smooth from 2.7 keV on, constant below.
    curve = columns(data / "lxe_er/xenonnt_sr0_er_solar_nu.csv", "E_keV", "rate")
    points = [(e, r / interpolate(e, energies, efficiency)) for e, r in zip(*curve) if 2.5 < e < 33]
    smooth = [[p[0] for p in points], [p[1] for p in points]]

    def solar_rate(energy):
        return interpolate(energy, *smooth) * interpolate(energy, energies, efficiency, outside=0.0)

    solar = [exposure * mean(solar_rate, *edge) for edge in edges]
    named = {"observed": counts, "b0_without_solar": [b - s for b, s in zip(b0, solar)], "published_solar": solar}
    notes = [f"{paper}, 1.16 tonne-years.",
             f"observed: the released energies of {sum(counts):.0f} events, counted.",
             "b0_without_solar: released background model B0 less published_solar, the solar neutrinos of its figure",
             "(digitised; below 2.7 keV as flat as the efficiency lets them appear)."]
    binned(out / "spectrum.csv", notes, edges, named)
    notes = [f"{paper}: released total efficiency over the reconstructed energy, thinned, its noise",
             "of 0.3 % above 3 keV smoothed."]
    write(out / "efficiency.csv", notes, ["energy [keVee]", "efficiency"], zip(energies, efficiency))
    atomic(data, out / "atomic-correction.csv")
    notes = ["All electrons of xenon with the binding of the outermost, 12.1 eV: free in every bin. For the variant",
             "`free-electrons`."]
    text = "".join(f"# {note}\n" for note in notes) + "element,shell,binding_energy [eV],electrons\nXe,all,12.1,54\n"
    (out / "free-electrons.csv").write_text(text)


# MARK: LZ

def standard_model(spectra, name):
    """Expected solar neutrinos per bin, as this program gives them."""
    if spectra is None:
        return None
    result = json.loads((spectra / f"{name}.json").read_text())
    return next(part["events"] for part in result["ingredients"] if part["name"] == "standard-model")


def lz(data, out, year, spectra):
    paper = "D. S. Akerib et al. (LZ), arXiv:2511.17350"
    edges = bins(1, 20)
    counts, fit = [column[1:] for column in
                   columns(data / f"lxe_er/lz_ws{year}_er_binned.csv", "observed", "background_fit")]
    entry = f"lz-er-ws{year}"
    named = {"observed": counts, "fit": fit}
    for suffix in ("", "-atomic"):
        solar = standard_model(spectra, entry + suffix) or [0.0] * len(fit)
        named["background" + suffix.replace("-", "_")] = [f - s for f, s in zip(fit, solar)]
    notes = [f"{paper}: data and fitted background of WS{year} (the fit digitised).",
             "background: the fit less the solar neutrinos that this program expects; background_atomic: less those of the",
             "variant `atomic`."]
    if year == 2022:
        # 52.1 events (arXiv:2207.03764) of the K shell at 2.822 keV
        peak = [52.1 * gauss(lo, hi, 2.8224, 0.33 * math.sqrt(2.8224)) for lo, hi in edges]
        named["argon_37"] = peak
        named["background_without_argon"] = [b - p for b, p in zip(named["background"], peak)]
        notes.append("argon_37: 52.1 events of 37Ar at 2.82 keV; background_without_argon: background less these.")
    binned(out / "spectrum.csv", notes, edges, named)
    energies, efficiency = lz_efficiency(data, year)
    notes = [f"{paper}: efficiency over the true energy. Its fall at 20 keV is the upper end of the search region in",
             "reconstructed energy, which the bins hold already: the plateau is continued above 13 keV."]
    write(out / "recoil-efficiency.csv", notes, ["recoil [keV]", "efficiency"], zip(energies, efficiency))
    ratio = correction(data)
    nodes = sorted({*energies, *ratio[0]} - {0.0})
    rows = [(e, interpolate(e, energies, efficiency) * interpolate(e, *ratio)) for e in nodes]
    notes = [notes[0], notes[1], "Times the atomic correction of J.-W. Chen et al., arXiv:1610.04177 (digitised)."]
    write(out / "recoil-efficiency-atomic.csv", notes, ["recoil [keV]", "efficiency"], rows)


def lz_efficiency(data, year):
    """Every second row, the plateau for every energy above 13 keV."""
    rows = list(zip(*columns(data / f"lxe_er/lz_ws{year}_er_efficiency.csv", "E_keV", "efficiency")))
    rising = [row for row in rows if 0.25 <= row[0] <= 3]
    flat = [row for row in rows if 3 < row[0] <= 13 and row[0] == int(row[0])]
    plateau = flat[-1][1]
    nodes = rising + flat + [(float(CEILING), plateau)]
    return [node[0] for node in nodes], [node[1] for node in nodes]


# MARK: Atomic correction

def correction(data):
    many_body = columns(data / "atomic/xe_rrpa_pp_be7_rate.csv", "E_keV", "rate")
    free = columns(data / "atomic/xe_step_pp_be7_rate.csv", "E_keV", "rate")
    nodes = [FLOOR, *ATOMIC_NODES, CEILING]
    return nodes, [interpolate(e, *many_body) / interpolate(e, *free) for e in
                   (min(max(node, ATOMIC_NODES[0]), ATOMIC_NODES[-1]) for node in nodes)]


def atomic(data, path):
    notes = ["J.-W. Chen et al., Phys. Lett. B 774 (2017) 656, arXiv:1610.04177 (digitised): rate of solar pp and 7Be",
             "neutrinos on the electrons of xenon in the relativistic random-phase approximation over the one of free",
             "electrons with binding steps; constant below 0.25 and above 28 keV."]
    write(path, notes, ["recoil [keV]", "efficiency"], zip(*correction(data)))


# MARK: DARWIN

def darwin(data, out):
    edges, exposure = bins(1, 30), 300
    rates = {"double_beta": [[e, r / 0.005] for e, r in zip(*columns(
        data / "future/darwin_2vbb_rejected995.csv", "E_keVee", "rate"))]}
    for name, file in (("radon", "radon"), ("krypton", "krypton"), ("xenon_124", "xe124_ee")):
        points = sorted(zip(*columns(data / f"future/xlzd_bkg_{file}.csv", "E_keVee", "rate")))
        rates[name] = points
    means = {}
    for name, points in rates.items():
        curve = [[p[0] for p in points], [p[1] for p in points]]
        means[name] = [exposure * mean(lambda e: interpolate(e, *curve), *edge) for edge in edges]
    means["radon_krypton"] = [r + k for r, k in zip(means.pop("radon"), means.pop("krypton"))]
    named = {}
    for name in ("double_beta", "radon_krypton", "xenon_124"):
        named[name] = means[name]
        named[name + "_one_year"] = [0.1 * count for count in means[name]]
    notes = ["Projected electron-recoil backgrounds of 300 tonne-years of natural xenon, and of 30 (one year).",
             "double_beta: 136Xe, M. Schumann et al., JCAP 10 (2015) 016, arXiv:1506.08309 (digitised after 99.5 % rejection,",
             "which is undone here). radon_krypton: 222Rn (0.1 uBq/kg) and 85Kr, both nearly flat. xenon_124: double electron",
             "capture. The latter three are projections for XLZD (digitised)."]
    binned(out / "backgrounds.csv", notes, edges, named)


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    data, entries = map(Path, sys.argv[1:3])
    spectra = Path(sys.argv[3]) if len(sys.argv) == 4 else None
    for name in ("xenon1t-er", "xenonnt-er-sr0", "lz-er-ws2022", "lz-er-ws2024", "darwin-er"):
        (entries / name).mkdir(parents=True, exist_ok=True)
    xenon1t(data, entries / "xenon1t-er")
    xenonnt(data, entries / "xenonnt-er-sr0")
    for year in (2022, 2024):
        lz(data, entries / f"lz-er-ws{year}", year, spectra)
    darwin(data, entries / "darwin-er")


main()

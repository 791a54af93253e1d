#!/usr/bin/env python3
"""Writes Tests/RateTests/RateFixtures.swift: detector weights, arrival-time weights and recoil counts in
multi-precision arithmetic.

Usage: make-rate-fixtures.py > Tests/RateTests/RateFixtures.swift      (needs mpmath)

Detector: CsI[Na] photoelectron response and efficiency of arXiv:2110.07730. Pulse: Gaussian, centre 0.45 us,
width 0.15 us, lifetimes of the pion and the muon from PDG 2022.
"""
import mpmath as mp

mp.mp.dps = 40
A_KEV, B_PER_KEV = mp.mpf("0.0749"), mp.mpf("9.56")
EFF = [mp.mpf(v) for v in ("1.32045", "0.285979", "10.8646", "-0.333322")]
TAU_PI, TAU_MU = mp.mpf("0.026033"), mp.mpf("2.1969811")
CENTER, WIDTH = mp.mpf("0.45"), mp.mpf("0.15")
START, RATE = mp.mpf("0.52"), mp.mpf("0.0494")


def scaled_quad(log_f, g, points):
    """Integral of g exp(log_f) with the largest exponential taken out: tiny results keep their digits."""
    top = max(log_f(p) for p in points if p > 0)
    return mp.exp(top) * mp.quad(lambda x: g(x) * mp.exp(log_f(x) - top), points, maxdegree=7)


def gamma_weight(energy_kev, lo, hi, with_efficiency):
    energy, lo, hi = mp.mpf(energy_kev), mp.mpf(lo), mp.mpf(hi)
    a, k = A_KEV / energy, 1 + B_PER_KEV * energy
    rate = a * k
    if not with_efficiency:
        return mp.gammainc(k, rate * lo, rate * hi, regularized=True)
    ea, eb, ec, ed = EFF
    lo = max(lo, ec - mp.log(-ea / ed - 1) / eb)
    points = [lo + (hi - lo) * mp.mpf(i) / 40 for i in range(41)]
    log_p = lambda x: k * mp.log(rate) + (k - 1) * mp.log(x) - rate * x - mp.loggamma(k)
    return scaled_quad(log_p, lambda x: ea / (1 + mp.exp(-eb * (x - ec))) + ed, points)


def modified_gaussian(t, tau):
    z = (t - CENTER) / WIDTH
    return mp.exp(WIDTH**2 / (2 * tau**2) - (t - CENTER) / tau) * mp.ncdf(z - WIDTH / tau) / tau


def arrival_weight(lo, hi, delayed, with_efficiency):
    lo, hi = mp.mpf(lo), mp.mpf(hi)

    def density(t):
        prompt = modified_gaussian(t, TAU_PI)
        if delayed:
            value = (TAU_MU * modified_gaussian(t, TAU_MU) - TAU_PI * prompt) / (TAU_MU - TAU_PI)
        else:
            value = prompt
        return value * (mp.exp(-RATE * (t - START)) if with_efficiency and t >= START else 1)

    cuts = [START] + [CENTER + n * WIDTH / 2 for n in range(-16, 30)]
    points = sorted({lo, hi} | {p for p in cuts if lo < p < hi})
    points += [lo + (hi - lo) * mp.mpf(i) / 32 for i in range(1, 32)]
    top = max(density(p) for p in points)
    return top * mp.quad(lambda t: density(t) / top, sorted(set(points)), maxdegree=8)


GAMMA = [("0.05", 8, 12), ("0.3", 0, 8), ("0.8", 0, 8), ("0.8", 8, 12), ("1.5", 16, 20), ("2.6", 50, 60),
         ("0.02", 24, 32), ("0.004", 12, 16), ("3.4", 40, 50), ("9", 8, 12), ("12", 50, 60), ("40", 50, 60)]
PULSE = [("0", "0.125"), ("0.375", "0.5"), ("0.5", "0.625"), ("0.875", "1"), ("1", "2"), ("4", "6")]


GF, SIN2 = mp.mpf("1.1663788e-11"), mp.mpf("0.23857")
ALPHA, M_E, M_MU = 1 / mp.mpf("137.035999084"), mp.mpf("0.51099895"), mp.mpf("105.6583755")
HBARC = mp.mpf("197.3269804")
CM2 = (HBARC * mp.mpf("1e-13")) ** 2
ATOMIC_MASS = mp.mpf("132.905451961")
MASS = ATOMIC_MASS * mp.mpf("931.49410242") - 55 * M_E
TARGETS = mp.mpf("1e4") / ATOMIC_MASS * mp.mpf("6.02214076e23")
FLUENCE = mp.mpf("5e14")
UNIT = mp.mpf("1e38")  # mp.quad stops at an absolute error: integrands must be near one


def helm(T, rms):
    q, s = mp.sqrt(2 * MASS * T) / HBARC, mp.mpf("0.9")
    x = q * mp.sqrt(mp.mpf(5) / 3 * (mp.mpf(rms) ** 2 - 3 * s**2))
    return 3 * (mp.sin(x) - x * mp.cos(x)) / x**3 * mp.exp(-((q * s) ** 2) / 2)


def dipole(E, T, m4):
    """Spin-1/2 target, mu = 1e-6 GeV^-1, as in arXiv:1811.12435 (not the compact form of the program)."""
    moment = mp.mpf("1e-9")
    bracket = 1 / T - 1 / E - m4**2 / (2 * E * MASS * T) * (1 - T / (2 * E) + MASS / (2 * E))
    bracket += m4**4 * (T - MASS) / (8 * E**2 * T**2 * MASS**2)
    return ALPHA * moment**2 * CM2 * (55 * helm(T, "4.804")) ** 2 * bracket


def cevns(E, T, m4):
    charge = mp.mpf("0.0401") * 55 * helm(T, "4.804") - mp.mpf("0.5094") * 78 * helm(T, "5.09")
    return GF**2 * MASS / mp.pi * CM2 * charge**2 * (1 - T / E - MASS * T / (2 * E**2))


def recoil_range(E, m4):
    """Textbook two-body kinematics in the centre of mass."""
    s = MASS**2 + 2 * MASS * E
    lam = (s - (MASS + m4) ** 2) * (s - (MASS - m4) ** 2)
    if lam < 0:
        return None
    middle = E * (s - MASS**2 - m4**2 * (MASS + E) / E) / (2 * s)
    half = E * mp.sqrt(lam) / (2 * s)
    return middle - half, middle + half


def recoil_counts(lo_kev, hi_kev, cross_section, m4):
    """Electron neutrinos of muon decay at rest; the recoil integral inside, the energy integral outside."""
    lo, hi, m4 = mp.mpf(lo_kev) / 1000, mp.mpf(hi_kev) / 1000, mp.mpf(m4)

    def at_energy(E):
        limits = recoil_range(E, m4)
        if limits is None:
            return mp.mpf(0)
        a, b = max(lo, limits[0]), min(hi, limits[1])
        if b <= a:
            return mp.mpf(0)
        density = 192 * E**2 / M_MU**3 * (mp.mpf(1) / 2 - E / M_MU)
        return density * mp.quad(lambda T: cross_section(E, T, m4) * UNIT, [a, b])

    def smallest_energy(T):
        return (m4**2 + 2 * MASS * T) / (2 * (mp.sqrt(T * (T + 2 * MASS)) - T))

    points = sorted({e for e in map(smallest_energy, (lo, hi)) if e < M_MU / 2} | {M_MU / 2})
    least = m4 + m4**2 / (2 * MASS)
    if m4 > 0 and lo <= m4**2 / (2 * (MASS + m4)) <= hi:
        points.insert(0, least)
    return TARGETS * FLUENCE / UNIT * mp.quad(at_energy, points)


RECOIL_BINS = [(1, 5), (5, 10), (10, 20), (20, 40)]


def print_counts():
    print("  /// events of nu_e per bin of true recoil (1 5 10 20 40 keV) on 10 kg of caesium-133, both integrals")
    print("  /// numerical, in the other order: m4 (MeV), dipole at mu = 1e-6 GeV^-1 or Standard Model (false), counts")
    print("  static let caesiumCounts: [(Double, Bool, [Double])] = [")
    mp.mp.dps = 22
    for m4, dipolar in [(0, False), (1, True), (8, True), (35, True)]:
        section = dipole if dipolar else cevns
        values = [recoil_counts(lo, hi, section, m4) for lo, hi in RECOIL_BINS]
        text = ", ".join(mp.nstr(v, 15, min_fixed=0, max_fixed=0) for v in values)
        print(f"    ({m4}, {str(dipolar).lower()}, [{text}]),")
    print("  ]")


# Tables over the recoil: nodes (keV) and one row of values per node, linear between and zero outside.
EFFICIENCY = ["1 4 9 25", [["0.1"], ["0.5"], ["0.9"], ["0.7"]]]
MATRIX = ["0.5 2 6 18", [["0", "0"], ["0.3", "0.05"], ["0.2", "0.4"], ["0.05", "0.6"]]]


def tabulated(table, column, T):
    nodes = [mp.mpf(v) / 1000 for v in table[0].split()]
    for i in range(len(nodes) - 1):
        if nodes[i] <= T <= nodes[i + 1]:
            a, b = mp.mpf(table[1][i][column]), mp.mpf(table[1][i + 1][column])
            return a + (b - a) * (T - nodes[i]) / (nodes[i + 1] - nodes[i])
    return mp.mpf(0)


def weighted_count(lo_kev, hi_kev, table, column, cross_section, m4):
    """Counts times a tabulated weight of the recoil: the energy integral inside, the recoil integral outside."""
    m4 = mp.mpf(m4)
    ends = recoil_range(M_MU / 2, m4) if m4 > 0 else (mp.mpf(0), recoil_range(M_MU / 2, m4)[1])
    lo, hi = max(mp.mpf(lo_kev) / 1000, ends[0]), min(mp.mpf(hi_kev) / 1000, ends[1])
    nodes = [mp.mpf(v) / 1000 for v in table[0].split()]
    cuts = [lo] + [v for v in nodes if lo < v < hi] + [hi]

    def at_recoil(T, weight):
        least = (m4**2 + 2 * MASS * T) / (2 * (mp.sqrt(T * (T + 2 * MASS)) - T))
        flux = lambda E: 192 * E**2 / M_MU**3 * (mp.mpf(1) / 2 - E / M_MU)
        return weight * mp.quad(lambda E: flux(E) * cross_section(E, T, m4) * UNIT, [least, M_MU / 2])

    total = mp.mpf(0)
    for a, b in zip(cuts, cuts[1:]):
        if any(nodes[i] <= (a + b) / 2 <= nodes[i + 1] for i in range(len(nodes) - 1)):
            total += mp.quad(lambda T: at_recoil(T, tabulated(table, column, T)), [a, (a + b) / 2, b])
    return TARGETS * FLUENCE / UNIT * total


def print_weighted():
    print("  /// the same with the recoil efficiency 0.1, 0.5, 0.9, 0.7 at 1, 4, 9, 25 keV")
    print("  static let efficientCounts: [(Double, Bool, [Double])] = [")
    for m4, dipolar in [(0, False), (8, True), (35, True)]:
        section = dipole if dipolar else cevns
        values = [weighted_count(lo, hi, EFFICIENCY, 0, section, m4) for lo, hi in RECOIL_BINS]
        text = ", ".join(mp.nstr(v, 15, min_fixed=0, max_fixed=0) for v in values)
        print(f"    ({m4}, {str(dipolar).lower()}, [{text}]),")
    print("  ]")
    print("  /// the same in two analysis bins of probabilities (0, 0), (0.3, 0.05), (0.2, 0.4), (0.05, 0.6) at 0.5, 2, 6, 18 keV")
    print("  static let matrixCounts: [(Double, Bool, [Double])] = [")
    for m4, dipolar in [(0, False), (8, True), (35, True)]:
        section = dipole if dipolar else cevns
        values = [weighted_count("0.5", "18", MATRIX, bin, section, m4) for bin in (0, 1)]
        text = ", ".join(mp.nstr(v, 15, min_fixed=0, max_fixed=0) for v in values)
        print(f"    ({m4}, {str(dipolar).lower()}, [{text}]),")
    print("  ]")


def gaussian_weight(mean, lo, hi, noise, stochastic, constant, combination, efficiency):
    """Gaussian of the given width (keV) over a bin; with `efficiency` times 0.2, 0.8, 1 at 0.5, 1, 3 keV."""
    mean, lo, hi = mp.mpf(mean), mp.mpf(lo), mp.mpf(hi)
    terms = [mp.mpf(noise), mp.mpf(stochastic) * mp.sqrt(mean), mp.mpf(constant) * mean]
    width = sum(terms) if combination == "sum" else mp.sqrt(sum(t**2 for t in terms))
    density = lambda x: mp.npdf(x, mean, width)
    if not efficiency:
        return mp.quad(density, mp.linspace(lo, hi, 9))
    table = ["500 1000 3000", [["0.2"], ["0.8"], ["1"]]]
    cuts = sorted({lo, hi} | {v for v in map(mp.mpf, ("0.5", "1", "3")) if lo < v < hi})
    return sum(mp.quad(lambda x: tabulated(table, 0, x) * density(x), mp.linspace(a, b, 9))
               for a, b in zip(cuts, cuts[1:]))


def print_gaussian():
    print("  /// E_ee (keV), bin (keV), noise (keV), stochastic, constant, sum?, with the efficiency 0.2, 0.8, 1 at 0.5, 1,")
    print("  /// 3 keV, weight")
    print("  static let gaussianWeights: [(Double, Double, Double, Double, Double, Double, Bool, Bool, Double)] = [")
    for row in [("1.2", "0.4", "2", "0.1", "0.3", "0.05"), ("0.4", "0.4", "2", "0.1", "0.3", "0.05"),
                ("2.5", "2", "4", "0.02", "0.31", "0.0037"), ("0.1", "0.4", "2", "0.12", "0", "0.1")]:
        for combination in ("quadrature", "sum"):
            for efficiency in (False, True):
                value = mp.nstr(gaussian_weight(*row, combination, efficiency), 16, min_fixed=0, max_fixed=0)
                flags = f"{str(combination == 'sum').lower()}, {str(efficiency).lower()}"
                print(f"    ({', '.join(row)}, {flags}, {value}),")
    print("  ]")


def main():
    print("// Made by Scripts/make-rate-fixtures.py (mpmath, 40 digits, counts 22); do not edit.")
    print("// Detector response of arXiv:2110.07730 (COHERENT CsI[Na]); Gaussian pulse 0.45 +- 0.15 us.\n")
    print("enum RateFixtures {")
    print("  /// E_ee (keV), bin edges (PE), with efficiency, weight")
    print("  static let photoelectronWeights: [(Double, Double, Double, Bool, Double)] = [")
    for energy, lo, hi in GAMMA:
        for flag in (True, False):
            value = mp.nstr(gamma_weight(energy, lo, hi, flag), 17, min_fixed=0, max_fixed=0)
            print(f"    ({energy}, {lo}, {hi}, {str(flag).lower()}, {value}),")
    print("  ]")
    print("  /// bin edges (us), delayed, with efficiency, weight")
    print("  static let pulseWeights: [(Double, Double, Bool, Bool, Double)] = [")
    for lo, hi in PULSE:
        for delayed in (False, True):
            for flag in (False, True):
                value = mp.nstr(arrival_weight(lo, hi, delayed, flag), 17, min_fixed=0, max_fixed=0)
                print(f"    ({lo}, {hi}, {str(delayed).lower()}, {str(flag).lower()}, {value}),")
    print("  ]")
    print_counts()
    print_weighted()
    print_gaussian()
    print("}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Writes Tests/PhysicsTests/ReferenceValues.swift: reference values for the physics tests, with mpmath at 50 digits.

Wherever possible the values come by another road than the program's: recoil limits by a boost from the centre-of-mass
frame, total cross sections, flux moments and arrival times by numerical integration, the Fermi form factor by a
numerical Fourier transform. Needs Python 3 and mpmath. Run from the top of the repository:

    python3 Scripts/make-physics-fixtures.py > Tests/PhysicsTests/ReferenceValues.swift
"""

import textwrap

import mpmath
from mpmath import mp, mpf, exp, log, pi, quad, sin, sqrt

mp.dps = 50

# CODATA 2018 and PDG 2022, as in Sources/Units/PhysicalConstants.swift.
FERMI = mpf("1.1663788e-11")
ALPHA = 1 / mpf("137.035999084")
ELECTRON = mpf("0.51099895")
MUON = mpf("105.6583755")
HBARC_CM = mpf("197.3269804e-13")
PION_LIFE = mpf("0.026033")
MUON_LIFE = mpf("2.1969811")


def recoil_limits(M, m4, E):
    """T_min and T_max by a boost from the centre-of-mass frame."""
    root_s = sqrt(M * M + 2 * M * E)
    energy = (root_s**2 + M * M - m4 * m4) / (2 * root_s)
    momentum = sqrt(energy**2 - M * M)
    gamma, boost = (E + M) / root_s, E / root_s
    return gamma * energy - boost * momentum - M, gamma * energy + boost * momentum - M


def minimum_energy(M, m4, T):
    return (m4 * m4 + 2 * M * T) / (2 * (sqrt(T * (T + 2 * M)) - T))


def dipole_bracket(M, m4, E, T):
    """Spin-1/2 target, written out in powers of m4."""
    first = m4**2 / (2 * E * M * T) * (1 - T / (2 * E) + M / (2 * E))
    return 1 / T - 1 / E - first + m4**4 * (T - M) / (8 * E**2 * T**2 * M**2)


DIPOLE = pi * ALPHA**2 / ELECTRON**2 * HBARC_CM**2


def sphere(y):
    """3 j1(y)/y through the half-integer Bessel function."""
    return 3 * sqrt(pi / (2 * y)) * mpmath.besselj(mpf(3) / 2, y) / y


def helm(q, rms, s):
    return sphere(q * sqrt(mpf(5) / 3 * (rms**2 - 3 * s**2))) * exp(-((q * s) ** 2) / 2)


def klein_nystrand(q, rms, ak):
    return sphere(q * sqrt(mpf(5) / 3 * (rms**2 - 6 * ak**2))) / (1 + (q * ak) ** 2)


def fermi(q, rms, a):
    """Numerical Fourier transform of sinh(c/a) / (cosh(r/a) + cosh(c/a))."""
    c = sqrt(mpf(5) / 3 * (rms**2 - mpf(7) / 5 * (pi * a) ** 2))
    density = lambda r: mpmath.sinh(c / a) / (mpmath.cosh(r / a) + mpmath.cosh(c / a))
    cuts = [mpf(k) * c / 2 for k in range(5)] + [3 * c, 6 * c, 12 * c + 60 * a]
    norm = quad(lambda r: r * r * density(r), cuts)
    return quad(lambda r: r * density(r) * sin(q * r) / q, cuts) / norm


def antimuon(E):
    return 64 * E**2 / MUON**3 * (mpf(3) / 4 - E / MUON)


def electron(E):
    return 192 * E**2 / MUON**3 * (mpf(1) / 2 - E / MUON)


def moments(density, start, end):
    return [quad(lambda E: density(E) * E**-n, mpmath.linspace(start, end, 5)) for n in range(3)]


def uranium235(E):
    fit = ["4.367", "-4.577", "2.100", "-0.5294", "0.06186", "-0.002777"]
    return exp(sum(mpf(a) * E**p for p, a in enumerate(fit)))


def arrival(t0, sigma, t, delayed):
    """Gaussian pulse averaged over the cumulative decay distribution."""

    def decayed(age):
        if not delayed:
            return 1 - exp(-age / PION_LIFE)
        muon, pion = MUON_LIFE * exp(-age / MUON_LIFE), PION_LIFE * exp(-age / PION_LIFE)
        return 1 - (muon - pion) / (MUON_LIFE - PION_LIFE)

    pulse = lambda u: exp(-((u - t0) ** 2) / (2 * sigma**2)) / (sigma * sqrt(2 * pi))
    start = t0 - 16 * sigma
    if t <= start:
        return mpf(0)
    return quad(lambda u: pulse(u) * decayed(t - u), mpmath.linspace(start, min(t, t0 + 16 * sigma), 65))


def number(value):
    return mpmath.nstr(value, 20, min_fixed=-3, max_fixed=5)


def wrapped(fields):
    """A row that does not fit into 110 columns, as swift-format lays it out."""
    body = textwrap.fill(", ".join(fields) + ",", 110, initial_indent=6 * " ", subsequent_indent=6 * " ")
    return f"    [\n{body}\n    ]"


def table(name, doc, rows):
    print(f"\n  /// {doc}")
    print(f"  static let {name}: [[Double]] = [")
    rows = list(rows)
    for row in rows:
        fields = [x if isinstance(x, str) else number(x) for x in row]
        line = "    [" + ", ".join(fields) + "]"
        comma = "," if len(rows) > 1 else ""
        print((line if len(line + comma) <= 110 else wrapped(fields)) + comma)
    print("  ]")


def kinematics_rows():
    cases = [
        ("123772.539736092", "0", "30", "0.005"), ("123772.539736092", "20", "40", "0.01"),
        ("118183.684845819", "0.001", "0.5", "1e-7"), ("37215.526215729", "45", "46", "0.028"),
        ("0.51099895", "0", "10", "3"), ("0.51099895", "2.5", "30", "12"), ("0.51099895", "6.5", "52.8", "42"),
    ]
    for M, m4, E, T in cases:
        low, high = recoil_limits(mpf(M), mpf(m4), mpf(E))
        yield [M, m4, E, T, minimum_energy(mpf(M), mpf(m4), mpf(T)), low if mpf(m4) > 0 else mpf(0), high]


def dipole_rows():
    cases = [
        ("123772.539736092", "1", "20", "0.001"), ("123772.539736092", "30", "45", "0.012"),
        ("0.51099895", "0.3", "15", "0.05"), ("0.51099895", "4", "40", "10"), ("0.51099895", "0.02", "0.7", "0.3"),
    ]
    for M, m4, E, T in cases:
        args = mpf(M), mpf(m4), mpf(E)
        low, high = recoil_limits(*args)
        cuts = [low * (high / low) ** (mpf(k) / 40) for k in range(41)]
        total = quad(lambda x: dipole_bracket(*args, x), cuts)
        scale = DIPOLE * mpf("1e-18")
        yield [M, m4, E, T, scale * dipole_bracket(*args, mpf(T)), scale * total]


def form_factor_rows(function, cases):
    for q, rms, thickness in cases:
        yield [q, rms, thickness, function(mpf(q), mpf(rms), mpf(thickness))]


def weak_rows():
    """Per unit Q_V^2 for CEvNS (spin 0), per electron for nu-e with the four couplings given."""
    M, E, T = mpf("123772.539736092"), mpf("35"), mpf("0.008")
    yield ["123772.539736092", "35", "0.008", FERMI**2 * M / pi * HBARC_CM**2 * (1 - T / E - M * T / (2 * E**2))]


def electron_rows():
    s2 = mpf("0.23857")
    for left, right, E, T in [("0.73857", "0.23857", "12", "4"), ("-0.26143", "0.23857", "29.79", "0.02")]:
        gl, gr, e, t = mpf(left), mpf(right), mpf(E), mpf(T)
        gv, ga = gl + gr, gl - gr
        bracket = (gv + ga) ** 2 + (gv - ga) ** 2 * (1 - t / e) ** 2 - (gv**2 - ga**2) * ELECTRON * t / e**2
        yield [left, right, E, T, FERMI**2 * ELECTRON / (2 * pi) * HBARC_CM**2 * bracket]


def legendre(n, x):
    """P_n(x) and P_{n-1}(x) by the recurrence."""
    previous, value = mpf(1), x
    for k in range(2, n + 1):
        previous, value = value, ((2 * k - 1) * x * value - (k - 1) * previous) / k
    return value, previous


def gauss_rows():
    for n, k in [(2, 2), (5, 5), (16, 16), (64, 64), (64, 40), (256, 256)]:
        x = mpmath.cos(pi * (n - k + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(8):
            value, previous = legendre(n, x)
            x -= value * (1 - x * x) / (n * (previous - x * value))
        yield [str(n), str(k - 1), x, 2 * (1 - x * x) / (n * legendre(n, x)[1]) ** 2]


def main():
    print("// Written by Scripts/make-physics-fixtures.py with mpmath at 50 digits; 20 digits are printed.")
    print("// Formulas: the publications named in that script and in Sources/DipolePhysics. Do not edit by hand.")
    print("\nenum ReferenceValues {", end="")
    table("kinematics", "M, m4, E, T (MeV); E_min, T_min, T_max (MeV)", kinematics_rows())
    table("dipole", "M, m4, E, T (MeV); dsigma/dT (cm^2/MeV) and total (cm^2) at mu = 1e-9 mu_B, Q^2 = 1", dipole_rows())
    table("cevns", "M, E, T (MeV); dsigma/dT (cm^2/MeV) at Q_V = 1, spin 0", weak_rows())
    table("electrons", "g_L, g_R, E, T (MeV); dsigma/dT (cm^2/MeV)", electron_rows())
    table("helm", "q (1/fm), rms radius (fm), s (fm); F", form_factor_rows(
        helm, [("1e-4", "4.8", "0.9"), ("0.2", "4.8", "0.9"), ("0.95", "5.09", "0.9")]))
    table("kleinNystrand", "q (1/fm), rms radius (fm), a_k (fm); F", form_factor_rows(
        klein_nystrand, [("1e-3", "4.8", "0.7"), ("0.3", "3.55", "0.7"), ("1.1", "5.03", "0.7")]))
    table("fermi", "q (1/fm), rms radius (fm), a (fm); F", form_factor_rows(
        fermi, [("1e-3", "4.8", "0.52"), ("0.15", "4.8", "0.52"), ("0.6", "4.8", "0.52"), ("1.1", "3.4", "0.52")]))
    table("antiMuonMoments", "E0 (MeV); I_0, I_1, I_2", (
        [e, *moments(antimuon, mpf(e), MUON / 2)] for e in ["1", "25", "52.8"]))
    table("electronMoments", "E0 (MeV); I_0, I_1, I_2", (
        [e, *moments(electron, mpf(e), MUON / 2)] for e in ["1", "25", "52.8"]))
    table("uranium235Moments", "E0 (MeV); I_0, I_1, I_2 up to 8 MeV", (
        [e, *moments(uranium235, mpf(e), mpf(8))] for e in ["2.5", "7.93"]))
    table("scaledErfc", "x; exp(x^2) erfc(x)", (
        [x, exp(mpf(x) ** 2) * mpmath.erfc(mpf(x))] for x in ["-3", "0", "0.4", "2.5", "9", "24.9", "25.1", "1000"]))
    table("arrival", "t0, sigma, t (us); prompt and delayed cumulative distribution", (
        [a, b, t, arrival(mpf(a), mpf(b), mpf(t), False), arrival(mpf(a), mpf(b), mpf(t), True)]
        for a, b, t in [("0.45", "0.15", "0.4"), ("0.45", "0.15", "1.2"), ("0.5", "0.02", "0.52"), ("1", "0.9", "3")]))
    table("gaussLegendre", "n, index; node, weight", gauss_rows())
    print("}")


if __name__ == "__main__":
    main()

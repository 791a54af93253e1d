#!/usr/bin/env python3
"""Writes Tests/StatisticsTests/CLsFixtures.swift: CLs, limits and discovery as pyhf gives them.

Usage: make-cls-fixtures.py > Tests/StatisticsTests/CLsFixtures.swift      (needs pyhf and iminuit)

Backgrounds have linear pulls (histosys, interpolation code 0, hi and lo = (1 +- sigma) nominal). Fits by Minuit with a
tolerance of 1e-8 (SLSQP, 1e-14, where there is no pull), limits by TOMS 748 to 1e-9.
"""
import numpy as np
import pyhf
from pyhf.infer import hypotest
from pyhf.infer.calculators import ToyCalculator
from pyhf.infer.intervals.upper_limits import toms748_scan

MINUIT = pyhf.optimize.minuit_optimizer(tolerance=1e-8, strategy=2)
SCIPY = pyhf.optimize.scipy_optimizer(tolerance=1e-14)  # Minuit takes no fit without a free parameter
SETTINGS = {"histosys": {"interpcode": "code0"}}

# name, signal, backgrounds (events, width; None: no pull), index of the pull that scales the signal, data, tested strength
MODELS = [
    ("bare", [12.0], [([50.0], None)], None, [51.0], 1.0),
    ("few events", [4.0], [([3.2], None)], None, [2.0], 0.75),
    ("deficit", [12.0], [([50.0], None)], None, [38.0], 0.5),
    ("one pull", [12.0], [([50.0], 0.1)], None, [56.0], 1.5),
    ("two bins, two pulls", [12.0, 5.0], [([50.0, 30.0], 0.1), ([10.0, 20.0], 0.25)], None, [55.0, 49.0], 1.0),
    ("signal pulled", [12.0, 5.0], [([20.0, 11.0], 0.15), ([30.0, 40.0], 0.2)], 0, [55.0, 60.0], 1.25),
]


def pulled(name, events, width):
    high, low = [[(1 + s * width) * e for e in events] for s in (1, -1)]
    return {"name": name, "type": "histosys", "data": {"hi_data": high, "lo_data": low}}


def model(signal, backgrounds, scales):
    modifiers = [{"name": "mu", "type": "normfactor", "data": None}]
    if scales is not None:
        modifiers.append(pulled(f"p{scales}", signal, backgrounds[scales][1]))
    samples = [{"name": "signal", "data": signal, "modifiers": modifiers}]
    for k, (events, width) in enumerate(backgrounds):
        own = [pulled(f"p{k}", events, width)] if width else []
        samples.append({"name": f"b{k}", "data": events, "modifiers": own})
    spec = {"channels": [{"name": "c", "samples": samples}]}
    return pyhf.Model(spec, poi_name="mu", modifier_settings=SETTINGS)


def swift(values):
    return "[" + ", ".join(repr(float(v)) for v in values) + "]"


print("// Written by Scripts/make-cls-fixtures.py with pyhf " + pyhf.__version__ + ".")
print("extension CLsFixture {\n  static let all: [CLsFixture] = [")
for name, signal, backgrounds, scales, observed, tested in MODELS:
    pyhf.set_backend("numpy", MINUIT if any(w for e, w in backgrounds) else SCIPY)
    m = model(signal, backgrounds, scales)
    data = observed + list(m.config.auxdata)
    bounds = m.config.suggested_bounds()
    bounds[m.config.poi_index] = (0, 100)
    cls, tail, expected = hypotest(
        tested, data, m, par_bounds=bounds, test_stat="qtilde", return_tail_probs=True, return_expected_set=True)
    limit, bands = toms748_scan(data, m, 0.001, 10, level=0.1, rtol=1e-9, par_bounds=bounds)
    q0, _ = pyhf.infer.test_statistics.q0(
        0.0, data, m, m.config.suggested_init(), bounds, m.config.suggested_fixed(), return_fitted_pars=True)
    asimov = list(np.asarray(m.expected_data([1.0 if i == m.config.poi_index else v for i, v in enumerate(
        m.config.suggested_init())])))
    q0a = pyhf.infer.test_statistics.q0(
        0.0, asimov, m, m.config.suggested_init(), bounds, m.config.suggested_fixed())
    toys = "nil"
    if name in ("few events", "two bins, two pulls"):
        np.random.seed(20240711)
        calculator = ToyCalculator(data, m, par_bounds=bounds, test_stat="qtilde", ntoys=4000, track_progress=False)
        value = calculator.teststatistic(tested)
        signal_toys, background_toys = calculator.distributions(tested)
        # fits scatter by their tolerance, and few counts tie: within 1e-4 they count as equal
        shares = [float(np.mean(np.asarray(d.samples) >= value - 1e-4)) for d in (signal_toys, background_toys)]
        toys = swift(shares)
    events = "[" + ", ".join(swift(e) for e, w in backgrounds) + "]"
    widths = "[" + ", ".join(repr(w) if w else "nil" for e, w in backgrounds) + "]"
    print(f"""    CLsFixture(
      name: "{name}", signal: {swift(signal)}, backgrounds: {events},
      widths: {widths}, scalingPull: {"nil" if scales is None else scales}, observed: {swift(observed)},
      tested: {tested!r}, cls: {float(cls)!r}, tail: {swift(tail)},
      expectedCLs: {swift(expected)},
      limit: {float(limit)!r},
      expectedLimits: {swift(bands)},
      discovery: {float(q0)!r}, expectedDiscovery: {float(q0a)!r}, toys: {toys}),""")
print("  ]\n}")

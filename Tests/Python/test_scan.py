"""Scans, beside what the program prints and writes."""

import io

import numpy as np
import pytest

import upscatter


def test_the_limit_is_that_of_the_table_of_the_program(results):
    scan = results.load("scan")
    rows = np.loadtxt(results.path("scan", "h5").with_name("scan-limit.csv"), delimiter=",", skiprows=0, comments=["#", "m4"])
    has = np.isfinite(scan.limit())
    assert has.sum() == len(rows) > 30
    assert np.array_equal(scan.m4[has], rows[:, 0]) and np.array_equal(scan.limit()[has], rows[:, 1])
    assert np.array_equal(scan.limit(scan.m4), scan.limit(), equal_nan=True)


def test_the_limit_between_masses_is_that_of_root_finding(results):
    printed = {row["m4"]: row["d"] for row in results.json("limit")["limit"]}
    scan = results.load("scan")
    # 40 masses, 50 couplings: interpolated in both; at 30 MeV the curve has a kink (the line of pion decay)
    for mass in (1, 10):
        assert scan.limit(mass) == pytest.approx(printed[mass], rel=4e-3)
    assert isinstance(scan.limit(10), float)
    assert scan.limit([1, 10]).tolist() == [scan.limit(1), scan.limit(10)]


def test_a_limit_at_a_mass_of_the_grid_is_that_of_root_finding(results):
    scan = results.load("scan")
    masses = scan.m4[[0, 15, 30]]
    text = results.run(f"limit coherent-csi-2021 --flavor mu --m4 {','.join(map(repr, masses.tolist()))} --json")
    (results.folder / "exact.json").write_text(text)
    exact = upscatter.load(results.folder / "exact.json")
    assert scan.limit(masses) == pytest.approx(exact.limit(), rel=2e-4)


def test_masses_outside_are_refused_with_the_range(results):
    with pytest.raises(upscatter.UpscatterError, match="masses of 0.5 to 50 MeV, and 60 was asked"):
        results.load("scan").limit(60)


def test_conventions_are_those_of_the_program(results):
    scan, own, mu = results.load("scan"), results.load("limit"), results.load("limit-mu")
    assert own.limit(coupling="mu") == pytest.approx(mu.limit(), rel=1e-12)
    assert mu.limit(coupling="d") == pytest.approx(own.limit(), rel=1e-12)
    assert scan.limit(10, coupling="d-no-half") == pytest.approx(scan.limit(10) / 2, rel=1e-15)
    assert scan.coupling.head == "d [1/GeV]" and mu.coupling.head == "mu [mu_B]"
    assert scan.coupling.converted("mu").unit == "mu_B"
    with pytest.raises(upscatter.UpscatterError, match="no convention 'g'.*d, d-no-half, mu"):
        scan.limit(coupling="g")
    with pytest.raises(upscatter.UpscatterError, match="no other convention"):
        results.load("vector").limit(coupling="mu")


def test_contours_are_those_of_the_program(results):
    scan = results.load("scan")
    curves, entries = scan.contours(), results.json("scan")["contours"]
    assert [(len(c.points), c.closed) for c in curves] == [(e["points"], e["isClosed"]) for e in entries]
    table = np.loadtxt(results.path("scan", "csv"), delimiter=",", comments=["#", "m4"])
    assert np.array_equal(curves[0].points, table)
    assert scan.contours(coupling="mu")[0].d == pytest.approx(curves[0].d / 296.30405392393922, rel=1e-14)


def test_excluded_is_on_the_right_side_of_the_contour(results):
    scan = results.load("scan")
    curve = scan.contours()[0]
    inside = (curve.m4 > scan.m4[0]) & (curve.m4 < scan.m4[-1]) & (curve.d < scan.d[-1] / 1.01) & (curve.m4 < 45)
    m4, d = curve.m4[inside], curve.d[inside]
    assert scan.excluded(m4, d * 1.01).all() and not scan.excluded(m4, d / 1.01).any()
    assert scan.excluded(10, 1e-6) is True and scan.excluded(10, 2e-7) is False
    assert scan.excluded(10, 1e-6 / 296.304, coupling="mu") is True
    assert scan.excluded([[1], [10]], [1e-7, 1e-5]).tolist() == [[False, True], [False, True]]
    assert np.array_equal(scan.excluded(scan.m4[:, None], scan.d), scan.delta >= scan.level)
    with pytest.raises(upscatter.UpscatterError, match="1e-07 to 1e-05 1/GeV"):
        scan.excluded(10, 1)


def test_a_row_of_the_grid_has_its_minimum_at_zero_and_its_statistic_is_the_programs(results):
    scan = results.load("scan")
    assert scan.delta.shape == (40, 50) and not scan.delta.flags.writeable
    assert isinstance(scan.delta, np.memmap)
    assert (scan.delta >= -1e-9).all()
    exact = results.json("limit")["limit"]
    assert scan.minimum[0] == pytest.approx(exact[0]["minimum_statistic"], rel=1e-6)


def test_pulls_have_the_names_and_order_of_the_program(results):
    scan = results.load("scan")
    assert list(scan.pulls) == ["signal", "beam-neutrons", "neutrino-neutrons", "steady-state"]
    assert scan.pulls["signal"].shape == scan.delta.shape and np.isfinite(scan.pulls["steady-state"]).all()
    with pytest.raises(KeyError, match="there are signal"):
        scan.pulls["flux"]
    assert len(results.load("plane").pulls) == 0
    shapes = results.load("shapes")
    units = shapes.units()
    assert units["pulls/onset"] == "width" and units["pulls/signal"] == "1"


def test_provenance_says_where_it_comes_from(results):
    scan, plane = results.load("scan"), results.load("plane")
    assert scan.provenance["experiments"] == "COHERENT CsI[Na] 2021" and scan.provenance["flavour"] == "mu"
    assert scan.provenance["degrees_of_freedom"] == 1 and scan.confidence_level == 0.9
    assert len(scan.provenance["input_sha256"]["experiment.yaml"]) == 64
    assert scan.summary["provenance"]["planHash"] == scan.provenance["plan_hash"]
    assert not scan.is_sensitivity and plane.is_sensitivity
    assert plane.coupling.unit == "mu_B" and plane.level == pytest.approx(4.605170185988092)
    assert results.load("vector").mass_symbol == "m_V" and results.load("vector").coupling.symbol == "g"


def test_tables_are_tidy(results):
    pandas = pytest.importorskip("pandas")
    scan = results.load("scan")
    grid = scan.to_dataframe()
    assert list(grid.columns[:3]) == ["m4", "d", "delta"] and len(grid) == 2000
    assert grid.attrs["units"]["d"] == "1/GeV"
    assert np.array_equal(grid.pivot(index="m4", columns="d", values="delta").to_numpy(), scan.delta)
    assert np.array_equal(scan.to_dataframe("limit")["d"], scan.limit(), equal_nan=True)
    assert scan.to_dataframe("contours", coupling="mu").attrs["units"]["d"] == "mu_B"
    text = io.StringIO(grid.to_csv(index=False))
    assert len(pandas.read_csv(text)) == 2000
    with pytest.raises(upscatter.UpscatterError, match="grid, limit and contours"):
        scan.to_dataframe("pulls")

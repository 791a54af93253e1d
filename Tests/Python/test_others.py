"""Toys, fits, planes of moments, limits with bands, discrimination."""

import numpy as np
import pytest

import upscatter


def test_critical_values_coverage_and_p_values_are_those_of_the_summary(results):
    toys, summary = results.load("toys"), results.json("toys")
    stated = toys.critical[np.isfinite(toys.critical)]
    assert [stated.min(), stated.max()] == summary["critical_value"]
    assert [np.nanmin(toys.coverage), np.nanmax(toys.coverage)] == summary["asymptotic_coverage"]
    assert toys.counts["toys"].sum() == summary["toys"] and (toys.counts["failed"] == 0).all()
    low, high = toys.p_value_range
    assert ((low <= toys.p_value) & (toys.p_value <= high)).all()
    assert toys.level == summary["asymptotic_critical_value"] and toys.provenance["seed"] == 1
    low, high = toys.critical_range
    assert (low <= toys.critical).all() and (toys.critical <= high).all()


def test_the_corrected_contour_parts_excluded_points_from_others(results):
    toys = results.load("toys")
    (curve,) = toys.contours()
    inner = (curve.m4 > 1.01) & (curve.m4 < 45)
    m4, d = curve.m4[inner], curve.d[inner]
    assert len(m4) > 5
    assert toys.excluded(m4, d * 1.01).all() and not toys.excluded(m4, d / 1.01).any()
    assert toys.contours(coupling="mu")[0].d == pytest.approx(curve.d / 296.30405392393922, rel=1e-14)
    with pytest.raises(upscatter.UpscatterError, match="toys with --dof 1"):
        toys.limit()


def test_toys_at_fixed_mass_have_a_limit(results):
    toys, rows = results.load("toys-fixed"), results.json("toys-fixed")["limit"]
    expected = [np.nan if row["d"] is None else row["d"] for row in rows]
    assert np.array_equal(toys.limit(), expected, equal_nan=True) and np.isfinite(toys.limit()[:3]).all()
    wilks = toys.limit(asymptotic=True)
    assert np.isfinite(wilks[0]) and wilks[0] != toys.limit()[0]
    assert toys.limit(toys.m4[0], coupling="d-no-half") == toys.limit()[0] / 2


def test_where_toys_state_nothing_the_answer_must_be_asked_for(results, monkeypatch):
    toys = results.load("toys")
    holed = np.array(toys.critical)
    holed[0, 0] = np.nan
    monkeypatch.setattr(upscatter.Toys, "critical", property(lambda _: holed))
    with pytest.raises(upscatter.UpscatterError, match="nothing at 1 of the points"):
        toys.excluded([toys.m4[0], 20], [toys.d[0], 1e-6])
    assert toys.excluded(toys.m4[0], toys.d[0], unstated=True) is True
    assert toys.excluded(toys.m4[0], toys.d[0], unstated=False) is False


def test_a_fit_has_its_best_fit_regions_and_posterior(results):
    fit, summary = results.load("fit"), results.json("fit")["fit"]
    assert fit.best_fit == summary["best_fit"] and fit.minimum == summary["best_fit"]["statistic"]
    assert fit.best_fit["m4"] == pytest.approx(9, rel=0.02)
    assert fit.region(0.68)["delta_chi2"] == pytest.approx(2.27886856637673)
    assert fit.excluded(9, 4.2e-7) is False and fit.excluded(9, 1.8e-6) is True
    assert fit.profile_m4.shape == fit.m4.shape and fit.profile_d.shape == fit.d.shape
    assert np.all(fit.profile_m4 <= fit.delta.min(axis=1) + 1e-9)
    outline = fit.contours(0.9)
    points = np.concatenate([piece.points for piece in outline])
    inner = (points[:, 0] > fit.m4[0] * 1.01) & (points[:, 0] < fit.m4[-1] / 1.01)
    assert fit.excluded(*points[inner].T * [[1], [1.2]]).mean() + fit.excluded(*points[inner].T / [[1], [1.2]]).mean() > 0.9
    with pytest.raises(upscatter.UpscatterError, match="regions at 0.68, 0.9, 0.95, not at 0.5"):
        fit.contours(0.5)
    posterior = fit.posterior
    assert posterior.columns == ["m4", "d", "signal"] and posterior.samples.shape[1] == 3
    assert len(posterior.to_dataframe()) == len(posterior.samples) > 100
    if posterior.density is not None:
        assert posterior.density.sum() == pytest.approx(1, abs=1e-9)
    with pytest.raises(upscatter.UpscatterError, match="no limit per mass"):
        fit.limit()


def test_a_fit_without_posterior_has_none(results):
    results.run("fit ess10 --statistic poisson --flavor mu --inject-m4 9 --inject-d 4.2e-7 --m4 1:30:5 --d 1e-7:2e-6:5 --no-refine "
                "--plot none --output bare")
    fit = upscatter.load(results.folder / "bare.h5")
    assert fit.posterior is None
    with pytest.raises(upscatter.UpscatterError, match="--posterior"):
        fit.contours(posterior=True)


def test_a_plane_of_moments_has_axes_with_names_and_units(results):
    plane, summary = results.load("moments"), results.json("moments")["results"][0]
    assert (plane.x_name, plane.y_name, plane.x_unit) == ("lambda14", "lambda24", "1/GeV")
    assert plane.delta.shape == (len(plane.x), len(plane.y)) == (21, 19)
    assert plane.minimum == summary["minimum_statistic"]
    assert len(plane.contours()) == summary["contours"] == 1
    rows = np.loadtxt(results.path("moments", "csv"), delimiter=",", comments=["#", "lambda"])
    assert np.array_equal(plane.contours()[0].points, rows)
    assert list(plane.to_dataframe().columns) == ["lambda14", "lambda24", "delta"]


def test_limits_have_bands_and_discovery(results):
    limits, rows = results.load("bands"), results.json("bands")["limit"]
    assert limits.limit().tolist() == [row["d"] for row in rows]
    assert [limits.expected(sigma, 10) for sigma in limits.expected_sigma] == rows[1]["expected_d"]
    assert limits.discovery("p_value").tolist() == [row["discovery"]["p_value"] for row in rows]
    table = limits.to_dataframe()
    assert table["expected +0"].tolist() == [row["expected_d"][2] for row in rows]
    assert limits.excluded(10, [1e-7, 1e-5]).tolist() == [False, True]
    with pytest.raises(upscatter.UpscatterError, match="Run limit with --bands"):
        results.load("limit").expected(0)
    with pytest.raises(upscatter.UpscatterError, match="-2, -1, 0, 1, 2"):
        limits.expected(3)


def test_limits_of_other_interactions_are_read_too(results):
    radius, row = results.load("charge-radius"), results.json("charge-radius")["limit"][0]
    assert radius.m4 is None and radius.limit().tolist() == [row["limit"]] and radius.lower().tolist() == [row["lower_limit"]]
    assert radius.coupling.unit == "cm^2" and radius.coupling.convention == "charge-radius"
    with pytest.raises(upscatter.UpscatterError, match="has no mass"):
        radius.limit(1)
    vector = results.load("vector-limit")
    assert vector.m4.tolist() == [1, 10] and vector.limit(10) == results.json("vector-limit")["limit"][1]["limit"]


def test_discrimination_has_toys_and_asimov_numbers(results):
    told, content = results.load("discriminate"), results.json("discriminate")
    one = told["magnetic-moment"]
    assert one.asimov() == content["against"][0]["truth_true"]["asimov_sqrt_delta"]
    assert len(one.of_truth) == len(one.of_other) == 20 and len(told.to_dataframe()) == 40
    assert 0 <= one.p_value() <= 1 and one.p_value("other") >= one.p_value()
    bare = results.load("discriminate-asimov")["magnetic-moment"]
    assert bare.asimov() == one.asimov() and len(bare.of_truth) == 0
    with pytest.raises(upscatter.UpscatterError, match="no toys"):
        bare.p_value()

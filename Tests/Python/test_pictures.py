"""Pictures: what is drawn, and with which words."""

import matplotlib.pyplot as pyplot
import numpy as np
import pytest

import upscatter


@pytest.fixture(autouse=True)
def closed():
    yield
    pyplot.close("all")


@pytest.mark.parametrize("name", ["scan", "plane", "vector", "toys", "toys-fixed", "fit", "moments", "bands", "limit", "vector-limit"])
def test_every_kind_is_drawn_with_units(results, name, tmp_path):
    ax = results.load(name).plot()
    assert "[" in ax.get_xlabel() and len(ax.get_legend_handles_labels()[1]) >= 1
    ax.figure.savefig(tmp_path / "x.png")
    assert (tmp_path / "x.png").stat().st_size > 5000


def test_labels_name_coupling_and_convention(results):
    scan = results.load("scan")
    assert scan.plot().get_ylabel() == r"$d_{\mu}$ [GeV$^{-1}$]"
    ax = scan.plot(coupling="mu")
    assert ax.get_ylabel() == r"$\mu_{\mu}$ [$\mu_{\rm B}$]" and ax.get_title(loc="right") == scan.coupling.converted("mu").lagrangian
    assert ax.get_legend_handles_labels()[1] == ["COHERENT CsI[Na] 2021, 90 % C.L., 1 dof"]


def test_the_shaded_region_is_what_is_excluded(results):
    scan = results.load("scan")
    ax = scan.plot()
    paths = [patch.get_path() for patch in ax.patches]
    random = np.random.default_rng(3)
    m4 = np.exp(random.uniform(*np.log(scan.m4[[0, -1]]), 400))
    d = np.exp(random.uniform(*np.log(scan.d[[0, -1]]), 400))
    shaded = np.any([path.contains_points(np.column_stack([m4, d])) for path in paths], axis=0)
    # edges are straight in the plane of numbers, cells in that of logarithms
    assert (shaded != scan.excluded(m4, d)).mean() < 0.02 and 0.2 < shaded.mean() < 0.9


def test_a_sensitivity_is_dashed_and_a_limit_is_not(results):
    assert results.load("plane").plot().get_lines()[0].get_linestyle() == "--"
    assert results.load("scan").plot().get_lines()[0].get_linestyle() == "-"


def test_overlays_share_a_convention_and_differ_in_colour(results):
    ax = upscatter.overlay([results.load("scan"), results.load("plane")], labels=["data", "expected"])
    assert ax.get_legend_handles_labels()[1] == ["data", "expected"] and "GeV" in ax.get_ylabel()
    assert len({line.get_color() for line in ax.get_lines()}) == 2
    lines = upscatter.overlay([results.load("plane"), results.load("scan")])
    assert lines.get_ylabel().endswith(r"[$\mu_{\rm B}$]")
    with pytest.raises(upscatter.UpscatterError, match="different couplings"):
        upscatter.overlay([results.load("scan"), results.load("vector")])
    with pytest.raises(upscatter.UpscatterError, match="one label for each"):
        upscatter.overlay([results.load("scan")], labels=[])
    with pytest.raises(upscatter.UpscatterError, match="nothing to draw"):
        upscatter.overlay([])


def test_toys_of_discrimination_are_histograms(results):
    told = results.load("discriminate")
    ax = told.plot(against="magnetic-moment", bins=10)
    assert sum(patch.get_height() for patch in ax.patches) == 40
    with pytest.raises(upscatter.UpscatterError, match="--toys"):
        results.load("discriminate-asimov").plot()
    with pytest.raises(upscatter.UpscatterError, match="no curve"):
        results.load("charge-radius").plot()

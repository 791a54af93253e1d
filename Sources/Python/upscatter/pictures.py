"""Pictures with matplotlib: regions filled, conventions in the labels, colours that colour-blind readers tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from .drawing import COLORS, axes, caption, curves, frame, lines, name, prepare, region
from .errors import UpscatterError
from .result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .discrimination import Comparison, Discrimination
    from .fit import Fit
    from .limits import Limits
    from .moments import MomentsPlane
    from .scan import Scan
    from .toys import Toys


def overlay(results: Sequence[Result], ax: Axes | None = None, *, labels: Sequence[str] | None = None, coupling: str | None = None) -> Axes:
    """Draws several results in one plane, each in its colour.

    :param labels: for the legend; ``None``: experiments and confidence level
    :param coupling: convention of all; ``None``: that of the first
    """
    if not results:
        raise UpscatterError("There is nothing to draw: overlay takes a list of results.")
    if labels is not None and len(labels) != len(results):
        raise UpscatterError(f"There are {len(results)} results and {len(labels)} labels. Give one label for each.")
    first = getattr(results[0], "coupling", None)
    for result in results:
        own = getattr(result, "coupling", None)
        if (own is None) != (first is None) or (own and first and own.is_dipole != first.is_dipole):
            raise UpscatterError(f"{results[0].path} and {result.path} have different couplings and do not share an axis.")
        if own and first and not own.is_dipole and own.convention != first.convention:
            raise UpscatterError(f"{results[0].path} ({first.convention}) and {result.path} ({own.convention}) are of different interactions.")
    convention = coupling or (first.convention if first and first.is_dipole else None)
    for number, result in enumerate(results):
        options: dict[str, Any] = {"color": COLORS[number % len(COLORS)]}
        if labels is not None:
            options["label"] = labels[number]
        if first is not None:
            options["coupling"] = convention
        ax = cast(Any, result).plot(ax, **options)
    return cast("Axes", ax)


def scan(result: Scan, ax: Axes | None, *, coupling: str | None, label: str | None, color: str | None, fill: bool) -> Axes:
    """The region at or above the level, and the contours."""
    ax, color = prepare(ax, color, result.coupling.converted(coupling), result.provenance.get("flavour", ""), result.mass_symbol)
    scale = result.coupling.factor(coupling)
    if fill:
        region(ax, result.m4, result.d * scale, np.asarray(result.delta), result.level, np.inf, color)
    caption(ax, result.coupling.converted(coupling))
    curves(ax, result.contours(coupling=coupling), color, "--" if result.is_sensitivity else "-", label or name(result))
    return frame(ax, result.m4, result.d * scale)


def toys(result: Toys, ax: Axes | None, *, coupling: str | None, label: str | None, color: str | None, fill: bool) -> Axes:
    """The region excluded with the critical values of toys; the asymptotic contour thin."""
    ax, color = prepare(ax, color, result.coupling.converted(coupling), result.provenance.get("flavour", ""), result.mass_symbol)
    scale = result.coupling.factor(coupling)
    excess = np.asarray(result.delta) - np.asarray(result.critical)
    if fill:
        region(ax, result.m4, result.d * scale, excess, 0, np.inf, color)
    curves(ax, lines(result.m4, result.d * scale, excess, 0), color, "-", label or name(result) + ", toys")
    curves(ax, lines(result.m4, result.d * scale, np.asarray(result.delta), result.level), color, ":", "the same, asymptotic")
    caption(ax, result.coupling.converted(coupling))
    return frame(ax, result.m4, result.d * scale)


def fit(result: Fit, ax: Axes | None, *, coupling: str | None, label: str | None, color: str | None, fill: bool) -> Axes:
    """Regions at all levels, the best fit and the truth."""
    ax, color = prepare(ax, color, result.coupling.converted(coupling), result.provenance.get("flavour", ""), result.mass_symbol)
    scale = result.coupling.factor(coupling)
    delta = np.asarray(result.delta)
    text = label or result.title
    for number, stated in enumerate(sorted(result.regions, key=lambda one: float(one["confidence_level"]))):
        threshold = float(stated["delta_chi2"])
        if fill:
            region(ax, result.m4, result.d * scale, delta, -np.inf, threshold, color)
        style = ("-", "--", ":", "-.")[number % 4]
        curves(ax, lines(result.m4, result.d * scale, delta, threshold), color, style, f"{text}, {100 * stated['confidence_level']:g} % C.L.")
    if result.best_fit.get("m4") is not None:
        ax.plot(result.best_fit["m4"], result.best_fit["d"] * scale, "x", color=color, markersize=9, markeredgewidth=2, label="best fit")
    truth = result.summary["fit"].get("truth")
    if truth:
        ax.plot(truth["m4"], truth["d"] * scale, "*", color="black", markersize=11, label="injected")
    caption(ax, result.coupling.converted(coupling))
    return frame(ax, result.m4, result.d * scale)


def moments(result: MomentsPlane, ax: Axes | None, *, label: str | None, color: str | None, fill: bool) -> Axes:
    """The allowed region of two parameters."""
    ax = axes(ax)
    color = color or COLORS[0]
    if fill:
        region(ax, result.x, result.y, np.asarray(result.delta), -np.inf, result.level, color, linear=True)
    curves(ax, result.contours(), color, "--" if result.is_sensitivity else "-", label or name(result))
    ax.set_xlabel(f"{result.x_name} [{result.x_unit}]")
    ax.set_ylabel(f"{result.y_name} [{result.y_unit}]")
    ax.legend(frameon=False)
    return ax


def limits(result: Limits, ax: Axes | None, *, coupling: str | None, label: str | None, color: str | None, fill: bool) -> Axes:
    """The limit per mass over the bands expected without a signal."""
    if result.m4 is None:
        raise UpscatterError(f"{result.path}: {result.coupling.convention} has no mass, so there is no curve to draw. Print limit() and lower().")
    unit = result.coupling.converted(coupling)
    ax, color = prepare(ax, color, unit, str(result.summary.get("settings", {}).get("flavour", "")), result.mass_symbol)
    if result.expected_sigma and fill:
        for width, shade in ((2, 0.15), (1, 0.3)):
            low, high = (result.expected(sign * width, coupling=coupling) for sign in (-1, 1))
            ax.fill_between(result.m4, low, high, color=color, alpha=shade, linewidth=0, label=f"expected ± {width}σ")
        ax.plot(result.m4, result.expected(0, coupling=coupling), "--", color=color, linewidth=1, label="expected, median")
    style = "--" if result.is_sensitivity else "-"
    marker = "o" if len(result.m4) < 30 else ""
    ax.plot(result.m4, result.limit(coupling=coupling), style, marker=marker, markersize=3, color=color, label=label or name(result))
    caption(ax, unit)
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.legend(frameon=False)
    return ax


def discrimination(result: Discrimination, one: Comparison, ax: Axes | None, *, bins: int) -> Axes:
    """Histograms of T, toys of both models."""
    values = np.concatenate([one.of_truth, one.of_other])
    if not len(values):
        raise UpscatterError(f"{result.path}: there are no toys to draw. Run discriminate with --toys.")
    ax = axes(ax)
    edges = np.histogram_bin_edges(values, bins).tolist()
    ax.hist(one.of_truth, edges, color=COLORS[0], alpha=0.5, label=f"toys of {result.truth_model}")
    ax.hist(one.of_other, edges, color=COLORS[1], alpha=0.5, label=f"toys of {one.model}")
    ax.set_xlabel(rf"T = $\chi^2_{{\rm min}}$({result.truth_model}) − $\chi^2_{{\rm min}}$({one.model})")
    ax.set_ylabel("toys per bin")
    ax.legend(frameon=False)
    return ax

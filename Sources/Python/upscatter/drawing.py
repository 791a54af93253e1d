"""Parts of pictures: axes with units and convention, curves, shaded regions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .couplings import Coupling
from .errors import UpscatterError
from .files import Array
from .result import Contour

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .limits import Limits
    from .moments import MomentsPlane
    from .scan import Grid

#: Okabe and Ito's palette, the colours of the program's own plots.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#7A5C00", "#222222")
_SHADE = 0.25


def axes(ax: Axes | None) -> Axes:
    """The axes to draw on, made if there are none."""
    if ax is not None:
        return ax
    try:
        from matplotlib import pyplot
    except ImportError:
        raise UpscatterError("Pictures need matplotlib. Install it: pip install matplotlib") from None
    return pyplot.subplots(figsize=(6.4, 4.8), layout="constrained")[1]


def prepare(ax: Axes | None, color: str | None, coupling: Coupling, flavour: Any, mass_symbol: str) -> tuple[Axes, str]:
    """Axes with units, and the colour of the next result."""
    made = axes(ax)
    stem, _, index = ("m_4" if mass_symbol == "m4" else mass_symbol).partition("_")
    mass = f"${stem}_{{{index}}}$" if index else mass_symbol
    made.set_xlabel(f"{mass} [MeV]")
    made.set_ylabel(coupling.label(str(flavour)))
    return made, color or COLORS[len(made.get_lines()) % len(COLORS)]


def caption(ax: Axes, coupling: Coupling) -> None:
    """The convention, small above the axes."""
    ax.set_title(coupling.lagrangian, fontsize="x-small", loc="right", color="#444444")


def name(result: Grid | MomentsPlane | Limits) -> str:
    """What a legend says of a result."""
    level = f"{100 * result.confidence_level:g} % C.L."
    dof = result.provenance.get("degrees_of_freedom")
    title = str(result.provenance.get("label", result.title))
    return f"{title}, {level}" + (f", {dof} dof" if dof else "")


def frame(ax: Axes, m4: Array, d: Array) -> Axes:
    """Logarithmic axes that hold the grid, and what was there."""
    ax.set_xscale("log")
    ax.set_yscale("log")
    for low, high, limits, setter in (
        (m4[0], m4[-1], ax.dataLim.intervalx, ax.set_xlim),
        (d[0], d[-1], ax.dataLim.intervaly, ax.set_ylim),
    ):
        ends = [min(low, *limits), max(high, *limits)]
        if low > 0 and ends[0] > 0 and np.isfinite(ends).all() and ends[0] < ends[1]:
            setter(*ends)
    ax.legend(frameon=False, fontsize="small")
    return ax


def curves(ax: Axes, curves: list[Contour], color: str, style: str, label: str) -> None:
    """Curves in one colour, one entry in the legend."""
    for number, curve in enumerate(curves or [Contour(np.empty((0, 2)), False)]):
        points = np.concatenate([curve.points, curve.points[:1]]) if curve.closed else curve.points
        ax.plot(points[:, 0], points[:, 1], style, color=color, linewidth=1.5, label=label if number == 0 else None)


def _generator(m4: Array, d: Array, grid: Array, linear: bool) -> Any:
    from contourpy import FillType, LineType, contour_generator

    x, y = (m4, d) if linear else (np.log(m4), np.log(d))
    masked = np.ma.masked_invalid(grid.T)
    return contour_generator(x, y, masked, fill_type=FillType.OuterCode, line_type=LineType.Separate)


def lines(m4: Array, d: Array, grid: Array, level: float) -> list[Contour]:
    """Level curves on logarithmic axes."""
    return [Contour(np.exp(points), False) for points in _generator(m4, d, grid, False).lines(level)]


def region(ax: Axes, m4: Array, d: Array, grid: Array, low: float, high: float, color: str, *, linear: bool = False) -> None:
    """Shades where the grid lies between two levels."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    if min(grid.shape) < 2:
        return
    for points, codes in zip(*_generator(m4, d, grid, linear).filled(low, high)):
        path = Path(points if linear else np.exp(points), codes)
        ax.add_patch(PathPatch(path, facecolor=color, alpha=_SHADE, linewidth=0))
    ax.update_datalim(np.array([[m4[0], d[0]], [m4[-1], d[-1]]]))
    ax.autoscale_view()

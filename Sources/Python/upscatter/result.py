"""What all results have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .couplings import Coupling
from .errors import UpscatterError
from .files import Array

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes


class Contour(NamedTuple):
    """A curve in the plane: ``points`` is points x 2, (m4 in MeV, d); ``closed``: the first point follows the last."""

    points: Array
    closed: bool

    @property
    def m4(self) -> Array:
        """Masses in MeV (of a plane of moments: its first parameter)."""
        return self.points[:, 0]

    @property
    def d(self) -> Array:
        """Couplings (of a plane of moments: its second parameter)."""
        return self.points[:, 1]


class Result:
    """A result of upscatter.

    Attributes: ``format`` (what it is), ``path``, ``provenance`` (what was computed, from which inputs, by whom),
    ``summary`` (the JSON that the program wrote beside it).
    """

    format: str
    path: str
    provenance: dict[str, Any]
    summary: dict[str, Any]

    def limit(self, m4: Any = None, *, coupling: str | None = None) -> Any:
        """The limit on the coupling per mass, where the result has one."""
        raise self._lacks("limit per mass")

    def contours(self) -> list[Contour]:
        """Curves in the plane, where the result has any."""
        raise self._lacks("contours")

    def excluded(self, m4: Any, d: Any, *, coupling: str | None = None) -> Any:
        """Whether points are excluded, where the result says so."""
        raise self._lacks("excluded region")

    def to_dataframe(self) -> pandas.DataFrame:
        """The numbers as a tidy table: a row per point, units in ``.attrs``."""
        raise self._lacks("table")

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws the result and returns the axes."""
        raise self._lacks("picture")

    @property
    def title(self) -> str:
        """The experiments, one after the other."""
        return str(self.provenance.get("experiments", ""))

    @property
    def confidence_level(self) -> float:
        """Between 0 and 1."""
        return float(self.provenance["confidence_level"])

    def __repr__(self) -> str:
        return f"<{self.format}: {self.title}, {self.path}>"

    def _lacks(self, what: str) -> UpscatterError:
        return UpscatterError(f"{self.path} ({self.format}) has no {what}.")


def frame(path: str, columns: dict[str, Any], units: dict[str, str], provenance: dict[str, Any]) -> pandas.DataFrame:
    """A pandas table with units and provenance in ``attrs``."""
    try:
        import pandas
    except ImportError:
        raise UpscatterError(f"{path}: tables need pandas. Install it: pip install pandas") from None
    table = pandas.DataFrame(columns)
    table.attrs["units"] = units
    table.attrs["provenance"] = provenance
    return table


def at_masses(path: str, m4: Array, values: Array, wanted: Any) -> Any:
    """Values per mass, linear in the logarithms between masses; NaN beside a mass without value.

    :param wanted: masses in MeV; ``None``: those of the file
    """
    if wanted is None:
        return values
    asked = np.asarray(wanted, dtype=float)
    low, high = float(m4[0]), float(m4[-1])
    if not bool(np.all((asked >= low) & (asked <= high))):
        raise UpscatterError(f"{path} has masses of {low:g} to {high:g} MeV, and {wanted} was asked for. Stay inside, or run with more masses.")
    left = np.clip(np.searchsorted(m4, asked, side="right") - 1, 0, max(len(m4) - 2, 0))
    right = np.minimum(left + 1, len(m4) - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        x, x0, x1 = np.log(asked), np.log(m4[left]), np.log(m4[right])
        fraction = np.where(right > left, (x - x0) / np.where(x1 > x0, x1 - x0, 1), 0)
        mixed = np.exp((1 - fraction) * np.log(values[left]) + fraction * np.log(values[right]))
    # exact at the masses of the file, also where a neighbour has no limit
    found = np.where(asked == m4[left], values[left], np.where(asked == m4[right], values[right], mixed))
    return float(found) if found.ndim == 0 else found


def bilinear(path: str, axes: tuple[Array, Array], grid: Array, coupling: Coupling, m4: Any, d: Any) -> Array:
    """A grid between its points, linear in log m4 and log d as the contours of the program are.

    :param d: in the unit of the file
    """
    x, y = np.broadcast_arrays(np.asarray(m4, dtype=float), np.asarray(d, dtype=float))
    parts = []
    for values, axis, unit in ((x, axes[0], "MeV"), (y, axes[1], coupling.unit)):
        # a point of the axis, written and read in another unit, may be off in its last digit
        clipped = np.clip(values, axis[0], axis[-1])
        if not bool(np.all(np.isclose(values, clipped, rtol=1e-12, atol=0))):
            raise UpscatterError(
                f"{path} covers {axis[0]:g} to {axis[-1]:g} {unit}, and a point outside was asked for. Stay inside, or run with wider axes."
            )
        left = np.clip(np.searchsorted(axis, clipped, side="right") - 1, 0, max(len(axis) - 2, 0))
        right = np.minimum(left + 1, len(axis) - 1)
        width = np.log(axis[right]) - np.log(axis[left])
        fraction = np.where(width > 0, (np.log(clipped) - np.log(axis[left])) / np.where(width > 0, width, 1), 0)
        parts.append((left, right, fraction))
    (i, k, u), (j, n, v) = parts
    corners = (((1 - u) * (1 - v), i, j), (u * (1 - v), k, j), ((1 - u) * v, i, n), (u * v, k, n))
    # a corner without weight does not count, whatever it holds
    total = np.zeros(x.shape)
    for weight, row, column in corners:
        total = total + np.where(weight > 0, weight * np.where(weight > 0, grid[row, column], 0.0), 0.0)
    return total

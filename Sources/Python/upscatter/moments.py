"""Planes of two transition moments (``upscatter moments``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .files import Array, ArrayFile, provenance
from .result import Contour, Result, frame

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes


class MomentsPlane(Result):
    """Delta chi2 over two parameters, others fixed or profiled.

    Attributes: ``x``, ``y`` (values), ``x_name``, ``y_name`` (``lambda14``, ``phase24``), ``x_unit``, ``y_unit``,
    ``level`` (Delta chi2 of the contour).
    """

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self.path, self.format = file.path, str(file.attributes["format"])
        self.provenance = provenance(file.attributes)
        self.summary = {}
        self.level = float(self.provenance["level_delta_chi2"])
        self.x: Array = np.array(file.array("x"))
        self.y: Array = np.array(file.array("y"))
        self.x_name, self.x_unit = (str(file.attributes_of("x")[key]) for key in ("name", "unit"))
        self.y_name, self.y_unit = (str(file.attributes_of("y")[key]) for key in ("name", "unit"))

    @property
    def delta(self) -> Array:
        """Delta chi2 [x][y], minus its minimum over all parameters."""
        return self._file.array("delta")

    @property
    def minimum(self) -> float:
        """The statistic of the best fit, which was subtracted."""
        return float(self.provenance["minimum_statistic"])

    @property
    def is_sensitivity(self) -> bool:
        """Whether nothing was observed."""
        return bool(self.provenance["kind"] == "sensitivity")

    def contours(self) -> list[Contour]:
        """The curves Delta chi2 = ``level``: points (x, y)."""
        found = []
        for name in self._file.names("contours"):
            closed = str(self._file.attributes_of(f"contours/{name}")["closed"]) == "1"
            found.append(Contour(np.array(self._file.array(f"contours/{name}")), closed))
        return found

    def to_dataframe(self) -> pandas.DataFrame:
        """A row per point: both parameters by their names, delta."""
        columns: dict[str, Any] = {
            self.x_name: np.repeat(self.x, len(self.y)),
            self.y_name: np.tile(self.y, len(self.x)),
            "delta": np.asarray(self.delta).reshape(-1),
        }
        return frame(self.path, columns, {self.x_name: self.x_unit, self.y_name: self.y_unit, "delta": "1"}, self.provenance)

    def plot(self, ax: Axes | None = None, *, label: str | None = None, color: str | None = None, fill: bool = True) -> Axes:
        """Draws the allowed region and its contour."""
        from . import pictures

        return pictures.moments(self, ax, label=label, color=color, fill=fill)

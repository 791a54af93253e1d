"""Critical values, p-values and coverage from toys (``upscatter toys``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import UpscatterError
from .files import Array, ArrayFile
from .result import Contour, at_masses, bilinear
from .scan import Grid
from .tables import outlines

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes

_GRIDS = (
    *("delta", "critical", "critical_lower", "critical_upper", "p_value", "p_value_lower", "p_value_upper"),
    *("coverage", "coverage_lower", "coverage_upper", "toys", "failed", "unconverged", "clipped"),
)


class Toys(Grid):
    """What toys say at every point. All grids are masses x couplings, without unit, NaN where nothing is stated.

    ``level``: the asymptotic critical value; ``delta``: Delta chi2 of the data.
    """

    def __init__(self, file: ArrayFile) -> None:
        super().__init__(file)
        self.level = float(self.summary["asymptotic_critical_value"])

    @property
    def critical(self) -> Array:
        """Critical value of Delta chi2: the quantile of the toys at the confidence level."""
        return self._file.array("critical")

    @property
    def critical_range(self) -> tuple[Array, Array]:
        """68.27 % range of the critical value; the upper end is infinite where there are too few toys."""
        return self._file.array("critical_lower"), self._file.array("critical_upper")

    @property
    def p_value(self) -> Array:
        """Share of toys with at least the Delta chi2 of the data."""
        return self._file.array("p_value")

    @property
    def p_value_range(self) -> tuple[Array, Array]:
        """68.27 % range of the p-value (Clopper-Pearson)."""
        return self._file.array("p_value_lower"), self._file.array("p_value_upper")

    @property
    def coverage(self) -> Array:
        """Share of toys inside the asymptotic contour: ``confidence_level`` where asymptotic formulas hold."""
        return self._file.array("coverage")

    @property
    def coverage_range(self) -> tuple[Array, Array]:
        """68.27 % range of the coverage (Clopper-Pearson)."""
        return self._file.array("coverage_lower"), self._file.array("coverage_upper")

    @property
    def counts(self) -> dict[str, Array]:
        """Toys thrown (``toys``), without a statistic (``failed``), one of whose fits did not converge (``unconverged``) and
        with a bin driven below zero (``clipped``)."""
        return {name: self._file.array(name) for name in ("toys", "failed", "unconverged", "clipped")}

    def limit(self, m4: Any = None, *, coupling: str | None = None, asymptotic: bool = False) -> Any:
        """Coupling per mass at which Delta chi2 of the data rises through the critical value of the toys (``toys --dof 1``).

        :param m4: masses in MeV; ``None``: all of the file
        :param asymptotic: with the asymptotic critical value instead
        :returns: couplings in the convention ``coupling`` (``None``: of the file); NaN where ``summary["limit"]`` says why there is none
        """
        if "limit" not in self.summary:
            raise UpscatterError(
                f"{self.path} tests the plane (2 dof), which has no limit per mass. Use contours() or excluded(), or run toys with --dof 1."
            )
        key = "d_asymptotic" if asymptotic else "d"
        values = np.array([np.nan if row[key] is None else row[key] for row in self.summary["limit"]], dtype=float)
        return at_masses(self.path, self.m4, values * self.coupling.factor(coupling), m4)

    def contours(self, *, coupling: str | None = None) -> list[Contour]:
        """The contours corrected by toys, from the CSV files beside the result."""
        scale = np.array([1.0, self.coupling.factor(coupling)])
        names = [name.rpartition("/")[2] for name in self.summary["files"] if name.endswith(".csv")]
        return [Contour(piece.points * scale, piece.closed) for name in names for piece in outlines(self.path, name)]

    def excluded(self, m4: Any, d: Any, *, coupling: str | None = None, unstated: bool | None = None) -> Any:
        """Whether Delta chi2 of the data is at or above the critical value; both linear in log m4 and log d between points.

        :param m4: masses in MeV
        :param d: couplings in the convention ``coupling`` (``None``: of the file)
        :param unstated: the answer where toys state nothing; ``None``: that is an error
        """
        own = np.asarray(d, dtype=float) / self.coupling.factor(coupling)
        excess = bilinear(self.path, (self.m4, self.d), np.asarray(self.delta) - np.asarray(self.critical), self.coupling, m4, own)
        unknown = np.isnan(excess)
        if unstated is None and bool(np.any(unknown)):
            raise UpscatterError(
                f"{self.path}: toys state nothing at {int(np.sum(unknown))} of the points asked for. Say what they count as: unstated=False or True."
            )
        found = np.where(unknown, bool(unstated), excess >= 0)
        return bool(found) if found.ndim == 0 else found

    def to_dataframe(self, *, coupling: str | None = None) -> pandas.DataFrame:
        """A row per point: m4, d and every grid."""
        return self._table({name: self._file.array(name) for name in _GRIDS}, coupling)

    def plot(
        self, ax: Axes | None = None, *, coupling: str | None = None, label: str | None = None, color: str | None = None, fill: bool = True
    ) -> Axes:
        """Draws the region excluded with the critical values of the toys, and the asymptotic contour as a thin line."""
        from . import pictures

        return pictures.toys(self, ax, coupling=coupling, label=label, color=color, fill=fill)

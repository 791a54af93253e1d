"""Scans: the grid of Delta chi2, the limit, contours and pulls (``upscatter scan``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .couplings import Coupling, from_attributes
from .files import Array, ArrayFile, Grids, provenance
from .result import Contour, Result, at_masses, bilinear, frame

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes


class Grid(Result):
    """A statistic over masses and couplings.

    Attributes: ``m4`` (masses, MeV; of the mediator with ``--model``), ``d`` (couplings, in the unit of ``coupling``).
    """

    def __init__(self, file: ArrayFile) -> None:
        self._file = file
        self.path = file.path
        self.format = str(file.attributes["format"])
        self.provenance = provenance(file.attributes)
        self.summary = file.json("summary")
        self.m4: Array = np.array(file.array("m4"))
        self.d: Array = np.array(file.array("d"))
        words = file.json("provenance") if "provenance" in file.attributes else self.summary.get("provenance", {})
        self.coupling: Coupling = from_attributes(self.provenance, words.get("coupling", {}).get("symbol"))

    @property
    def delta(self) -> Array:
        """Delta chi2, masses x couplings: read-only, and read from the disk where it is touched."""
        return self._file.array("delta")

    @property
    def mass_symbol(self) -> str:
        """``m4``, or the symbol of a mediator's mass."""
        return str(self.provenance.get("mass_symbol", "m4"))

    def units(self) -> dict[str, str]:
        """Unit of every dataset by name; ``1`` where it has none."""
        return {name: str(self._file.attributes_of(name).get("unit", "1")) for name in self._file._places}

    def _table(self, grids: dict[str, Array], coupling: str | None) -> pandas.DataFrame:
        """A row per point: m4, d, then the grids."""
        unit = self.coupling.converted(coupling).unit
        columns: dict[str, Any] = {"m4": np.repeat(self.m4, len(self.d)), "d": np.tile(self.d * self.coupling.factor(coupling), len(self.m4))}
        columns.update({name: np.asarray(grid).reshape(-1) for name, grid in grids.items()})
        return frame(self.path, columns, {"m4": "MeV", "d": unit, **{name: "1" for name in grids}}, self.provenance)


class Scan(Grid):
    """A scan of masses and couplings against the data or the expectation of experiments.

    Beside the attributes of a grid: ``level`` (Delta chi2 of the contour), ``is_sensitivity`` (nothing was observed).
    """

    def __init__(self, file: ArrayFile) -> None:
        super().__init__(file)
        self.level = float(self.provenance["level_delta_chi2"])
        self.is_sensitivity = self.provenance["kind"] == "sensitivity"
        names = [name for name in str(file.attributes["pulls"]).split("\n") if name]
        #: Best pulls by name, masses x couplings: a relative change of what the pull scales, or widths of a shape.
        #: Empty after ``scan --no-pulls``.
        self.pulls = Grids(file, "pulls", names)

    @property
    def minimum(self) -> Array:
        """What was subtracted from the statistic, per mass: its least value at that mass (1 dof) or in the plane (2 dof)."""
        return np.array(self._file.array("minimum"))

    def limit(self, m4: Any = None, *, coupling: str | None = None) -> Any:
        """Lowest coupling at which Delta chi2 rises through ``level``.

        :param m4: masses in MeV, a number or several; between those of the scan the limit is linear in logarithms. ``None``: all of the scan
        :param coupling: convention of the answer, ``"d"`` or ``"d-no-half"`` (1/GeV) or ``"mu"`` (Bohr magnetons); ``None``: of the file
        :returns: couplings; NaN where the scan has no limit
        """
        values = np.array(self._file.array("limit")) * self.coupling.factor(coupling)
        return at_masses(self.path, self.m4, values, m4)

    def contours(self, *, coupling: str | None = None) -> list[Contour]:
        """The curves Delta chi2 = ``level``, as the program drew them."""
        scale = np.array([1.0, self.coupling.factor(coupling)])
        found = []
        for name in self._file.names("contours"):
            closed = float(self._file.attributes_of(f"contours/{name}")["closed"]) != 0
            found.append(Contour(np.array(self._file.array(f"contours/{name}")) * scale, closed))
        return found

    def excluded(self, m4: Any, d: Any, *, coupling: str | None = None) -> Any:
        """Whether points have Delta chi2 at or above ``level``; between grid points it is linear in log m4 and log d.

        That is what plots shade. Where data prefer a signal, couplings below it, and zero, can be disfavoured as well.

        :param m4: masses in MeV
        :param d: couplings in the convention ``coupling`` (``None``: of the file); broadcast against the masses
        """
        own = np.asarray(d, dtype=float) / self.coupling.factor(coupling)
        found = bilinear(self.path, (self.m4, self.d), self.delta, self.coupling, m4, own) >= self.level
        return bool(found) if found.ndim == 0 else found

    def to_dataframe(self, table: str = "grid", *, coupling: str | None = None) -> pandas.DataFrame:
        """A tidy table.

        :param table: ``"grid"``: m4, d, delta and the pulls per point; ``"limit"``: m4, d per mass; ``"contours"``: contour, m4, d per point
        """
        unit = self.coupling.converted(coupling).unit
        if table == "grid":
            return self._table({"delta": self.delta, **{f"pull {name}": grid for name, grid in self.pulls.items()}}, coupling)
        if table == "limit":
            return frame(self.path, {"m4": self.m4, "d": self.limit(coupling=coupling)}, {"m4": "MeV", "d": unit}, self.provenance)
        if table != "contours":
            raise self._lacks(f"table {table!r}; there are grid, limit and contours")
        curves = self.contours(coupling=coupling)
        points = np.concatenate([curve.points for curve in curves] or [np.empty((0, 2))])
        numbers = np.repeat(np.arange(len(curves)), [len(curve.points) for curve in curves])
        return frame(self.path, {"contour": numbers, "m4": points[:, 0], "d": points[:, 1]}, {"m4": "MeV", "d": unit}, self.provenance)

    def plot(
        self, ax: Axes | None = None, *, coupling: str | None = None, label: str | None = None, color: str | None = None, fill: bool = True
    ) -> Axes:
        """Draws the excluded region and its contour; a sensitivity is dashed.

        :param fill: shade the region at or above ``level``
        """
        from . import pictures

        return pictures.scan(self, ax, coupling=coupling, label=label, color=color, fill=fill)

"""Reconstruction of mass and coupling (``upscatter fit``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import UpscatterError
from .files import Array, ArrayFile, Grids
from .result import Contour, bilinear, frame
from .scan import Grid
from .tables import outlines

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes


class Posterior:
    """The posterior of a fit.

    Attributes: ``m4`` (MeV), ``d`` and ``density`` (probability per cell, cells equal in log m4 and log d; absent without
    convergence: ``None``), ``samples`` (samples x columns), ``columns``.
    """

    def __init__(self, file: ArrayFile, fit: Fit) -> None:
        self._fit = fit
        whole = "posterior/density" in file
        self.m4: Array | None = np.array(file.array("posterior/m4")) if whole else None
        self.d: Array | None = np.array(file.array("posterior/d")) if whole else None
        self.density: Array | None = file.array("posterior/density") if whole else None
        self.samples: Array = file.array("posterior/samples")
        self.columns = str(file.attributes_of("posterior/samples")["columns"]).split("\n")

    def to_dataframe(self) -> pandas.DataFrame:
        """A row per sample: m4 in MeV, d in the unit of the fit, pulls."""
        units = dict.fromkeys(self.columns, "1")
        units.update({"m4": "MeV", "d": self._fit.coupling.unit})
        columns = {name: np.asarray(self.samples)[:, number] for number, name in enumerate(self.columns)}
        return frame(self._fit.path, columns, units, self._fit.provenance)


class Fit(Grid):
    """The profile likelihood over the plane, with its best fit and regions.

    Attributes beside those of a grid: ``minimum`` (statistic of the best fit), ``best_fit`` (``m4`` in MeV, ``d``, ``pulls``, ...),
    ``regions`` (one per level, docs/formats.md), ``pulls`` (best pulls by name), ``posterior`` (``None`` without ``--posterior``),
    ``delta`` (chi2 minimised over the pulls, minus its minimum in the plane).
    """

    def __init__(self, file: ArrayFile) -> None:
        super().__init__(file)
        self.minimum = float(file.attributes["minimum"])
        self.best_fit: dict[str, Any] = self.summary["fit"]["best_fit"]
        self.regions: list[dict[str, Any]] = self.summary["fit"]["regions"]
        self.pulls = Grids(file, "pulls", file.names("pulls"))
        self.posterior = Posterior(file, self) if "posterior/samples" in file else None

    @property
    def confidence_level(self) -> float:
        """The level of the regions nearest to 90 %."""
        return float(min((region["confidence_level"] for region in self.regions), key=lambda level: abs(level - 0.9)))

    @property
    def profile_m4(self) -> Array:
        """Delta chi2 per mass, minimised over d >= 0."""
        return np.array(self._file.array("profile_m4"))

    @property
    def profile_d(self) -> Array:
        """Delta chi2 per coupling, minimised over the mass."""
        return np.array(self._file.array("profile_d"))

    def region(self, confidence_level: float | None = None) -> dict[str, Any]:
        """What is stated of the region at a level: ``delta_chi2``, ``closes``, intervals ``m4`` and ``d``."""
        return self._at(self.regions, confidence_level)

    def contours(self, confidence_level: float | None = None, *, posterior: bool = False, coupling: str | None = None) -> list[Contour]:
        """Outline of the region at a level, from the CSV file beside the result.

        :param confidence_level: of ``regions``; ``None``: the one nearest to 90 %
        :param posterior: the region of highest posterior density
        """
        regions = self.regions
        if posterior:
            regions = (self.summary["fit"].get("posterior") or {}).get("regions") or []
            if not regions:
                raise UpscatterError(f"{self.path} has no regions of a posterior. Run fit with --posterior until it converges.")
        scale = np.array([1.0, self.coupling.factor(coupling)])
        name = str(self._at(regions, confidence_level)["file"]).rpartition("/")[2]
        return [Contour(piece.points * scale, piece.closed) for piece in outlines(self.path, name)]

    def excluded(self, m4: Any, d: Any, *, confidence_level: float | None = None, coupling: str | None = None) -> Any:
        """Whether points lie outside the region at a level; Delta chi2 is linear in log m4 and log d between points."""
        own = np.asarray(d, dtype=float) / self.coupling.factor(coupling)
        found = bilinear(self.path, (self.m4, self.d), self.delta, self.coupling, m4, own) > self.region(confidence_level)["delta_chi2"]
        return bool(found) if found.ndim == 0 else found

    def to_dataframe(self, *, coupling: str | None = None) -> pandas.DataFrame:
        """A row per point: m4, d, delta and pulls. ``posterior.to_dataframe()`` has the samples."""
        return self._table({"delta": self.delta, **{f"pull {name}": grid for name, grid in self.pulls.items()}}, coupling)

    def plot(
        self, ax: Axes | None = None, *, coupling: str | None = None, label: str | None = None, color: str | None = None, fill: bool = True
    ) -> Axes:
        """Draws the regions at all levels, the best fit (cross) and the injected signal (star)."""
        from . import pictures

        return pictures.fit(self, ax, coupling=coupling, label=label, color=color, fill=fill)

    def _at(self, regions: list[dict[str, Any]], confidence_level: float | None) -> dict[str, Any]:
        wanted = self.confidence_level if confidence_level is None else confidence_level
        for region in regions:
            if abs(region["confidence_level"] - wanted) < 1e-9:
                return region
        levels = ", ".join(f"{region['confidence_level']:g}" for region in regions)
        raise UpscatterError(f"{self.path} has regions at {levels}, not at {wanted:g}. Ask for one of these, or run fit with --cl.")

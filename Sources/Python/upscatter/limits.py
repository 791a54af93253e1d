"""Limits per mass, with bands and discovery where asked for (``upscatter limit --json`` or ``--output``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .couplings import Coupling, from_attributes
from .errors import UpscatterError
from .files import Array
from .result import Result, at_masses, frame

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes


class Limits(Result):
    """Limits on the coupling by root finding, a row per mass.

    Attributes: ``m4`` (masses in MeV; of the mediator with ``--model``; ``None`` for interactions without a mass), ``rows`` (as in the
    JSON), ``expected_sigma``, ``coupling``, ``notes``.
    """

    format = "upscatter limit"

    def __init__(self, path: str, content: dict[str, Any]) -> None:
        self.path, self.summary = path, content
        self.rows: list[dict[str, Any]] = content["limit"]
        self.provenance = {name: value for name, value in content.items() if name not in ("limit", "files")}
        self.provenance["experiments"] = content.get("experiment", "")
        self.notes: list[str] = list(content.get("notes", []))
        self.is_sensitivity = content.get("kind") == "sensitivity"
        self.expected_sigma: list[float] = list(content.get("expected_sigma", []))
        self._is_dipole = "d" in self.rows[0] if self.rows else "coupling_convention" in content
        if self._is_dipole:
            self.coupling: Coupling = from_attributes(content)
        else:
            words = (content["model"].partition("=")[2].split(" ")[0], content["coupling_symbol"])
            self.coupling = Coupling(*words, content["coupling_unit"], content["coupling_definition"])
        masses = self._column("m4" if self._is_dipole else "mass")
        self.m4: Array | None = None if np.isnan(masses).all() else masses

    @property
    def mass_symbol(self) -> str:
        """``m4``, or the symbol of a mediator's mass."""
        return str(self.summary.get("mass_symbol", "m4"))

    def limit(self, m4: Any = None, *, coupling: str | None = None) -> Any:
        """The upper limit; NaN where the notes of the row say why there is none.

        :param m4: masses in MeV; between those of the file the limit is linear in logarithms. ``None``: all of the file
        :param coupling: convention of the answer (``None``: of the file)
        """
        return self._along(self._column("d" if self._is_dipole else "limit"), m4, coupling)

    def lower(self, m4: Any = None, *, coupling: str | None = None) -> Any:
        """Other end of the interval; NaN where it begins at zero."""
        return self._along(self._column("d_lower" if self._is_dipole else "lower_limit"), m4, coupling)

    def best_fit(self, *, coupling: str | None = None) -> Array:
        """Best coupling per mass."""
        return self._column("best_fit_d" if self._is_dipole else "best_fit") * self.coupling.factor(coupling)

    def expected(self, sigma: float = 0, m4: Any = None, *, coupling: str | None = None) -> Any:
        """Limit expected without a signal, ``sigma`` standard deviations from the median (``limit --bands``)."""
        if sigma not in self.expected_sigma:
            known = ", ".join(f"{value:g}" for value in self.expected_sigma) or "none"
            raise UpscatterError(f"{self.path} has no expected limit at {sigma:g} standard deviations (there are: {known}). Run limit with --bands.")
        place = self.expected_sigma.index(sigma)
        key = "expected_d" if self._is_dipole else "expected_limit"
        values = [(row.get(key) or [])[place : place + 1] or [None] for row in self.rows]
        return self._along(np.array([np.nan if v[0] is None else v[0] for v in values], dtype=float), m4, coupling)

    def discovery(self, quantity: str = "significance") -> Array:
        """``q0``, ``significance`` or ``p_value`` of the best fit per mass, local (``limit --discovery``)."""
        values = [(row.get("discovery") or {}).get(quantity) for row in self.rows]
        if all(value is None for value in values):
            raise UpscatterError(f"{self.path} has no {quantity} of a discovery. Run limit with --discovery.")
        return np.array([np.nan if value is None else value for value in values], dtype=float)

    def excluded(self, m4: Any, d: Any, *, coupling: str | None = None) -> Any:
        """Whether couplings are at or above the limit at their mass; false where there is none."""
        with np.errstate(invalid="ignore"):
            found = np.asarray(np.asarray(d, dtype=float) >= self.limit(m4, coupling=coupling))
        return bool(found) if found.ndim == 0 else found

    def to_dataframe(self, *, coupling: str | None = None) -> pandas.DataFrame:
        """A row per mass: m4, limit, lower, expected limits and discovery where the file has them."""
        unit = self.coupling.converted(coupling).unit
        columns: dict[str, Any] = {} if self.m4 is None else {"m4": self.m4}
        columns.update(limit=self.limit(coupling=coupling), lower=self.lower(coupling=coupling), best_fit=self.best_fit(coupling=coupling))
        for sigma in self.expected_sigma:
            columns[f"expected {sigma:+g}"] = self.expected(sigma, coupling=coupling)
        units = {name: "MeV" if name == "m4" else unit for name in columns}
        if any(row.get("discovery") for row in self.rows):
            for name in ("q0", "significance", "p_value"):
                columns[name], units[name] = self.discovery(name), "1"
        return frame(self.path, columns, units, self.provenance)

    def plot(
        self, ax: Axes | None = None, *, coupling: str | None = None, label: str | None = None, color: str | None = None, fill: bool = True
    ) -> Axes:
        """Draws the limit, and the bands expected without a signal where the file has them."""
        from . import pictures

        return pictures.limits(self, ax, coupling=coupling, label=label, color=color, fill=fill)

    def _column(self, name: str) -> Array:
        return np.array([np.nan if row.get(name) is None else row[name] for row in self.rows], dtype=float)

    def _along(self, values: Array, m4: Any, coupling: str | None) -> Any:
        values = values * self.coupling.factor(coupling)
        if m4 is None:
            return values
        if self.m4 is None:
            raise UpscatterError(f"{self.path}: {self.coupling.convention} has no mass. Ask for limit() without masses.")
        order = np.argsort(self.m4)
        return at_masses(self.path, self.m4[order], values[order], m4)

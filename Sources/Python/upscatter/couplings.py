"""Conventions of the dipole coupling [UPS-1]."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import UpscatterError

#: What a value is multiplied with to give the moment of L = (d/2) N sigma nu F in 1/GeV. The Bohr magneton is
#: e / (2 m_e) in 1/GeV, ``Sources/Units/PhysicalConstants.swift``.
FACTORS = {"d": 1.0, "d-no-half": 2.0, "mu": 296.30405392393922}

_OWN = {
    "d": ("d", "1/GeV", "L = (d/2) N\u0304 σ^μν ν F_μν + h.c."),
    "d-no-half": ("d", "1/GeV", "L = d N\u0304 σ^μν ν F_μν + h.c."),
    "mu": ("mu", "mu_B", "L = (μ/2) N\u0304 σ^μν ν F_μν + h.c."),
}
_UNITS = {"GeV^-1": "1/GeV"}
_TEX_UNITS = {"1/GeV": r"GeV$^{-1}$", "mu_B": r"$\mu_{\rm B}$", "1": ""}
_TEX_SYMBOLS = {"d": "d", "mu": r"\mu"}
_TEX_FLAVOURS = {"e": "e", "mu": r"\mu", "tau": r"\tau"}


@dataclass(frozen=True)
class Coupling:
    """What the numbers of a coupling mean: name of the convention, symbol, unit and Lagrangian."""

    convention: str
    symbol: str
    unit: str
    lagrangian: str

    @property
    def is_dipole(self) -> bool:
        """Whether it is a dipole moment, which has several conventions; couplings of other interactions have one each."""
        return self.convention in FACTORS

    def factor(self, convention: str | None) -> float:
        """What a value in this convention is multiplied with to be in the other one; ``None`` is this one."""
        if convention is None or convention == self.convention:
            return 1.0
        if not self.is_dipole:
            raise UpscatterError(
                f"The coupling {self.symbol} of {self.convention} has no other convention, and {convention!r} was asked for. Leave coupling out."
            )
        if convention not in FACTORS:
            raise UpscatterError(f"There is no convention {convention!r} of the dipole coupling. Use one of: {', '.join(FACTORS)}.")
        return FACTORS[self.convention] / FACTORS[convention]

    def converted(self, convention: str | None) -> Coupling:
        """This coupling in another convention."""
        if self.factor(convention) == 1.0 and convention in (None, self.convention):
            return self
        symbol, unit, lagrangian = _OWN[str(convention)]
        # a moment of its own name, such as lambda14, keeps it
        return Coupling(str(convention), symbol if self.symbol in ("d", "mu") else self.symbol, unit, lagrangian)

    @property
    def head(self) -> str:
        """As in the first line of a table: ``d [1/GeV]``."""
        return f"{self.symbol} [{self.unit}]"

    def label(self, flavour: str = "") -> str:
        """Axis label with the unit, for matplotlib."""
        symbol = _TEX_SYMBOLS.get(self.symbol)
        index = f"_{{{_TEX_FLAVOURS[flavour]}}}" if flavour in _TEX_FLAVOURS else ""
        name = self.symbol if symbol is None else f"${symbol}{index}$"
        unit = _TEX_UNITS.get(self.unit, self.unit)
        return f"{name} [{unit}]" if unit else name


def from_attributes(attributes: dict[str, Any], symbol: str | None = None) -> Coupling:
    """The coupling that the provenance of a file names."""
    convention = str(attributes["coupling_convention"])
    own = _OWN.get(convention)
    unit = attributes.get("coupling_unit") or attributes.get("d_unit") or (own[1] if own else "1")
    lagrangian = own[2] if own else attributes.get("lagrangian") or ""
    return Coupling(convention, symbol or (own[0] if own else "coupling"), _UNITS.get(str(unit), str(unit)), str(lagrangian))

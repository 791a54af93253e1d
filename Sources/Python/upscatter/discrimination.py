"""Whether models can be told apart (``upscatter discriminate --json``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .errors import UpscatterError
from .files import Array
from .result import Result, frame

if TYPE_CHECKING:
    import pandas
    from matplotlib.axes import Axes


class Comparison:
    """One other model beside the true one.

    Attributes: ``model``, ``content`` (as in the JSON), ``of_truth`` and ``of_other``: the statistic T = chi2_min(truth model) -
    chi2_min(other model) of toys of the true and of the other model (empty with ``--toys 0``).
    """

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        self.model = str(content["model"])
        toys = content.get("toys") or {}
        self.of_truth: Array = np.array(toys.get("of_truth", []), dtype=float)
        self.of_other: Array = np.array(toys.get("of_other", []), dtype=float)

    def asimov(self, truth: str = "truth") -> float:
        """Square root of the Delta chi2 by which the wrong model fits the expectation of the right one worse.

        :param truth: ``"truth"`` or ``"other"``: the model that is right
        """
        return float(self._power(truth)["asimov_sqrt_delta"])

    def p_value(self, truth: str = "truth") -> float:
        """p-value with which the median toy of the right model excludes the wrong one; zero: fewer than one toy in all of them."""
        power = self._power(truth).get("toys")
        if not power:
            raise UpscatterError(f"{self.model}: there are no toys. Run discriminate with --toys.")
        return float(power["p_value"] if "p_value" in power else power["pValue"])

    def _power(self, truth: str) -> dict[str, Any]:
        if truth not in ("truth", "other"):
            raise UpscatterError(f'the right model is "truth" or "other", not {truth!r}.')
        return dict(self.content[f"{truth}_true"])


class Discrimination(Result):
    """A true model and how well others can pretend to be it.

    Attributes: ``truth`` (``mass`` in MeV, ``coupling``), ``truth_model``, ``against`` (a ``Comparison`` per model).
    """

    format = "upscatter discriminate"

    def __init__(self, path: str, content: dict[str, Any]) -> None:
        self.path, self.summary = path, content
        self.truth: dict[str, Any] = content["truth"]
        self.truth_model = str(content["truth_model"])
        self.against = [Comparison(part) for part in content["against"]]
        self.provenance = {name: value for name, value in content.items() if name not in ("against", "truth")}
        self.provenance["experiments"] = "; ".join(content.get("experiments", []))

    def __getitem__(self, model: str) -> Comparison:
        for comparison in self.against:
            if comparison.model == model:
                return comparison
        raise KeyError(f"{model!r}; there are {', '.join(one.model for one in self.against)}")

    def to_dataframe(self) -> pandas.DataFrame:
        """A row per toy: against, toys_of (truth or other), T."""
        columns: dict[str, Any] = {"against": [], "toys_of": [], "T": []}
        for one in self.against:
            for name, values in (("truth", one.of_truth), ("other", one.of_other)):
                columns["against"] += [one.model] * len(values)
                columns["toys_of"] += [name] * len(values)
                columns["T"] += values.tolist()
        return frame(self.path, columns, {"T": "1"}, self.provenance)

    def plot(self, ax: Axes | None = None, *, against: str | None = None, bins: int = 40) -> Axes:
        """Draws the toys of both models against one other model (the first unless named)."""
        from . import pictures

        return pictures.discrimination(self, self[against] if against else self.against[0], ax, bins=bins)

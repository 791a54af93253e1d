"""Reads the result files of Upscatter: ``load("out/coherent-csi-2021-mu.h5").limit([1, 10])``.

Masses are in MeV. Couplings are in the unit and convention of the file, which ``result.coupling`` names; methods with
``coupling="d"``, ``"d-no-half"`` or ``"mu"`` answer in that convention [UPS-1].
"""

from __future__ import annotations

import json
import os
from typing import Any

from . import seal as _seal
from .couplings import Coupling
from .discrimination import Comparison, Discrimination
from .errors import UpscatterError, UpscatterFileError
from .files import ArrayFile
from .fit import Fit, Posterior
from .limits import Limits
from .moments import MomentsPlane
from .pictures import overlay
from .result import Contour, Result
from .scan import Scan
from .toys import Toys

__all__ = [
    "Comparison",
    "Contour",
    "Coupling",
    "Discrimination",
    "Fit",
    "Limits",
    "MomentsPlane",
    "Posterior",
    "Result",
    "Scan",
    "Toys",
    "UpscatterError",
    "UpscatterFileError",
    "load",
    "overlay",
]

#: Result files by their attribute ``format``, with the schema that this reader knows.
_FORMATS: dict[str, tuple[Any, int]] = {
    "upscatter result": (Scan, 1),
    "upscatter toys": (Toys, 1),
    "upscatter fit": (Fit, 1),
    "upscatter plane": (MomentsPlane, 1),
}


def load(path: str | os.PathLike[str], verify: bool | None = None) -> Any:
    """A result by the kind of its file.

    :param path: an ``.h5`` file of ``scan``, ``toys``, ``fit`` or ``moments``, or the JSON of ``limit`` or ``discriminate``
    :param verify: compare checksums of the grids too: ``True`` for grids of any size (about 3 million numbers a second), ``False`` no
        checksums at all, ``None`` grids up to a million numbers. The frame (everything but the grids) is checked unless ``False``
    :returns: ``Scan``, ``Toys``, ``Fit``, ``MomentsPlane``, ``Limits`` or ``Discrimination``
    :raises UpscatterFileError: the file is missing, foreign, unfinished, truncated or damaged
    """
    name = os.fspath(path)
    if name.endswith(".json"):
        return _load_json(name)
    if verify is not False:
        _seal.check(name, verify)
    file = ArrayFile(name, {kind: schema for kind, (_, schema) in _FORMATS.items()})
    try:
        return _FORMATS[str(file.attributes["format"])][0](file)
    except (KeyError, ValueError) as error:
        raise UpscatterFileError(name, f"{error} is missing in it or has no meaning", "Repeat the run with this version of upscatter.") from None


def _load_json(path: str) -> Result:
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
    except OSError as error:
        raise UpscatterFileError(path, f"it may not be read ({error.strerror})", "Check the path and its permissions.") from None
    except ValueError as error:
        raise UpscatterFileError(path, f"it is no JSON ({error})", "It may be truncated: copy it again, or repeat the run.") from None
    keys = set(content) if isinstance(content, dict) else set()
    try:
        if {"truth_model", "against"} <= keys:
            return Discrimination(path, content)
        if {"limit", "confidence_level"} <= keys and keys & {"d_unit", "coupling_unit"} and "asymptotic_critical_value" not in keys:
            return Limits(path, content)
    except (KeyError, TypeError, ValueError) as error:
        raise UpscatterFileError(path, f"{error} is missing in it or has no meaning", "Repeat the run with this version of upscatter.") from None
    if keys & {"dAxis", "fit", "asymptotic_critical_value", "plane"}:
        raise UpscatterFileError(path, "it is the summary of a result file", f"Load {path[:-5]}.h5, or read it with json.load.")
    raise UpscatterFileError(path, "it is no JSON of `limit` or `discriminate`", "Name such a file, or read it with json.load.")

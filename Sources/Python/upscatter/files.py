"""Reading HDF5: attributes at once, grids as memory maps that cost nothing until they are touched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import h5py
import numpy as np

from .errors import UpscatterFileError

Array = np.ndarray[Any, np.dtype[np.float64]]


class ArrayFile:
    """The attributes and datasets of one result file. Nothing stays open; a file that is replaced later does not change what was read.

    Attributes: ``path``, ``attributes`` of the root.
    """

    def __init__(self, path: str, formats: Mapping[str, int]) -> None:
        self.path = path
        self._places: dict[str, tuple[int | None, tuple[int, ...]]] = {}
        self._attributes: dict[str, dict[str, Any]] = {}
        try:
            with h5py.File(path, "r") as file:
                self.attributes: dict[str, Any] = dict(file.attrs)
                file.visititems(self._note)
        except OSError as error:
            raise UpscatterFileError(path, f"HDF5 cannot open it ({error})", "Close other programs that write it, or copy it again.") from None
        self._require(formats)

    def _note(self, name: str, thing: Any) -> None:
        self._attributes[name] = dict(thing.attrs)
        if isinstance(thing, h5py.Dataset):
            plain = thing.dtype == np.dtype("<f8") and thing.chunks is None
            self._places[name] = (thing.id.get_offset() if plain else None, thing.shape)

    def _require(self, formats: Mapping[str, int]) -> None:
        kind = str(self.attributes.get("format", ""))
        if kind not in formats:
            raise UpscatterFileError(
                self.path, f"its format {kind!r} is none that this reader knows", "Install the reader of the program that wrote it."
            )
        try:
            schema = float(self.attributes["schema"])
        except (KeyError, ValueError):
            schema = float("nan")
        if schema != formats[kind]:
            raise UpscatterFileError(
                self.path, f"its schema is {schema:g}, and this reader knows {formats[kind]}", "Install the reader of the program that wrote it."
            )

    def __contains__(self, name: str) -> bool:
        return name in self._places

    def names(self, group: str) -> list[str]:
        """Datasets of a group, in the order of their attribute ``order``, else of their names, numbers as numbers."""
        found = [name[len(group) + 1 :] for name in self._places if name.startswith(group + "/")]

        def place(name: str) -> tuple[float, int, str]:
            order = float(self._attributes[f"{group}/{name}"].get("order", 0))
            return order, int(name) if name.isdecimal() else -1, name

        return sorted(found, key=place)

    def attributes_of(self, name: str) -> dict[str, Any]:
        """Attributes of a dataset: unit, description and the like."""
        return self._attributes[name]

    def array(self, name: str) -> Array:
        """A dataset: read-only, and read from the disk where and when it is touched."""
        if name not in self._places:
            raise UpscatterFileError(self.path, f"it has no dataset {name}", "Repeat the run with this version of upscatter.")
        offset, shape = self._places[name]
        if 0 in shape:
            return np.empty(shape)
        if offset is not None:
            return np.memmap(self.path, dtype="<f8", mode="r", offset=offset, shape=shape)
        with h5py.File(self.path, "r") as file:
            return np.asarray(file[name][()], dtype=np.float64)

    def json(self, name: str) -> dict[str, Any]:
        """A root attribute that holds JSON."""
        try:
            value = json.loads(self.attributes[name])
        except (KeyError, TypeError, ValueError):
            raise UpscatterFileError(self.path, f"its attribute {name} is no JSON", "Repeat the run.") from None
        return dict(value)


class Grids(Mapping[str, Array]):
    """The datasets of a group by name, each read when it is asked for."""

    def __init__(self, file: ArrayFile, group: str, names: list[str]) -> None:
        self._file, self._group, self._names = file, group, names

    def __getitem__(self, name: str) -> Array:
        if name not in self._names:
            raise KeyError(f"{name!r}; there are {', '.join(self._names) or 'none'}")
        return self._file.array(f"{self._group}/{name.replace('/', '_')}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"<{self._group}: {', '.join(self._names) or 'none'}>"


def provenance(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """The provenance of a file as a dictionary: numbers as numbers, hashes of inputs by file in ``input_sha256``."""
    found: dict[str, Any] = {}
    inputs: dict[str, str] = {}
    for name, value in attributes.items():
        if name in ("summary", "provenance", "pulls", "entries", "contours"):
            continue
        if name.startswith("input_sha256 "):
            inputs[name[len("input_sha256 ") :]] = str(value)
        else:
            found[name] = _number(value)
    found["input_sha256"] = inputs
    return found


def _number(value: Any) -> Any:
    if isinstance(value, (float, np.floating)):
        return int(value) if float(value).is_integer() else float(value)
    text = str(value)
    if text[:1].isdigit() or text[:1] == "-":
        for kind in (int, float):
            try:
                return kind(text)
            except ValueError:
                continue
    return text

"""Contours that lie beside a result file as CSV."""

from __future__ import annotations

import os

import numpy as np

from .errors import UpscatterFileError
from .result import Contour


def outlines(result: str, name: str) -> list[Contour]:
    """The pieces of an outline: piece, m4 [MeV], d, with the shapes in the first line.

    :param result: path of the result file, in whose folder the table lies
    """
    path = os.path.join(os.path.dirname(result), name)
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except OSError:
        raise UpscatterFileError(path, f"the outline of {result} is missing", "Keep the files of a run together.") from None
    try:
        values = [[float(cell) for cell in line.split(",")] for line in lines if line and line[0].isdigit()]
    except ValueError as error:
        raise UpscatterFileError(path, f"it is no outline of a region ({error})", "Copy it again, or repeat the run.") from None
    # "...; pieces: 0 closed, 1 open"
    shapes = lines[0].rpartition("pieces: ")[2].split(", ") if lines else []
    closed = [shape.endswith(" closed") for shape in shapes if shape[:1].isdigit()]
    rows = np.array(values).reshape(-1, 3)
    pieces = [rows[rows[:, 0] == number, 1:] for number in range(len(closed))]
    if sum(len(piece) for piece in pieces) != len(rows):
        raise UpscatterFileError(path, "its first line does not name its pieces", "Copy it again, or repeat the run.")
    return [Contour(piece, shape) for piece, shape in zip(pieces, closed)]

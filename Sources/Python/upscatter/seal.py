"""The checksums at the head of a result file (docs/formats.md, HDF5).

The first 2048 bytes of a file, which HDF5 readers skip, hold its size, a checksum of its frame (everything but the
large grids) and one checksum per grid. They notice accidents, not forgery.
"""

from __future__ import annotations

import os
from typing import BinaryIO, NamedTuple

import numpy as np

from .errors import UpscatterFileError

SIZE = 2048
FAMILY = b"upscatter result, sealed"
OPENING = FAMILY + b" 2\n"
#: Numbers up to which ``load`` checks the grids too unless told otherwise: below half a second.
SMALL = 1 << 20
_BLOCK = 1 << 22
_MASK = (1 << 64) - 1
_START = 0x9E37_79B9_7F4A_7C15
_FACTOR = 0xFF51_AFD7_ED55_8CCD

_HDF5 = b"\x89HDF\r\n\x1a\n"
_REPEAT = "Copy the file again, or repeat the run"


class Grid(NamedTuple):
    """Where a grid lies, in bytes, and the checksum it should have."""

    offset: int
    length: int
    checksum: int


def add(value: int, block: bytes) -> int:
    """The checksum ``value`` after eight-byte little-endian words; a short last one is filled with zeros."""
    padded = block + bytes(-len(block) % 8)
    for word in np.frombuffer(padded, dtype="<u8").tolist():
        product = ((value ^ word) * _FACTOR) & _MASK
        value = ((product << 29 & _MASK | product >> 35) + word) & _MASK
    return value


def check(path: str, grids: bool | None) -> None:
    """Raises ``UpscatterFileError`` unless the file is whole.

    :param grids: compare the checksums of the grids too; ``None``: if they are small
    """
    with _open(path) as file:
        head = file.read(SIZE)
        if not head.startswith(OPENING):
            raise UpscatterFileError(path, *_foreign(path, head, file.read(len(_HDF5))))
        found = _grids(head)
        if not head.startswith(_text(file, found)):
            raise damaged(path)
        if grids is None:
            grids = sum(grid.length for grid in found) <= 8 * SMALL
        for number, grid in enumerate(found if grids else []):
            if _sum(file, grid.offset, grid.offset + grid.length) != grid.checksum:
                raise damaged(path, f" in grid {number + 1} of {len(found)}, at byte {grid.offset}")


def damaged(path: str, where: str = "") -> UpscatterFileError:
    """The error of a file that is ours and not whole."""
    return UpscatterFileError(
        path, f"it is truncated or damaged{where}, or was changed after it was written: its checksum does not fit", _REPEAT + "."
    )


def _open(path: str) -> BinaryIO:
    if os.path.isdir(path):
        raise UpscatterFileError(path, "it is a folder", "Name the .h5 or .json file in it.")
    if not os.path.exists(path):
        beside = [path + ending for ending in (".h5", ".json") if os.path.exists(path + ending)]
        cure = f"There is {beside[0]}: name it." if beside else "Check the path, or run upscatter first."
        raise UpscatterFileError(path, "the file does not exist", cure)
    try:
        return open(path, "rb")
    except OSError as error:
        raise UpscatterFileError(path, f"it may not be read ({error.strerror})", "Check its permissions.") from None


def _foreign(path: str, head: bytes, behind: bytes) -> tuple[str, str]:
    """What a file without our seal is, and the cure."""
    if not head:
        return "it is empty", _REPEAT + "."
    if head.startswith(FAMILY):
        return "another version of upscatter wrote it", "Use the reader of that version, or repeat the run."
    if head.startswith(b"SQLite format 3\0"):
        return "it is the state of a run that has not finished", "Finish the run with --resume, or join shards with upscatter merge."
    if path.endswith(".partial") or (not head.strip(b"\0") and behind == _HDF5):
        return "its run has not finished", "Wait for it, or repeat it if it was killed."
    if head.startswith(_HDF5):
        return "it is an HDF5 file of another program", "Open it with h5py, or name the .h5 file that upscatter wrote."
    return "it does not begin like a result of upscatter", "Name the .h5 or .json file that upscatter wrote; CSV files are read by pandas.read_csv(path, comment='#')."


def _grids(head: bytes) -> list[Grid]:
    grids = []
    for line in head.split(b"\n"):
        words = line.split(b" ")
        if len(words) == 4 and words[0] == b"grid":
            try:
                grids.append(Grid(int(words[1]), int(words[2]), int(words[3], 16)))
            except ValueError:
                continue
    return grids


def _text(file: BinaryIO, grids: list[Grid]) -> bytes:
    """What the head of this file should say; empty never fits, so grids that make no sense give a text that no file has."""
    end = os.fstat(file.fileno()).st_size
    value, position = _START, SIZE
    for start, after in [(grid.offset, grid.offset + grid.length) for grid in grids] + [(end, end)]:
        if not position <= start <= after <= end:
            return b"not sealed"
        value = _sum(file, position, start, value)
        position = after
    lines = [f"grid {grid.offset} {grid.length} {grid.checksum:x}\n" for grid in grids]
    return OPENING + f"bytes {end}\nframe {value:x}\n".encode() + "".join(lines).encode()


def _sum(file: BinaryIO, start: int, end: int, value: int = _START) -> int:
    file.seek(start)
    while start < end:
        block = file.read(min(_BLOCK, end - start))
        if not block:
            break
        value = add(value, block)
        start += len(block)
    return value

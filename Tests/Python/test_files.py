"""Damaged, unfinished and foreign files: each gets one message that names it and the cure."""

import pickle
import shutil

import h5py
import numpy as np
import pytest

import upscatter
from upscatter import seal

KINDS = ["scan", "toys", "fit", "moments"]


@pytest.mark.parametrize("name", [*KINDS, "plane", "vector"])
def test_a_whole_file_has_the_checksums_of_the_program(results, name):
    results.load(name, verify=True)


@pytest.mark.parametrize("name", KINDS)
def test_any_altered_byte_is_noticed(results, name, tmp_path):
    whole = results.path(name).read_bytes()
    places = np.random.default_rng(7).integers(0, len(whole), 60).tolist() + [0, 2047, 2048, len(whole) - 1]
    missed = []
    for place in places:
        copy = bytearray(whole)
        copy[place] ^= 0x10
        path = tmp_path / "x.h5"
        path.write_bytes(copy)
        try:
            upscatter.load(path, verify=True)
            missed.append(place)
        except upscatter.UpscatterFileError as error:
            assert str(path) in str(error) and error.cure
    # bytes of the head behind the text of the seal mean nothing
    text = whole[:2048].rstrip(b"\0")
    assert [place for place in missed if not len(text) <= place < 2048] == []


@pytest.mark.parametrize("kept", [0, 100, 2048, 0.5, 0.99])
def test_a_truncated_file_is_refused(results, tmp_path, kept):
    whole = results.path("scan").read_bytes()
    path = tmp_path / "x.h5"
    path.write_bytes(whole[: kept if kept > 1 else int(kept * len(whole))])
    with pytest.raises(upscatter.UpscatterFileError, match="Copy the file again"):
        upscatter.load(path)


def test_damage_in_a_grid_names_the_grid(results, tmp_path):
    path = tmp_path / "x.h5"
    shutil.copy(results.path("scan"), path)
    scan = upscatter.load(path)
    copy = bytearray(path.read_bytes())
    copy[scan.pulls["signal"].offset + 11] ^= 1
    path.write_bytes(copy)
    with pytest.raises(upscatter.UpscatterFileError, match="in grid 2 of 5"):
        upscatter.load(path)
    assert upscatter.load(path, verify=False).m4.size == 40


def test_large_grids_are_checked_only_on_demand(results, tmp_path, monkeypatch):
    path = tmp_path / "x.h5"
    copy = bytearray(results.path("scan").read_bytes())
    copy[results.load("scan").delta.offset + 80] ^= 1
    path.write_bytes(copy)
    monkeypatch.setattr(seal, "SMALL", 100)
    upscatter.load(path)
    with pytest.raises(upscatter.UpscatterFileError, match="in grid 1 of 5"):
        upscatter.load(path, verify=True)


def test_each_foreign_file_gets_its_own_cure(results, tmp_path):
    def error(name, content, **options):
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(upscatter.UpscatterFileError) as caught:
            upscatter.load(path, **options)
        assert str(caught.value).startswith(str(path))
        return str(caught.value)

    whole = results.path("scan").read_bytes()
    assert "has not finished" in error("x.h5.partial", bytes(2048) + whole[2048:])
    assert "has not finished" in error("y.h5", bytes(2048) + whole[2048:])
    assert "--resume" in error("x.state", b"SQLite format 3\0" + bytes(5000))
    assert "another version" in error("x.h5", whole.replace(b"sealed 2", b"sealed 9", 1))
    assert "pandas.read_csv" in error("x.csv", b"# 90 % C.L. limit\n")
    assert "is no JSON" in error("x.json", b'{"limit": [')
    assert "no JSON of `limit`" in error("y.json", b"[1]")
    assert "no meaning" in error("z.json", b'{"limit": [{}], "confidence_level": 0.9, "d_unit": "GeV^-1"}')
    summary = error("scan.json", results.path("scan", "json").read_bytes())
    assert f"Load {tmp_path / 'scan.h5'}" in summary
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = [1.0]
    foreign = (tmp_path / "other.h5").read_bytes()
    assert "of another program" in error("other.h5", foreign)
    assert "format ''" in error("other.h5", foreign, verify=False)
    assert "HDF5 cannot open" in error("x.txt", b"nothing", verify=False)


def test_a_missing_file_names_its_neighbour(results):
    path = str(results.path("scan"))
    with pytest.raises(upscatter.UpscatterFileError, match=r"There is .*scan\.h5: name it"):
        upscatter.load(path[:-3])
    with pytest.raises(upscatter.UpscatterFileError, match="does not exist"):
        upscatter.load(path + "x")
    with pytest.raises(upscatter.UpscatterFileError, match="is a folder"):
        upscatter.load(results.folder)


def test_a_missing_outline_is_named(results, tmp_path):
    shutil.copy(results.path("toys"), tmp_path / "toys.h5")
    with pytest.raises(upscatter.UpscatterFileError, match=r"toys\.csv .*is missing"):
        upscatter.load(tmp_path / "toys.h5").contours()


def test_errors_travel_between_processes():
    error = pickle.loads(pickle.dumps(upscatter.UpscatterFileError("x.h5", "it is empty", "Copy it.")))
    assert str(error) == "x.h5 cannot be read as a result: it is empty. Copy it." and error.cure == "Copy it."

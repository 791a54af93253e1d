"""Files without this package: h5py, numpy and pandas read them as docs/python.md says."""

import h5py
import numpy as np
import pytest


@pytest.mark.parametrize("name", ["scan", "vector", "shapes", "toys", "fit", "moments"])
def test_every_dataset_says_what_it_is_and_its_unit(results, name):
    lacking = []

    def visit(path, thing):
        if isinstance(thing, h5py.Dataset):
            lacking.extend(f"{path}: {key}" for key in ("unit",) if key not in thing.attrs)
            if "description" not in thing.attrs and path not in ("x", "y"):
                lacking.append(f"{path}: description")
            assert thing.dtype == "<f8" and thing.chunks is None and thing.compression is None

    with h5py.File(results.path(name)) as file:
        file.visititems(visit)
        assert file.attrs["format"].startswith("upscatter ") and file.attrs["lagrangian"] and file.attrs["version"]
    assert lacking == []


def test_couplings_name_their_convention(results):
    for name in ("scan", "plane", "vector", "toys", "fit"):
        with h5py.File(results.path(name)) as file:
            assert file["d"].attrs["convention"] == file.attrs["coupling_convention"] and file["d"].attrs["lagrangian"]
            if "limit" in file:
                assert file["limit"].attrs["unit"] == file["d"].attrs["unit"] == file.attrs["coupling_unit"]
                assert file["limit"].attrs["convention"] == file["d"].attrs["convention"]


def test_grids_are_memory_mapped_by_numpy(results):
    path = results.path("scan")
    with h5py.File(path) as file:
        delta = file["delta"]
        mapped = np.memmap(path, "<f8", "r", delta.id.get_offset(), delta.shape)
        assert np.array_equal(mapped, delta[:]) and np.array_equal(mapped[7], delta[7])


def test_pandas_reads_the_tables(results):
    pandas = pytest.importorskip("pandas")
    contour = pandas.read_csv(results.path("scan", "csv"), comment="#")
    assert list(contour.columns) == ["m4 [MeV]", "d [1/GeV]"] and len(contour) == results.json("scan")["contours"][0]["points"]
    limit = pandas.read_csv(results.path("scan").with_name("scan-limit.csv"), comment="#")
    assert limit["d [1/GeV]"].tolist() == [row["d"] for row in results.json("scan")["limit"] if row["d"] is not None]
    bands = pandas.read_csv(results.path("bands", "csv"), comment="#")
    assert bands["d expected 0 sigma [1/GeV]"].tolist() == [row["expected_d"][2] for row in results.json("bands")["limit"]]
    toys = pandas.read_csv(results.path("toys", "csv"), comment="#")
    assert list(toys.columns) == ["piece", "m4 [MeV]", "d [1/GeV]"]

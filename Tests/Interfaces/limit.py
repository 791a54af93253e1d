"""The same limits from Python with ctypes alone.

python3 limit.py coherent-csi-2021 10 30        (UPSCATTER_LIBRARY names libupscatter.so.1 where the loader does not find it)
"""
import ctypes
import os
import sys
from ctypes import POINTER, c_char_p, c_double, c_int32, c_size_t, c_void_p

library = ctypes.CDLL(os.environ.get("UPSCATTER_LIBRARY", "libupscatter.so.1"))
library.upscatter_last_error.restype = c_char_p
library.upscatter_open.argtypes = [POINTER(c_char_p), c_size_t, POINTER(c_void_p)]
library.upscatter_free.argtypes = [c_void_p]
library.upscatter_set.argtypes = [c_void_p, c_char_p, c_char_p]
library.upscatter_limits.argtypes = [c_void_p, POINTER(c_double), c_size_t] + [POINTER(c_double)] * 4


def require(status):
    if status != 0:
        raise RuntimeError(library.upscatter_last_error().decode())


class Analysis:
    """Experiments with the choices of the command's options, `Analysis("coherent-csi-2021", flavor="mu")`."""

    def __init__(self, *experiments, **choices):
        if library.upscatter_abi_version() != 1:
            raise RuntimeError("this file is written for version 1 of the interface")
        self.handle = c_void_p()
        names = (c_char_p * len(experiments))(*(name.encode() for name in experiments))
        require(library.upscatter_open(names, len(experiments), ctypes.byref(self.handle)))
        for key, value in choices.items():
            require(library.upscatter_set(self.handle, key.encode(), str(value).encode()))

    def __del__(self):
        library.upscatter_free(self.handle)

    def limits(self, masses):
        """Limits in the convention of `coupling`, one per mass (MeV, ascending); nan where there is none."""
        values = (c_double * len(masses))(*masses)
        limit = (c_double * len(masses))()
        require(library.upscatter_limits(self.handle, values, len(masses), limit, None, None, None))
        return list(limit)


if __name__ == "__main__":
    masses = [float(text) for text in sys.argv[2:]]
    analysis = Analysis(sys.argv[1], flavor="mu", backend="simd")
    for mass, limit in zip(masses, analysis.limits(masses)):
        print(f"limit {mass!r} {limit!r}")

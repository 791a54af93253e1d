"""Reading of released figures and writing of response matrices and bins, for the scripts of the xenon entries (numpy)."""
import csv

import numpy as np


def read(path):
    with open(path) as lines:
        rows = list(csv.reader(line for line in lines if not line.startswith("#")))
    return {name: [row[k] for row in rows[1:]] for k, name in enumerate(rows[0])}


def numbers(table, *names):
    return np.array([[float(v) for v in table[name]] for name in names])


def write(path, notes, columns):
    lines = [f"# {note}" for note in notes] + [",".join(columns)]
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines + [",".join(row) for row in zip(*columns.values())]) + "\n")


def text(values, digits=5):
    """Short decimals; numbers of 1e-9 and less, marks of empty bins, are zero."""
    return [f"{v:.{digits}g}" if v > 1e-9 else "0" for v in values]


def matrix(path, notes, recoils, responses):
    """recoils in keV; responses: one row per analysis bin."""
    columns = {"recoil [keV]": [f"{t:g}" for t in recoils]}
    columns |= {f"bin_{k + 1}": text(row) for k, row in enumerate(responses)}
    write(path, notes, columns)


class Runs:
    """Science runs as blocks of bins: responses weighted by their share of the exposure, events summed over it."""

    def __init__(self, exposures):
        self.exposures, self.total = exposures, sum(exposures)

    def responses(self, runs):
        return np.concatenate([r * (x / self.total) for r, x in zip(runs, self.exposures)])

    def events(self, rates):
        return np.concatenate([r * x for r, x in zip(rates, self.exposures)])

    def alone(self, run, rates):
        """Events of one run, zero in the others."""
        return np.concatenate([r * x * (k == run) for k, (r, x) in enumerate(zip(rates, self.exposures))])

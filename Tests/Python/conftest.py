"""Result files made by the program in this run: UPSCATTER names it, else .build/release/upscatter or .build/debug/upscatter."""

import json
import os
import pathlib
import subprocess

import matplotlib
import pytest

import upscatter

matplotlib.use("Agg")
ROOT = pathlib.Path(__file__).resolve().parents[2]
CSI = "coherent-csi-2021 --flavor mu"
COMMANDS = {
    "scan": f"scan {CSI} --m4 0.5:50:40 --d 1e-7:1e-5:50 --plot none",
    "plane": f"scan {CSI} --m4 1:40:12 --d 1e-10:1e-7:14 --dof 2 --coupling mu --no-pulls --data asimov --plot none",
    "vector": "scan coherent-csi-2021 --model vector --mass 0.1:50:12 --d 1e-6:1e-3:16 --plot none",
    "shapes": "scan coherent-csi-2021:shape-pulls --m4 1,10 --d 1e-7:1e-5:5 --plot none",
    "toys": f"toys {CSI} --m4 1:50:9 --d 1e-7:1e-5:9 --toys 60 --plot none",
    "toys-fixed": f"toys {CSI} --m4 1:50:4 --d 1e-7:1e-5:16 --dof 1 --toys 60 --plot none",
    "fit": "fit ess10 --statistic poisson --flavor mu --inject-m4 9 --inject-d 4.2e-7 --m4 1:30:14 --d 1e-7:2e-6:16 --no-refine "
    "--posterior --steps 4000 --plot none",
    "moments": "moments coherent-csi-2021 --m4 1 --plane lambda14:lambda24 --x 0:2e-6:21:lin --y 0:2e-6:19:lin --plot none",
    "bands": f"limit {CSI} --m4 1,10,30 --method cls --bands --discovery --plot none",
}
PRINTED = {
    "limit": f"limit {CSI} --m4 1,10,30 --json",
    "limit-mu": f"limit {CSI} --m4 1,10,30 --coupling mu --json",
    "charge-radius": "limit coherent-csi-2021 --model charge-radius --json",
    "vector-limit": "limit coherent-csi-2021 --model vector --mass 1,10 --json",
    "discriminate": "discriminate ess --truth dipole:m4=10,d=1e-6 --against magnetic-moment --toys 20 --json",
    "discriminate-asimov": "discriminate ess --truth dipole:m4=10,d=1e-6 --against magnetic-moment --toys 0 --json",
}


def program():
    """The program; a missing one is a failure, not a skip."""
    named = os.environ.get("UPSCATTER")
    built = [named] if named else [ROOT / ".build" / kind / "upscatter" for kind in ("release", "debug")]
    for path in built:
        if pathlib.Path(path).is_file():
            return str(pathlib.Path(path).resolve())
    raise RuntimeError(f"no program at {' or '.join(map(str, built))}: build it, or set UPSCATTER")


class Results:
    """Makes each result once, when a test first asks for it."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, words):
        done = subprocess.run([program(), *words.split()], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, f"upscatter {words}\n{done.stdout}{done.stderr}"
        return done.stdout

    def path(self, name, ending=None):
        """Path of a file of the run `name`, made if need be."""
        if name in PRINTED:
            path = self.folder / f"{name}.json"
            if not path.exists():
                path.write_text(self.run(PRINTED[name]))
            return path
        path = self.folder / f"{name}.{ending or ('json' if name == 'bands' else 'h5')}"
        if not (self.folder / f"{name}.json").exists():
            self.run(f"{COMMANDS[name]} --output {name}")
        return path

    def load(self, name, **options):
        return upscatter.load(self.path(name), **options)

    def json(self, name):
        return json.loads(self.path(name, "json").read_text())


@pytest.fixture(scope="session")
def results(tmp_path_factory):
    return Results(tmp_path_factory.mktemp("results"))

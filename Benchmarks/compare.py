#!/usr/bin/env python3
"""Our rates beside those of short Python scripts that solve the same job, measured in one run on one machine.

usage: compare.py --baselines DIR [--upscatter BINARY] [--repeats N] [--json FILE]

DIR holds the rival scripts (baseline_numba.py, baseline_numpy.py, baseline_opencl.py, baseline_jax.py and the table
results/baseline_counts.json they are checked against). Scripts whose packages are missing are listed and left out.
Every side is first checked against the table: a side that misses 4e-8 in any bin is reported and not timed.
Python packages for the rivals: numpy scipy numba pyopencl (jax optional). Nothing but the standard library is needed
by this file.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

ACCURACY = 4e-8
RIVALS = {
    "numpy": ("baseline_numpy.py", "baseline_numpy_timing.json", lambda j: j["timing"]),
    "numba": ("baseline_numba.py", "baseline_numba_timing.json", lambda j: j),
    "opencl (PoCL)": ("baseline_opencl.py", "baseline_opencl_timing.json", lambda j: j["fp64"]),
    "jax": ("baseline_jax.py", "baseline_jax_timing.json", lambda j: j["results"]["float64"]),
}
JOBS = {"factored": "factored_4pull_points_per_s", "pointwise": "brute_4pull_points_per_s"}
REFERENCE_COUPLING = 1e-6  # GeV^-1, at which our counts are asked for; the table holds d = 1 GeV^-1


def worst_deviation(ours, table):
    scale = max(abs(v) for v in table)
    return max(abs(a - b) / max(abs(b), 1e-9 * scale) for a, b in zip(ours, table))


def check_counts(upscatter, table):
    """Largest relative deviation of our counts per flavour and energy bin from the table."""
    labels = ("nu_mu", "nu_mu_bar", "nu_e")
    worst = 0.0
    for mass, rows in table["dipole_by_m4_MeV"].items():
        out = subprocess.run(
            [upscatter, "spectrum", "csi-benchmark", "--flavor", "all", "--m4", mass, "--d", str(REFERENCE_COUPLING),
             "--backend", "simd", "--json"], check=True, capture_output=True, text=True)
        spectrum = json.loads(out.stdout)
        ours = [v / REFERENCE_COUPLING**2 for label in labels for v in spectrum["signalByComponent"][label]]
        worst = max(worst, worst_deviation(ours, [v for row in rows for v in row]))
        sm = [v for label in labels for v in spectrum["standardModelByComponent"][label]]
        worst = max(worst, worst_deviation(sm, [v for row in table["sm"] for v in row]))
    return worst


def run_rivals(folder, repeats):
    rates, missing = {}, {}
    for name, (script, result, pick) in RIVALS.items():
        path = os.path.join(folder, script)
        if not os.path.exists(path):
            missing[name] = "no " + script
            continue
        for _ in range(repeats):
            done = subprocess.run([sys.executable, script], cwd=folder, capture_output=True, text=True)
            if done.returncode != 0:
                missing[name] = done.stderr.strip().splitlines()[-1] if done.stderr.strip() else "failed"
                break
            values = pick(json.load(open(os.path.join(folder, "results", result))))
            for job, key in JOBS.items():
                if key in values:
                    rates.setdefault(name, {}).setdefault(job, []).append(values[key])
    return rates, missing


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--baselines", required=True)
    parser.add_argument("--upscatter", default=os.path.join(os.path.dirname(__file__), "../.build/release/upscatter"))
    parser.add_argument("--repeats", type=int, default=4)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    upscatter = os.path.abspath(arguments.upscatter)
    if not os.path.exists(upscatter):
        sys.exit(f"{upscatter} does not exist; build it with: swift build -c release --product upscatter")

    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.join(scratch, "baselines")
        shutil.copytree(arguments.baselines, folder)
        for root, _, _ in os.walk(folder):
            os.chmod(root, 0o755)
        table = json.load(open(os.path.join(folder, "results", "baseline_counts.json")))
        deviation = check_counts(upscatter, table)
        print(f"counts against the table: worst relative deviation {deviation:.1e} (required {ACCURACY:.0e})")
        if deviation > ACCURACY:
            sys.exit("our counts miss the table: nothing is timed")
        ours = json.loads(subprocess.run(
            [upscatter, "benchmark", "--all", "--json", "--repeats", str(max(5, arguments.repeats))],
            check=True, capture_output=True, text=True).stdout)
        rivals, missing = run_rivals(folder, arguments.repeats)

    best = {job: max((max(r[job]) for r in rivals.values() if job in r), default=None) for job in JOBS}
    print(f"\nmachine: {platform.machine()}, {os.cpu_count()} cores; points per second, 4 pulls, 99 bins, best of runs")
    print(f"{'who':52s} {'job':22s} {'best':>10s} {'median':>10s} {'error':>9s} {'x best rival':>13s}")
    for name, jobs in rivals.items():
        for job, values in jobs.items():
            print(f"{name:52s} {job:22s} {max(values):10.3g} {statistics.median(values):10.3g} {'':9s} "
                  f"{max(values) / best[job]:13.2f}")
    for row in ours:
        identity = row["identity"]
        who = f"upscatter {identity['backend']} {identity['precision']} ({identity['device'][:24]})"
        ratio = row["bestPointsPerSecond"] / best[row["job"]] if best[row["job"]] else float("nan")
        print(f"{who:52s} {row['job'] + ' ' + row['mode']:22s} {row['bestPointsPerSecond']:10.3g} "
              f"{row['pointsPerSecond']:10.3g} {row['verifiedError']:9.1e} {ratio:13.2f}")
    for name, why in missing.items():
        print(f"left out: {name}: {why}")
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"counts_deviation": deviation, "upscatter": ours, "rivals": rivals, "left_out": missing,
                       "cores": os.cpu_count()}, file, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()

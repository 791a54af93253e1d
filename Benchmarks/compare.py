#!/usr/bin/env python3
"""Our rates beside those of short Python scripts that solve the same job, measured in one run on one machine.

usage: compare.py --baselines DIR [--upscatter BINARY] [--repeats N] [--json FILE]

DIR holds the rival scripts (baseline_numba.py, baseline_numpy.py, baseline_opencl.py, baseline_jax.py and the table
results/baseline_counts.json they are checked against). Scripts whose packages are missing are listed and left out.
Our counts are first checked against the table; the rivals report their own deviation from it. A side that misses 4e-8 in
any bin is named and its rates are dropped.
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
import time

ACCURACY = 4e-8
RIVALS = {
    "numpy": ("baseline_numpy.py", "baseline_numpy_timing.json", lambda j: j["timing"]),
    "numba": ("baseline_numba.py", "baseline_numba_timing.json", lambda j: j),
    "opencl (PoCL)": ("baseline_opencl.py", "baseline_opencl_timing.json", lambda j: j["fp64"]),
    "jax": ("baseline_jax.py", "baseline_jax_timing.json", lambda j: j["results"]["float64"]),
}
# our job: the rivals' fastest keys for the same numbers (the best of them counts)
JOBS = {
    "factored": ("factored_4pull_points_per_s", "moments_4pull_points_per_s"),
    "factored, 1 pull": ("factored_1pull_points_per_s", "moments_1pull_points_per_s"),
    "pointwise": ("brute_4pull_points_per_s",),
}
# One whole 200 x 200 scan in a fresh process, by the rival that starts fastest.
COLD_START = """
import json, numpy as np, baseline_common as C, baseline_numpy as N
sm = np.array(json.load(open("results/baseline_counts.json"))["sm"])
P, B = C.timing(), C.backgrounds()
N.grid_chi2(np.geomspace(1e-8, 3e-5, 200), np.geomspace(0.1, 52.0, 200), "moments", 4, P, B, C.fold(sm, P) + B.sum(0), sm)
"""
REFERENCE_COUPLING = 1e-6  # GeV^-1, at which our counts are asked for; the table holds d = 1 GeV^-1


def worst_deviation(ours, table):
    scale = max(abs(v) for v in table)
    return max(abs(a - b) / max(abs(b), 1e-9 * scale) for a, b in zip(ours, table))


def check_counts(upscatter, table):
    """Largest relative deviation of our counts per flavour and energy bin from the table, planned as for the timing:
    at the same tolerance, in both integral modes."""
    labels = ("nu_mu", "nu_mu_bar", "nu_e")
    worst = 0.0
    for mode in ("moments", "quadrature"):
        for mass, rows in table["dipole_by_m4_MeV"].items():
            out = subprocess.run(
                [upscatter, "spectrum", "csi-benchmark", "--flavor", "all", "--m4", mass, "--d", str(REFERENCE_COUPLING),
                 "--backend", "simd", "--mode", mode, "--tolerance", str(ACCURACY), "--json"],
                check=True, capture_output=True, text=True)
            spectrum = json.loads(out.stdout)
            ours = [v / REFERENCE_COUPLING**2 for label in labels for v in spectrum["signal_by_component"][label]]
            worst = max(worst, worst_deviation(ours, [v for row in rows for v in row]))
            sm = [v for label in labels for v in spectrum["standard_model_by_component"][label]]
            worst = max(worst, worst_deviation(sm, [v for row in table["sm"] for v in row]))
    return worst


def largest(value, wanted):
    """Largest number under any key that `wanted` accepts, however deep; None where there is none."""
    found = []
    if isinstance(value, dict):
        for key, inner in value.items():
            if wanted(key):
                found += [float(v) for v in (inner if isinstance(inner, list) else [inner])]
            else:
                found.append(largest(inner, wanted))
    found = [v for v in found if v is not None]
    return max(found) if found else None


def run_rivals(folder, repeats):
    rates, missing, deviations = {}, {}, {}
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
            written = json.load(open(os.path.join(folder, "results", result)))
            values = pick(written)
            # the deviation of its counts from the table that the script itself reports, double precision
            deviation = largest(written if name == "numpy" else values, lambda key: "_vs_scipy" in key)
            if deviation is None or deviation > ACCURACY:
                missing[name] = f"its counts deviate from the table by {deviation}, {ACCURACY:.0e} is allowed"
                rates.pop(name, None)
                break
            deviations[name] = max(deviation, deviations.get(name, 0.0))
            for job, keys in JOBS.items():
                found = [values[key] for key in keys if key in values]
                if found:
                    rates.setdefault(name, {}).setdefault(job, []).append(max(found))
    return rates, missing, deviations


def cold_start(folder, repeats):
    """Seconds of a fresh Python process for the whole NumPy scan; None where NumPy is not installed."""
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        if subprocess.run([sys.executable, "-c", COLD_START], cwd=folder, capture_output=True).returncode != 0:
            return None
        seconds.append(time.perf_counter() - start)
    return seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--baselines", required=True)
    parser.add_argument("--upscatter", default=os.path.join(os.path.dirname(__file__), "../.build/release/upscatter"))
    parser.add_argument("--repeats", type=int, default=4)
    parser.add_argument("--json")
    arguments = parser.parse_args()
    upscatter = os.path.abspath(arguments.upscatter)
    if not os.path.exists(upscatter):
        sys.exit(f"{upscatter} does not exist; build it with: swift build -c release --product upscatter --static-swift-stdlib")

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
        rivals, missing, deviations = run_rivals(folder, arguments.repeats)
        cold = cold_start(folder, arguments.repeats)

    best = {job: max((max(r[job]) for r in rivals.values() if job in r), default=None) for job in JOBS}
    print(f"\nmachine: {platform.machine()}, {os.cpu_count()} cores; points per second, 99 bins, 4 pulls unless said, best of runs")
    print(f"{'who':52s} {'job':26s} {'best':>10s} {'median':>10s} {'error':>9s} {'of peak':>8s} {'x best rival':>13s}")
    for name, jobs in rivals.items():
        for job, values in jobs.items():
            print(f"{name:52s} {job:26s} {max(values):10.3g} {statistics.median(values):10.3g} {'':9s} {'':8s} "
                  f"{max(values) / best[job]:13.2f}")
    for row in ours["rows"]:
        identity = row["identity"]
        who = f"upscatter {identity['backend']} {identity['precision']} ({identity['device'][:24]})"
        rival = best.get(row["job"])
        ratio = f"{row['bestPointsPerSecond'] / rival:13.2f}" if rival else f"{'-':>13s}"
        fraction = row.get("fractionOfPeak")
        share = f"{100 * fraction:6.0f} %" if fraction else f"{'-':>8s}"
        job = "pointwise, " + row["mode"] if row["job"] == "pointwise" else row["job"]
        print(f"{who:52s} {job:26s} {row['bestPointsPerSecond']:10.3g} {row['pointsPerSecond']:10.3g} "
              f"{row['verifiedError']:9.1e} {share} {ratio}")
    for peak in ours["peaks"]:
        print(f"peak of upscatter {peak['identity']['backend']} {peak['identity']['precision']}: "
              f"{peak['peak']['operationsPerSecond'] / 1e9:.0f} GFLOP/s, {peak['peak']['bytesPerSecond'] / 1e9:.0f} GB/s")
    if cold:
        print(f"200 x 200 scan from process start: numpy {min(cold):.3f} s best, {statistics.median(cold):.3f} s median")
    for row in ours["coldStarts"]:
        print(f"200 x 200 scan from process start to files: upscatter {row['backend']} {row['fastestSeconds']:.3f} s best, "
              f"{row['medianSeconds']:.3f} s median")
    for name, deviation in deviations.items():
        print(f"counts of {name} against the table: worst relative deviation {deviation:.1e}")
    for name, why in missing.items():
        print(f"left out: {name}: {why}")
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"counts_deviation": deviation, "rival_deviations": deviations, "upscatter": ours, "rivals": rivals, "left_out": missing,
                       "cold_start_numpy": cold, "cores": os.cpu_count()}, file, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()

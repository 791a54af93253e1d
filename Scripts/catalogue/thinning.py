"""Thins tables that are read as piecewise linear (numpy, scipy)."""
import heapq

import numpy as np
from scipy.optimize import nnls


def thin(energies, columns, tolerance=1e-4):
    """Nodes and columns of a shorter table whose cumulative integrals of phi and phi/E above every row of the full table
    agree with its own to `tolerance` of the whole integral; returns (energies, columns, worst difference). The nodes are
    rows of the full table, the values least-squares fits to it."""
    full, columns = np.asarray(energies), [np.asarray(c) for c in columns]
    best = None
    coarse = 0.3
    while coarse > 1e-8:
        nodes = full[_greedy(full, columns, coarse)]
        fitted = [_fit(nodes, full, c) for c in columns]
        worst = max(_difference(nodes, f, full, c) for f, c in zip(fitted, columns))
        if worst <= tolerance:
            best = (nodes, fitted, worst)
            break
        coarse *= 0.85
    return best


def _hats(nodes, at):
    """Value at each energy of the hat function of each node."""
    return np.array([np.interp(at, nodes, unit) for unit in np.eye(len(nodes))]).T


def _fit(nodes, energies, values):
    """Node values, none negative, that fit a column; rows count by width and relative deviation."""
    weight = np.gradient(energies) / (values + 1e-3 * values.max())
    root = np.sqrt(weight)
    return nnls(_hats(nodes, energies) * root[:, None], values * root)[0]


def _moments(energies, values):
    """Integrals of phi and phi/E over each interval of a piecewise-linear table."""
    a, b, u, v = energies[:-1], energies[1:], values[:-1], values[1:]
    slope = (v - u) / (b - a)
    return 0.5 * (u + v) * (b - a), (u - slope * a) * np.log(b / a) + slope * (b - a)


def _difference(nodes, fitted, energies, values):
    """Largest difference of a cumulative integral, relative to the whole."""
    worst = 0.0
    for old, new in zip(_moments(energies, values), _moments(energies, np.interp(energies, nodes, fitted))):
        worst = max(worst, np.abs(np.cumsum((new - old)[::-1])).max() / old.sum())
    return worst


def _greedy(energies, columns, tolerance):
    """Rows to keep when the chord may leave out at most the area `tolerance` of any column, and no row is off by more
    than 2 % (values below 1e-6 of the largest excepted)."""
    count = len(energies)
    totals = [np.trapezoid(c, energies) for c in columns]
    floors = [1e-6 * c.max() for c in columns]
    widths = np.gradient(energies)

    def damage(low, high):
        inner = slice(low + 1, high)
        worst = 0.0
        for values, total, floor in zip(columns, totals, floors):
            chord = np.interp(energies[inner], energies[[low, high]], values[[low, high]])
            off = np.abs(chord - values[inner])
            if np.any((off > 0.02 * values[inner]) & (values[inner] > floor)):
                return np.inf
            worst = max(worst, float((off * widths[inner]).sum()) / total)
        return worst

    before, after = np.arange(-1, count - 1), np.arange(1, count + 1)
    segment, alive, version = np.zeros(count), np.ones(count, bool), np.zeros(count, int)
    queue, budget = [], tolerance

    def push(k):
        if 0 < k < count - 1:
            version[k] += 1
            heapq.heappush(queue, (damage(before[k], after[k]) - segment[before[k]] - segment[k], k, version[k]))

    for k in range(count):
        push(k)
    while queue:
        cost, k, stamp = heapq.heappop(queue)
        if not alive[k] or stamp != version[k]:
            continue
        if cost > budget:
            break
        low, high = before[k], after[k]
        budget -= cost
        segment[low] += segment[k] + cost
        alive[k], after[low], before[high] = False, high, low
        push(low)
        push(high)
    return np.flatnonzero(alive)

"""Small helpers for tables that are dictionaries of numpy arrays of one length."""

from __future__ import annotations

import numpy as np

Columns = dict[str, np.ndarray]


def take(columns: Columns, index: np.ndarray) -> Columns:
    """Return the rows at `index` (positions, or a boolean mask) of every column."""
    return {name: values[index] for name, values in columns.items()}


def concat(tables: list[Columns]) -> Columns:
    """Stack tables that have the same columns; raises KeyError where one lacks one."""
    return {
        name: np.concatenate([table[name] for table in tables])
        for name in tables[0]
    }


def length(columns: Columns) -> int:
    """Return the number of rows."""
    return len(next(iter(columns.values())))


def starts_of_runs(keys: np.ndarray) -> np.ndarray:
    """Return a mask that is true at the first row of each run of equal keys."""
    first = np.ones(len(keys), dtype=bool)
    first[1:] = keys[1:] != keys[:-1]
    return first


def running_max_before(groups: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return, per row, the greatest value among the rows above it in its group.

    Rows must be sorted by group. The first row of a group gets the least int64.
    Both arrays are integers; values must span less than 2**62 / number of groups.
    """
    if not len(values):
        return values.astype(np.int64)
    first = starts_of_runs(groups)
    # One pass over all groups: lift each group above all groups before it.
    lift = (np.cumsum(first) - 1) * (int(values.max()) - int(values.min()) + 1)
    highest = np.maximum.accumulate(values + lift) - lift
    before = np.empty(len(values), dtype=np.int64)
    before[1:] = highest[:-1]
    before[first] = np.iinfo(np.int64).min
    return before


def last_position(flags: np.ndarray) -> np.ndarray:
    """Return, per row, the position of the last true flag at or above it, else -1."""
    return np.maximum.accumulate(np.where(flags, np.arange(len(flags)), -1))


def pick(
    generator: np.random.Generator, weights: list[float] | np.ndarray, size: int
) -> np.ndarray:
    """Draw `size` positions in proportion to `weights` (which need not sum to 1)."""
    edges = np.cumsum(weights)
    return np.searchsorted(edges / edges[-1], generator.random(size), side="right")

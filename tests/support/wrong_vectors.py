"""Vectors with one wrong expectation, to see that it fails."""

import copy

from sot.adapters.memory import MemoryStore
from sot.testing.vectors import run_vectors


def run_with(vector, path, wrong):
    """Run a vector in which the value at a path of keys is another one; returns the result."""
    changed = copy.deepcopy(vector)
    part = changed
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = wrong
    return run_vectors(MemoryStore(), [changed])

"""Progress of long work."""

from collections.abc import Callable

Progress = Callable[[str, int], None]
"""Told what is looked at, and how many more of it were."""

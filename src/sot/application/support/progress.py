"""Progress of long work."""

from collections.abc import Callable

Progress = Callable[[str, int], None]
"""Called with the kind of thing that was processed, and how many more of it."""

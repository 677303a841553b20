"""Read vectors from files."""

import json
from decimal import Decimal
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from sot.domain.values.errors import InvalidInput

FORMAT = "sot-vector/1"
"""The format of vectors that this version runs."""


def bundled() -> list[dict[str, Any]]:
    """Read the vectors that come with the package."""
    folder = files("sot.testing") / "data"
    entries = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".json")), key=lambda e: e.name)
    return [vector for entry in entries for vector in _read(entry)]


def load(path: str | Path) -> list[dict[str, Any]]:
    """Read the vectors of a file, or of every .json file in a folder.

    Raises:
        InvalidInput: There is no such file, or it is not JSON of this format.
    """
    entry = Path(path)
    if entry.is_dir():
        return [vector for file in sorted(entry.glob("*.json")) for vector in _read(file)]
    if not entry.is_file():
        raise InvalidInput("PATH", str(path), "a file or folder of vectors")
    return _read(entry)


def _read(entry: Traversable | Path) -> list[dict[str, Any]]:
    try:
        vectors = json.loads(entry.read_text("utf-8"), parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise InvalidInput("PATH", entry.name, f"a JSON file ({error})") from None
    if not isinstance(vectors, list):
        raise InvalidInput("PATH", entry.name, "a JSON list of vectors")
    for vector in vectors:
        if not isinstance(vector, dict) or vector.get("format", FORMAT) != FORMAT or "kind" not in vector:
            raise InvalidInput("PATH", entry.name, f"vectors of format {FORMAT}")
    return vectors

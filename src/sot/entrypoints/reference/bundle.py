"""All files of the bundle, and their manifest."""

import json
from collections.abc import Iterator, Mapping
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from sot import __version__
from sot.adapters.sqlalchemy.models import VERSION
from sot.domain.values.errors import InvalidInput
from sot.entrypoints.reference.archives import archive_files
from sot.entrypoints.reference.documentation import documentation_files
from sot.entrypoints.reference.interfaces import schema_files, statement_files
from sot.entrypoints.reference.lifecycle_table import lifecycle_cells, table_csv, table_json
from sot.testing.vectors import FORMAT, bundled

BUNDLE_FORMAT = "sot-reference/1"
MANIFEST = "manifest.json"


def write_bundle(folder: Path) -> Mapping[str, bytes]:
    """Write the bundle into a new or empty folder, the manifest last: without one it is incomplete.

    Returns:
        The files by their paths.

    Raises:
        InvalidInput: Something is in the folder, or it is a file.
        OSError: A file cannot be written, or this installation has no documentation.
    """
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InvalidInput("DIR", str(folder), "a new or empty folder")
    contents = bundle_files()
    for path, content in contents.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return contents


def bundle_files() -> Mapping[str, bytes]:
    """Return all files by their paths, which are sorted but for the manifest; it is the last one.

    Raises:
        OSError: This installation has no documentation.
    """
    contents = {path: text.encode() for path, text in sorted(_texts())}
    return {**contents, MANIFEST: _manifest(contents).encode()}


def _texts() -> Iterator[tuple[str, str]]:
    vectors = bundled()
    cells = lifecycle_cells(vectors)
    yield "README.md", (files("sot.entrypoints") / "data" / "reference" / "README.md").read_text("utf-8")
    yield from documentation_files().items()
    yield from _vector_files(files("sot.testing") / "data", "vectors")
    yield "lifecycle/table.json", table_json(cells)
    yield "lifecycle/table.csv", table_csv(cells)
    yield from schema_files()
    yield from statement_files()
    yield from archive_files(vectors)


def _vector_files(folder: Traversable, path: str) -> Iterator[tuple[str, str]]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _vector_files(entry, f"{path}/{entry.name}")
        elif entry.name.endswith(".json"):
            yield f"{path}/{entry.name}", entry.read_text("utf-8")


def _manifest(contents: Mapping[str, bytes]) -> str:
    listed = [
        {"path": path, "bytes": len(content), "sha256": sha256(content).hexdigest()}
        for path, content in contents.items()
    ]
    versions = {"format": BUNDLE_FORMAT, "version": __version__, "schema_version": VERSION, "vector_format": FORMAT}
    return json.dumps({**versions, "files": listed}, indent=1) + "\n"

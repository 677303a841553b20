"""Databases and archives that older versions made."""

import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

from sot.audit import Checkpoint
from sot.domain.values.documents import read_document
from tests.support.postgres import fresh_url

FOLDER = Path(__file__).parents[1] / "data" / "golden"
VERSIONS = tuple(range(1, 9))
EXECUTED = {version: 2 if version < 8 else 3 for version in VERSIONS}
"""The executed quantity of order C1: since version 8 the history has an early trade more."""
ARCHIVED = tuple(range(3, 9))
"""Versions with an archive and checkpoints."""


def golden_url(version: int, kind: str, folder: Path) -> str:
    """The URL of a new database as this version of the schema left it."""
    script = (FOLDER / f"v{version}_{kind}.sql").read_text("utf-8")
    if kind == "postgresql":
        url = fresh_url()
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute(script)
        return url
    path = folder / f"golden{len(list(folder.iterdir()))}_{version}.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return f"sqlite:///{path}"


def archive_of(version: int) -> list[str]:
    """The lines of its archive."""
    return (FOLDER / f"v{version}.jsonl").read_text("utf-8").splitlines()


def checkpoints_of(version: int) -> list[Checkpoint]:
    """Its checkpoints, as they were exported."""
    if version not in ARCHIVED:
        return []
    lines = [next(iter(read_document(line).items())) for line in archive_of(version)]
    return [Checkpoint.read(fields) for key, fields in lines if key == "checkpoint"]

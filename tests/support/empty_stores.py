"""New databases: empty ones, and copies of an empty store, whose tables need not be made each time.

To make them takes ten times as long on SQLite, and three times on PostgreSQL.
"""

import atexit
import shutil
import tempfile
from functools import cache
from pathlib import Path

from sot.adapters.sqlalchemy import SqlAlchemyStore
from tests.support.postgres import fresh_store_url, fresh_url


def database_url(kind: str, file: Path) -> str:
    """The URL of a new database without tables; `file` is where one of SQLite is."""
    return fresh_url() if kind == "postgresql" else f"sqlite:///{file}"


def empty_store_url(kind: str, file: Path) -> str:
    """The URL of a new database with the tables of an empty store; `file` is where one of SQLite is."""
    if kind == "postgresql":
        return fresh_store_url()
    shutil.copyfile(_empty_file(), file)
    return f"sqlite:///{file}"


@cache
def _empty_file() -> Path:
    directory = tempfile.mkdtemp(prefix="sot-sqlite-")
    atexit.register(shutil.rmtree, directory, ignore_errors=True)
    file = Path(directory) / "empty.db"
    SqlAlchemyStore.open(f"sqlite:///{file}").close()
    return file

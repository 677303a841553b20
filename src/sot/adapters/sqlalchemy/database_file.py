"""The file of a SQLite database: how it is opened, and whether a connection's file is still the one at its path.

SQLite goes on writing to a file that was deleted or replaced. What it commits there is lost, so that a commit looks
first whether the path still leads to the file that was opened.
"""

import os
from pathlib import Path
from typing import Any

from sot.domain.values.errors import StoreUnavailable

_INFO_KEY = "sot_open_file"
_UNREADABLE_LOG = (
    "its directory cannot be written to, and its write-ahead log (the file that ends in -wal) has changes that cannot "
    "be read there; copy both files to another directory and open them there"
)

Identity = tuple[int, int] | None
"""The device and the number of a file; None if there is none."""


class DatabaseFile:
    """The path of a database, as the connections of one engine open it.

    The first connection may create the file; a later one finds it missing. A file or directory that cannot be written
    to is opened for reading.

    Args:
        path: The path.
        url: The address of the store, for messages.
        create: Whether the file is created if it is missing.

    Raises:
        StoreUnavailable: The directory is missing, or the file is missing and not to be created, or it is no file.
    """

    def __init__(self, path: str, url: str, create: bool) -> None:
        self.path = os.path.abspath(path)
        self._url = url
        self._creates = create
        directory = os.path.dirname(self.path)
        if not os.path.isdir(directory):
            raise StoreUnavailable(url, f"directory {directory} does not exist or cannot be read; create it")
        if not create:
            self._check_exists()

    def connect(self, dialect: object, record: object, arguments: list[Any], options: dict[str, Any]) -> None:
        """Decide how the driver opens the file; the listener of the event `do_connect`.

        Raises:
            StoreUnavailable: The file is missing, or cannot be read where it is.
        """
        if not self._creates:
            self._check_exists()
        arguments[0] = f"{Path(self.path).as_uri()}?{self._mode()}"
        options["uri"] = True

    def remember(self, connection: Any, record: Any) -> None:
        """Remember which file a connection opened; a listener of the event `connect`."""
        _rows(connection, "PRAGMA schema_version")  # opens the write-ahead log, too
        record.info[_INFO_KEY] = OpenFile(self.path, self._url)
        self._creates = False

    def _check_exists(self) -> None:
        if not os.path.exists(self.path):
            raise StoreUnavailable(
                self._url, "there is no such file; check the path, or open it with create=True to make it"
            )
        if os.path.isdir(self.path):
            raise StoreUnavailable(self._url, "it is a directory; give the path of a file")

    def _mode(self) -> str:
        if not os.path.exists(self.path):
            return "mode=rwc"
        can_add_files = os.access(os.path.dirname(self.path), os.W_OK)
        if os.access(self.path, os.W_OK) and can_add_files:
            return "mode=rw"
        log_size = _size(f"{self.path}-wal")
        if log_size is not None and os.path.exists(f"{self.path}-shm"):
            return "mode=ro"
        if not log_size:
            # Nobody has it open. To read it otherwise, SQLite would add files beside it.
            return "mode=ro&immutable=1"
        if can_add_files:
            return "mode=ro"
        raise StoreUnavailable(self._url, _UNREADABLE_LOG)


class OpenFile:
    """The file that a connection opened, and its write-ahead log."""

    __slots__ = ("_file", "_log", "_log_path", "_path", "_url")

    def __init__(self, path: str, url: str) -> None:
        self._path = path
        self._log_path = f"{path}-wal"
        self._url = url
        self._file = _identity(path)
        self._log = _identity(self._log_path)

    def is_in_place(self) -> bool:
        """Whether the path still leads to the file, and the write-ahead log is the one that was opened."""
        log = _identity(self._log_path)
        if self._log is None:
            self._log = log  # a new database gets it with its first transaction
        return log == self._log and _identity(self._path) == self._file

    def moved(self) -> StoreUnavailable:
        """The error for a file that is no longer there."""
        return StoreUnavailable(
            self._url,
            "its file, or the -wal file beside it, was deleted or replaced while it was open; nothing was stored: put "
            "the file back or restore it from a backup, then try again",
        )


def opened_file(info: dict[Any, Any]) -> OpenFile | None:
    """Return the file that a connection opened, from what the pool notes of it; None for other databases."""
    return info.get(_INFO_KEY)


def remember_unmanaged(driver: Any, info: dict[Any, Any], url: str) -> OpenFile | None:
    """Remember the file of a connection that an engine of the application opened; None if it has none."""
    if _INFO_KEY not in info:
        path = next((row[2] for row in _rows(driver, "PRAGMA database_list") if row[1] == "main"), "")
        info[_INFO_KEY] = OpenFile(path, url) if path else None
    return opened_file(info)


def _rows(connection: Any, query: str) -> list[Any]:
    """Fetch the rows of a query. With a driver that is awaited, only a cursor of SQLAlchemy's awaits them."""
    cursor = connection.cursor()
    try:
        cursor.execute(query)
        rows: list[Any] = cursor.fetchall()
        return rows
    finally:
        cursor.close()


def _identity(path: str) -> Identity:
    try:
        status = os.stat(path)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _size(path: str) -> int | None:
    try:
        return os.stat(path).st_size
    except OSError:
        return None

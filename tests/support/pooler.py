"""A pooler of PostgreSQL connections that lends a server connection for one transaction, as pgbouncer can.

It shows what such a pooler does to programs: each transaction runs on another server connection, if there is a choice;
prepared statements and settings stay where they were made; and the key for cancelling is the pooler's own. Like
pgbouncer it gives each client the parameters back whose changes the server reports.
"""

import asyncio
import atexit
import itertools
import struct
import threading
from collections import deque
from contextlib import suppress

from sqlalchemy import URL, make_url

SERVER_CONNECTIONS = 3
"""For each database and user."""
_SSL_REQUEST, _GSS_REQUEST, _CANCEL_REQUEST = 80877103, 80877104, 80877102
_TRACKED = ("client_encoding", "DateStyle", "TimeZone", "standard_conforming_strings", "application_name")
_EXTENDED = b"PBDECH"
_ANSWERED = b"QSF"
"""Messages that the server ends with ReadyForQuery."""


class _ServerConnection:
    """A connection to the server, with the parameters that it has now."""

    def __init__(self, reader, writer):
        self.reader, self.writer = reader, writer
        self.parameters = {}

    @classmethod
    async def open(cls, path, startup):
        connection = cls(*await asyncio.open_unix_connection(path))
        connection.writer.write(startup)
        await connection.read_until_ready()
        return connection

    async def read_until_ready(self):
        while True:
            kind, body = await _read_message(self.reader)
            if kind == b"E":
                raise ConnectionError(body)
            self.note(kind, body)
            if kind == b"Z":
                return

    def note(self, kind, body):
        if kind == b"S":
            name, value = body.decode().split("\0")[:2]
            self.parameters[name] = value

    async def set_parameters(self, wanted):
        for name, value in wanted.items():
            if self.parameters.get(name) != value:
                quoted = value.replace("'", "''")
                self.writer.write(_message(b"Q", f"SET {name} = '{quoted}'\0".encode()))
                await self.read_until_ready()


class _Pool:
    """The server connections of one database and user; the one that was used longest ago is lent first."""

    def __init__(self, path, startup):
        self._path, self._startup = path, startup
        self._free = deque()
        self._slots = asyncio.Semaphore(SERVER_CONNECTIONS)
        self._opened = 0
        self.clients = 0
        self.welcome = {}

    async def take(self):
        await self._slots.acquire()
        if self._opened == SERVER_CONNECTIONS:
            return self._free.popleft()
        self._opened += 1
        try:
            connection = await _ServerConnection.open(self._path, self._startup)
            self.welcome = self.welcome or dict(connection.parameters)
            return connection
        except BaseException:
            self._opened -= 1
            self._slots.release()
            raise

    def give_back(self, connection):
        self._free.append(connection)
        self._slots.release()

    def leave(self):
        """Count a client less; without any, nothing keeps the connections, of which a server has few."""
        self.clients -= 1
        if not self.clients:
            self.close()

    def close(self):
        for connection in self._free:
            connection.writer.close()
        self._opened -= len(self._free)
        self._free.clear()

    def discard(self, connection):
        connection.writer.close()
        self._opened -= 1
        self._slots.release()


class _Client:
    """A client's connection."""

    def __init__(self, reader, writer, pool, parameters):
        self._reader, self._writer, self._pool = reader, writer, pool
        self._parameters = parameters
        self._server = None
        self._pump = None
        self._unanswered = 0
        self._is_unfinished = False

    async def serve(self):
        try:
            while True:
                kind, body = await _read_message(self._reader)
                if kind == b"X":
                    return
                if self._server is None:
                    self._server = await self._pool.take()
                    await self._server.set_parameters(self._parameters)
                    self._pump = asyncio.ensure_future(self._answer(self._server))
                self._unanswered += kind in _ANSWERED
                self._is_unfinished = kind in _EXTENDED
                self._server.writer.write(_message(kind, body))
        finally:
            self._leave()

    async def _answer(self, server):
        """Pass on what the server says, until a transaction ends."""
        try:
            while True:
                kind, body = await _read_message(server.reader)
                server.note(kind, body)
                self._writer.write(_message(kind, body))
                if kind == b"Z":
                    self._unanswered -= 1
                    if body == b"I" and not self._unanswered and not self._is_unfinished:
                        self._parameters = {name: server.parameters[name] for name in self._parameters}
                        self._server = None
                        self._pool.give_back(server)
                        return
        except (ConnectionError, asyncio.IncompleteReadError):
            self._leave()

    def _leave(self):
        """End; a server connection in a transaction ends, too, so that it is rolled back."""
        server, self._server = self._server, None
        if server is not None:
            self._pump.cancel()
            self._pool.discard(server)
        self._writer.close()


class Pooler:
    """A pooler in a thread of its own, in front of a server on a Unix socket."""

    def __init__(self, directory: str) -> None:
        self._path = f"{directory}/.s.PGSQL.5432"
        self._pools: dict[bytes, _Pool] = {}
        self._keys = itertools.count(1)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        start = asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._listener = asyncio.run_coroutine_threadsafe(start, self._loop).result(10)
        self.port: int = self._listener.sockets[0].getsockname()[1]

    async def _accept(self, reader, writer):
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            startup = await _read_startup(reader, writer)
            if startup is None:
                return
            values = startup[8:].decode().split("\0")
            given = dict(zip(values[::2], values[1::2], strict=False))
            key = f"user\0{given['user']}\0database\0{given['database']}\0\0".encode()
            pool = self._pools.get(key)
            if pool is None:
                pool = self._pools[key] = _Pool(self._path, struct.pack("!ii", len(key) + 8, 196608) + key)
            pool.clients += 1
            try:
                await self._welcome(reader, writer, pool, given)
            finally:
                pool.leave()

    async def _welcome(self, reader, writer, pool, given):
        pool.give_back(await pool.take())
        parameters = pool.welcome
        own = {name: given.get(name, parameters[name]) for name in _TRACKED}
        writer.write(_message(b"R", struct.pack("!i", 0)))
        for name, value in (parameters | own).items():
            writer.write(_message(b"S", f"{name}\0{value}\0".encode()))
        writer.write(_message(b"K", struct.pack("!ii", next(self._keys), 0)))
        writer.write(_message(b"Z", b"I"))
        await _Client(reader, writer, pool, own).serve()

    def close(self) -> None:
        """Stop, and close all connections."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _end(self):
        self._listener.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for pool in self._pools.values():
            pool.close()
        await asyncio.sleep(0)


async def _read_startup(reader, writer):
    while True:
        head = await reader.readexactly(8)
        length, code = struct.unpack("!ii", head)
        body = await reader.readexactly(length - 8)
        if code in (_SSL_REQUEST, _GSS_REQUEST):
            writer.write(b"N")
        elif code == _CANCEL_REQUEST:
            writer.close()
            return None
        else:
            return head + body


async def _read_message(reader):
    head = await reader.readexactly(5)
    return head[:1], await reader.readexactly(struct.unpack("!i", head[1:])[0] - 4)


def _message(kind, body):
    return kind + struct.pack("!i", len(body) + 4) + body


_running: dict[str, Pooler] = {}


def pooled_url(url: str) -> str:
    """Return the URL of a database through a pooler, which is started for its server when it is first asked for."""
    direct: URL = make_url(url)
    directory = str(direct.query["host"])
    if directory not in _running:
        _running[directory] = Pooler(directory)
        atexit.register(_running[directory].close)
    through = direct.set(host="127.0.0.1", port=_running[directory].port).difference_update_query(["host"])
    return through.render_as_string(hide_password=False)

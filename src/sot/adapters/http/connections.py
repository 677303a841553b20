"""Limits of connections: how many there are, and how long each may keep the server waiting.

uvicorn limits neither the time for the head of a request nor that for a response to be read, and it counts idle
connections like busy ones. `connection_protocol` returns its protocol with these limits.
"""

import asyncio
from enum import Enum
from typing import Any

import attrs
import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from sot.adapters.http.metrics import Metrics
from sot.adapters.http.observation import refusing

_GRACE_SECONDS = 2.0
"""By how much the handler of a request, which answers a slow body, comes first."""
_RESERVE = 32
"""How many connections beyond the limit are answered with a refusal; any more are closed without one."""


@attrs.frozen(kw_only=True)
class ConnectionLimits:
    """Limits of connections.

    Attributes:
        connections: How many may be open. One more takes the place of the one that has kept the server waiting for its
            client longest; if none has, it is refused.
        head_seconds: How long the head of a request may take, from the connection or from its first byte.
        idle_seconds: How long a connection may be idle between two requests.
        body_seconds: How long a body may take that no handler reads.
        write_seconds: How long a client may leave a response unread.
    """

    connections: int = 500
    head_seconds: float = 10.0
    idle_seconds: int = 15
    body_seconds: float = 30.0
    write_seconds: float = 30.0


class Phase(Enum):
    """What a connection waits for; `value` names the reason if it waits too long."""

    IDLE = "idle"
    """The next request; uvicorn's own timer ends it."""
    HEAD = "slow head"
    """The rest of a head, or the first request."""
    BODY = "slow body"
    """The rest of a body."""
    SERVER = "server"
    """The server's response."""
    CLOSING = "slow reader"
    """The client, which has to read what was sent before the connection is closed."""


class Connections:
    """The open connections of a server; used on its event loop only."""

    def __init__(self, limits: ConnectionLimits, metrics: Metrics) -> None:
        self.limits = limits
        self._metrics = metrics
        self._open: set[LimitedProtocol] = set()
        self._waiting: dict[LimitedProtocol, None] = {}
        """Those that wait for their client, the longest first."""
        metrics.count_connections(lambda: len(self._open))

    def add(self, connection: "LimitedProtocol") -> None:
        """Add a new connection, in the place of an idle one if there are too many, or refuse it."""
        if len(self._open) >= self.limits.connections:
            if self._waiting:
                self.cut(next(iter(self._waiting)), "idle while others came")
            else:
                self._metrics.refused.labels("connections").inc()
                if len(self._open) >= self.limits.connections + _RESERVE:
                    connection.abort()
                    return
                connection.app = refusing(connection.app)
        self._open.add(connection)

    def cut(self, connection: "LimitedProtocol", reason: str) -> None:
        """Close a connection at once."""
        self._metrics.refused.labels(reason).inc()
        self.remove(connection)
        connection.abort()

    def remove(self, connection: "LimitedProtocol") -> None:
        """Forget a connection, which may have been forgotten before."""
        self._open.discard(connection)
        self._waiting.pop(connection, None)

    def set_waiting(self, connection: "LimitedProtocol", waits: bool) -> None:
        """Note that a connection began to wait for its client, or has stopped."""
        self._waiting.pop(connection, None)
        if waits and connection in self._open:
            self._waiting[connection] = None


class LimitedProtocol(H11Protocol):
    """uvicorn's protocol, with limits. `connection_protocol` makes a class of it that knows its connections."""

    _all: Connections

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._phase = Phase.HEAD
        self._timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None

    # ------------------------------------------------------------------------------------ called by the event loop

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._all.add(self)
        self._enter(Phase.HEAD)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._all.remove(self)
        self._stop_timers()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read a part of a request."""
        super().data_received(data)
        self._update(Phase.HEAD)

    def pause_writing(self) -> None:
        """Begin to wait for the client to read."""
        super().pause_writing()
        if self._write_timer is None:
            self._write_timer = self._later(self._all.limits.write_seconds, Phase.CLOSING)

    def resume_writing(self) -> None:
        """Continue to write."""
        super().resume_writing()
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    # ----------------------------------------------------------------------------------------- called by uvicorn

    def on_response_complete(self) -> None:
        """Begin to wait for the next request."""
        super().on_response_complete()
        self._update(Phase.IDLE)

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection."""
        super().timeout_keep_alive_handler()
        self._update(Phase.IDLE)

    # -------------------------------------------------------------------------------------------------- phases

    def abort(self) -> None:
        """Close the connection at once, without what was not sent yet."""
        self._stop_timers()
        self.transport.abort()

    def _update(self, between_requests: Phase) -> None:
        """Enter the phase that follows from the state of the connection."""
        state = self.conn.their_state
        if self.transport.is_closing():
            self._enter(Phase.CLOSING)
        elif state is h11.IDLE:
            self._enter(between_requests)
        else:
            self._enter(Phase.BODY if state is h11.SEND_BODY else Phase.SERVER)

    def _enter(self, phase: Phase) -> None:
        if phase is self._phase and self._timer is not None:
            return  # its time runs on: a client that sends a byte now and then gains nothing
        self._phase = phase
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        limits = self._all.limits
        seconds = {
            Phase.HEAD: limits.head_seconds,
            Phase.BODY: limits.body_seconds + _GRACE_SECONDS,
            Phase.CLOSING: limits.write_seconds,
        }.get(phase)
        if seconds is not None:
            self._timer = self._later(seconds, phase)
        self._all.set_waiting(self, phase is not Phase.SERVER)

    def _later(self, seconds: float, phase: Phase) -> asyncio.TimerHandle:
        return self.loop.call_later(seconds, self._all.cut, self, phase.value)

    def _stop_timers(self) -> None:
        for timer in (self._timer, self._write_timer):
            if timer is not None:
                timer.cancel()
        self._timer = self._write_timer = None


def connection_protocol(limits: ConnectionLimits, metrics: Metrics) -> type[asyncio.Protocol]:
    """Return the protocol for uvicorn's setting `http`, with limits that all its connections share."""
    connections = Connections(limits, metrics)
    protocol: type[LimitedProtocol] = type("Protocol", (LimitedProtocol,), {"_all": connections})
    return protocol

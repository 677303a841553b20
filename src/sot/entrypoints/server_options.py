"""Options of `sot serve` about its resources, and its access log."""

import logging
import sys
import time
from typing import TYPE_CHECKING, Annotated

import typer

from sot.domain.values.errors import InvalidInput

if TYPE_CHECKING:
    from sot.adapters.http.connections import ConnectionLimits

_MOST_CONNECTIONS = 500
_OTHER_FILES = 64
"""Files that a server needs beside its connections: the database, logs, its program."""

MaxConnectionsOption = Annotated[
    int | None,
    typer.Option(
        "--max-connections",
        min=1,
        metavar="N",
        help="How many connections may be open. One more takes the place of an idle one, or is refused. By default "
        "500, or half of the files that the process may open.",
    ),
]
MaxStreamsOption = Annotated[
    int, typer.Option("--max-streams", min=0, metavar="N", help="How many streams of events may be open.")
]
MaxStreamsPerKeyOption = Annotated[
    int, typer.Option("--max-streams-per-key", min=0, metavar="N", help="How many of them may belong to one key.")
]
HeadTimeoutOption = Annotated[
    float,
    typer.Option("--head-timeout", min=0.1, metavar="SECONDS", help="How long the head of a request may take."),
]
BodyTimeoutOption = Annotated[
    float,
    typer.Option("--body-timeout", min=0.1, metavar="SECONDS", help="How long the body of a request may take."),
]
IdleTimeoutOption = Annotated[
    int,
    typer.Option(
        "--idle-timeout", min=1, metavar="SECONDS", help="How long a connection may be idle between requests."
    ),
]
WriteTimeoutOption = Annotated[
    float,
    typer.Option("--write-timeout", min=0.1, metavar="SECONDS", help="How long a client may leave a response unread."),
]
AccessLogOption = Annotated[
    bool,
    typer.Option(
        "--access-log/--no-access-log",
        help="Write a line about each request to the standard error: method, route, status, milliseconds, request id "
        "and key id.",
    ),
]


def connection_limits(
    connections: int | None, head_seconds: float, body_seconds: float, idle_seconds: int, write_seconds: float
) -> "ConnectionLimits":
    """Return the limits of connections that the options say.

    Raises:
        InvalidInput: The process cannot open so many connections.
    """
    from sot.adapters.http.connections import ConnectionLimits

    files = _open_files_limit()
    if connections is None:
        connections = _MOST_CONNECTIONS if files is None else max(1, min(_MOST_CONNECTIONS, files // 2))
    elif files is not None and connections > files - _OTHER_FILES:
        allowed = f"at most {max(1, files - _OTHER_FILES)}, or let the process open more files (ulimit -n)"
        raise InvalidInput("--max-connections", connections, allowed)
    return ConnectionLimits(
        connections=connections,
        head_seconds=head_seconds,
        body_seconds=body_seconds,
        idle_seconds=idle_seconds,
        write_seconds=write_seconds,
    )


def _open_files_limit() -> int | None:
    """How many files this process may open; None if there is no limit, or the system has no such thing."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return None
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return None if soft == resource.RLIM_INFINITY else soft


def start_access_log() -> None:
    """Write the access log to the standard error, with times in UTC."""
    from sot.adapters.http.observation import ACCESS_LOGGER

    formatter = logging.Formatter("%(asctime)s.%(msecs)03dZ %(message)s", "%Y-%m-%dT%H:%M:%S")
    formatter.converter = time.gmtime
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    logger = logging.getLogger(ACCESS_LOGGER)
    logger.setLevel(logging.INFO)
    logger.handlers = [handler]
    logger.propagate = False

"""The settings of a server."""

import attrs

from sot.adapters.http.bodies import MAX_BODY_BYTES


@attrs.frozen(kw_only=True)
class Settings:
    """The settings of a server.

    Attributes:
        keys: Whether requests need an API key. Without, everybody who reaches the server may do everything.
        hosts: Accepted host names, or None for any. A server without keys needs them against DNS rebinding: web pages
            could otherwise reach it through a name of their own.
        problem_base: The prefix of problem type URIs; None for the server's own pages.
        page_secret: The secret that signs page tokens and sessions of the web page, the same in all processes that
            serve the same clients. A random one is used if it is empty.
        body_limit: The largest accepted body, in bytes.
        body_memory: The largest sum of all bodies that are being received or processed, in bytes.
        body_seconds: How long a body may take to arrive.
        local_store: Whether reading a row takes microseconds and waits for nobody, as in memory or in a local SQLite
            file. Single rows are then read on the event loop, not in a thread.
        threads: The number of threads that read, and the number of threads that write.
        venue_threads: The number of threads for requests that call the venue.
        refusal_seconds: The shortest time that an error response takes, so that its duration does not show whether
            something is stored.
        max_streams: How many streams of events may be open.
        max_streams_per_key: How many of them may belong to one API key.
        stream_seconds: How long a stream of events lasts; its client reconnects then.
        poll_seconds: How often the server looks for new events while streams are open; less often where a look takes
            long or fails.
        heartbeat_seconds: How often an idle stream checks its key and sends a comment.
        session_seconds: How long somebody who logged in to the web page stays so.
    """

    keys: bool = True
    hosts: frozenset[str] | None = None
    problem_base: str | None = None
    page_secret: bytes = b""
    body_limit: int = MAX_BODY_BYTES
    body_memory: int = 64 * MAX_BODY_BYTES
    body_seconds: float = 30.0
    local_store: bool = False
    threads: int = 4
    venue_threads: int = 16
    refusal_seconds: float = 0.01
    max_streams: int = 100
    max_streams_per_key: int = 10
    stream_seconds: float = 300.0
    poll_seconds: float = 0.025
    heartbeat_seconds: float = 15.0
    session_seconds: int = 8 * 3600

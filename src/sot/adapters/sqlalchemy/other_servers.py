"""Servers that speak PostgreSQL's protocol and are none.

They lack what the store relies on: `pg_locks` that shows the advisory locks of others, for what the feed may give out,
and triggers that keep facts. Commits would succeed, and a reader of the feed could miss facts, so they are refused
before the first table is looked at.
"""

from collections.abc import Mapping

from sqlalchemy import Connection, text

from sot.domain.values.errors import InvalidInput

_NAMES: Mapping[str, str] = {
    "CockroachDB": "CockroachDB",
    "-YB-": "YugabyteDB",
    "Redshift": "Amazon Redshift",
    "Greenplum": "Greenplum",
    "Materialize": "Materialize",
    "RisingWave": "RisingWave",
    "CrateDB": "CrateDB",
}
"""What `version()` has of each, and its name."""
_VERSION = text("SELECT pg_catalog.version()")


def check_server(connection: Connection) -> None:
    """Check that the server of a connection is the one that its address promises.

    Raises:
        InvalidInput: It is another one that speaks PostgreSQL's protocol.
    """
    if connection.dialect.name == "postgresql":
        refusal = refusal_of(connection.execute(_VERSION).scalar_one())
        if refusal is not None:
            raise refusal


def refusal_of(version: str) -> InvalidInput | None:
    """Return the error for a server by what it calls its version; None for PostgreSQL.

    Args:
        version: What `version()` returns, or an error of SQLAlchemy that quotes it.
    """
    name = next((name for part, name in _NAMES.items() if part in version), None)
    return None if name is None else InvalidInput("database", name, "PostgreSQL itself, or SQLite")

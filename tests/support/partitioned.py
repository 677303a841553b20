"""Databases of PostgreSQL whose tables are split by account, as `sot schema --partitions` prints them."""

from functools import cache

import psycopg
from sqlalchemy import make_url

from sot.adapters.sqlalchemy.creation import creation_statements
from sot.adapters.sqlalchemy.place import place_at
from tests.support.postgres import fresh_url, server

PARTITIONS = 3


def fresh_partitioned_url(**place: str) -> str:
    """The URL of a new database with the tables of an empty store, each in three partitions."""
    return server().fresh(_template(*place.items()))


@cache
def _template(*place: tuple[str, str]) -> str:
    url = fresh_url()
    execute(url, *creation_statements("postgresql", place_at(**dict(place)), partition_count=PARTITIONS))
    return str(make_url(url).database)


def execute(url: str, *statements: str) -> None:
    """Execute statements in one transaction, as the owner of the tables."""
    with psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False)) as connection:
        for statement in statements:
            connection.execute(statement)

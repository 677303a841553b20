"""Everything that a database contains, to be compared with another one."""

import sqlite3
from contextlib import closing
from typing import Any

import psycopg
from sqlalchemy import make_url

_POSITIONS = {"fact_feed": {"position"}, "checkpoints": {"store_id", "upto", "root", "hash", "previous"}}
"""What depends on positions in the feed: on PostgreSQL a transaction that failed has used up some."""
_TABLES = {
    "sqlite": "SELECT name, '*' FROM sqlite_master WHERE type = 'table' ORDER BY 1",
    "postgresql": "SELECT table_name, string_agg(column_name, ', ' ORDER BY ordinal_position)"
    " FROM information_schema.columns WHERE table_schema = 'public'"
    " AND concat(table_name, '.', column_name) <> ALL (%s) GROUP BY 1 ORDER BY 1",
}

Contents = dict[str, list[str]]
"""The rows of each table, as text."""


def connect(url: str) -> Any:
    """A connection of the driver alone."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return sqlite3.connect(str(parsed.database))
    return psycopg.connect(parsed.set(drivername="postgresql").render_as_string(hide_password=False))


def contents(url: str) -> Contents:
    """The rows of all tables, but for positions in the feed on PostgreSQL."""
    with closing(connect(url)) as connection:
        if url.startswith("sqlite"):
            tables = connection.execute(_TABLES["sqlite"]).fetchall()
        else:
            left_out = [f"{table}.{column}" for table, columns in _POSITIONS.items() for column in columns]
            tables = connection.execute(_TABLES["postgresql"], [left_out]).fetchall()
        return {
            table: sorted(map(repr, connection.execute(f'SELECT {columns} FROM "{table}"').fetchall()))
            for table, columns in tables
        }


def difference(one: Contents, other: Contents) -> str:
    """The first rows that only one of two databases has."""
    for table in sorted({*one, *other}):
        rows, others = one.get(table), other.get(table)
        if rows != others:
            only = [row for row in rows or () if row not in (others or ())][:1]
            more = [row for row in others or () if row not in (rows or ())][:1]
            return f"{table}: {only} against {more}"
    return "nothing"

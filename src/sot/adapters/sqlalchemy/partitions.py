"""Tables that are split by account on PostgreSQL: `PARTITION BY HASH (account_id)`.

A table can be split if each of its unique keys has the account in it. The others stay whole: the feed, whose positions
are one order over all accounts, checkpoints, API keys, idempotency records and versions.

A partition has triggers, keys and indexes from its table. TRUNCATE of a partition alone is refused by a trigger of its
own, since PostgreSQL copies no triggers of statements.
"""

from collections.abc import Iterator, Mapping

from sqlalchemy import Connection, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint, event, text

from sot.adapters.sqlalchemy import triggers
from sot.adapters.sqlalchemy.place import Place
from sot.adapters.sqlalchemy.placed_tables import copied_metadata
from sot.adapters.sqlalchemy.postgresql_structure import OWN_TABLES, own_tables

ACCOUNT = "account_id"
MOST = 1024
"""The largest number of partitions of a table: names of more would be cut."""


def is_by_account(table: Table) -> bool:
    """Whether each unique key of a table has the account in it, so that rows of one account can be kept together."""
    keys = [each for each in table.constraints if isinstance(each, (PrimaryKeyConstraint, UniqueConstraint))]
    return all(ACCOUNT in key.columns for key in keys)


def partitioned_metadata(place: Place, count: int) -> MetaData:
    """Return the tables of a place, each that can be split in a number of partitions."""
    tables = copied_metadata(place)
    for table in tables.tables.values():
        if is_by_account(table):
            table.dialect_options["postgresql"]["partition_by"] = f"HASH ({ACCOUNT})"
            # Before the triggers are made: PostgreSQL then makes them on the partitions, and enables them there too.
            for statement in reversed([*_creation(table, place, count)]):
                event.listen(table, "after_create", triggers.ddl(statement), insert=True)
            for statement in _truncate_triggers(table, place, count):
                event.listen(table, "after_create", triggers.ddl(statement))
    return tables


def _creation(table: Table, place: Place, count: int) -> Iterator[str]:
    whole = place.qualified(place.default_name(table.name))
    for number in range(count):
        part = _partition(table, place, number)
        yield f"CREATE TABLE {part} PARTITION OF {whole} FOR VALUES WITH (MODULUS {count}, REMAINDER {number})"


def _truncate_triggers(table: Table, place: Place, count: int) -> Iterator[str]:
    for number in range(count):
        yield from triggers.truncate_statements(table, place, _partition(table, place, number))


def _partition(table: Table, place: Place, number: int) -> str:
    return place.qualified(f"{place.default_name(table.name)}_p{number}")


# ------------------------------------------------------------------------------------------------------ verification

_PARTITIONS = (
    "WITH RECURSIVE partition AS ("
    f"SELECT c.oid, c.oid AS whole, c.relname AS name FROM pg_class c WHERE {OWN_TABLES} AND c.relkind = 'p'"
    " UNION ALL SELECT i.inhrelid, p.whole, part.relname"
    " FROM partition p JOIN pg_inherits i ON i.inhparent = p.oid JOIN pg_class part ON part.oid = i.inhrelid)"
)
"""The partitions of our tables, and of partitions of these; and the tables themselves, as `oid = whole`."""

_QUERIES: Mapping[str, str] = {
    "trigger": "SELECT p.name || ' ' || t.tgname, CASE t.tgenabled WHEN 'D' THEN 'it is disabled'"
    " ELSE 'it is not as that of its table' END FROM partition p JOIN pg_trigger t ON t.tgrelid = p.oid"
    " LEFT JOIN pg_trigger own ON own.tgrelid = p.whole AND own.tgname = t.tgname AND NOT own.tgisinternal"
    " WHERE p.oid <> p.whole AND CASE WHEN t.tgisinternal THEN t.tgenabled <> 'O'"
    " ELSE (t.tgenabled, t.tgfoid, t.tgtype) IS DISTINCT FROM (own.tgenabled, own.tgfoid, own.tgtype) END"
    " UNION ALL SELECT p.name || ' ' || own.tgname, 'it is missing' FROM partition p"
    " JOIN pg_trigger own ON own.tgrelid = p.whole AND NOT own.tgisinternal WHERE p.oid <> p.whole"
    " AND NOT EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = p.oid AND t.tgname = own.tgname)",
    "rule": "SELECT p.name || ' ' || r.rulename, 'sot did not make it, and it may change what is stored'"
    " FROM partition p JOIN pg_rewrite r ON r.ev_class = p.oid WHERE p.oid <> p.whole",
    "row security": "SELECT p.name, 'sot did not make it, and it may change what is stored'"
    " FROM partition p JOIN pg_class c ON c.oid = p.oid WHERE p.oid <> p.whole AND c.relrowsecurity",
}
"""What can be wrong with partitions, by the kind of part. Columns, keys and indexes follow those of their table."""


def partition_problems(place: Place, connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Compare the partitions of the tables of a place with their tables.

    Yields:
        "schema", the part, and what is wrong with it.
    """
    parameters = own_tables(place)
    for kind, query in _QUERIES.items():
        for name, problem in sorted(connection.execute(text(f"{_PARTITIONS} {query}"), parameters)):
            yield "schema", f"{kind} {name}", problem

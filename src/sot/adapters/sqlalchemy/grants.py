"""The least rights that an application needs on PostgreSQL, as statements for the owner of the tables.

They follow from what the store does: it inserts facts and derived rows, updates and deletes derived rows where a
statement for that exists, and never changes a fact. A right is named here once for the table that has it.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy.dialects import postgresql

from sot.adapters.sqlalchemy import views
from sot.adapters.sqlalchemy.models import API_KEYS, IDEMPOTENCY_RECORDS, SchemaRow, metadata, revisions
from sot.adapters.sqlalchemy.place import place_at
from sot.adapters.sqlalchemy.statements import DELETES, FEED_AT_POSITION, UPDATES, WRITE_ORDER
from sot.domain.values.errors import InvalidInput

FEED_SEQUENCE = "fact_feed_position_seq"
_MAX_BYTES = 63
"""PostgreSQL cuts longer names, so that a right would go to another role."""
_VERSIONS = (SchemaRow.__tablename__, revisions.name)
"""Tables that say which version the schema has: whoever migrates it writes them, and verification reads them."""
_EVERYBODY = "public"
_DELETED_BY_REBUILD = frozenset({"order_costs", "order_pnl", "order_states", "positions"})
"""Derived rows that computing anew replaces, beside those of `DELETES`, which each unit of work may delete."""
_VIEWS = tuple(view.name for view in views.views("postgresql"))
_SECRETS = frozenset({API_KEYS.name, IDEMPOTENCY_RECORDS.name})


def grant_statements(
    role: str, *, read_only: bool = False, keys: bool = False, schema: str = "public", prefix: str = ""
) -> list[str]:
    """Return the statements that give a role the rights it needs, and take away all others on the store's tables.

    Args:
        role: The role of the application.
        read_only: Whether it only reads; API keys and recorded HTTP responses are hidden from it then.
        keys: Whether it makes and revokes API keys, too. The HTTP server does not: it only reads them.
        schema: The schema of the tables.
        prefix: What the names of the tables begin with.

    Raises:
        InvalidInput: A name is none of PostgreSQL, the prefix is none, or the role is `public`, which is everybody.
    """
    if role == _EVERYBODY:
        raise InvalidInput("role", role, "a role of its own; public is everybody")
    if read_only and keys:
        raise InvalidInput("keys", keys, "either read_only or keys")
    quoted_role, quoted_schema = _quoted("role", role), _quoted("schema", schema)
    place = place_at(None, prefix)  # the schema may be any that there is, not only one that sot makes

    def qualified(name: str) -> str:
        return f"{quoted_schema}.{_quoted('table', place.name(name))}"

    tables = list(map(qualified, [*sorted(metadata.tables), *_VIEWS]))
    sequence = qualified(FEED_SEQUENCE)
    revoked = [f"TABLE {', '.join(tables)}", f"SEQUENCE {sequence}", f"SCHEMA {quoted_schema}"]
    granted = [
        ("USAGE", f"SCHEMA {quoted_schema}"),
        ("SELECT", f"SEQUENCE {sequence}"),
        *((right, f"TABLE {qualified(name)}") for right, name in _rights(read_only, keys)),
    ]
    return [
        *(f"REVOKE ALL ON {target} FROM {quoted_role}" for target in revoked),
        *(f"GRANT {right} ON {target} TO {quoted_role}" for right, target in granted),
    ]


def _rights(read_only: bool, keys: bool) -> Iterator[tuple[str, str]]:
    """Yield rights and the tables on which they are."""
    tables = [name for name in WRITE_ORDER if name != FEED_AT_POSITION]
    for name in (*_VERSIONS, *tables):
        if not read_only:
            yield ", ".join(_rights_of(name, keys)), name
        elif name not in _SECRETS:
            yield "SELECT", name
    yield from (("SELECT", name) for name in _VIEWS)


def _rights_of(table: str, keys: bool) -> Sequence[str]:
    """The rights of an application on a table."""
    if table in _VERSIONS:
        return ["SELECT"]
    if table == API_KEYS.name:
        return ["SELECT", "INSERT", "UPDATE (revoked_at)"] if keys else ["SELECT"]
    return [
        "SELECT",
        "INSERT",
        *(["UPDATE"] if table in UPDATES else []),
        *(["DELETE"] if table in DELETES or table in _DELETED_BY_REBUILD else []),
    ]


def _quoted(field: str, name: str) -> str:
    """A name as a quoted identifier.

    Raises:
        InvalidInput: It is empty, too long, or has a NUL.
    """
    if not 0 < len(name.encode("utf-8", "surrogatepass")) <= _MAX_BYTES or not name.isprintable():
        raise InvalidInput(field, name, f"a name of PostgreSQL: 1 to {_MAX_BYTES} bytes, all printable")
    return postgresql.dialect().identifier_preparer.quote_identifier(name)  # type: ignore[no-untyped-call]

"""The tables on a cluster of Citus: split by account over its nodes. Written by its documentation, and never run.

Tables that cannot be split stay on the coordinator (`partitions.is_by_account`): the feed above all, whose positions
are one order over all accounts.
"""

from collections.abc import Iterator, Sequence

from sot.adapters.sqlalchemy.models import SchemaRow, revisions
from sot.adapters.sqlalchemy.partitions import ACCOUNT, is_by_account
from sot.adapters.sqlalchemy.place import Place
from sot.adapters.sqlalchemy.placed_tables import tables_at

SETTINGS: Sequence[str] = (
    "CREATE EXTENSION IF NOT EXISTS citus",
    # Citus calls all triggers unsafe whose functions it does not know. Ours raise an error and do nothing else.
    "SET LOCAL citus.enable_unsafe_triggers TO on",
)
_REFERENCE_TABLES = (SchemaRow.__tablename__, revisions.name)
"""Tables that each node has a copy of: they are read often, and written by migrations alone."""


def distribution(place: Place) -> Iterator[str]:
    """Yield the statements that distribute the tables of a place, each after those that its foreign keys name."""
    tables = tables_at(place)
    for name in _REFERENCE_TABLES:
        yield f"SELECT create_reference_table('{place.qualified(name)}')"
    first = None
    for name, table in tables.items():  # sorted by their foreign keys
        if not is_by_account(table):
            continue
        beside = "" if first is None else f", colocate_with => '{first}'"
        first = first or place.qualified(name)
        yield f"SELECT create_distributed_table('{place.qualified(name)}', '{ACCOUNT}'{beside})"

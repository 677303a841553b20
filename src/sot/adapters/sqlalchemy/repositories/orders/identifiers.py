"""Identifiers of orders and of waiting reports in tables."""

from collections.abc import Sequence

from sqlalchemy import Text, bindparam, func, null, select, union_all

from sot.adapters.sqlalchemy.models import OrderIdentifierRow, WaitingReportRow
from sot.adapters.sqlalchemy.repositories.orders.orders import BY_IDENTIFIER
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.records import Identifier
from sot.domain.values.vocabulary import IdentifierKind
from sot.ports import orders as ports
from sot.ports.orders import Claims

_CLAIMS = Query(
    union_all(
        select(
            OrderIdentifierRow.venue,
            OrderIdentifierRow.venue_account,
            OrderIdentifierRow.id_scope,
            OrderIdentifierRow.order_id.label("id"),
        ).where(*BY_IDENTIFIER),
        select(null(), null(), null(), WaitingReportRow.report_id).where(
            WaitingReportRow.account_id == bindparam("account_id"),
            WaitingReportRow.kind == bindparam("kind"),
            WaitingReportRow.value == bindparam("value"),
        ),
    )
)


_NAMES_OF = Query(
    select(*[column for column in OrderIdentifierRow.__table__.columns if column.name != "order_id"]).where(
        OrderIdentifierRow.account_id == bindparam("account_id"), OrderIdentifierRow.order_id == bindparam("order_id")
    )
)


# A report that starts to wait for a name and an order that takes it must not miss each other.
_LOCK = Query(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0)).label("taken"))
)


Key = tuple[str, IdentifierKind, str]


class IdentifierCache:
    """Who goes by which name, as far as this unit of work has asked or said."""

    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer
        self._orders: dict[Key, dict[tuple[Identifier, str], None]] = {}
        self._waiting: dict[Key, dict[str, None]] = {}
        self._added: dict[Key, dict[tuple[Identifier, str], None]] = {}
        self._added_waiting: dict[Key, dict[str, None]] = {}

    def claims(self, key: Key) -> Claims:
        """Orders and waiting reports of a name."""
        self._load(key)
        return Claims(list(self._orders[key]), list(self._waiting[key]))

    def _load(self, key: Key) -> None:
        if key in self._orders:
            return
        account_id, kind, value = key
        if self._buffer.is_postgresql and not self._buffer.read_only:
            self._buffer.fetch(_LOCK, {"name": f"{account_id}\n{kind}\n{value}"})
        orders: dict[tuple[Identifier, str], None] = {}
        waiting: dict[str, None] = {}
        for row in self._buffer.fetch(_CLAIMS, {"account_id": account_id, "kind": kind, "value": value}):
            if row.venue is None:
                waiting[row.id] = None
            else:
                orders[Identifier(account_id, kind, value, row.venue, row.venue_account, row.id_scope), row.id] = None
        orders.update(self._added.get(key, {}))
        waiting.update(self._added_waiting.get(key, {}))
        self._orders[key] = orders
        self._waiting[key] = waiting

    def add(self, identifier: Identifier, order_id: str) -> bool:
        """Take a name up; False if the order has it already."""
        key = (identifier.account_id, identifier.kind, identifier.value)
        self._load(key)
        if (identifier, order_id) in self._orders[key]:
            return False
        self._orders[key][identifier, order_id] = None
        return True

    def wait(self, key: Key, report_id: str) -> None:
        """A report waits for a name."""
        self._added_waiting.setdefault(key, {})[report_id] = None
        if key in self._waiting:
            self._waiting[key][report_id] = None

    def wait_no_longer(self, report_id: str) -> None:
        """A report has found its order."""
        for waiting in (*self._waiting.values(), *self._added_waiting.values()):
            waiting.pop(report_id, None)


class Identifiers(ports.Identifiers):
    """IdentifierCache of orders."""

    def __init__(self, buffer: WriteBuffer, names: IdentifierCache) -> None:
        self._buffer = buffer
        self._names = names

    def add(self, identifier: Identifier, order_id: str) -> None:
        """The order goes by this name."""
        self._buffer.check_writable("an identifier")
        if self._names.add(identifier, order_id):
            self._buffer.insert(
                "order_identifiers",
                {
                    "account_id": identifier.account_id,
                    "kind": identifier.kind,
                    "value": identifier.value,
                    "venue": identifier.venue,
                    "venue_account": identifier.venue_account,
                    "id_scope": identifier.id_scope,
                    "order_id": order_id,
                },
            )
            self._buffer.autoflush()

    def of_order(self, account_id: str, order_id: str) -> Sequence[Identifier]:
        """Every name of an order."""
        self._buffer.flush()
        found = self._buffer.fetch(_NAMES_OF, {"account_id": account_id, "order_id": order_id})
        return sorted(Identifier(row.account_id, IdentifierKind(row.kind), *row[2:]) for row in found)

    def claims(self, account_id: str, kind: IdentifierKind, value: str) -> Claims:
        """Who goes by this name."""
        return self._names.claims((account_id, kind, value))

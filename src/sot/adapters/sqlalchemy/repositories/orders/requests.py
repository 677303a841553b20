"""Requests with their contexts, checks and withdrawals in tables."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

import attrs
from sqlalchemy import and_, bindparam, select, union

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import (
    DecisionContextRow,
    OrderEventRow,
    OrderRequestRow,
    RiskCheckRow,
    WithdrawalRow,
)
from sot.adapters.sqlalchemy.repositories.batches import batches
from sot.adapters.sqlalchemy.repositories.paging import between, is_uuid, page_of, page_query, with_prefix
from sot.adapters.sqlalchemy.statements import NAME_LOCK, Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.records import RecordedCheck, RecordedRequest, RecordedWithdrawal
from sot.domain.orders.request import DecisionContext
from sot.domain.values.vocabulary import FactKind
from sot.ports import orders as ports
from sot.ports.orders import RequestFilter
from sot.ports.paging import Page, PageKey

_ORDER_OF_REQUEST = (
    select(OrderEventRow.order_id)
    .where(
        OrderEventRow.account_id == OrderRequestRow.account_id, OrderEventRow.request_id == OrderRequestRow.request_id
    )
    .order_by(OrderEventRow.sequence > 1, OrderEventRow.recorded_at, OrderEventRow.order_id, OrderEventRow.sequence)
    .limit(1)
    .correlate(OrderRequestRow)
    .scalar_subquery()
)
COLUMNS_OF_REQUEST = (
    OrderRequestRow.recorded_at,
    OrderRequestRow.body,
    OrderRequestRow.hash,
    DecisionContextRow.body.label("context_body"),
    DecisionContextRow.hash.label("context_hash"),
    WithdrawalRow.body.label("withdrawal_body"),
    WithdrawalRow.hash.label("withdrawal_hash"),
    WithdrawalRow.recorded_at.label("withdrawn_at"),
)
"""The facts of a request, with those of its context and its withdrawal."""
_REQUESTS = (
    select(
        OrderRequestRow.account_id,
        OrderRequestRow.request_id,
        *COLUMNS_OF_REQUEST,
        _ORDER_OF_REQUEST.label("order_id"),
    )
    .outerjoin(
        DecisionContextRow,
        and_(
            DecisionContextRow.account_id == OrderRequestRow.account_id,
            DecisionContextRow.request_id == OrderRequestRow.request_id,
        ),
    )
    .outerjoin(
        WithdrawalRow,
        and_(
            WithdrawalRow.account_id == OrderRequestRow.account_id,
            WithdrawalRow.request_id == OrderRequestRow.request_id,
        ),
    )
)
# A row for each of its checks, or one without: as many queries for a request that exists as for one that does not, so
# that the time they take tells nobody which requests do.
_BY_ID = Query(
    _REQUESTS.add_columns(
        RiskCheckRow.number.label("check_number"),
        RiskCheckRow.recorded_at.label("checked_at"),
        RiskCheckRow.body.label("check_body"),
        RiskCheckRow.hash.label("check_hash"),
    )
    .outerjoin(
        RiskCheckRow,
        and_(
            RiskCheckRow.account_id == OrderRequestRow.account_id,
            RiskCheckRow.request_id == OrderRequestRow.request_id,
        ),
    )
    .where(OrderRequestRow.request_id == bindparam("request_id"))
    .order_by(RiskCheckRow.number)
)
_BY_IDS = _REQUESTS.where(OrderRequestRow.request_id.in_(bindparam("request_ids", expanding=True))).order_by(
    OrderRequestRow.recorded_at, OrderRequestRow.request_id
)
_with_key = select(OrderRequestRow.request_id).where(
    OrderRequestRow.account_id == bindparam("account_id"), OrderRequestRow.idempotency_key == bindparam("key")
)
_IDS_BY_KEY = Query(_with_key)
# Two look-ups, each by an index of its own: for a condition with OR, SQLite scans the account.
_IDS_BY_KEY_OR_CLIENT_ORDER_ID = Query(
    union(
        _with_key,
        select(OrderRequestRow.request_id).where(
            OrderRequestRow.account_id == bindparam("account_id"),
            OrderRequestRow.client_order_id == bindparam("client_order_id"),
        ),
    )
)
_KNOWN_KEYS = union(
    *(
        select(column.label("key")).where(
            OrderRequestRow.account_id == bindparam("account_id"), column.in_(bindparam("keys", expanding=True))
        )
        for column in (OrderRequestRow.idempotency_key, OrderRequestRow.client_order_id)
    )
)
_DECISION_PRICE = Query(
    select(DecisionContextRow.decision_price).where(
        DecisionContextRow.account_id == bindparam("account_id"),
        DecisionContextRow.request_id == bindparam("request_id"),
    )
)
_checks = select(
    RiskCheckRow.account_id,
    RiskCheckRow.request_id,
    RiskCheckRow.number,
    RiskCheckRow.recorded_at,
    RiskCheckRow.body,
    RiskCheckRow.hash,
).order_by(RiskCheckRow.number)
_CHECKS_OF_ONE = Query(_checks.where(RiskCheckRow.request_id == bindparam("request_id")))
_CHECKS_OF_MANY = _checks.where(RiskCheckRow.request_id.in_(bindparam("request_ids", expanding=True)))


class _StoredCheck(NamedTuple):
    """What is stored of a check, as in a row of its table."""

    number: int
    recorded_at: datetime
    body: str
    hash: str


class Requests(ports.Requests):
    """A request is read once. Its order may change later, when an event names the request."""

    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer
        self._cache: dict[str, RecordedRequest] = {}
        self._added: dict[str, RecordedRequest] = {}
        self._added_by_key: dict[tuple[str, str], list[str]] = {}
        self._added_by_client_order_id: dict[tuple[str, str], list[str]] = {}
        self._absent_keys: set[tuple[str, str]] = set()
        self._locked: set[str] = set()
        self._decision_prices: dict[tuple[str, str], Decimal | None] = {}
        self._orders: dict[str, str] = {}
        self._created_orders: dict[str, str] = {}

    def set_order(self, request_id: str, order_id: str, sequence: int) -> None:
        """Note that an event which this unit of work appended to an order names the request."""
        self._orders.setdefault(request_id, order_id)
        if sequence == 1:
            self._created_orders.setdefault(request_id, order_id)

    def is_new(self, request_id: str) -> bool:
        """Whether this unit of work added the request, so that the database has nothing of it."""
        return request_id in self._added

    def add(self, request: RecordedRequest) -> None:
        self._buffer.begin_change("a request")
        request_id, recorded_at = request.request_id, request.recorded_at
        row = rows.request_row(request)
        self._buffer.insert_fact(FactKind.REQUEST, "order_requests", row, request_id, recorded_at)
        if request.context is not None:
            self._insert_context(request)
        for check in request.checks:
            self._insert_check(request, check)
        self._cache[request_id] = self._added[request_id] = request
        key, client_order_id = request.request.key, request.request.client_order_id
        self._added_by_key.setdefault((request.account_id, key), []).append(request_id)
        if client_order_id is not None:
            self._added_by_client_order_id.setdefault((request.account_id, client_order_id), []).append(request_id)
        self._buffer.autoflush()

    def add_check(self, request: RecordedRequest, check: RecordedCheck) -> None:
        self._buffer.begin_change("a risk check")
        self._insert_check(request, check)
        cached = self._cache.get(request.request_id, request)
        self._update(attrs.evolve(cached, checks=(*cached.checks, check)))

    def add_context(self, request: RecordedRequest, context: DecisionContext, hash: str) -> None:
        self._buffer.begin_change("a decision context")
        cached = self._cache.get(request.request_id, request)
        changed = attrs.evolve(cached, context=context, context_hash=hash)
        self._insert_context(changed)
        self._update(changed)

    def add_withdrawal(self, request: RecordedRequest, withdrawal: RecordedWithdrawal) -> None:
        self._buffer.begin_change("a withdrawal")
        row = rows.withdrawal_row(request, withdrawal)
        self._buffer.insert_fact(
            FactKind.WITHDRAWAL, "order_request_withdrawals", row, request.request_id, withdrawal.recorded_at
        )
        cached = self._cache.get(request.request_id, request)
        self._update(attrs.evolve(cached, withdrawal=withdrawal))

    def _insert_context(self, request: RecordedRequest) -> None:
        assert request.context is not None
        row = rows.context_row(request, request.context)
        self._buffer.insert_fact(
            FactKind.CONTEXT, "order_decision_context", row, request.request_id, request.recorded_at
        )

    def _insert_check(self, request: RecordedRequest, check: RecordedCheck) -> None:
        row = rows.check_row(request, check)
        self._buffer.insert_fact(
            FactKind.RISK_CHECK, "order_risk_checks", row, request.request_id, check.recorded_at, check.number
        )

    def _update(self, request: RecordedRequest) -> None:
        self._cache[request.request_id] = request
        if request.request_id in self._added:
            self._added[request.request_id] = request
        self._buffer.autoflush()

    def get(self, request_id: str, lock: bool = False) -> RecordedRequest | None:
        if lock:
            self._lock(request_id)
        request = self._cache.get(request_id)
        if request is None:
            if not is_uuid(request_id):
                return None
            found = self._buffer.fetch(_BY_ID, {"request_id": request_id})
            if not found:
                return None
            request = self._read(found[0], self._joined_checks(found))
        return self._with_order(request)

    def _lock(self, request_id: str) -> None:
        """Keep other transactions from adding to the request. SQLite has one writer at a time anyway."""
        if self._buffer.read_only or request_id in self._locked or request_id in self._added:
            return
        if is_uuid(request_id) and self._buffer.is_postgresql:
            # A row lock would need the right to update requests, which are facts.
            self._buffer.wait_for(NAME_LOCK, {"name": f"{self._buffer.place.prefix}request\n{request_id}"})
            self._locked.add(request_id)
            if self._cache.pop(request_id, None) is not None:
                self._buffer.flush()  # it is read again, with the changes of this unit of work

    def many(self, request_ids: Sequence[str]) -> Mapping[str, RecordedRequest]:
        """Return the requests of some ids, by id."""
        if not request_ids:
            return {}
        requests = self._requests_of(self._buffer.fetch_dynamic(_BY_IDS, {"request_ids": request_ids}))
        return {request.request_id: request for request in requests}

    def look_for_keys(self, account_id: str, keys: Iterable[str]) -> None:
        """Find out together which of some idempotency keys and client order ids no stored request has."""
        for names in batches(sorted(keys)):
            found = self._buffer.fetch_dynamic(_KNOWN_KEYS, {"account_id": account_id, "keys": names})
            known = {row.key for row in found}
            self._absent_keys.update((account_id, name) for name in names if name not in known)

    def _with_order(self, request: RecordedRequest) -> RecordedRequest:
        """Return a request with its order, as the events of this unit of work say."""
        order_id = self._created_orders.get(request.request_id)
        if order_id is None and not request.order_id:
            order_id = self._orders.get(request.request_id)
        return request if order_id in (None, request.order_id) else attrs.evolve(request, order_id=order_id)

    def decision_price(self, account_id: str, request_id: str) -> Decimal | None:
        if request_id in self._cache or not is_uuid(request_id):
            return super().decision_price(account_id, request_id)
        key = (account_id, request_id)
        if key not in self._decision_prices:
            found = self._buffer.fetch(_DECISION_PRICE, {"account_id": account_id, "request_id": request_id})
            self._decision_prices[key] = found[0].decision_price if found else None
        return self._decision_prices[key]

    def offer_decision_price(self, account_id: str, request_id: str, price: Decimal | None) -> None:
        """Offer what was read with the costs of the request's order, for when the decision price is asked for."""
        self._decision_prices[account_id, request_id] = price

    def by_key(self, account_id: str, key: str, client_order_id: str | None) -> Sequence[RecordedRequest]:
        named = list(self._added_by_key.get((account_id, key), ()))
        if client_order_id is not None:
            named += self._added_by_client_order_id.get((account_id, client_order_id), ())
        added = [self._added[request_id] for request_id in dict.fromkeys(named)]
        found = self._ids_by_key(account_id, key, client_order_id)
        ids = [request_id for request_id in found if request_id not in self._added]
        stored = self._requests_of(self._buffer.fetch_dynamic(_BY_IDS, {"request_ids": ids})) if ids else ()
        requests = [self._with_order(request) for request in (*stored, *added)]
        return [request for request in requests if request.request.key == key] or requests

    def _ids_by_key(self, account_id: str, key: str, client_order_id: str | None) -> Sequence[str]:
        names = {(account_id, name) for name in (key, client_order_id) if name is not None}
        if names <= self._absent_keys:
            self._absent_keys -= names  # who asks again wants to know whether somebody was faster
            return ()
        parameters = {"account_id": account_id, "key": key}
        query = _IDS_BY_KEY
        if client_order_id is not None:
            parameters["client_order_id"] = client_order_id
            query = _IDS_BY_KEY_OR_CLIENT_ORDER_ID
        return [row.request_id for row in self._buffer.fetch(query, parameters)]

    def list(
        self, filter: RequestFilter, after: PageKey | None, limit: int, *, newest_first: bool = False
    ) -> Page[RecordedRequest, PageKey]:
        self._buffer.flush()
        row = OrderRequestRow
        fields = {name: getattr(filter, name) for name in ("account_id", "symbol", "strategy_code")}
        parameters = {name: value for name, value in fields.items() if value is not None}
        query = _REQUESTS.where(*(getattr(row, name) == bindparam(name) for name in parameters))
        query = query.where(*between(row.recorded_at, filter.recorded_from, filter.recorded_before))
        query = query.where(*with_prefix(row.request_id, filter.request_id_prefix))
        query = page_query(query, row.recorded_at, row.request_id, after, limit, newest_first)
        requests = self._requests_of(self._buffer.fetch_dynamic(query, parameters))
        return page_of(
            [self._with_order(request) for request in requests], limit, lambda r: PageKey(r.recorded_at, r.request_id)
        )

    def _requests_of(self, found: Sequence[Any]) -> Sequence[RecordedRequest]:
        """Return the requests of rows, with their checks; cached ones as they are cached."""
        if not found:
            return []
        checks: dict[tuple[str, str], list[RecordedCheck]] = {}
        for row in self._fetch_checks([row.request_id for row in found]):
            check = rows.read(self._buffer.url, "order_risk_checks", rows.check_of, row)
            checks.setdefault((row.account_id, row.request_id), []).append(check)
        return [self._read(row, checks.get((row.account_id, row.request_id), ())) for row in found]

    def _joined_checks(self, found: Sequence[Any]) -> Sequence[RecordedCheck]:
        """Return the checks of the request in the first row."""
        stored = [
            _StoredCheck(row.check_number, row.checked_at, row.check_body, row.check_hash)
            for row in found
            if row.check_number is not None and row.account_id == found[0].account_id
        ]
        return [rows.read(self._buffer.url, "order_risk_checks", rows.check_of, check) for check in stored]

    def _fetch_checks(self, request_ids: Sequence[str]) -> Sequence[Any]:
        if len(request_ids) == 1:
            return self._buffer.fetch(_CHECKS_OF_ONE, {"request_id": request_ids[0]})
        return self._buffer.fetch_dynamic(_CHECKS_OF_MANY, {"request_ids": request_ids})

    def _read(self, row: Any, checks: Iterable[RecordedCheck]) -> RecordedRequest:
        cached = self._cache.get(row.request_id)
        if cached is not None:  # perhaps with what this unit of work has not written yet
            return cached
        request = rows.read(self._buffer.url, "order_requests", rows.request_of, row, tuple(checks))
        self._cache[request.request_id] = request
        return request

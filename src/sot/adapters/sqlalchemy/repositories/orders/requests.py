"""Requests, with their context, checks and withdrawals, in tables."""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

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
from sot.adapters.sqlalchemy.repositories.paging import after_key, is_identity, page_of
from sot.adapters.sqlalchemy.statements import Query
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


_REQUESTS = (
    select(
        OrderRequestRow.account_id,
        OrderRequestRow.request_id,
        OrderRequestRow.recorded_at,
        OrderRequestRow.body,
        OrderRequestRow.hash,
        DecisionContextRow.body.label("context_body"),
        DecisionContextRow.hash.label("context_hash"),
        WithdrawalRow.body.label("withdrawal_body"),
        WithdrawalRow.hash.label("withdrawal_hash"),
        WithdrawalRow.recorded_at.label("withdrawn_at"),
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


_BY_ID = Query(_REQUESTS.where(OrderRequestRow.request_id == bindparam("request_id")))


_KEYED = select(OrderRequestRow.request_id).where(
    OrderRequestRow.account_id == bindparam("account_id"), OrderRequestRow.idempotency_key == bindparam("key")
)


_WITH_KEY = Query(_KEYED)


# Two look-ups, each by its own index: of a condition with OR, SQLite makes a scan of the account.
_WITH_KEY_OR_NAME = Query(
    union(
        _KEYED,
        select(OrderRequestRow.request_id).where(
            OrderRequestRow.account_id == bindparam("account_id"),
            OrderRequestRow.client_order_id == bindparam("client_order_id"),
        ),
    )
)


_BY_IDS = _REQUESTS.where(OrderRequestRow.request_id.in_(bindparam("request_ids", expanding=True))).order_by(
    OrderRequestRow.recorded_at, OrderRequestRow.request_id
)


_LOCK = Query(
    select(OrderRequestRow.request_id).where(OrderRequestRow.request_id == bindparam("request_id")).with_for_update()
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


_CHECKS_OF_SOME = _checks.where(RiskCheckRow.request_id.in_(bindparam("request_ids", expanding=True)))


class Requests(ports.Requests):
    """Requests as read or added, one object per id; what became of them is looked up anew."""

    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer
        self._known: dict[str, RecordedRequest] = {}
        self._added: dict[str, RecordedRequest] = {}
        self._locked: set[str] = set()
        self._orders: dict[str, str] = {}

    def executed(self, request_id: str, order_id: str) -> None:
        """An event of this unit of work names the request."""
        self._orders.setdefault(request_id, order_id)

    def is_new(self, request_id: str) -> bool:
        """Whether the request was added by this unit of work, so that nobody else can have said anything of it."""
        return request_id in self._added

    def add(self, request: RecordedRequest) -> None:
        """Keep a request with its context and checks."""
        buffer = self._buffer
        buffer.check_writable("submit")
        request_id, recorded_at = request.request_id, request.recorded_at
        buffer.insert_fact(FactKind.REQUEST, "order_requests", rows.request_row(request), request_id, recorded_at)
        if request.context is not None:
            self._add_context(request)
        for check in request.checks:
            self._add_check(request, check)
        self._known[request.request_id] = self._added[request.request_id] = request
        buffer.autoflush()

    def add_check(self, request: RecordedRequest, check: RecordedCheck) -> None:
        """Keep one more check."""
        self._buffer.check_writable("add_risk_check")
        self._add_check(request, check)
        known = self._known.get(request.request_id, request)
        self._keep(attrs.evolve(known, checks=(*known.checks, check)))

    def add_context(self, request: RecordedRequest, context: DecisionContext, hash: str) -> None:
        """Keep the context of a request."""
        self._buffer.check_writable("a context")
        known = self._known.get(request.request_id, request)
        known = attrs.evolve(known, context=context, context_hash=hash)
        self._add_context(known)
        self._keep(known)

    def _add_context(self, request: RecordedRequest) -> None:
        assert request.context is not None
        row = rows.context_row(request, request.context)
        self._buffer.insert_fact(
            FactKind.CONTEXT, "order_decision_context", row, request.request_id, request.recorded_at
        )

    def _add_check(self, request: RecordedRequest, check: RecordedCheck) -> None:
        row = rows.check_row(request, check)
        self._buffer.insert_fact(
            FactKind.RISK_CHECK, "order_risk_checks", row, request.request_id, check.recorded_at, check.number
        )

    def add_withdrawal(self, request: RecordedRequest, withdrawal: RecordedWithdrawal) -> None:
        """Keep that it was withdrawn."""
        self._buffer.check_writable("withdraw")
        row = rows.withdrawal_row(request, withdrawal)
        self._buffer.insert_fact(
            FactKind.WITHDRAWAL, "order_request_withdrawals", row, request.request_id, withdrawal.recorded_at
        )
        known = self._known.get(request.request_id, request)
        self._keep(attrs.evolve(known, withdrawal=withdrawal))

    def _keep(self, request: RecordedRequest) -> None:
        self._known[request.request_id] = request
        if request.request_id in self._added:
            self._added[request.request_id] = request
        self._buffer.autoflush()

    def get(self, request_id: str, lock: bool = False) -> RecordedRequest | None:
        """The request of this id."""
        known = self._known.get(request_id)
        lockable = not self._buffer.read_only and request_id not in self._locked and request_id not in self._added
        if lock and lockable and self._lock(request_id):
            self._known.pop(request_id, None)
            known = None
        if known is None:
            if not is_identity(request_id):
                return None
            self._buffer.flush()
            found = self._hydrated(self._buffer.fetch(_BY_ID, {"request_id": request_id}))
            if not found:
                # As much work as for one that is there: whoever may not see it learns nothing by the time it takes.
                self._checks([request_id])
                return None
            known = found[0]
        return self._with_order(known)

    def many(self, request_ids: Sequence[str]) -> Mapping[str, RecordedRequest]:
        """Several requests, by id."""
        if not request_ids:
            return {}
        found = self._hydrated(self._buffer.fetch_dynamic(_BY_IDS, {"request_ids": request_ids}))
        return {request.request_id: request for request in found}

    def _lock(self, request_id: str) -> bool:
        """Keep others from changing what is said of the request. SQLite's writers are alone anyway."""
        if not is_identity(request_id) or not self._buffer.is_postgresql:
            return False
        self._buffer.fetch(_LOCK, {"request_id": request_id})
        self._locked.add(request_id)
        return True

    def _with_order(self, request: RecordedRequest) -> RecordedRequest:
        order_id = self._orders.get(request.request_id)
        return request if order_id is None or request.order_id else attrs.evolve(request, order_id=order_id)

    def by_key(self, account_id: str, key: str, client_order_id: str | None) -> Sequence[RecordedRequest]:
        """The requests that have this key or this client order id."""
        added = [
            request
            for request in self._added.values()
            if request.account_id == account_id
            and (
                request.request.key == key
                or (client_order_id is not None and request.request.client_order_id == client_order_id)
            )
        ]
        parameters = {"account_id": account_id, "key": key}
        if client_order_id is None:
            named = self._buffer.fetch(_WITH_KEY, parameters)
        else:
            named = self._buffer.fetch(_WITH_KEY_OR_NAME, {**parameters, "client_order_id": client_order_id})
        ids = [row.request_id for row in named if row.request_id not in self._added]
        stored = self._hydrated(self._buffer.fetch_dynamic(_BY_IDS, {"request_ids": ids})) if ids else ()
        found = [self._with_order(request) for request in (*stored, *added)]
        return [row for row in found if row.request.key == key] or found

    def list(self, filter: RequestFilter, after: PageKey | None, limit: int) -> Page[RecordedRequest]:
        """Requests by (recorded_at, request_id)."""
        self._buffer.flush()
        row = OrderRequestRow
        statement = _REQUESTS
        parameters: dict[str, Any] = {}
        for name, column in (
            ("account_id", row.account_id),
            ("symbol", row.symbol),
            ("strategy_code", row.strategy_code),
        ):
            wanted = getattr(filter, name)
            if wanted is not None:
                statement = statement.where(column == bindparam(name))
                parameters[name] = wanted
        if filter.recorded_from is not None:
            statement = statement.where(row.recorded_at >= filter.recorded_from)
        if filter.recorded_before is not None:
            statement = statement.where(row.recorded_at < filter.recorded_before)
        if after is not None:
            statement = statement.where(after_key(row.recorded_at, row.request_id, after))
        statement = statement.order_by(row.recorded_at, row.request_id).limit(limit + 1)
        found = self._hydrated(self._buffer.fetch_dynamic(statement, parameters))
        return page_of(
            [self._with_order(request) for request in found], limit, lambda r: PageKey(r.recorded_at, r.request_id)
        )

    def _hydrated(self, found: Sequence[Any]) -> Sequence[RecordedRequest]:
        """The requests of some rows, with their checks; those that are known already as they are known."""
        if not found:
            return []
        checks: dict[tuple[str, str], list[RecordedCheck]] = {}
        for row in self._checks([row.request_id for row in found]):
            check = rows.read(self._buffer.url, "order_risk_checks", partial(rows.check_of, row))
            checks.setdefault((row.account_id, row.request_id), []).append(check)
        return [self._read(row, checks.get((row.account_id, row.request_id), ())) for row in found]

    def _checks(self, request_ids: Sequence[str]) -> Sequence[Any]:
        if len(request_ids) == 1:
            return self._buffer.fetch(_CHECKS_OF_ONE, {"request_id": request_ids[0]})
        return self._buffer.fetch_dynamic(_CHECKS_OF_SOME, {"request_ids": request_ids})

    def _read(self, row: Any, checks: Iterable[RecordedCheck]) -> RecordedRequest:
        known = self._known.get(row.request_id)
        if known is not None:  # perhaps with what this unit of work has not written yet
            return known
        request = rows.read(self._buffer.url, "order_requests", lambda: rows.request_of(row, tuple(checks)))
        self._known[request.request_id] = request
        return request

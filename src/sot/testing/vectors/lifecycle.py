"""Vectors of kind `lifecycle`: the facts of one order, and what the order is after each."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import attrs

from sot.application.history import OrderHistory
from sot.application.orders.reports import record
from sot.application.support.record_result import RecordResult
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.times import utc_time
from sot.domain.values.vocabulary import VENUE_EVENT_TYPES, EventType, Origin
from sot.ports.store import Store, UnitOfWork
from sot.testing.vectors.figures import figure, wanted
from sot.testing.vectors.instruments import SYMBOL, VENUE, instruments_of
from sot.testing.vectors.result import Result

FACT_KEYS = frozenset({"t", "branch", "type", "expect", "refused", "answers"})
"""The keys of a fact that are no fields of what is recorded."""

_COMMANDS = {
    EventType.SUBMITTED: "mark_sent",
    EventType.CANCEL_REQUESTED: "mark_sent",
    EventType.REPLACE_REQUESTED: "mark_sent",
    EventType.FAILED: "mark_failed",
    EventType.CANCEL_FAILED: "mark_failed",
    EventType.REPLACE_FAILED: "mark_failed",
    EventType.SUBMISSION_UNKNOWN: "mark_unknown",
    EventType.CANCEL_UNKNOWN: "mark_unknown",
    EventType.REPLACE_UNKNOWN: "mark_unknown",
}


def run_lifecycle(store: Store, vector: Mapping[str, Any], result: Result) -> None:
    """Record an order's facts one by one and compare the order after each."""
    account_id = f"conformance-{store.ids.new_id()}"
    order = _start_order(store, account_id, vector)
    for number, fact in enumerate(vector["facts"], 1):
        where = f"{vector['id']} fact {number} ({fact['type']})"
        with store.begin() as uow:
            outcome = result.attempt(where, fact, partial(order.record, uow, fact))
            if outcome is None:
                continue
            order.compare(uow, where, fact.get("expect") or {}, outcome, result)
            if fact.get("branch") != "alt":
                uow.commit()


def _start_order(store: Store, account_id: str, vector: Mapping[str, Any]) -> "_OrderUnderTest":
    """Register the instrument; submit the request and mark it as sent, as far as the vector says so."""
    request = dict(vector["request"])
    external = {"symbol": SYMBOL, "side": request["side"], "order_quantity": request.get("quantity")}
    order = _OrderUnderTest(account_id, {**external, "time_in_force": request.get("time_in_force")})
    with store.begin() as uow:
        history = OrderHistory(uow)
        for instrument in instruments_of(vector, account_id):
            history.register(instrument)
        submitted = vector.get("submitted", True)
        if submitted or EventType(vector["facts"][0]["type"]) not in VENUE_EVENT_TYPES:
            fields = {"account_id": account_id, "venue": VENUE, "symbol": SYMBOL, **request}
            order.request_id = history.submit(OrderRequest.read(fields)).request_id
        if submitted:
            order.order_id = history.mark_sent(order.request_id).order_id
        uow.commit()
    return order


@attrs.define
class _OrderUnderTest:
    """The order of a vector, whose `terms` are those of an external order if no request made it."""

    account_id: str
    terms: Mapping[str, Any]
    request_id: str = ""
    order_id: str | None = None
    amendments: dict[str, str] = attrs.field(factory=dict)

    def record(self, uow: UnitOfWork, fact: Mapping[str, Any]) -> RecordResult:
        """Record one fact."""
        history = OrderHistory(uow)
        fields = {name: value for name, value in fact.items() if name not in FACT_KEYS and value is not None}
        type = EventType(fact["type"])
        command = _COMMANDS.get(type)
        if command is not None:
            request_id = self._request_id(history, type, fields)
            reason = {} if command == "mark_sent" else {"reason": fields.pop("reason", "a test")}
            result: RecordResult = getattr(history, command)(request_id, **reason, **_times(fields))
        elif type is EventType.MARKED:
            result = history.mark(self.order_id or "", fields["mark"], **_times(fields))
        elif type is EventType.VOIDED:
            target = {name: fields[name] for name in ("sequence", "exec_id", "leg") if name in fields}
            reason_text = fields.get("reason", "a test")
            result = history.void(self.order_id or "", reason=reason_text, **target, **_times(fields))
        elif type is EventType.RESOLVED:
            status = fields.get("resolved_status")
            result = history.resolve(self.order_id or "", reason="a test", status=status, **_times(fields))
        else:
            report = self._report({"type": fact["type"], **fields})
            if "answers" in fact:
                result = record(uow, report, Origin.VENUE, self.amendments[fact["answers"]])
            else:
                result = history.record(report) if self.order_id else history.adopt(report)
        self.order_id = self.order_id or result.order_id
        return result

    def _report(self, fields: Mapping[str, Any]) -> VenueReport:
        """A venue report; the first one of an external order makes the order, and has its terms."""
        report = {"account_id": self.account_id, "venue": VENUE, **fields}
        if not {"client_order_id", "venue_order_id", "orig_client_order_id"} & fields.keys():
            report["order_id"] = self.order_id
        return VenueReport.read(report if self.order_id else {**self.terms, **report})

    def _request_id(self, history: OrderHistory, type: EventType, fields: dict[str, Any]) -> str:
        """The id of the request that a command is about; an amendment is submitted when it is first named."""
        if type in (EventType.SUBMITTED, EventType.FAILED, EventType.SUBMISSION_UNKNOWN):
            return self.request_id
        action = "CANCEL" if type.startswith("CANCEL") else "REPLACE"
        client_order_id = fields.pop("client_order_id")
        terms: dict[str, Any] = {name: fields.pop(name) for name in ("quantity", "limit_price") if name in fields}
        if action == "REPLACE" and not terms:
            terms = {"quantity": "1"}
        if client_order_id not in self.amendments:
            request: dict[str, Any] = {
                "account_id": self.account_id,
                "action": action,
                "client_order_id": client_order_id,
                "target_order_id": self.order_id,
                **terms,
            }
            self.amendments[client_order_id] = history.submit(OrderRequest.read(request)).request_id
        return self.amendments[client_order_id]

    def compare(
        self, uow: UnitOfWork, where: str, expect: Mapping[str, Any], outcome: RecordResult, result: Result
    ) -> None:
        """Compare the expected figures with the order as it is now."""
        history = OrderHistory(uow)
        order = history.order(self.order_id) if self.order_id else None
        names = self._names()
        for name, expected in expect.items():
            result.expect(where, name, wanted(name, expected, names), figure(history, order, outcome, name, names))

    def _names(self) -> Mapping[str, str]:
        """What vectors call ids, by id."""
        amendments = {request_id: f"$request:{name}" for name, request_id in self.amendments.items()}
        known = {self.account_id: "$account", self.request_id: "$request", self.order_id or "": "$order", **amendments}
        return {value: name for value, name in known.items() if value}


def _times(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"occurred_at": utc_time("occurred_at", fields["occurred_at"])} if "occurred_at" in fields else {}

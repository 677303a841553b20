"""A life of a store in steps, each of which is one use case in one transaction; together they are all use cases."""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from decimal import Decimal as D
from typing import Any

import attrs

from sot import (
    AccountEvent,
    AccountEventType,
    DecisionContext,
    EventType,
    Fee,
    IllegalTransition,
    OrderHistory,
    OrderRequest,
    RiskCheck,
    VenueReport,
)
from sot.adapters.venues.simulated import SimulatedVenue
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.audit import rebuild, seal
from sot.errors import Conflict
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import (
    ACCOUNT,
    SYMBOL,
    VENUE,
    api_key,
    idempotency_record,
    new_order_request,
    reconciliation_row,
    spot_instrument,
    trade_report,
)
from sot.testing.contract.transactions import add_full_reconciliation, add_reconciliation
from sot.testing.fakes import CountedIds, ManualClock

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
IDS_OF_A_STEP = 1_000


@attrs.frozen
class Step:
    """A use case of the life.

    Attributes:
        name: Its name.
        run: Runs it on a store, in one transaction unless it is not atomic. Running it again changes nothing.
        is_atomic: Whether it is one transaction.
    """

    name: str
    run: Callable[[Any], object]
    is_atomic: bool = True


def clock_of(number: int) -> ManualClock:
    """The clock of a step."""
    return ManualClock(T0 + number * MINUTE)


def ids_of(number: int) -> CountedIds:
    """The ids of a step, the same whenever it is run."""
    ids = CountedIds()
    ids._count = number * IDS_OF_A_STEP
    return ids


def _history(command: Callable[[OrderHistory], object]) -> Callable[[Any], object]:
    return lambda store: store.run(lambda uow: command(OrderHistory(uow)))


def _once(error: type[Exception], command: Callable[[OrderHistory], object]) -> Callable[[Any], object]:
    """Run a command that is refused where it has been done before."""

    def run(store: Any) -> object:
        with suppress(error):
            return _history(command)(store)

    return run


def _request_id(history: OrderHistory, name: str) -> str:
    return history.find_request(ACCOUNT, name).request_id


def _order_id(history: OrderHistory, name: str) -> str:
    return history.find_order(ACCOUNT, name, VENUE).order_id


def _submit(name: str, **changes: Any) -> Callable[[OrderHistory], object]:
    return lambda h: h.submit(new_order_request(name, **changes))


def _send(name: str, **changes: Any) -> Callable[[OrderHistory], object]:
    """Submit and mark as sent, in one transaction."""
    return lambda h: h.mark_sent(h.submit(new_order_request(name, **changes)).request_id)


def _amend(name: str, target: str, **terms: Any) -> Callable[[OrderHistory], object]:
    def run(history: OrderHistory) -> object:
        fields = {"account_id": ACCOUNT, "client_order_id": name, "target_order_id": _order_id(history, target)}
        request = history.submit(OrderRequest(**fields, **terms))
        return history.mark_sent(request.request_id)

    return run


def _report(type: str, name: str | None = None, **fields: Any) -> VenueReport:
    return VenueReport(account_id=ACCOUNT, venue=VENUE, type=EventType(type), client_order_id=name, **fields)


def _record(*reports: VenueReport) -> Callable[[OrderHistory], object]:
    return lambda h: [h.record(report) for report in reports]


def _account_event(type: str, external_id: str, **fields: Any) -> Callable[[OrderHistory], object]:
    event = AccountEvent(
        account_id=ACCOUNT,
        type=AccountEventType(type),
        venue=VENUE,
        symbol=SYMBOL,
        occurred_at=T0,
        external_id=external_id,
        **fields,
    )
    return lambda h: h.record_account_event(event)


_EXTERNAL = _report(
    "TRADE", venue_order_id="X", symbol=SYMBOL, side="BUY", order_type="MARKET", exec_id="X1", last_quantity=D("0.5"),
    last_price=D(105), occurred_at=T0,
)  # fmt: skip
_OF_AN_UNKNOWN = _report(
    "TRADE", venue_order_id="W", symbol=SYMBOL, side="BUY", order_type="MARKET", exec_id="W1", last_quantity=D(1),
    last_price=D(99), occurred_at=T0,
)  # fmt: skip


def _waiting(history: OrderHistory, exec_id: str) -> str | None:
    return next((each.report_id for each in history.waiting(ACCOUNT) if each.report.exec_id == exec_id), None)


def _attribute_waiting(history: OrderHistory) -> None:
    report_id = _waiting(history, "E9")
    if report_id is not None:
        history.attribute_waiting(ACCOUNT, report_id, _order_id(history, "C3"))


def _adopt_waiting(history: OrderHistory) -> None:
    report_id = _waiting(history, "W1")
    if report_id is not None:
        history.adopt_waiting(ACCOUNT, report_id, "me")


def _attribute(history: OrderHistory) -> None:
    external = history.find_order(ACCOUNT, venue=VENUE, venue_order_id="X").order_id
    ours = _order_id(history, "C3")
    if external != ours:
        history.attribute(external, ours, reason="it is ours", occurred_at=T0)


def _add_findings(store: Any) -> None:
    def use_case(uow: Any) -> None:
        if not uow.reconciliations.list(ReconciliationFilter(), None, 1).items:
            run, *_ = add_full_reconciliation(uow)
            add_reconciliation(uow, reconciliation_row("FINDING", run_id=run.record_id))

    store.run(use_case)


def _accept_finding(history: OrderHistory) -> None:
    for finding in history.findings(ReconciliationFilter(is_open=True)).items:
        history.accept_finding(finding.record_id, reason="looked", actor="me")


def _access(store: Any) -> None:
    def use_case(uow: Any) -> None:
        if not list(uow.api_keys.list()):
            uow.api_keys.add(api_key("k1"))
            uow.idempotency_records.add(idempotency_record("i1"))

    store.run(use_case)


def _reconcile(store: Any) -> None:
    limits = ReconciliationLimits(grace=timedelta(0), pause=timedelta(0))
    venue = SimulatedVenue(VENUE, prices={SYMBOL: D(100)}, clock=store.clock)
    reconcile(store, venue, ACCOUNT, limits=limits, sleep=lambda seconds: None)


_CHECKS = [RiskCheck(rule_code="a", passed=True, message="fine"), RiskCheck(rule_code="b", passed=True)]
_CHECK = RiskCheck(rule_code="c", passed=True)
_CONTEXT = DecisionContext(indicators={"a": "1"}, market_snapshot={"decision_price": "99"})
_CORRECTED = attrs.evolve(spot_instrument(), kind="MARGIN", corrects=[spot_instrument().valid_from])

STEPS = (
    Step("create the schema", lambda store: None),
    Step("register", _history(lambda h: h.register(spot_instrument()))),
    Step("submit", _history(lambda h: h.submit(new_order_request("C1", strategy_code="s"), _CONTEXT, _CHECKS))),
    Step("add_risk_check", _history(lambda h: h.add_risk_check(_request_id(h, "C1"), _CHECK))),
    Step("mark_sent", _once(IllegalTransition, lambda h: h.mark_sent(_request_id(h, "C1"), T0, "me"))),
    Step("record NEW", _history(_record(_report("NEW", "C1", venue_order_id="V1", occurred_at=T0)))),
    Step("record TRADE", _history(_record(trade_report("C1", "E1", fees=[Fee(D("0.1"), "BASE"), Fee(D(2), "TOKEN")])))),
    Step("record two", _history(_record(trade_report("C1", "E2", "2"), trade_report("C1", "E3", "1", "101")))),
    Step(
        "record TRADE_CORRECT",
        _history(
            _record(
                _report("TRADE_CORRECT", "C1", exec_id="E2c", exec_ref_id="E2", last_quantity=D(2), last_price=D(102))
            )
        ),
    ),
    Step("record TRADE_CANCEL", _history(_record(_report("TRADE_CANCEL", "C1", exec_id="E1b", exec_ref_id="E1")))),
    Step("record an early trade", _history(_record(trade_report("C1", "E0", "1", "90", occurred_at=T0 - MINUTE)))),
    Step("mark", _history(lambda h: h.mark(_order_id(h, "C1"), D(110), {"TOKEN": D(2)}))),
    Step("void", _once(IllegalTransition, lambda h: h.void(_order_id(h, "C1"), exec_id="E3", reason="not ours"))),
    Step("record a waiting report", _history(_record(trade_report("C2", "E8", "1", venue_order_id="V2")))),
    Step("send what is waited for", _once(IllegalTransition, _send("C2"))),
    Step("record a repeat", _history(_record(trade_report("C2", "E8", "1", venue_order_id="V2b")))),
    Step("send another", _once(IllegalTransition, _send("C3", position_side="LONG", position_id="p"))),
    Step(
        "wait again",
        _history(_record(_report("TRADE", venue_order_id="V9", exec_id="E9", last_quantity=D(1), last_price=D(98)))),
    ),
    Step("attribute_waiting", _history(_attribute_waiting)),
    Step("wait for adoption", _history(_record(_OF_AN_UNKNOWN))),
    Step("adopt_waiting", _history(_adopt_waiting)),
    Step("adopt", _history(lambda h: h.adopt(_EXTERNAL))),
    Step("attribute", _history(_attribute)),
    Step("account event", _history(_account_event("FUNDING", "F1", amount=D(-1), currency="QUOTE"))),
    Step("transfer", _history(_account_event("TRANSFER", "F2", quantity=D(3), cost=D(290)))),
    Step("split", _history(_account_event("SPLIT", "F3", split_to=D(2), split_from=D(1)))),
    Step("send in doubt", _once(IllegalTransition, _send("C6"))),
    Step("mark_unknown", _once(IllegalTransition, lambda h: h.mark_unknown(_request_id(h, "C6"), "timeout", T0))),
    Step("resolve", _once(IllegalTransition, lambda h: h.resolve(_order_id(h, "C6"), status="FAILED", reason="asked"))),
    Step("request a cancel", _once(IllegalTransition, _amend("X1", "C2", action="CANCEL"))),
    Step("record CANCELED", _history(_record(_report("CANCELED", "X1", orig_client_order_id="C2")))),
    Step("request a replacement", _once(IllegalTransition, _amend("R1", "C1", action="REPLACE", quantity=D(12)))),
    Step(
        "record REPLACED", _history(_record(_report("REPLACED", "R1", orig_client_order_id="C1", order_quantity=D(12))))
    ),
    Step("submit and fail", _history(_submit("C4"))),
    Step("mark_failed", _once(IllegalTransition, lambda h: h.mark_failed(_request_id(h, "C4"), "no route", T0))),
    Step("submit and withdraw", _history(_submit("C5"))),
    Step("withdraw", _once(IllegalTransition, lambda h: h.withdraw(_request_id(h, "C5"), "no", "me", T0))),
    Step("correct the instrument", _once(Conflict, lambda h: h.register(_CORRECTED))),
    Step("find differences", _add_findings),
    Step("accept_finding", _history(_accept_finding)),
    Step("access", _access),
    Step("seal", lambda store: store.run(seal)),
    Step("rebuild", rebuild, is_atomic=False),
    Step("reconcile", _reconcile, is_atomic=False),
)
"""The life, in order."""

"""The public value classes, and values of them from a history in memory."""

import importlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Any

import attrs

from sot import AccountEvent, DecisionContext, Executor, Fee, OrderHistory, RiskCheck
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import SimulatedVenue
from sot.audit import prove, seal, verify
from sot.domain.values.json_form import JsonForm
from sot.domain.values.vocabulary import FactKind
from sot.importing import Remark, Skipped, Statement, import_history
from sot.queries import ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import add_full_reconciliation, submit_and_send, write_history
from sot.testing.fakes import ManualClock

FACES = ("sot", "sot.accounting", "sot.audit", "sot.importing", "sot.queries", "sot.venue")

PUBLIC_VALUES: Mapping[str, type[JsonForm]] = {
    name: value
    for face in map(importlib.import_module, FACES)
    for name in face.__all__
    if isinstance(value := getattr(face, name), type) and issubclass(value, JsonForm) and name != "Page"
}


def lived_values() -> Mapping[str, list[Any]]:
    """Values of the public classes, as a history and its audit return them, by the name of the class."""
    store = MemoryStore(ManualClock())
    found: dict[str, list[Any]] = defaultdict(list)
    for value in _results(store):
        _collect(value, found)
    return {name: found[name] for name in sorted(found)}


def _results(store: MemoryStore) -> list[Any]:
    fees = [Fee("0.5", "QUOTE"), Fee("0.1", "TOKEN", fee_id="fee-1")]
    context = DecisionContext(indicators={"a": "1"}, market_snapshot={"decision_price": "99"}, signal_strength="0.5")
    checks = [RiskCheck(rule_code="a", passed=True, message="fine"), RiskCheck(rule_code="b", passed=True)]
    funding = AccountEvent(
        account_id=ACCOUNT, type="FUNDING", venue=VENUE, symbol=SYMBOL, amount="-1", currency="QUOTE",
        external_id="F1", occurred_at=store.clock.now(),
    )  # fmt: skip
    write_history(store, lambda h: h.register(spot_instrument()))
    request = write_history(store, lambda h: h.submit(new_order_request("C1", strategy_code="trend"), context, checks))
    order = write_history(store, lambda h: h.mark_sent(request.request_id, actor="me"))
    results: list[Any] = [request, order]
    reports = [
        trade_report("C1", "E1", fees=fees, venue_order_id="V1", occurred_at=store.clock.now()),
        trade_report("NOBODY", "E9"),
        attrs.evolve(trade_report("C1", "E1", fees=fees, venue_order_id="V1"), last_price=101),
        trade_report("C2", "E2", "0.5", side="SELL"),
    ]
    submit_and_send(store, "C2", side="SELL")
    for report in reports:
        store.clock.move(timedelta(seconds=1))
        results.append(write_history(store, lambda h, report=report: h.record(report)))
    results.append(write_history(store, lambda h: h.record_account_event(funding)))
    results.append(write_history(store, lambda h: h.mark(order.order_id, "102")))
    write_history(store, lambda h: add_full_reconciliation(h._uow))
    results.append(store.run(seal))
    results.append(store.run(lambda uow: prove(uow, FactKind.EVENT, ACCOUNT, order.order_id, 1), read_only=True))
    results.append(verify(store))
    results += store.run(lambda uow: _read(OrderHistory(uow), order.order_id), read_only=True)
    intent = write_history(store, lambda h: h.submit(new_order_request("C3")))
    results.append(Executor(store, SimulatedVenue(VENUE, prices={}, clock=store.clock)).prepare(intent.request_id))
    return [*results, *_imported(store)]


def _imported(store: MemoryStore) -> list[Any]:
    """The summary of an import, and items of a source."""
    items = [
        Skipped(reason="no price", row={"a": "1"}, location="line 2"),
        Remark(text="rounded", row={"a": "2"}),
        Statement(figure="REALIZED_GROSS", venue=VENUE, symbol=SYMBOL, currency="QUOTE", amount="7", row={"a": "3"}),
    ]
    return [*items, import_history(store, items)]


def _read(history: OrderHistory, order_id: str) -> list[Any]:
    waiting = list(history.waiting(ACCOUNT))
    return [
        history.requests().items, history.orders().items, list(history.events(order_id)),
        list(history.timeline(order_id)), list(history.fills(order_id)), history.costs(order_id),
        list(history.pnl_snapshots(order_id)), history.explain(order_id),
        history.recorded_instruments(ACCOUNT, VENUE, SYMBOL),
        list(history.findings(ReconciliationFilter())), waiting, [history.why_waiting(report) for report in waiting],
        list(history.checkpoints()), history.position(ACCOUNT, VENUE, SYMBOL, method="FIFO"),
        list(history.positions(ACCOUNT)), list(history.round_trips(ACCOUNT, venue=VENUE)),
        history.realized(ACCOUNT), history.contributions(ACCOUNT), history.cost_analysis(ACCOUNT),
        history.capital_gains(ACCOUNT),
        history.balances(ACCOUNT, VENUE), list(history.balance_movements(ACCOUNT, VENUE, asset="QUOTE")),
        list(history.account_events()), list(history.reported_positions(ACCOUNT, "QUOTE")),
    ]  # fmt: skip


def _collect(value: Any, found: dict[str, list[Any]]) -> None:
    name = type(value).__name__
    if PUBLIC_VALUES.get(name) is type(value) and value not in found[name]:
        found[name].append(value)
    for part in _parts(value):
        _collect(part, found)


def _parts(value: Any) -> Sequence[Any]:
    if attrs.has(type(value)):
        return [getattr(value, field.name) for field in attrs.fields(type(value))]
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, (list, tuple, AbstractSet)) else []

"""A history with facts of every kind, and the lines of its archive."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sot import AccountEvent, DecisionContext, EventType, Fee, RiskCheck, VenueReport
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.application.audit.archive import archive
from sot.application.audit.archived_facts import read_fact
from sot.application.audit.restore import restore, restore_checkpoint
from sot.audit import seal
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.values.documents import read_document
from sot.ports.reconciliation import ReconciliationFilter
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import (
    add_full_reconciliation,
    submit_and_send,
    write_history,
)
from sot.testing.fakes import ManualClock
from tests.support.postgres import fresh_url

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)
STORES = ["memory", "sqlite", "postgresql"]


def open_store(kind, folder, name="a"):
    clock = ManualClock()
    if kind == "memory":
        return MemoryStore(clock)
    return SqlAlchemyStore.open(f"sqlite:///{folder}/{name}.db" if kind == "sqlite" else fresh_url(), clock)


def record_every_kind(store):
    """Record facts of every kind, some of them flagged, and seal twice; return the checkpoints."""

    def first(h):
        h.register(spot_instrument())
        context = DecisionContext(indicators={"a": "1"}, market_snapshot={"decision_price": "99"})
        request = h.submit(new_order_request("C1", strategy_code="s"), context, [RiskCheck(rule_code="a", passed=True)])
        h.mark_sent(request.request_id, actor="me")
        h.withdraw(h.submit(new_order_request("C2")).request_id, "no")
        h.record(trade_report("C1", "E1", "2", "101", fees=[Fee(Decimal("0.1"), "BASE")], venue_order_id="V1"))
        h.record(trade_report("LATER", "E9", venue_order_id="V9"))
        common = {"account_id": ACCOUNT, "type": "FUNDING", "venue": VENUE, "symbol": SYMBOL, "occurred_at": T0}
        h.record_account_event(AccountEvent.read({**common, "amount": "-1", "currency": "QUOTE", "external_id": "F"}))
        h.record_account_event(AccountEvent.read({**common, "amount": "-2", "currency": "QUOTE", "external_id": "F"}))

    def second(h):
        order_id = h.find_order(ACCOUNT, "C1").order_id
        h.mark(order_id, Decimal(110), {"TOKEN": Decimal(2)})
        h.record(trade_report("C1", "E2", "1", "102"))
        h.void(order_id, exec_id="E2", reason="not our execution")
        h.record(trade_report("C1", "E1", "2", "101", venue_order_id="V1b"))  # a repeat with another identifier
        h.mark_sent(h.submit(new_order_request("LATER")).request_id)
        h.adopt(
            VenueReport(
                account_id=ACCOUNT, type=EventType.TRADE, venue=VENUE, venue_order_id="X", symbol=SYMBOL, side="SELL",
                order_type="MARKET", exec_id="X1", last_quantity=1, last_price=105, occurred_at=T0,
            )
        )  # fmt: skip

    checkpoints = []
    for part in (first, second):
        write_history(store, part)
        store.run(add_full_reconciliation)
        store.clock.move(timedelta(days=20))
        checkpoints.append(store.run(seal))
        store.clock.move(timedelta(days=20))
    submit_and_send(store, "UNSEALED")
    return checkpoints


def list_reconciliations(store):
    """All reconciliation rows of a store."""
    with store.begin(read_only=True) as uow:
        return uow.reconciliations.list(ReconciliationFilter(), None, 100).items


def archive_lines(store, *between):
    """The lines of a store's archive, or of those between two feed positions."""
    with store.begin(read_only=True) as uow:
        return list(archive(uow, *between))


def parse_lines(lines):
    """Each line as its key and fields."""
    return [next(iter(read_document(line).items())) for line in lines]


def restore_archive(store, lines):
    """Restore facts and checkpoints of an archive in one transaction; return the outcomes."""

    def use_case(uow):
        for key, fields in parse_lines(lines):
            if key == "fact":
                yield restore(uow, read_fact(fields))
            else:
                yield restore_checkpoint(uow, Checkpoint.read(fields))

    return store.run(lambda uow: list(use_case(uow)))

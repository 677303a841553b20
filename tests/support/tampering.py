"""A database with rows in every table, and a way to change them behind the store's back."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sqlalchemy import create_engine, text

from sot import (
    AccountEvent,
    DecisionContext,
    EventType,
    Fee,
    OrderHistory,
    RiskCheck,
    VenueReport,
)
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.models import FACTS
from sot.application.audit.seal import seal
from sot.application.audit.verification import verify
from sot.application.support.tracing import TracedStore
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import add_full_reconciliation, submit_and_send
from sot.testing.fakes import ManualClock
from tests.support.unguarded import triggers_dropped

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)


def record_every_table(url):
    """Make a store with rows in every table that is tampered with, sealed twice; return the checkpoints."""
    clock = ManualClock()
    store = SqlAlchemyStore.open(url, clock)
    fees = [Fee(Decimal("0.5"), "QUOTE"), Fee(Decimal("0.1"), "TOKEN")]

    def first(history: OrderHistory) -> None:
        history.register(spot_instrument())
        context = DecisionContext(
            indicators={"a": "1"}, market_snapshot={"decision_price": "99"}, signal_strength="0.5"
        )
        request = history.submit(
            new_order_request("C1", strategy_code="trend", limit_price=Decimal(100), requested_by="me"),
            context,
            [RiskCheck(rule_code="a", passed=True, message="fine"), RiskCheck(rule_code="b", passed=True)],
        )
        history.mark_sent(request.request_id, actor="me")
        history.withdraw(history.submit(new_order_request("C2")).request_id, "no", "me", T0)
        history.record(trade_report("C1", "E1", fees=fees, venue_order_id="V1", occurred_at=T0))
        history.record(trade_report("UNKNOWN", "E9"))
        funding = {"amount": "-1", "currency": "QUOTE", "external_id": "F1", "strategy_code": "trend"}
        history.record_account_event(
            AccountEvent.read(
                {
                    "account_id": ACCOUNT,
                    "type": "FUNDING",
                    "venue": VENUE,
                    "symbol": SYMBOL,
                    "occurred_at": T0,
                    **funding,
                }
            )
        )

    def second(history: OrderHistory) -> None:
        order_id = history.find_order(ACCOUNT, "C1").order_id
        history.mark(order_id, Decimal(110), {"TOKEN": Decimal(2)})
        history.record(trade_report("C1", "E2", "2", "101", occurred_at=T0 + timedelta(seconds=5)))
        history.record(trade_report("C1", "E3", "1", "102", occurred_at=T0 + timedelta(seconds=6)))
        history.void(order_id, exec_id="E3", reason="not our execution")
        history.adopt(
            VenueReport(
                account_id=ACCOUNT, type=EventType.TRADE, venue=VENUE, venue_order_id="X", symbol=SYMBOL, side="SELL",
                order_type="MARKET", exec_id="X1", last_quantity="0.5", last_price=105, occurred_at=T0,
            )
        )  # fmt: skip

    checkpoints = []
    for part in (first, second):
        TracedStore(store, f"during {part.__name__}").run(lambda uow, part=part: part(OrderHistory(uow)))
        if part is first:
            store.run(add_full_reconciliation)
        clock.move(timedelta(hours=1))
        checkpoints.append(store.run(seal))
        clock.move(timedelta(hours=1))
    submit_and_send(store, "LATER")
    store.close()
    assert all(checkpoints)
    return checkpoints


class Tampering:
    """Changes rows of a database behind the store's back, past the triggers of append-only tables."""

    def __init__(self, kind, url):
        self.kind, self.url = kind, url
        self.engine = create_engine(url)

    def __call__(self, statement, **parameters):
        """Execute a statement."""
        with self.engine.begin() as connection:
            if self.kind == "sqlite":
                with triggers_dropped(connection.exec_driver_sql, mentioned_in=statement):
                    connection.execute(text(statement), parameters)
                return
            connection.execute(text("SET session_replication_role = replica"))
            guarded = [table.name for table in FACTS if table.name in statement]
            for table in guarded:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER {table}_no_change"))
            connection.execute(text(statement), parameters)
            for table in guarded:
                connection.execute(text(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change"))

    def unguarded(self, statement):
        """Execute a statement as it is, such as one that changes the schema."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    def rows(self, query, **parameters):
        """The rows of a query, as dictionaries."""
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(text(query), parameters).mappings()]

    def problems(self, checkpoints=()):
        """The problems that verification finds in the database."""
        store = SqlAlchemyStore.open(self.url)
        try:
            return verify(store, checkpoints).problems
        finally:
            store.close()

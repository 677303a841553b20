"""Importing: origin, order, external orders, what is refused, figures that differ."""

from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from sot import AccountEvent, Fee, Instrument, OrderHistory, OrderRequest, OrderStatus, VenueReport
from sot.application.importing.importer import import_history
from sot.application.importing.summary import ImportedKind
from sot.domain.values.vocabulary import EventType, Origin
from sot.ports.orders import OrderFilter
from sot.ports.readers import Remark, Skipped, StatedFigure, Statement

AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
ABC = Instrument(account_id="main", venue="X", symbol="ABC", kind="EQUITY", base="ABC", quote="USD")


def trade(id, side="BUY", quantity=10, price=5, order=None, minutes=0, fee=None, sequence=1):
    return VenueReport(
        account_id="main",
        type="TRADE",
        venue="X",
        symbol="ABC",
        venue_order_id=order or f"o{id}",
        exec_id=str(id),
        side=side,
        last_quantity=quantity,
        last_price=price,
        fees=[] if fee is None else [Fee(amount=fee, currency="USD")],
        occurred_at=AT + timedelta(minutes=minutes),
        venue_sequence=sequence,
        raw_payload={"id": str(id)},
    )


def statement(figure, amount, currency="USD", symbol="ABC", digits=2):
    return Statement(figure=figure, venue="X", symbol=symbol, currency=currency, amount=amount, fraction_digits=digits)


READS = ExitStack()


@pytest.fixture(autouse=True)
def _close_reads(make_store):
    yield
    READS.close()


def history(store):
    return OrderHistory(READS.enter_context(store.begin(read_only=True)))


def orders(store):
    return list(history(store).orders(OrderFilter(account_id="main")))


def test_executions_make_external_orders_of_origin_import(store):
    summary = import_history(store, [trade(2, "SELL", 4, 7, minutes=5), ABC, trade(1)])
    assert {kind: count.recorded for kind, count in summary.counts.items()} == {
        ImportedKind.INSTRUMENTS: 1,
        ImportedKind.ORDERS: 2,
        ImportedKind.FILLS: 2,
        ImportedKind.FEES: 0,
        ImportedKind.REPORTS: 0,
        ImportedKind.EVENTS: 0,
    }
    for order in orders(store):
        events = list(history(store).events(order.order_id))
        assert [event.origin for event in events] == [Origin.IMPORT, Origin.IMPORT]
        assert order.request_id is None
        assert order.is_open
    assert history(store).position("main", "X", "ABC").realized_gross == 8


def test_finished_orders_are_closed_as_of_their_last_execution(store):
    facts = [ABC, trade(1, order="o"), trade(2, order="o", minutes=3)]
    import_history(store, facts, finished_orders=True)
    [order] = orders(store)
    assert (order.status, order.is_open, order.state.cum_quantity) == (OrderStatus.FILLED, False, 20)
    assert import_history(store, facts, finished_orders=True).adds_nothing


def test_a_later_file_adds_executions_to_an_order_that_was_closed(store):
    import_history(store, [ABC, trade(1, order="o")], finished_orders=True)
    import_history(store, [ABC, trade(1, order="o"), trade(2, order="o", minutes=3)], finished_orders=True)
    [order] = orders(store)
    assert (order.status, order.state.cum_quantity) == (OrderStatus.FILLED, 20)


def test_an_order_of_ours_is_neither_adopted_nor_closed(store):
    request = OrderRequest(
        account_id="main",
        client_order_id="mine",
        venue="X",
        symbol="ABC",
        side="BUY",
        order_type="MARKET",
        quantity=30,
    )
    with store.begin() as uow:
        own = OrderHistory(uow)
        own.register(ABC)
        recorded = own.submit(request)
        own.mark_sent(recorded.request_id)
        own.record(VenueReport(account_id="main", type="NEW", venue="X", client_order_id="mine", venue_order_id="o"))
        uow.commit()
    import_history(store, [ABC, trade(1, order="o")], finished_orders=True)
    [order] = orders(store)
    assert (order.request_id, order.status) == (recorded.request_id, OrderStatus.PARTIALLY_FILLED)


def test_what_is_refused_is_skipped_and_the_rest_recorded(store):
    other = ABC.changed(multiplier=Decimal(2))
    summary = import_history(store, [ABC, trade(1), other])
    [skipped] = summary.skipped
    assert "different multiplier" in skipped.reason
    assert summary.counts[ImportedKind.FILLS].recorded == 1
    assert not summary.agrees


def test_an_instrument_that_is_registered_with_the_same_terms_is_known(store):
    later = ABC.changed(valid_from=AT)
    import_history(store, [later])
    summary = import_history(store, [ABC])
    assert summary.adds_nothing and summary.agrees


def test_skipped_rows_and_remarks_are_counted(store):
    summary = import_history(
        store,
        [
            Skipped(reason="no price", row={"a": "1"}),
            Skipped(reason="a subtotal", row={"a": "2"}, expected=True),
            Remark(text="rounded"),
            Remark(text="rounded"),
        ],
    )
    assert [each.reason for each in summary.skipped] == ["no price"]
    assert summary.expected == {"a subtotal": 1}
    assert summary.remarks == {"rounded": 2}
    assert not summary.agrees


FACTS = [ABC, trade(1, fee="0.5"), trade(2, "SELL", 4, 7, minutes=5, fee="0.25")]


@pytest.mark.parametrize(
    ("figure", "amount"),
    [
        (StatedFigure.REALIZED_GROSS, "8"),
        (StatedFigure.REALIZED_NET, "7.55"),
        (StatedFigure.REALIZED_PAID, "7.25"),
        (StatedFigure.FEES, "0.75"),
    ],
)
def test_figures_of_the_source_are_compared(store, figure, amount):
    summary = import_history(store, [*FACTS, statement(figure, amount)])
    assert (summary.figures, summary.differences) == (1, ())
    summary = import_history(store, [*FACTS, statement(figure, Decimal(amount) + Decimal("0.01"))])
    [difference] = summary.differences
    assert (difference.figure, difference.stated - difference.computed) == (figure, Decimal("0.01"))
    assert difference.difference == Decimal("0.01")


def test_rounding_of_each_stated_figure_is_no_difference(store):
    rounded = [statement(StatedFigure.REALIZED_GROSS, amount, digits=0) for amount in ("4", "5")]
    assert import_history(store, [*FACTS, *rounded]).agrees
    assert not import_history(store, [*FACTS, *rounded, statement(StatedFigure.REALIZED_GROSS, "1")]).agrees


def test_results_are_those_of_the_source_alone(store):
    import_history(store, [ABC, trade(1), trade(9, "SELL", 1, 100, minutes=1)])
    summary = import_history(store, [trade(2, "SELL", 4, 7, minutes=5), statement(StatedFigure.REALIZED_GROSS, "8")])
    assert summary.agrees


def test_quantities_balances_and_payments_are_compared(store):
    event = AccountEvent(
        account_id="main",
        type="DIVIDEND",
        venue="X",
        symbol="ABC",
        amount="1.5",
        currency="USD",
        external_id="d1",
        occurred_at=AT,
        raw_payload={},
    )
    stated = [
        statement(StatedFigure.QUANTITY, "6", currency=None),
        statement(StatedFigure.EVENTS, "1.5"),
        statement(StatedFigure.BALANCE, "-21.25", symbol=None),
        statement(StatedFigure.BALANCE, "6", currency="ABC", symbol=None),
    ]
    summary = import_history(store, [*FACTS, event, *stated])
    assert (summary.figures, summary.differences) == (4, ())


def test_quantities_and_balances_are_those_when_the_source_ends(store):
    stated = [
        statement(StatedFigure.QUANTITY, "6", currency=None),
        statement(StatedFigure.BALANCE, "-22.75", symbol=None),
    ]
    assert import_history(store, [*FACTS, *stated]).agrees
    import_history(store, [trade(3, minutes=90)])
    assert import_history(store, [*FACTS, *stated]).agrees
    assert import_history(store, [*FACTS, *stated], dry_run=True).agrees
    assert not import_history(store, [trade(3, minutes=90), *stated]).agrees


def test_a_figure_without_facts_differs(store):
    summary = import_history(store, [statement(StatedFigure.REALIZED_GROSS, "1")])
    [difference] = summary.differences
    assert (difference.computed, difference.difference) == (None, None)


def test_a_source_that_cannot_be_read_writes_nothing(store):
    def items():
        yield ABC
        yield trade(1)
        raise ValueError("not this format")

    with pytest.raises(ValueError, match="not this format"):
        import_history(store, items(), batch=1)
    assert orders(store) == []


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_batches_make_no_difference(store, batch):
    facts = [ABC, *(trade(number, minutes=number) for number in range(5))]
    progress = []
    import_history(store, facts, batch=batch, progress=lambda kind, more: progress.append((kind, more)))
    assert len(orders(store)) == 5
    assert sum(more for kind, more in progress if kind == "facts") == 6


def test_opposite_executions_of_one_moment_keep_the_order_of_the_file(store):
    facts = [ABC, trade("z", quantity=1, price=1, sequence=1), trade("a", "SELL", 1, 2, sequence=2)]
    import_history(store, [facts[0], facts[2], facts[1]])
    position = history(store).position("main", "X", "ABC")
    assert (position.realized_gross, position.order_assumed) == (1, False)


def test_a_report_that_may_be_about_several_orders_waits(store):
    import_history(store, [ABC])
    with store.begin() as uow:
        own = OrderHistory(uow)
        own.submit(
            OrderRequest(
                account_id="main",
                client_order_id="mine",
                venue="X",
                symbol="ABC",
                side="BUY",
                order_type="MARKET",
                quantity=3,
            )
        )
        uow.commit()
    report = trade(1).changed(client_order_id="mine", venue_order_id=None)
    summary = import_history(store, [report])
    assert summary.waiting == 1
    assert not summary.agrees


def test_event_types_of_closing_are_statuses(store):
    import_history(store, [ABC, trade(1)], finished_orders=True)
    [order] = orders(store)
    types = [event.type for event in history(store).events(order.order_id)]
    assert types == [EventType.CREATED, EventType.TRADE, EventType.ORDER_STATUS]


def test_a_later_file_brings_an_earlier_execution_of_an_order_that_was_closed(store):
    import_history(store, [ABC, trade(2, order="o", minutes=3)], finished_orders=True)
    summary = import_history(store, [ABC, trade(1, order="o"), trade(2, order="o", minutes=3)], finished_orders=True)
    [order] = orders(store)
    assert (order.status, order.is_open, order.state.cum_quantity) == (OrderStatus.FILLED, False, 20)
    assert summary.agrees

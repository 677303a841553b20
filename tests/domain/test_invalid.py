"""What makes a report INVALID is said in words, with the field."""

from decimal import Decimal

import pytest

from sot import Instrument, OrderHistory, OrderRequest, VenueReport
from sot.domain.orders.invalid import why_invalid
from sot.domain.values.vocabulary import Anomaly


@pytest.fixture
def history(store):
    with store.begin() as uow:
        history = OrderHistory(uow)
        for symbol in ("A", "B"):
            history.register(
                Instrument(account_id="main", venue="X", symbol=symbol, kind="MARGIN", base=symbol, quote="USD")
            )
        yield history


def sent(history):
    request = OrderRequest(
        account_id="main",
        client_order_id="c1",
        venue="X",
        symbol="A",
        side="BUY",
        order_type="MARKET",
        quantity=Decimal(5),
    )
    return history.mark_sent(history.submit(request).request_id).order_id


CASES = [
    ({"last_quantity": Decimal(0)}, [("last_quantity", "0 is not greater than zero")]),
    ({"last_quantity": Decimal("-1.50")}, [("last_quantity", "-1.5 is not greater than zero")]),
    ({"last_quantity": None}, [("last_quantity", "it is missing: a TRADE needs it")]),
    ({"cum_quantity": Decimal(-1)}, [("cum_quantity", "-1 is negative")]),
    ({"side": "SELL"}, [("side", "SELL is not the side of the order, which is BUY")]),
    ({"symbol": "B"}, [("symbol", "B is not the symbol of the order, which is A")]),
    ({"venue": "Y"}, [("venue", "Y is not the venue of the order, which is X")]),
    ({"type": "TRADE_CANCEL"}, [("exec_ref_id", "it is missing: a TRADE_CANCEL needs it")]),
    (
        {"last_quantity": Decimal(0), "leaves_quantity": Decimal(-2), "side": "SELL"},
        [
            ("last_quantity", "0 is not greater than zero"),
            ("leaves_quantity", "-2 is negative"),
            ("side", "SELL is not the side of the order, which is BUY"),
        ],
    ),
]


@pytest.mark.parametrize(("fields", "expected"), CASES)
def test_the_fields_and_the_reasons(history, fields, expected):
    order_id = sent(history)
    fields = {"type": "TRADE", "exec_id": "e1", "last_quantity": Decimal(1), "last_price": Decimal(10), **fields}
    result = history.record(VenueReport(account_id="main", order_id=order_id, **fields))
    assert Anomaly.INVALID in result.anomalies
    entry = list(history.timeline(order_id))[-1]
    assert [(one.field, one.reason) for one in entry.invalid] == expected
    assert all(f"{field}: {reason}" in entry.description for field, reason in expected)


def test_a_report_that_is_not_invalid_has_no_reasons(history):
    order_id = sent(history)
    report = VenueReport(
        account_id="main", type="TRADE", order_id=order_id, exec_id="e1", last_quantity=1, last_price=10
    )
    assert history.record(report).anomalies == ()
    assert list(history.timeline(order_id))[-1].invalid == ()


def test_what_is_no_longer_wrong_is_said_in_general(history):
    """An order may have learnt its side since; the anomaly on the event stays."""
    order = history.order(sent(history))
    report = VenueReport(account_id="main", type="NEW")
    (reason,) = why_invalid(order, report, (Anomaly.INVALID,))
    assert (reason.field, reason.reason) == ("type", "the order, as it was then, could have no such NEW")

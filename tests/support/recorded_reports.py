"""Reports that are recorded one by one, and what must hold of the history that they make."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from sot import Fee, OrderHistory, VenueReport
from sot.adapters.memory import MemoryStore
from sot.audit import rebuild, verify
from sot.domain.values.vocabulary import Outcome
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument
from sot.testing.contract.transactions import read_history, write_history
from sot.testing.lockstep.observations import check_now_is_the_last_moment, observe_history
from tests.support.archived_history import archive_lines, restore_archive

T0 = datetime(2026, 1, 5, 10, tzinfo=UTC)


def at(seconds):
    """A time, so many seconds after ten."""
    return T0 + timedelta(seconds=seconds)


def report(type, seconds=None, name="C1", **fields):
    """A report of the order with a client order id; without a name, of no client order id."""
    if seconds is not None:
        fields["occurred_at"] = at(seconds)
    return VenueReport(account_id=ACCOUNT, type=type, venue=VENUE, client_order_id=name, **fields)


def trade(exec_id, seconds=None, quantity="4", price="100", name="C1", **fields):
    """A report of an execution."""
    return report("TRADE", seconds, name, exec_id=exec_id, last_quantity=quantity, last_price=price, **fields)


def fee(amount, currency="QUOTE"):
    """One fee."""
    return [Fee(Decimal(amount), currency)]


def sent_order(store, name="C1", *symbols, **fields):
    """Register the instruments of an order of ours, and send it; returns its id."""

    def send(history):
        for symbol in {"BASE/QUOTE": None, **dict.fromkeys(symbols)}:
            history.register(spot_instrument(symbol=symbol))
        request = history.submit(new_order_request(name, **{"time_in_force": "GTC", **fields}))
        return history.mark_sent(request.request_id, occurred_at=T0).order_id

    return write_history(store, send)


def record_all(store, *reports):
    """Record reports in units of work of their own; returns for each the outcome or its anomalies."""
    results = [write_history(store, lambda history, r=one: history.record(r)) for one in reports]
    return [[str(a) for a in r.anomalies] or str(r.outcome) for r in results]


def order_of(store, order_id):
    """The order as it is now."""
    return read_history(store, lambda history: history.order(order_id))


def fills_of(store, order_id):
    """Its executions that count, as quantity@price."""
    fills = read_history(store, lambda history: list(history.fills(order_id)))
    return [f"{fill.quantity}@{fill.price}" for fill in fills if not fill.busted]


def check_history(store, *again):
    """Check verification, the past, a rebuild and an archive; and that reports which are recorded again add nothing."""
    assert verify(store).problems == []
    store.run(check_now_is_the_last_moment, read_only=True)
    before = read_history(store, observe_history)
    rebuild(store)
    assert read_history(store, observe_history) == before
    copy = MemoryStore(store.clock)
    lines = archive_lines(store)
    restore_archive(copy, lines)
    assert archive_lines(copy) == lines
    assert verify(copy).problems == []
    assert read_history(copy, observe_history) == before
    for one in again:
        result = write_history(store, lambda history, r=one: OrderHistory.record(history, r))
        assert result.outcome is Outcome.REPEATED, one
    assert read_history(store, observe_history) == before

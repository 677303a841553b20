"""Cumulative results, and their drawdown."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from sot.adapters.memory import MemoryStore
from sot.application.accounting.curves import ResultCurve, result_curves, total_results
from sot.application.history import OrderHistory
from sot.entrypoints.json_lines import apply_line
from tests.support.record_lines import INSTRUMENT, VENUE, account_event, named, request, trade

START = datetime(2026, 1, 2, 22, tzinfo=UTC)


def curve_of(gains, hours=20, unvalued=()):
    """A curve in euros that gains so much at each step."""
    sums = accumulate(map(Decimal, gains))
    times = (START + timedelta(hours=hours) * place for place in range(len(gains)))
    return ResultCurve.of("EUR", list(zip(times, sums, strict=True)), unvalued)


def test_net_and_drawdown_by_hand():
    curve = curve_of([10, 5, -12, 20, -1])
    assert [(int(point.net), int(point.drawdown)) for point in curve.points] == [
        (10, 0), (15, 0), (3, -12), (23, 0), (22, -1),
    ]  # fmt: skip
    assert (curve.last, curve.deepest.drawdown) == (22, -12)


def test_moves_are_changes_of_the_results():
    assert curve_of([0, 0]).moves == 0
    assert curve_of([5, 0, -5, 0]).moves == 2


def test_a_loss_in_the_beginning_is_a_drawdown_from_zero():
    assert curve_of([-3]).points[0].drawdown == -3
    assert curve_of([3]).deepest.drawdown == 0


def traded():
    """A purchase and two sales at BINANCE, a fee in BNB, interest, and a sale in another currency."""
    euro = {"venue": VENUE, "symbol": "BTC/EUR"}
    fee = {"fees": [{"amount": "0.1", "currency": "BNB"}]}
    instrument = {**INSTRUMENT["instrument"], "symbol": "BTC/EUR", "quote": "EUR"}
    lines = [INSTRUMENT, {"instrument": instrument}, account_event("INTEREST", amount="-1", currency="USDT")]
    for name, side, price, fields in (
        ("a", "BUY", "100", {}), ("b", "SELL", "110", fee), ("c", "BUY", "50", euro), ("d", "SELL", "40", euro),
    ):  # fmt: skip
        order = request(
            name, side=side, quantity="1", limit_price=None, order_type="MARKET", **(euro if fields is euro else {})
        )
        time = {"occurred_at": f"2026-03-0{ord(name) - ord('a') + 2}T10:00:00Z"}
        lines += [order, named("sent", name), trade(name, name, "1", price, **time, **fields)]
    store = MemoryStore()
    with store.begin() as uow:
        for line in lines:
            ((key, fields),) = line.items()
            apply_line(uow, key, fields)
        uow.commit()
    return store


def test_currencies_are_never_added_and_the_end_is_the_result():
    with traded().begin(read_only=True) as uow:
        history = OrderHistory(uow)
        contributions = history.contributions("main")
        euros, dollars = result_curves(contributions)
        assert total_results(contributions) == history.realized("main", by=())
        realized = [(row.currency, row.realized_net) for row in history.realized("main", by=())]
    assert (euros.currency, euros.last, euros.unvalued) == ("EUR", -10, [])
    assert (dollars.currency, dollars.last, dollars.unvalued) == ("USDT", 9, ["BNB"])
    assert realized == [("EUR", euros.last), ("USDT", dollars.last)]
    assert [point.at for point in dollars.points] == sorted(point.at for point in dollars.points)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30))
def test_a_drawdown_is_the_distance_to_the_highest_value(gross):
    curve = curve_of(gross)
    nets = [point.net for point in curve.points]
    assert [point.drawdown for point in curve.points] == [
        net - max(0, *nets[: place + 1]) for place, net in enumerate(nets)
    ]


def test_days_end_with_their_last_point_and_have_their_deepest_drawdown():
    days = list(curve_of([10, -4, 3, 5], hours=1).days(UTC))
    assert [(day.isoformat(), int(point.net), int(point.drawdown)) for day, point in days] == [
        ("2026-01-02", 6, -4), ("2026-01-03", 14, -1),
    ]  # fmt: skip
    assert [day.isoformat() for day, _ in curve_of([10, -4, 3, 5], hours=1).days(ZoneInfo("Asia/Tokyo"))] == [
        "2026-01-03"
    ]


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=200), st.integers(1, 9))
def test_a_thinned_curve_keeps_the_extremes_and_the_end(gains, columns):
    curve = curve_of(gains)
    thin = curve.thinned(columns)
    assert set(thin) <= set(curve.points)
    assert [point.at for point in thin] == sorted(point.at for point in thin)
    assert len(thin) <= max(columns, 4 * (columns + 1))
    for figure in ("net", "drawdown"):
        values = [getattr(point, figure) for point in curve.points]
        shown = [getattr(point, figure) for point in thin]
        assert (min(shown), max(shown), shown[-1]) == (min(values), max(values), values[-1])


def test_a_thinned_curve_keeps_a_drawdown_that_is_no_extreme():
    assert [(int(point.net), int(point.drawdown)) for point in curve_of([-1, 11, -5, 5, 1]).thinned(1)] == [
        (-1, -1), (10, 0), (5, -5), (10, 0), (11, 0),
    ]  # fmt: skip

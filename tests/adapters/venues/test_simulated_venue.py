"""The simulated venue: its reports and failures, exact and repeatable, and the executor with it."""

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import reduce

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import (
    Executor,
    Instrument,
    InstrumentKind,
    InvalidInput,
    OrderHistory,
    OrderRequest,
    OrderStatus,
    OrderType,
    RiskCheck,
    Side,
    TimeInForce,
)
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import Answer, Behaviour, Chances, FeeSchedule, SimulatedVenue
from sot.domain.values.numbers import add, multiply, plain
from sot.domain.values.vocabulary import EventType, Liquidity
from sot.errors import NotExecutable, VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.ports.clock import Clock

SYMBOL = "BTC/USDT"
MARKET = {"order_type": OrderType.MARKET}
AMOUNTS = st.decimals(min_value="0.000000000000000001", max_value=10**12, places=18) | st.decimals(
    min_value="0.01", max_value=10**6, places=2
)


class FixedClock(Clock):
    def now(self):
        return datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class TickingClock(Clock):
    """A clock that moves on with every look at it, so that no two executions are of one moment."""

    def __init__(self):
        self.ticks = itertools.count()

    def now(self):
        return FixedClock().now() + timedelta(microseconds=next(self.ticks))


def request(name="o-1", **terms):
    fields = {
        "account_id": "main",
        "client_order_id": name,
        "venue": "SIMULATED",
        "symbol": SYMBOL,
        "side": Side.BUY,
        "order_type": OrderType.LIMIT,
        "limit_price": Decimal(100),
        "quantity": Decimal(3),
        **terms,
    }
    if fields["order_type"] is OrderType.MARKET:
        fields.pop("limit_price")
    if "quote_quantity" in fields:
        fields.pop("quantity")
    return OrderRequest(**fields)


def venue(prices=Decimal(99), **options):
    return SimulatedVenue(prices={SYMBOL: prices}, **{"clock": FixedClock(), **options})


def types(reports):
    return [report.type for report in reports]


# ------------------------------------------------------------------------------------------------------- fills


@given(quantity=AMOUNTS, parts=st.integers(1, 50))
def test_parts_add_up_to_the_quantity_to_the_last_digit(quantity, parts):
    reports = venue(parts=parts).submit(request(quantity=quantity, **MARKET))
    trades = [report for report in reports if report.type is EventType.TRADE]
    assert reduce(add, (trade.last_quantity for trade in trades)) == quantity
    assert all(trade.last_quantity > 0 for trade in trades)
    assert len(trades) == parts or len(trades) == quantity * 10**18
    assert [add(trade.cum_quantity, trade.leaves_quantity) for trade in trades] == [quantity] * len(trades)
    assert trades[-1].reported_status is OrderStatus.FILLED
    assert trades[-1].leaves_quantity == 0


@given(
    amount=st.decimals(min_value=1, max_value=10**9, places=8),
    price=st.decimals(min_value="0.01", max_value=10**5, places=2),
)
def test_a_quote_amount_is_never_overspent(amount, price):
    reports = venue(price, parts=3).submit(request(quote_quantity=amount, **MARKET))
    trades = [report for report in reports if report.type is EventType.TRADE]
    spent = reduce(add, (multiply(trade.last_quantity, trade.last_price) for trade in trades))
    assert amount - 3 * price / 10**8 <= spent <= amount
    if trades:
        assert trades[-1].reported_status is OrderStatus.FILLED
        assert trades[-1].leaves_quantity == 0


def test_prices_are_used_one_after_the_other_and_the_last_stays():
    subject = venue([Decimal(1), Decimal(2), Decimal(3)])
    first = subject.submit(request("a", **MARKET))
    others = [subject.submit(request(name, **MARKET)) for name in "bcd"]
    assert [reports[1].last_price for reports in (first, *others)] == [1, 2, 3, 3]


def test_a_limit_order_that_does_not_cross_rests_and_is_filled_as_maker():
    subject = venue(Decimal(101), fees=FeeSchedule(maker=Decimal("-0.001"), taker=Decimal("0.002")))
    assert types(subject.submit(request())) == [EventType.NEW]
    assert subject.move(SYMBOL, Decimal(102)) == []
    (trade,) = subject.move(SYMBOL, Decimal(98))
    assert (trade.last_price, trade.liquidity, trade.leaves_quantity) == (100, Liquidity.MAKER, 0)
    assert [(fee.amount, fee.currency) for fee in trade.fees] == [(Decimal("-0.3"), "USDT")]
    assert subject.move(SYMBOL, Decimal(97)) == []


def test_prices_beyond_the_limit_leave_the_rest_in_the_book():
    subject = venue([Decimal(99), Decimal(100), Decimal(101)], parts=3)
    reports = subject.submit(request())
    assert [report.last_price for report in reports[1:]] == [99, 100]
    (order,) = subject.orders()
    assert (order.status, order.cum_quantity, order.leaves_quantity) == (OrderStatus.PARTIALLY_FILLED, 2, 1)


@pytest.mark.parametrize(
    ("terms", "prices", "expected_types"),
    [
        ({"time_in_force": TimeInForce.IOC}, [Decimal(101)], ["NEW", "EXPIRED"]),
        ({"time_in_force": TimeInForce.IOC}, [Decimal(99), Decimal(101)], ["NEW", "TRADE", "EXPIRED"]),
        ({"time_in_force": TimeInForce.FOK}, [Decimal(99), Decimal(101)], ["NEW", "EXPIRED"]),
        ({"time_in_force": TimeInForce.FOK}, [Decimal(99)], ["NEW", "TRADE", "TRADE"]),
        ({"post_only": True}, [Decimal(99)], ["REJECTED"]),
        ({"post_only": True}, [Decimal(101)], ["NEW"]),
        ({"side": Side.SELL}, [Decimal(99)], ["NEW"]),
        ({"side": Side.SELL}, [Decimal(100)], ["NEW", "TRADE", "TRADE"]),
        ({"symbol": "ETH/USDT"}, [Decimal(99)], ["REJECTED"]),
        ({"order_type": OrderType.STOP_LIMIT, "stop_price": Decimal(90)}, [Decimal(99)], ["NEW"]),
    ],
)
def test_terms_are_kept(terms, prices, expected_types):
    assert types(venue(prices, parts=2).submit(request(**terms))) == expected_types


@pytest.mark.parametrize(
    ("schedule", "amount", "currency"),
    [
        (FeeSchedule(taker=Decimal("0.001")), "0.297", "USDT"),
        (FeeSchedule(taker=Decimal("0.001"), currency="BTC"), "0.003", "BTC"),
        (FeeSchedule(taker=Decimal("0.001"), currency={SYMBOL: "BTC"}), "0.003", "BTC"),
        (FeeSchedule(taker=Decimal("0.001"), currency={"ETH/USDT": "ETH"}), "0.297", "USDT"),
        (FeeSchedule(taker=Decimal("0.0000000123")), "0.00000365", "USDT"),
        (FeeSchedule(taker="0.001"), "0.297", "USDT"),
    ],
)
def test_fees(schedule, amount, currency):
    trade = venue(fees=schedule).submit(request(**MARKET))[1]
    assert [(plain(fee.amount), fee.currency) for fee in trade.fees] == [(amount, currency)]


def test_rates_of_fees_are_exact():
    with pytest.raises(InvalidInput, match="rate: the float 0.001 is not allowed"):
        FeeSchedule(taker=0.001)


# -------------------------------------------------------------------------------------------- behaviour on demand


def test_refusals_and_errors():
    subject = venue(
        behaviours={
            "refused": Behaviour(answer=Answer.REFUSED, reason="MARGIN"),
            "rejected": Behaviour(answer=Answer.REJECTED, reason="PRICE_BAND"),
            "away": Behaviour(answer=Answer.NOT_REACHED),
            "lost": Behaviour(answer=Answer.UNKNOWN, accepted=False),
            "taken": Behaviour(answer=Answer.UNKNOWN, accepted=True),
            "broken": Behaviour(answer=Answer.UNKNOWN, error=ConnectionResetError("reset")),
        }
    )
    with pytest.raises(VenueRefused, match="MARGIN"):
        subject.submit(request("refused"))
    (rejected,) = subject.submit(request("rejected"))
    assert (rejected.type, rejected.reason, rejected.leaves_quantity) == (EventType.REJECTED, "PRICE_BAND", 0)
    with pytest.raises(VenueNotReached):
        subject.submit(request("away"))
    for name in ("lost", "taken"):
        with pytest.raises(VenueOutcomeUnknown):
            subject.submit(request(name))
    with pytest.raises(ConnectionResetError):
        subject.submit(request("broken"))
    assert [order.client_order_id for order in subject.orders()] == ["rejected", "taken", "broken"]
    assert {report.client_order_id for report in subject.deliver()} == {"taken", "broken"}
    assert subject.deliver() == []
    assert subject.reports("lost") == []


def test_the_same_client_order_id_twice_is_refused():
    subject = venue()
    subject.submit(request())
    with pytest.raises(VenueRefused, match="DUPLICATE_ORDER"):
        subject.submit(request())
    assert len(subject.orders()) == 1


@pytest.mark.parametrize("answered", [0, 1, 2, 9])
def test_withheld_reports_come_with_deliver(answered):
    subject = venue(parts=2, behaviours={"o-1": Behaviour(answered=answered)})
    reports = [*subject.submit(request()), *subject.deliver()]
    assert reports == subject.reports("o-1")
    assert types(reports) == ["NEW", "TRADE", "TRADE"]


def test_senseless_settings_are_refused():
    for settings in ({"parts": 0}, {"prices": {SYMBOL: []}}, {"prices": {SYMBOL: 1.5}}):
        with pytest.raises(InvalidInput):
            SimulatedVenue(**settings)
    with pytest.raises(ValueError, match="probabilities"):
        Chances(refused=0.7, lost=0.7)
    with pytest.raises(VenueRefused, match="UNSUPPORTED"):
        venue().submit(
            OrderRequest(
                account_id="main",
                action="CANCEL",
                client_order_id="c",
                target_order_id="01890a5d-ac96-774b-bcce-b302099a8057",
            )
        )


# ------------------------------------------------------------------------------------------------- repeatable

CHANCES = Chances(refused=0.15, rejected=0.15, not_reached=0.15, unknown=0.15, lost=0.15, delayed=0.3)


def fate(subject, one):
    try:
        return tuple(report.canonical() for report in subject.submit(one))
    except (VenueRefused, VenueNotReached, VenueOutcomeUnknown) as error:
        return repr(error)


@given(seed=st.integers(0, 1000), order=st.permutations(range(12)))
def test_the_same_seed_gives_the_same_fates_in_any_order(seed, order):
    requests = [request(f"o-{number}", **MARKET) for number in range(12)]
    one, other = (venue(chances=CHANCES, seed=seed, parts=2) for _ in range(2))
    expected = [fate(one, each) for each in requests]
    found = {number: fate(other, requests[number]) for number in order}
    assert expected == [found[number] for number in range(12)]


def test_chances_are_about_as_said():
    subject = venue(chances=CHANCES)
    fates = [CHANCES.draw(random.Random(f"0:{number}")) for number in range(4000)]
    for answer in (Answer.REFUSED, Answer.REJECTED, Answer.NOT_REACHED):
        assert 480 < sum(behaviour.answer is answer for behaviour in fates) < 720
    assert 960 < sum(behaviour.answer is Answer.UNKNOWN for behaviour in fates) < 1440
    assert subject.calls == []


# --------------------------------------------------------------------------------------- through the executor


@pytest.fixture
def store():
    new_store = MemoryStore()
    instrument = Instrument(
        account_id="main", venue="SIMULATED", symbol=SYMBOL, kind=InstrumentKind.SPOT, base="BTC", quote="USDT"
    )
    new_store.run(lambda uow: OrderHistory(uow).register(instrument))
    return new_store


def submitted(store, one, checks=()):
    return store.run(lambda uow: OrderHistory(uow).submit(one, risk_checks=checks)).request_id


def reading(store, read):
    return store.run(lambda uow: read(OrderHistory(uow)), read_only=True)


@pytest.mark.parametrize(
    ("behaviour", "status", "in_doubt", "events"),
    [
        (Behaviour(parts=3), "FILLED", False, ["NEW", "TRADE", "TRADE", "TRADE"]),
        (Behaviour(answer=Answer.REFUSED), "REJECTED", False, ["REJECTED"]),
        (Behaviour(answer=Answer.REJECTED), "REJECTED", False, ["REJECTED"]),
        (Behaviour(answer=Answer.NOT_REACHED), "FAILED", False, ["FAILED"]),
        (Behaviour(answer=Answer.UNKNOWN), "PENDING_NEW", True, ["SUBMISSION_UNKNOWN"]),
        (Behaviour(answer=Answer.UNKNOWN, accepted=False), "PENDING_NEW", True, ["SUBMISSION_UNKNOWN"]),
        (Behaviour(answer=Answer.UNKNOWN, error=OSError("x")), "PENDING_NEW", True, ["SUBMISSION_UNKNOWN"]),
        (Behaviour(answered=0), "PENDING_NEW", False, []),
        (Behaviour(answered=1), "NEW", False, ["NEW"]),
    ],
)
def test_executing_once_and_again(store, behaviour, status, in_doubt, events):
    subject = venue(behaviours={"o-1": behaviour})
    request_id = submitted(store, request())
    order = Executor(store, subject).execute(request_id)
    assert (order.status, order.in_doubt) == (status, in_doubt)
    again = Executor(store, subject).execute(request_id)
    assert again == order
    assert subject.calls == ["o-1"]
    recorded = reading(store, lambda history: list(history.events(order.order_id)))
    assert [event.type for event in recorded] == ["CREATED", "SUBMITTED", *events]
    assert all(not event.anomalies for event in recorded)


def test_what_was_in_doubt_is_settled_by_what_the_venue_reports(store):
    subject = venue(parts=2, behaviours={"o-1": Behaviour(answer=Answer.UNKNOWN)})
    order = Executor(store, subject).execute(submitted(store, request()))
    for report in subject.deliver():
        store.run(lambda uow, report=report: OrderHistory(uow).record(report))
    settled = reading(store, lambda history: history.order(order.order_id))
    assert (settled.status, settled.in_doubt, settled.cum_quantity) == ("FILLED", False, 3)


def test_a_quote_amount_order_is_completed(store):
    order = Executor(store, venue(Decimal(7), parts=2)).execute(
        submitted(store, request(quote_quantity=Decimal(50), **MARKET))
    )
    assert (order.status, order.leaves_quantity, plain(order.cum_quantity)) == ("FILLED", 0, "7.14285714")


def test_a_denied_request_does_not_reach_the_venue(store):
    subject = venue()
    request_id = submitted(store, request(), [RiskCheck(rule_code="LIMIT", passed=False)])
    with pytest.raises(NotExecutable, match="LIMIT"):
        Executor(store, subject).execute(request_id)
    assert subject.calls == []


def test_many_threads_executing_one_request_call_the_venue_once(store):
    subject = venue(parts=2)
    request_id = submitted(store, request())
    with ThreadPoolExecutor(16) as pool:
        orders = list(pool.map(lambda _: Executor(store, subject).execute(request_id), range(64)))
    assert subject.calls == ["o-1"]
    assert len({order.order_id for order in orders}) == 1
    final = reading(store, lambda history: history.order(orders[0].order_id))
    assert (final.status, final.last_sequence) == ("FILLED", 5)


def test_many_threads_at_one_venue_keep_the_books_right(store):
    subject = venue(parts=3, chances=attrs.evolve(CHANCES, delayed=0), clock=TickingClock())
    ids = [submitted(store, request(f"o-{number}")) for number in range(60)]
    with ThreadPoolExecutor(12) as pool:
        orders = list(pool.map(Executor(store, subject).execute, ids))
    store.run(lambda uow: [OrderHistory(uow).record(report) for report in subject.deliver()])
    books = {order.client_order_id: order for order in subject.orders()}
    for order in reading(store, lambda history: [history.order(each.order_id) for each in orders]):
        known = books.get(order.client_order_id)
        if known is None:
            assert order.status in ("REJECTED", "FAILED") or order.in_doubt
        else:
            assert (order.status, order.cum_quantity) == (known.status, known.cum_quantity)

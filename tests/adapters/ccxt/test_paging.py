"""Pages of executions: no trade is left out, and the list ends, for all times of trades and page sizes."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import attrs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.adapters.ccxt.orders import NAME, request

from sot import InvalidInput
from sot.adapters.ccxt import exchange_facts
from sot.adapters.ccxt.paging import Cursor, PageStart, PagingRules, next_page, to_milliseconds
from sot.errors import VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.ports.venue import VenueScope
from sot.testing.fakes import ManualClock

NOW = 1_000


class Lists:
    """An exchange that lists trades as unified records."""

    def __init__(self, trades, oldest_first, window=None):
        self.trades = sorted(trades, key=lambda trade: (trade["timestamp"], int(trade["id"])))
        self.oldest_first, self.window, self.calls = oldest_first, window, 0

    def fetch_my_trades(self, symbol, since, limit, parameters):
        self.calls += 1
        if "fromId" in parameters:
            assert since is None
            matches = [trade for trade in self.trades if int(trade["id"]) >= int(parameters["fromId"])]
            return as_ccxt_sorts(sorted(matches, key=lambda trade: int(trade["id"]))[:limit])
        until = parameters.get("until", since + self.window if self.window else 2**62)
        assert self.window is None or until - since <= self.window
        matches = [trade for trade in self.trades if since <= trade["timestamp"] <= until]
        return as_ccxt_sorts(matches[:limit] if self.oldest_first else matches[-limit:])


def as_ccxt_sorts(trades):
    return sorted(trades, key=lambda trade: (trade["timestamp"], trade["id"]))


BEGINNING = PageStart.at_time(0)
ANY_TIME = st.integers(0, NOW - 1)


def all_pages(exchange, rules, start=BEGINNING, most=10_000):
    pages = []
    while len(pages) < most:
        page = next_page(exchange, "BTC/USDT", start, NOW, rules)
        pages.append(page)
        assert page.next_start != start or not page.more, "it does not advance"
        if not page.more:
            return pages
        start = page.next_start
    raise AssertionError("it does not end")


@st.composite
def trades(draw, times=ANY_TIME):
    moments = sorted(draw(st.lists(times, max_size=40)))
    return [{"id": str(number + 95), "timestamp": moment} for number, moment in enumerate(moments)]


few_moments = trades(st.sampled_from([0, 1, 2, 500, 501, NOW - 1]))


@given(
    trades=trades() | few_moments,
    page_size=st.integers(2, 9),
    window=st.sampled_from([None, 70, 400]),
    overlap=st.sampled_from([0, 300]),
)
@example(trades=[{"id": str(n), "timestamp": 5} for n in range(1, 13)], page_size=2, window=None, overlap=0)
def test_none_is_left_out_where_lists_go_by_trade_id_too(trades, page_size, window, overlap):
    exchange = Lists(trades, oldest_first=True, window=window)
    rules = PagingRules(
        page_size=page_size,
        window=None if window is None else timedelta(milliseconds=window),
        oldest_first=True,
        from_id="fromId",
        overlap=timedelta(milliseconds=overlap),
    )
    pages = all_pages(exchange, rules)
    seen = [trade["id"] for each in pages for trade in each.trades]
    assert set(seen) == {trade["id"] for trade in trades}
    assert pages[-1].next_start == BEGINNING.moved(NOW - overlap)


@given(trades=trades() | few_moments, page_size=st.integers(2, 9), window=st.sampled_from([70, 400]))
def test_none_is_left_out_where_a_page_may_hold_the_newest(trades, page_size, window):
    exchange = Lists(trades, oldest_first=False, window=window)
    rules = PagingRules(page_size=page_size, window=timedelta(milliseconds=window))
    times = [trade["timestamp"] for trade in trades]
    try:
        pages = all_pages(exchange, rules)
    except VenueOutcomeUnknown:
        assert max(map(times.count, times)) >= page_size, "only a page full of one moment has no way around"
        return
    assert {trade["id"] for each in pages for trade in each.trades} == {trade["id"] for trade in trades}


@given(trades=trades(st.integers(490, 510)), page_size=st.integers(2, 9))
def test_trades_of_one_moment_are_on_one_page_as_far_as_it_goes(trades, page_size):
    """Several executions with one trade id must be converted together."""
    exchange = Lists(trades, oldest_first=True)
    pages = all_pages(exchange, PagingRules(page_size=page_size, oldest_first=True, from_id="fromId"))
    times = [trade["timestamp"] for trade in trades]
    for moment in set(times):
        if times.count(moment) < page_size:
            listed = [[trade["timestamp"] for trade in each.trades].count(moment) for each in pages]
            assert times.count(moment) in listed


def test_a_page_of_one_moment_without_a_way_around_is_an_error():
    exchange = Lists([{"id": str(n), "timestamp": 5} for n in range(9)], oldest_first=True)
    with pytest.raises(VenueOutcomeUnknown, match="page_size"):
        all_pages(exchange, PagingRules(page_size=3, oldest_first=True))


def test_empty_times_are_skipped_in_one_go():
    exchange = Lists([{"id": "1", "timestamp": 450}], oldest_first=True, window=50)
    rules = PagingRules(page_size=5, window=timedelta(milliseconds=50), oldest_first=True)
    page = next_page(exchange, None, BEGINNING, NOW, rules)
    assert (exchange.calls, len(page.trades), page.more) == (9, 1, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "7",
        "null",
        "{}",
        "[]",
        '{"ccxt":2,"at":{},"todo":[]}',
        '{"ccxt":1,"at":{"X":5},"todo":[]}',
        '{"ccxt":1,"at":{"X":[5,null]},"todo":[]}',
        '{"ccxt":1,"at":{"X":["5",null,5]},"todo":[]}',
        '{"ccxt":1,"at":{"X":[5.5,null,5]},"todo":[]}',
        '{"ccxt":1,"at":{"X":[5,7,5]},"todo":[]}',
        '{"ccxt":1,"at":{"X":[5,null,5]},"todo":["Y"]}',
    ],
)
def test_a_cursor_that_is_not_ours_is_refused(text, venue):
    with pytest.raises(InvalidInput):
        Cursor.read(text)
    with pytest.raises(InvalidInput):
        venue.executions(VenueScope(account_id="main", symbols=frozenset({"BTC/USDT"})), cursor=text)


# ------------------------------------------------------------------------------------------- through ccxt's real client

BEGIN = datetime(2026, 1, 5, tzinfo=UTC)
MS = timedelta(milliseconds=1)


@pytest.fixture
def clock(server):
    server.now = (BEGIN + timedelta(hours=20) - datetime(1970, 1, 1, tzinfo=UTC)) // MS
    return ManualClock(BEGIN + timedelta(hours=20))


def executed(server, *seconds, symbol="BTC/USDT"):
    """Execute trades of a large order, so many seconds after the beginning."""
    name = f"big-{symbol}"
    for second in seconds:
        at = (BEGIN + timedelta(seconds=second) - datetime(1970, 1, 1, tzinfo=UTC)) // MS
        server.execute(name, "0.001", "40000", at=at)


def walked(venue, *symbols, since=BEGIN, cursor=None, most=200):
    """All pages, and the cursor at their end."""
    scope = VenueScope(account_id="main", symbols=frozenset(symbols or ["BTC/USDT"]))
    pages = []
    while len(pages) < most:
        pages.append(venue.executions(scope, since, cursor))
        cursor = pages[-1].cursor
        if not pages[-1].more:
            return pages, cursor
    raise AssertionError("it does not end")


def ids(pages):
    return [report.exec_id for page in pages for report in page.reports]


@pytest.fixture
def paged(make_venue, server, clock):
    """A venue with pages of three trades, and an order with trades."""
    venue = make_venue(page_size=3, clock=clock, overlap=timedelta(hours=1))
    for symbol, price in (("BTC/USDT", 40000), ("ETH/USDT", 2000)):
        venue.submit(request(f"big-{symbol}", symbol=symbol, quantity=Decimal(9), limit_price=Decimal(price)))
    return venue


def test_pages_of_equal_times(paged, server):
    executed(server, 1, 1, 1, 1, 1, 2, 2, 3, 4, 4, 4, 4)
    pages, _ = walked(paged)
    assert set(ids(pages)) == {str(number) for number in range(1, 13)}
    assert len(ids(pages)) < 40


def test_going_on_later_brings_what_is_new_and_what_was_listed_late(paged, server, clock):
    executed(server, 1, 2, 3, 70_000)
    server.delayed.add(4)
    pages, cursor = walked(paged)
    assert ids(pages) == ["1", "2", "3"]
    server.delayed.clear()
    executed(server, 71_999)
    clock.move(timedelta(minutes=1))
    pages, cursor = walked(paged, since=None, cursor=cursor)
    assert sorted(set(ids(pages))) == ["4", "5"]
    clock.move(timedelta(hours=2))
    pages, cursor = walked(paged, since=None, cursor=cursor)
    clock.move(timedelta(hours=2))
    assert ids(walked(paged, since=None, cursor=cursor)[0]) == []


def test_doubled_and_reversed_lists_are_the_same_executions(paged, server):
    executed(server, 1, 2, 3, 4, 5)
    server.doubled = server.reversed = True
    assert set(ids(walked(paged)[0])) == {"1", "2", "3", "4", "5"}


def test_an_exchange_whose_pages_hold_the_newest(make_venue, paged, server, clock):
    server.newest = True
    executed(server, 1, 2, 3, 4, 5, 600, 600, 40_000, 70_000, 70_001)
    facts = attrs.evolve(exchange_facts("binance"), oldest_first=False, from_id=None)
    venue = make_venue(page_size=3, clock=clock, facts=facts)
    pages, _ = walked(venue)
    assert set(ids(pages)) == {str(number) for number in range(1, 11)}


def test_what_was_before_the_beginning_is_never_looked_at(paged, server, clock):
    executed(server, 1, 71_000)
    begin = clock.now() - timedelta(minutes=30)
    pages, cursor = walked(paged, since=begin)
    assert ids(pages) == ["2"]
    clock.move(timedelta(minutes=1))
    assert ids(walked(paged, since=None, cursor=cursor)[0]) == ["2"]
    assert all(int(given["startTime"]) >= to_milliseconds(begin) for given in server.calls("GET", "myTrades"))


def test_an_exchange_that_does_not_reach_back_as_far_as_asked(paged, server, clock):
    executed(server, 1, 71_000)
    paged._connection.exchange.features["spot"]["fetchMyTrades"] |= {"daysBack": 1}
    clock.move(timedelta(hours=10))
    pages, _ = walked(paged)
    reach = clock.now() - timedelta(days=1)
    assert (pages[0].since, ids(pages)) == (reach, ["2"])
    assert all(int(given["startTime"]) >= to_milliseconds(reach) for given in server.calls("GET", "myTrades"))
    assert walked(paged, since=reach + MS)[0][0].since is None


def test_several_symbols(paged, server):
    executed(server, 1, 2, 3, 4)
    executed(server, 1, 2, symbol="ETH/USDT")
    pages, cursor = walked(paged, "BTC/USDT", "ETH/USDT")
    assert set(ids(pages)) == {str(number) for number in range(1, 7)}
    assert all(page.symbols == {"BTC/USDT", "ETH/USDT"} for page in pages)
    assert sorted(json.loads(cursor)["at"]) == ["BTC/USDT", "ETH/USDT"]


def test_a_symbol_that_joins_later_begins_where_it_was_asked_to(paged, server):
    executed(server, 1, 2)
    executed(server, 1, symbol="ETH/USDT")
    _, cursor = walked(paged)
    pages, _ = walked(paged, "BTC/USDT", "ETH/USDT", since=BEGIN, cursor=cursor)
    assert "3" in ids(pages)


def test_a_page_that_fails_is_asked_for_again(paged, server):
    executed(server, *range(1, 9))
    scope = VenueScope(account_id="main", symbols=frozenset({"BTC/USDT"}))
    first = paged.executions(scope, BEGIN)
    server.add_fault("GET", "myTrades", "503", "close")
    for _ in range(2):
        with pytest.raises(VenueOutcomeUnknown):
            paged.executions(scope, None, first.cursor)
    pages, _ = walked(paged, since=None, cursor=first.cursor)
    assert set(ids([first, *pages])) == {str(number) for number in range(1, 9)}


def test_without_a_beginning_it_says_from_when_on_it_is_complete(paged, server, clock):
    executed(server, 1)
    pages, _ = walked(paged, since=None)
    assert pages[0].since == clock.now() - timedelta(days=7)
    assert ids(pages) == ["1"]
    assert walked(paged)[0][0].since is None


def test_binance_wants_symbols(paged):
    with pytest.raises(VenueNotReached) as raised:
        paged.executions(VenueScope(account_id="main"))
    assert raised.value.reason == "SYMBOLS_NEEDED"
    nothing = paged.executions(VenueScope(account_id="main", symbols=frozenset()))
    assert (nothing.reports, nothing.more) == ((), False)


def test_where_it_is_not_known_how_trades_are_listed_none_are(venue):
    venue._facts = type(venue._facts)()
    venue._connection.exchange.features["spot"]["fetchMyTrades"] |= {"limit": None, "untilDays": None}
    assert not venue.capabilities.lists_executions
    with pytest.raises(VenueRefused):
        venue.executions(VenueScope(account_id="main", symbols=frozenset({"BTC/USDT"})))


def test_executions_and_orders_speak_of_the_same_order(venue):
    placed, trade, _ = venue.submit(request(order_type="MARKET"))
    scope = VenueScope(account_id="main", symbols=frozenset({"BTC/USDT"}))
    page = venue.executions(scope, placed.occurred_at - timedelta(minutes=1))
    (listed,) = page.reports
    assert (listed.venue_order_id, listed.exec_id) == (placed.venue_order_id, trade.exec_id)
    added, contradicted = listed.compare(trade)
    assert contradicted == []
    assert set(added) == {"last_amount", "liquidity", "occurred_at"}
    assert placed.client_order_id == NAME

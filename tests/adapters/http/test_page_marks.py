"""Marks of positions on the page: those that are given, and the rates of the server."""

from datetime import timedelta
from decimal import Decimal

import attrs
import pytest
from page_client import make_browser
from page_trades import SYMBOL_QUERY, at, fill_results, trade

from sot.accounting import Quote, RateSource
from sot.domain.values.vocabulary import InstrumentKind, Side
from sot.testing.contract.samples import spot_instrument
from sot.testing.contract.transactions import write_history
from sot.testing.fakes import CountedIds, ManualClock

BY_HAND = "mark=BASE%2FQUOTE%3D115"
ONE = f"/positions/one?{SYMBOL_QUERY}"


class Prices(RateSource):
    """The price of BASE, which rises by one with each day of the year; and one of the contract FUT."""

    def quote(self, currency, into, at_time):
        if into != "QUOTE" or currency not in ("BASE", "FUT"):
            return None
        day = at_time.replace(hour=0, minute=0, second=0, microsecond=0)
        return Quote(Decimal(100 + day.timetuple().tm_yday), day, (f"{currency}/{into}",))


@pytest.fixture(params=["memory", "sqlite"])
def store(request, make_store):
    store = make_store(request.param, ManualClock(at(20)), CountedIds())
    fill_results(store)
    return store


@pytest.fixture
def browser(store):
    with make_browser(store, rates=Prices()) as browser:
        yield browser


def positions(document):
    return {row["Symbol"]: row for row in document.table("Positions")}


def facts(document):
    names, values = ([" ".join(one["text"].split()) for one in document.all(tag)] for tag in ("dt", "dd"))
    return dict(zip(names, values, strict=True))


def test_a_rate_of_the_server_is_the_mark(browser):
    document = browser.open("/positions")
    row = positions(document)["BASE/QUOTE"]
    assert (row["Mark"], row["Unrealized"]) == ("179 rate of BASE/QUOTE 2026-03-20 00:00:00", "690")
    assert "else the last rate of the server" in document.one("main")["text"]
    assert (
        facts(browser.open(ONE)).items()
        >= {
            "Mark": "179 QUOTE, rate of BASE/QUOTE",
            "Time of the mark": "2026-03-20 00:00:00.000",
            "Unrealized": "690 QUOTE",
        }.items()
    )


def test_a_mark_by_hand_wins(browser):
    row = positions(browser.open(f"/positions?{BY_HAND}"))["BASE/QUOTE"]
    assert (row["Mark"], row["Unrealized"]) == ("115 by hand", "50")
    shown = facts(browser.open(f"{ONE}&mark=115"))
    assert (shown["Mark"], shown["Unrealized"]) == ("115 QUOTE, by hand", "50 QUOTE")
    assert "Time of the mark" not in shown


def test_the_past_has_the_rates_of_its_time(browser, store):
    known = store.clock.now()
    cursor = store.horizon()
    store.clock.move(timedelta(days=5))
    trade(store, "later", Side.BUY, "1", "100", at(25))
    assert positions(browser.open("/positions"))["BASE/QUOTE"]["Mark"].startswith("184 ")
    for as_of in (known.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), cursor):
        row = positions(browser.open(f"/positions?as_of={as_of}"))["BASE/QUOTE"]
        assert (row["Mark"], row["Unrealized"]) == ("179 rate of BASE/QUOTE 2026-03-20 00:00:00", "690")


def test_a_contract_has_no_price_but_its_own(browser, store):
    kinds = {"FUT": InstrumentKind.FUTURE, "PERP": InstrumentKind.PERPETUAL, "M": InstrumentKind.MARGIN}
    for symbol, kind in kinds.items():
        write_history(store, lambda h, s=symbol, k=kind: h.register(attrs.evolve(spot_instrument(symbol=s), kind=k)))
        trade(store, symbol, Side.BUY, "1", "100", at(9), symbol=symbol)
    rows = positions(browser.open("/positions"))
    assert {symbol: rows[symbol]["Mark"][:20].strip() for symbol in kinds} == {
        "FUT": "179 rate of FUT/QUOT", "PERP": "", "M": "179 rate of BASE/QUO",
    }  # fmt: skip
    assert rows["PERP"]["Unrealized"] == "no mark"
    document = browser.open(ONE.replace("BASE%2FQUOTE", "PERP"))
    assert facts(document)["Unrealized"] == "no mark"


def test_without_rates_there_is_no_mark(store):
    with make_browser(store) as browser:
        document = browser.open("/positions")
        assert positions(document)["BASE/QUOTE"]["Unrealized"] == "no mark"
        assert "rate of the server" not in document.one("main")["text"]


def test_flat_positions_need_no_mark(browser, store):
    trade(store, "out", Side.SELL, "10", "140", at(9))
    row = positions(browser.open("/positions?include_flat=true"))["BASE/QUOTE"]
    assert row["Mark"] == ""
    assert "Mark" not in facts(browser.open(ONE))

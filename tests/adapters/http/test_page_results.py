"""Results on the page: over time, by group, by round trip; what they are made of; costs."""

import json
from datetime import timedelta
from decimal import Decimal

import attrs
import pytest
from page_client import make_browser
from page_trades import EuroRates, at, fill_results, send_open_sale, trade

from sot.adapters.http.page.models import curves
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import Fee
from sot.domain.values.times import EARLIEST, LATEST
from sot.domain.values.vocabulary import AccountEventType, Side
from sot.testing.contract.samples import ACCOUNT, VENUE, spot_instrument, trade_report
from sot.testing.contract.transactions import write_history


def results(document):
    return document.table("Realized results by")


def totals(document):
    return document.table("Realized results in all")


def text_of(document):
    return " ".join(document.one("main")["text"].split())


def hrefs(document, text):
    return [one["attributes"]["href"] for one in document.all("a") if " ".join(one["text"].split()) == text]


def test_results_by_symbol(browser, store):
    fill_results(store)
    document = browser.open("/results")
    (total,) = totals(document)
    assert (total["Gross"], total["Fees"], total["Without orders"], total["Net"]) == ("200", "2", "-50", "148")
    rows = {row["Symbol"]: row for row in results(document)}
    assert (rows["BASE/QUOTE"]["Net"], rows["BASE/QUOTE"]["Paid"]) == ("198", "197")
    assert rows["without a symbol"]["Net"] == "-50"
    assert rows["BASE/QUOTE"]["Complete"] == "complete"


def test_results_by_day_of_a_zone(browser, store):
    fill_results(store)
    assert [(row["Day"], row["Net"]) for row in results(browser.open("/results?by=DAY"))][2:] == [
        ("2026-03-04", "198"), ("2026-03-06", "-50"),
    ]  # fmt: skip
    rows = results(browser.open("/results?by=DAY&time_zone=Asia/Tokyo"))
    assert [row["Day"] for row in rows if row["Net"] == "198"] == ["2026-03-05"]


def test_an_interval_of_days_in_a_zone(browser, store):
    fill_results(store)
    for zone, orders in (("UTC", 1), ("Asia%2FTokyo", 0)):  # there the sale is on the fifth of March
        document = browser.open(f"/results?by=ORDER&since=2026-03-04&before=2026-03-05&time_zone={zone}")
        assert len([one for one in document.all("a") if "/orders/" in one["attributes"]["href"]]) == orders
        days = [one["attributes"]["value"] for one in document.all("input", type="date")]
        assert days == ["2026-03-04", "2026-03-05"]
    document = browser.open("/results?since=2026-03-04T23:00:00Z")
    assert [row["Net"] for row in totals(document)] == ["148"]
    assert document.one("input", name="since", type="text")["attributes"]["value"].startswith("2026-03-04T23:00:00")
    browser.open("/results?since=2026-02-30", 400)


def test_results_by_strategy_lead_to_their_orders(browser, store):
    ids = fill_results(store)
    document = browser.open("/results?by=STRATEGY")
    rows = {row["Strategy"]: row["Net"] for row in results(document)}
    assert rows == {"without": "-50", "fade": "198", "trend": "0"}
    (address,) = hrefs(document, "fade")
    document = browser.open(address)
    assert [(row["Order"], row["Net"]) for row in results(document)] == [(ids["sold"], "198")]
    assert hrefs(document, ids["sold"]) == [f"/orders/{ids['sold']}"]
    assert browser.get(f"/orders/{ids['sold']}").status_code == 200


def test_a_day_leads_to_its_orders_and_events(browser, store):
    ids = fill_results(store)
    document = browser.open("/results?by=DAY&time_zone=Asia%2FTokyo&since=2026-03-01")
    (address,) = hrefs(document, "2026-03-05")
    orders = browser.open(address)
    assert [(row["Order"], row["Net"]) for row in results(orders)] == [(ids["sold"], "198")]
    (address,) = hrefs(browser.open("/results?by=DAY"), "2026-03-06")
    (address,) = hrefs(browser.open(address), "without an order")
    (fact,) = browser.open(address).table("Executions and account events")
    assert (fact["What"], fact["Without orders"], fact["Says"]) == ("interest", "-50", "margin loan")


def test_the_curve_and_its_table(browser, store):
    fill_results(store)
    document = browser.open("/results")
    chart = json.loads(document.all("div", class_="chart")[0]["attributes"]["data-chart"])
    assert chart["net"] == [0, 0, 198, 148]
    assert chart["drawdown"] == [0, 0, 0, -50]
    assert chart["at"] == [moment.timestamp() for moment in (at(2), at(3), at(4, 23), at(6))]
    assert (chart["currency"], chart["zone"]) == ("QUOTE", "UTC")
    days = document.table("Net results at the end of each day")
    assert [(row["Day"], row["Net up to its end"], row["Drawdown"]) for row in days] == [
        ("2026-03-06", "148", "-50"), ("2026-03-04", "198", "0"), ("2026-03-03", "0", "0"), ("2026-03-02", "0", "0"),
    ]  # fmt: skip
    assert "add up to 148 QUOTE; the largest drawdown was -50 QUOTE, on 2026-03-06" in text_of(document)
    scripts = [one["attributes"]["src"].rpartition("/")[2] for one in document.all("script")]
    assert scripts == ["uplot.min.js", "chart.js", "htmx.min.js", "htmx-ext-sse.min.js", "sot.js"]
    for address in (one["attributes"]["src"] for one in document.all("script")):
        assert browser.get(address).status_code == 200


def test_the_currency_whose_results_move_most_comes_first_and_one_that_never_did_has_no_chart(browser, store):
    fill_results(store)
    dividend = AccountEvent(
        account_id=ACCOUNT, type=AccountEventType.DIVIDEND, venue=VENUE, amount=Decimal(5), currency="AAA",
        occurred_at=at(7), reason="a dividend",
    )  # fmt: skip
    write_history(store, lambda h: h.record_account_event(dividend))
    write_history(store, lambda h: h.register(attrs.evolve(spot_instrument(symbol="X/AAB"), quote="AAB", settle="AAB")))
    trade(store, "still-held", Side.BUY, "1", "100", at(8), symbol="X/AAB")
    document = browser.open("/results")
    titles = [one["text"] for one in document.all("h2") if one["text"].startswith("Over time")]
    assert titles == ["Over time, in QUOTE", "Over time, in AAA", "Over time, in AAB"]
    charts = [json.loads(one["attributes"]["data-chart"]) for one in document.all("div", class_="chart")]
    assert [chart["currency"] for chart in charts] == ["QUOTE", "AAA"]


def test_a_long_curve_is_thinned_and_says_so(browser, store, monkeypatch):
    monkeypatch.setattr(curves, "_COLUMNS", 2)
    monkeypatch.setattr(curves, "_MOST_DAYS", 2)
    write_history(store, lambda h: h.register(spot_instrument()))
    for number in range(12):
        side, price = (Side.SELL, "110") if number % 2 else (Side.BUY, "100")
        trade(store, f"C{number}", side, "1", price, at(number + 1))
    document = browser.open("/results")
    chart = json.loads(document.all("div", class_="chart")[0]["attributes"]["data-chart"])
    assert len(chart["at"]) < 12
    assert chart["at"][-1] == at(12).timestamp()
    assert len(document.table("Net results at the end of each day")) == 2
    assert "There are days before these" in text_of(document)


def test_the_method(browser, store):
    fill_results(store)
    assert totals(browser.open("/results?method=FIFO"))[0]["Gross"] == "300"


def test_currencies_are_never_added(browser, store):
    fill_results(store)
    write_history(store, lambda h: h.register(attrs.evolve(spot_instrument(symbol="OTHER"), quote="EUR", settle="EUR")))
    trade(store, "other", Side.BUY, "1", "100", at(7), symbol="OTHER")
    document = browser.open("/results")
    assert [row["Currency"] for row in totals(document)] == ["EUR", "QUOTE"]
    assert len([one for one in document.all("h2") if one["text"].startswith("Over time")]) == 2
    assert "Amounts of different currencies are never added" in text_of(document)


def test_a_reporting_currency(store):
    fill_results(store)
    with make_browser(store, rates=EuroRates()) as browser:
        document = browser.open("/results?in_currency=EUR")
        (total,) = totals(document)
        # The sale earned 200 at 4, and 500 of its cost of 1100 gained 2 each; fees: 0.5 at 2, 1.5 at 4; interest at 4.
        assert (total["Gross"], total["Currency gain"], total["Currency"]) == ("800", "1000", "EUR")
        assert (total["Fees"], total["Without orders"], total["Complete"]) == ("7", "-200", "complete")
        assert json.loads(document.all("div", class_="chart")[0]["attributes"]["data-chart"])["net"][-1] == 1593
        settled = browser.open("/results")
        assert [row["Currency"] for row in totals(settled)] == ["QUOTE"]


def test_missing_rates_are_said(browser, store):
    fill_results(store)
    trade(store, "bnb", Side.BUY, "1", "100", at(7), [Fee(Decimal("0.5"), "BNB")])
    document = browser.open("/results")
    (row,) = [row for row in results(document) if row["Symbol"] == "BASE/QUOTE"]
    assert row["Complete"] == "incomplete Without a rate: fees of 0.5 BNB."
    assert "There is no rate for BNB" in text_of(document)
    document = browser.open("/results?in_currency=EUR")
    (total,) = totals(document)
    assert (total["Gross"], total["Net"]) == ("not known", "not known")
    assert "The server has no rates" in text_of(document)
    document = browser.open("/results?rate=BNB%2FQUOTE%3D10")
    (row,) = [row for row in results(document) if row["Symbol"] == "BASE/QUOTE"]
    assert row["Complete"] == "complete"
    fields = [one["attributes"]["value"] for one in document.all("input", name="rate", type="text")]
    assert fields == ["BNB/QUOTE=10", ""]


def test_missing_units_are_said(browser, store):
    fill_results(store)
    send_open_sale(store)
    (row,) = [row for row in results(browser.open("/results")) if row["Symbol"] == "BASE/QUOTE"]
    assert row["Complete"].startswith("incomplete Missing units: 15")


@pytest.mark.parametrize("path", ["", "/round-trips", "/facts"])
def test_symbols_that_are_not_registered_are_said(browser, store, path):
    report = trade_report("by-hand", "E1", venue_order_id="V1", symbol="X", side="BUY")
    write_history(store, lambda h: h.adopt(report))
    assert "Left out, since X is not registered: 1 execution" in text_of(browser.open(f"/results{path}"))


def test_a_strategy_has_no_curve(browser, store):
    fill_results(store)
    document = browser.open("/results?strategy_code=fade")
    assert totals(document)[0]["Net"] == "198"
    assert not document.all("div", class_="chart")
    assert "Strategies net in one position" in text_of(browser.open("/results/facts?strategy_code=fade"))


def test_pages_keep_what_is_asked(browser, store):
    for number in range(5):
        write_history(store, lambda h, n=number: h.register(spot_instrument(symbol=f"S{n}")))
        trade(store, f"C{number}", Side.BUY, "1", "100", at(2), symbol=f"S{number}")
    found, address = [], "/results?page_size=2&by=SYMBOL&since=2026-03-01"
    while address:
        document = browser.open(address)
        found += [row["Symbol"] for row in results(document)]
        following = document.all("a", rel="next")
        address = following[0]["attributes"]["href"] if following else None
    assert found == [f"S{number}" for number in range(5)]
    assert not document.all("div", class_="chart")
    assert document.one("a", rel="first")["attributes"]["href"] == "/results?page_size=2&by=SYMBOL&since=2026-03-01"


def test_tabs_keep_what_is_asked(browser, store):
    fill_results(store)
    document = browser.open(
        "/results?symbol=BASE%2FQUOTE&since=2026-03-01&rate=BNB%2FQUOTE%3D10&time_zone=Asia%2FTokyo"
    )
    for label in ("By day", "Round trips", "Executions and events", "Costs"):
        (address,) = hrefs(document, label)
        opened = browser.open(address)
        asked = {"symbol": "BASE/QUOTE", "since": "2026-03-01", "time_zone": "Asia/Tokyo", "rate": "BNB/QUOTE=10"}
        for name, value in asked.items():
            (field, *_) = [one for one in opened.all("input", name=name) if one["attributes"]["type"] != "hidden"]
            assert field["attributes"]["value"] == value
        current = [one["text"] for one in opened.all("a") if one["attributes"].get("aria-current") == "true"]
        assert current[0] == label


def test_round_trips(browser, store):
    ids = fill_results(store)
    ids["closed"] = trade(store, "closed", Side.SELL, "10", "90", at(5))
    document = browser.open("/results/round-trips")
    (trip,) = document.table("Round trips")
    expected = {
        "Side": "long", "Took": "3 days, 0:00:00", "Quantity": "20", "Entry": "110", "Exit": "110", "Gross": "0",
        "Fees": "3", "Net": "-3", "Complete": "complete",
    }  # fmt: skip
    assert expected.items() <= trip.items()
    for name, order_id in ids.items():
        assert document.all("a", href=f"/orders/{order_id}"), name
    (address,) = hrefs(document, "BASE/QUOTE")
    assert len(browser.open(address).table("Executions and account events")) == 4


def test_an_open_round_trip(browser, store):
    fill_results(store)
    (trip,) = browser.open("/results/round-trips").table("Round trips")
    assert trip["Closed"] == "still open"


def test_costs(browser, store):
    ids = fill_results(store)
    document = browser.open("/results/costs")
    (row,) = document.table("Costs by")
    expected = {"Symbol": "BASE/QUOTE", "Orders": "3", "Notional": "3500", "Fees in all": "3", "Filled": "1"}
    assert expected.items() <= row.items()
    (address,) = hrefs(document, "BASE/QUOTE")
    document = browser.open(address)
    assert {row["Order"] for row in document.table("Costs by")} == set(ids.values())
    assert len(browser.open("/results/costs?by=STRATEGY").table("Costs by")) == 2


@pytest.mark.parametrize("zone", ["Asia%2FTokyo", "America%2FNew_York"])
def test_the_first_and_the_last_time(browser, store, zone):
    write_history(store, lambda h: h.register(spot_instrument()))
    trade(store, "first", Side.BUY, "1", "100", EARLIEST)
    trade(store, "last", Side.SELL, "1", "101", LATEST)
    for path in ("?by=DAY", "?by=SYMBOL", "/round-trips?", "/facts?"):
        browser.open(f"/results{path}&time_zone={zone}")


def test_facts_are_the_newest_first(browser, store):
    fill_results(store)
    document = browser.open("/results/facts?page_size=3")
    assert [row["What"] for row in document.table("Executions and account events")] == ["interest", "SELL", "BUY"]
    document = browser.open(document.one("a", rel="next")["attributes"]["href"])
    assert [row["#"] for row in document.table("Executions and account events")] == ["1"]


@pytest.mark.parametrize("path", ["", "/round-trips", "/facts", "/costs"])
def test_a_past_moment(browser, store, path):
    fill_results(store)
    known = store.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    shown = browser.open(f"/results{path}").rows()
    store.clock.move(timedelta(minutes=1))
    send_open_sale(store)
    past = browser.open(f"/results{path}?as_of={known}")
    assert past.rows() == shown
    assert browser.open(f"/results{path}").rows() != shown
    addresses = [address for address in past.addresses if address.startswith(("/results", "/orders/"))]
    without = [address for address in addresses if "as_of" not in address]
    assert set(without) <= {f"/results{path}"}


@pytest.mark.parametrize("path", ["", "/round-trips", "/facts", "/costs"])
def test_an_empty_account(browser, path):
    document = browser.open(f"/results{path}")
    assert document.one("p", class_="empty")["text"]
    assert not document.all("table")

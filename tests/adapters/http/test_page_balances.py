"""Balances on the page, and the movements that they are the sum of."""

from datetime import timedelta
from decimal import Decimal

from page_trades import at, fill_results, trade

from sot.domain.values.vocabulary import Side
from sot.testing.contract.samples import trade_report
from sot.testing.contract.transactions import write_history


def balances(document):
    return {row["Asset"]: row for row in document.table("Balances")}


def test_balances_and_what_they_are_made_of(browser, store):
    ids = fill_results(store)
    document = browser.open("/balances")
    rows = balances(document)
    assert (rows["BASE"]["Balance"], rows["BASE"]["Made of"]) == ("10", "10 trade (3)")
    assert rows["QUOTE"]["Balance"] == "-953"
    assert rows["QUOTE"]["Made of"] == "-3 fee (3) -50 interest (1) -900 trade (3)"
    assert rows["QUOTE"]["Complete"].startswith("complete More left than came")
    (link,) = [one["attributes"]["href"] for one in document.all("a") if one["text"] == "QUOTE"]
    document = browser.open(link)
    moved = document.table("What each fact moved")
    assert sum(Decimal(row["Amount"]) for row in moved) == -953
    assert [row["#"] for row in moved] == [str(number) for number in range(7, 0, -1)]
    assert [row["What"] for row in moved if row["Source"] == "interest"] == ["interest"]
    assert document.all("a", href=f"/orders/{ids['sold']}")


def test_symbols_that_are_not_registered_are_said(browser, store):
    report = trade_report("by-hand", "E1", venue_order_id="V1", symbol="X", side="BUY")
    write_history(store, lambda h: h.adopt(report))
    (row,) = balances(browser.open("/balances")).values()
    assert row["Complete"].startswith("incomplete Not counted: executions of X,")


def test_zero_is_shown_when_asked(browser, store):
    fill_results(store)
    trade(store, "all", Side.SELL, "10", "130", at(9))
    assert "BASE" not in balances(browser.open("/balances"))
    assert balances(browser.open("/balances?include_zero=true"))["BASE"]["Balance"] == "0"


def test_filters_and_pages(browser, store):
    fill_results(store)
    assert set(balances(browser.open("/balances?asset=BASE"))) == {"BASE"}
    document = browser.open("/balances?page_size=1")
    assert set(balances(document)) == {"BASE"}
    document = browser.open(document.one("a", rel="next")["attributes"]["href"])
    assert set(balances(document)) == {"QUOTE"}
    assert not document.all("a", rel="next")
    document = browser.open("/balances/movements?asset=QUOTE&page_size=4")
    document = browser.open(document.one("a", rel="next")["attributes"]["href"])
    assert [row["#"] for row in document.table("What each fact moved")] == ["3", "2", "1"]


def test_a_past_moment(browser, store):
    fill_results(store)
    known = store.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    store.clock.move(timedelta(minutes=1))
    trade(store, "all", Side.SELL, "10", "130", at(9))
    rows = balances(browser.open(f"/balances?as_of={known}"))
    assert (rows["BASE"]["Balance"], rows["QUOTE"]["Balance"]) == ("10", "-953")
    assert len(browser.open(f"/balances/movements?asset=BASE&as_of={known}").table("What each fact moved")) == 3


def test_an_empty_account(browser):
    assert "Nothing is left" in browser.open("/balances").one("p", class_="empty")["text"]
    assert "Nothing moved" in browser.open("/balances/movements").one("p", class_="empty")["text"]

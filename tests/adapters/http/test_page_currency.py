"""The reporting currency of a server: what its page shows results in, and how a reader chooses another one."""

from urllib.parse import parse_qs, urlsplit

import pytest
from page_client import make_browser
from page_trades import EuroRates, fill_results

from sot import InvalidInput
from sot.adapters.http import create_app
from sot.adapters.memory import MemoryStore
from sot.testing.fakes import CountedIds, ManualClock

VALUED = ("", "/facts", "/costs")
CHOICE = {"aria-label": "Currency of results"}
IN_EUR = "In EUR: each part at the rate of its own time."


@pytest.fixture(params=["memory", "sqlite"])
def store(request, make_store):
    return make_store(request.param, ManualClock(), CountedIds())


@pytest.fixture
def browser(store):
    fill_results(store)
    with make_browser(store, rates=EuroRates(), currency="EUR") as browser:
        yield browser


def choices(document):
    """The currencies to choose from, with their addresses; and the one that is shown."""
    start = document.elements.index(document.one("nav", **CHOICE))
    links = [one for one in document.elements[start:] if one["tag"] == "a"]
    end = next(number for number, one in enumerate(links) if one["text"].startswith("Each")) + 1
    current = [one["text"] for one in links[:end] if "aria-current" in one["attributes"]]
    return {one["text"]: one["attributes"]["href"] for one in links[:end]}, current


def notes(document):
    return [one["text"] for one in document.all("p", class_="note")]


def currencies(document, caption="Realized results by"):
    return {row["Currency"] for row in document.table(caption)}


def test_results_are_in_the_currency_of_the_server(browser):
    document = browser.open("/results")
    (total,) = document.table("Realized results in all")
    named = browser.open("/results?in_currency=EUR")
    assert document.table("Realized results in all") == named.table("Realized results in all")
    assert (total["Currency"], total["Net"]) == ("EUR", "1593")
    assert currencies(document) == {"EUR"}
    assert document.one("h2", id="curve-1")["text"] == "Over time, in EUR"


@pytest.mark.parametrize("path", VALUED)
def test_the_currency_is_said_and_can_be_chosen(browser, path):
    document = browser.open(f"/results{path}?symbol=BASE%2FQUOTE")
    addresses, current = choices(document)
    assert (list(addresses), current) == (["In EUR", "Each in its own currency"], ["In EUR"])
    assert IN_EUR in notes(document)
    settled = browser.open(addresses["Each in its own currency"])
    assert choices(settled)[1] == ["Each in its own currency"]
    assert IN_EUR not in notes(settled)
    assert parse_qs(urlsplit(addresses["Each in its own currency"]).query)["symbol"] == ["BASE/QUOTE"]
    rows = {"": "Realized results by", "/facts": "Executions", "/costs": "Costs by"}[path]
    assert (currencies(document, rows), currencies(settled, rows)) == ({"EUR"}, {"QUOTE"})
    assert choices(browser.open(choices(settled)[0]["In EUR"]))[1] == ["In EUR"]


def test_another_currency_is_a_choice_beside_that_of_the_server(browser):
    addresses, current = choices(browser.open("/results?in_currency=QUOTE&by=DAY"))
    assert (list(addresses), current) == (["In EUR", "In QUOTE", "Each in its own currency"], ["In QUOTE"])
    assert "by=DAY" in addresses["In EUR"]


def test_tabs_and_filters_keep_what_a_reader_chose(browser):
    document = browser.open("/results?in_currency=settled")
    (address,) = [one["attributes"]["href"] for one in document.all("a") if one["text"] == "By day"]
    assert currencies(browser.open(address)) == {"QUOTE"}
    assert document.one("input", name="in_currency", type="text")["attributes"]["value"] == "settled"
    tabs = [one["attributes"]["href"] for one in browser.open("/results").all("a") if one["text"].startswith("By ")]
    assert tabs
    assert not [address for address in tabs if "in_currency" in address]


def test_round_trips_are_settled(browser):
    document = browser.open("/results/round-trips")
    assert not document.all("nav", **CHOICE)


def test_a_server_without_a_currency_asks_for_none(store):
    fill_results(store)
    for rates in (None, EuroRates()):
        with make_browser(store, rates=rates) as browser:
            document = browser.open("/results")
            assert currencies(document) == {"QUOTE"}
            assert not document.all("nav", **CHOICE)
            assert choices(browser.open("/results?in_currency=EUR"))[1] == ["In EUR"]


def test_the_curve_stands_above_the_totals(browser):
    titles = [" ".join(one["text"].split()) for one in browser.open("/results").all("h2")]
    assert titles == ["Over time, in EUR", "In all", "By venue, symbol"]


@pytest.mark.parametrize(("currency", "rates"), [("EUR", None), ("", EuroRates())])
def test_a_currency_without_rates_is_refused(currency, rates):
    with pytest.raises(InvalidInput) as refused:
        create_app(MemoryStore(), rates=rates, currency=currency)
    assert refused.value.field == "currency"

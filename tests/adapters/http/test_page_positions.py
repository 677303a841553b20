"""Positions on the page: figures, marks, lots, and what each is made of."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

from page_client import make_browser, new_key
from page_trades import SYMBOL_QUERY, at, fill_results, send_open_sale, trade

from sot.adapters.http.page.models.completeness import of_results
from sot.domain.accounting.results import Realized
from sot.domain.orders.report import Fee
from sot.domain.values.vocabulary import Side
from sot.testing.contract.samples import spot_instrument
from sot.testing.contract.transactions import write_history

ONE = f"/positions/one?{SYMBOL_QUERY}"


def positions(document):
    return document.table("Positions")


def facts(document):
    """The names with their values."""
    names, values = ([" ".join(one["text"].split()) for one in document.all(tag)] for tag in ("dt", "dd"))
    return dict(zip(names, values, strict=True))


def test_the_list(browser, store):
    fill_results(store)
    (row,) = positions(browser.open("/positions"))
    expected = {
        "Symbol": "BASE/QUOTE", "Side": "long", "Quantity": "10", "Average entry": "110", "Unrealized": "no mark",
        "Gross": "200", "Net": "198", "Paid": "197", "Currency": "QUOTE", "Complete": "complete", "Fees": "3 QUOTE",
    }  # fmt: skip
    assert expected.items() <= row.items()


def test_the_method_is_chosen_in_the_address(browser, store):
    fill_results(store)
    (row,) = positions(browser.open("/positions?method=FIFO"))
    assert (row["Average entry"], row["Gross"]) == ("120", "300")


def test_a_mark_by_hand(browser, store):
    fill_results(store)
    document = browser.open("/positions?mark=BASE%2FQUOTE%3D115.5&mark=X%3D1")
    assert positions(document)[0]["Unrealized"] == "55"
    assert "No position of this page is in X" in document.one("main")["text"]
    fields = [one["attributes"]["value"] for one in document.all("input", name="mark", type="text")]
    assert fields == ["BASE/QUOTE=115.5", "X=1", ""]
    browser.open("/positions?mark=BASE%2FQUOTE%3Dx", 400)


def test_missing_units_are_always_said(browser, store):
    fill_results(store)
    send_open_sale(store)
    (row,) = positions(browser.open("/positions"))
    assert row["Side"] == "flat"
    assert row["Complete"].startswith("incomplete Missing units: 15")
    document = browser.open(ONE)
    assert "incomplete Missing units: 15" in " ".join(document.one("p", class_="lead")["text"].split())
    assert facts(document)["Missing units"] == "15"


def test_fees_without_a_rate_are_said(browser, store):
    write_history(store, lambda h: h.register(spot_instrument()))
    trade(store, "bought", Side.BUY, "1", "100", at(2), [Fee(Decimal("0.01"), "BNB")])
    (row,) = positions(browser.open("/positions"))
    assert row["Complete"] == "incomplete Without a rate: fees of 0.01 BNB."


def test_an_assumed_order_is_said(browser, store):
    write_history(store, lambda h: h.register(spot_instrument()))
    for name, side, price in (("a", Side.BUY, "100"), ("b", Side.BUY, "90"), ("c", Side.SELL, "95")):
        trade(store, name, side, "1", price, at(2, 9 if name == "a" else 10))
    (row,) = positions(browser.open("/positions"))
    assert row["Complete"].startswith("complete Order assumed")


def test_flat_ones_are_shown_when_asked(browser, store):
    write_history(store, lambda h: h.register(spot_instrument()))
    trade(store, "bought", Side.BUY, "1", "100", at(2))
    trade(store, "sold", Side.SELL, "1", "101", at(3))
    assert "No position is open" in browser.open("/positions").one("p", class_="empty")["text"]
    (row,) = positions(browser.open("/positions?include_flat=true"))
    assert (row["Side"], row["Net"]) == ("flat", "1")


def test_pages_keep_what_is_asked(browser, store):
    for number in range(5):
        symbol = f"S{number}"
        write_history(store, lambda h, s=symbol: h.register(spot_instrument(symbol=s)))
        trade(store, f"C{number}", Side.BUY, "1", "100", at(2), symbol=symbol)
    found, address, count = [], "/positions?page_size=2&method=LIFO&mark=S4%3D107", 0
    while address:
        document = browser.open(address)
        found += [(row["Symbol"], row["Unrealized"]) for row in positions(document)]
        following = document.all("a", rel="next")
        address = following[0]["attributes"]["href"] if following else None
        count += 1
    assert (count, [symbol for symbol, _ in found]) == (3, [f"S{number}" for number in range(5)])
    assert dict(found)["S4"] == "7"


def test_a_position_is_made_of_executions(browser, store):
    ids = fill_results(store)
    (link,) = [one for one in browser.open("/positions").all("a") if one["text"] == "BASE/QUOTE"]
    document = browser.open(link["attributes"]["href"])
    figures = facts(document)
    assert (figures["Average entry price"], figures["Realized net"]) == ("110", "198 QUOTE")
    rows = document.table("Executions and account events")
    assert [(row["#"], row["What"], row["Gross"], row["Fees of closed"]) for row in rows] == [
        ("3", "SELL", "200", "2"), ("2", "BUY", "0", ""), ("1", "BUY", "0", ""),
    ]  # fmt: skip
    for order_id in ids.values():
        assert document.all("a", href=f"/orders/{order_id}")


def test_positions_of_one_symbol_are_apart(browser, store):
    write_history(store, lambda h: h.register(spot_instrument()))
    trade(store, "a", Side.BUY, "1", "100", at(2))
    trade(store, "b", Side.BUY, "2", "100", at(3), position_id="P1")
    rows = positions(browser.open("/positions"))
    assert [(row["Side"], row["Quantity"]) for row in rows] == [("long", "1"), ("long P1", "2")]
    for address, quantity in ((ONE, "1"), (ONE + "&position_id=P1", "2")):
        document = browser.open(address)
        assert [row["Quantity"] for row in document.table("Executions and account events")] == [quantity]
        assert facts(document)["Quantity"] == quantity


def test_units_that_fill_missing_ones_are_said():
    shown = of_results(Realized(currency="USDT", missing_quantity=Decimal(-3)))
    assert (shown.is_complete, shown.notes) == (True, ["Units that came and were missing before: 3."])
    shown = of_results(Realized(currency="USDT", unvalued_entry_values={"EUR": Decimal(5)}))
    assert (shown.is_complete, shown.notes) == (False, ["Without a rate: entry values of 5 EUR."])


def test_lots_lead_to_their_orders(browser, store):
    ids = fill_results(store)
    text = browser.open(ONE).one("main")["text"]
    assert "by AVERAGE all units have one price" in text
    document = browser.open(ONE + "&method=FIFO&mark=125")
    assert facts(document)["Unrealized"] == "50 QUOTE"
    (lot,) = document.table("Open lots by FIFO")
    assert (lot["Quantity"], lot["Price"], lot["Fees"]) == ("10", "120", "1")
    assert lot["Order"].endswith(ids["second"][-8:])


def test_entries_have_pages_that_stay(browser, store):
    write_history(store, lambda h: h.register(spot_instrument()))
    for number in range(5):
        trade(store, f"C{number}", Side.BUY, "1", "100", at(number + 1))
    found, address = [], ONE + "&page_size=2"
    while address:
        document = browser.open(address)
        found += [row["#"] for row in document.table("Executions and account events")]
        following = document.all("a", rel="next")
        address = following[0]["attributes"]["href"] if following else None
    assert found == ["5", "4", "3", "2", "1"]
    address = browser.open(ONE + "&page_size=2").one("a", rel="next")["attributes"]["href"]
    trade(store, "later", Side.BUY, "1", "100", at(9))
    rows = browser.open(address).table("Executions and account events")
    assert [row["#"] for row in rows] == ["3", "2"]


def test_a_past_moment(browser, store):
    fill_results(store)
    known = store.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    store.clock.move(timedelta(minutes=1))
    send_open_sale(store)
    document = browser.open(f"/positions?as_of={known}")
    (row,) = positions(document)
    assert (row["Quantity"], row["Complete"]) == ("10", "complete")
    (link,) = [one["attributes"]["href"] for one in document.all("a") if one["text"] == "BASE/QUOTE"]
    assert quote(known, safe="") in link
    assert len(browser.open(link).table("Executions and account events")) == 3
    assert len(browser.open(ONE).table("Executions and account events")) == 4
    before = (store.clock.now() - timedelta(days=400)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "No position was known then" in browser.open(f"/positions?as_of={before}").one("p", class_="empty")["text"]


def test_a_symbol_that_is_not_registered_has_no_page(browser):
    browser.open("/positions/one?venue=VENUE&symbol=X", 404)
    browser.open("/positions/one?venue=VENUE", 400)


def test_an_account_is_chosen_among_those_of_the_store(browser, store):
    for account in ("bob", "alice"):
        write_history(store, lambda h, a=account: h.register(spot_instrument(a)))
    document = browser.open("/positions")
    assert document.one("h1")["text"] == "Positions of alice"
    assert [one["attributes"]["value"] for one in document.all("option")][:2] == ["alice", "bob"]
    assert browser.open("/positions?account_id=bob").one("h1")["text"] == "Positions of bob"


def test_a_key_with_several_accounts_chooses_one(store):
    for account in ("alice", "bob", "carol"):
        write_history(store, lambda h, a=account: h.register(spot_instrument(a)))
    _, token = new_key(store, "bob", "carol")
    with make_browser(store, keys=True) as browser:
        browser.log_in(token)
        document = browser.open("/positions")
        assert document.one("h1")["text"] == "Positions of bob"
        assert [one["attributes"]["value"] for one in document.all("option")][:2] == ["bob", "carol"]

"""The list of orders on the page: filters in the address, pages, past moments, and what catches the eye."""

from datetime import timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest
from page_client import make_browser, new_key

from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import EventType, OrderStatus, Side
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history
from sot.testing.fakes import CountedIds, ManualClock


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param, ManualClock(), CountedIds())


def send(store, name, **changes):
    """Send an order, a minute after the one before."""
    store.clock.move(timedelta(minutes=1))
    return submit_and_send(store, name, **changes)


def listed(browser, query=""):
    """The client order ids of the list, in its order."""
    return [row[-1] for row in browser.open("/orders" + query).rows()[1:]]


@pytest.fixture
def orders(store):
    """Orders that differ in what can be filtered."""
    ids = {
        "open": send(store, "open", strategy_code="trend"),
        "filled": send(store, "filled", side=Side.SELL),
        "doubtful": send(store, "doubtful"),
        "other": send(store, "other", account_id="other"),
    }
    write_history(store, lambda h: h.record(trade_report("filled", "E1", "10", "101.25", venue_order_id="V-7")))
    request_id = read_history(store, lambda h: h.order(ids["doubtful"])).request_id
    write_history(store, lambda h: h.mark_unknown(request_id, "timeout"))
    return ids


FILTERS = [
    ("", ["open", "filled", "doubtful", "other"]),
    ("?account_id=account", ["open", "filled", "doubtful"]),
    ("?account_id=nobody", []),
    ("?symbol=BASE%2FQUOTE&venue=VENUE", ["open", "filled", "doubtful", "other"]),
    ("?symbol=x", []),
    ("?venue=x", []),
    ("?side=SELL", ["filled"]),
    ("?side=BUY&account_id=account", ["open", "doubtful"]),
    ("?status=FILLED", ["filled"]),
    ("?is_open=false", ["filled"]),
    ("?in_doubt=true", ["doubtful"]),
    ("?strategy_code=trend", ["open"]),
    ("?strategy_code=&side=&status=&id=", ["open", "filled", "doubtful", "other"]),
    ("?id=V-7", ["filled"]),
    ("?id=open&account_id=account", ["open"]),
    ("?id=nothing", []),
]


@pytest.mark.parametrize(("query", "expected"), FILTERS)
def test_filters(browser, orders, query, expected):
    assert sorted(listed(browser, query)) == sorted(expected)


def test_the_form_shows_the_filters_of_the_address(browser, orders):
    document = browser.open("/orders?side=SELL&symbol=BASE%2FQUOTE&created_from=2026-01-05T00:00")
    chosen = [one["attributes"]["value"] for one in document.all("option") if "selected" in one["attributes"]]
    assert chosen == ["SELL", "", "", ""]
    assert document.one("input", name="symbol", type="text")["attributes"]["value"] == SYMBOL
    assert (
        document.one("input", name="created_from", type="datetime-local")["attributes"]["value"]
        == "2026-01-05T00:00:00.000"
    )


def test_filter_by_time(browser, store):
    send(store, "before")
    store.clock.move(timedelta(minutes=1))
    at = store.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f")
    submit_and_send(store, "after")
    for text in (at, at + "Z"):
        assert listed(browser, f"?created_from={text}") == ["after"]
        assert listed(browser, f"?created_before={text}") == ["before"]


def test_any_id(browser, orders, store):
    order = read_history(store, lambda h: h.order(orders["filled"]))
    other = read_history(store, lambda h: h.order(orders["other"]))
    for id in (order.order_id, order.request_id, order.order_id.replace("-", ""), order.request_id[:-1]):
        assert "filled" in listed(browser, f"?id={id}")
    assert listed(browser, f"?id={order.order_id}") == ["filled"]
    assert listed(browser, f"?id={other.request_id}") == ["other"]
    assert listed(browser, f"?id={order.request_id}&side=BUY") == []


def test_pages_keep_the_filters(browser, store):
    names = [f"C{number}" for number in range(7)]
    for name in names:
        send(store, name)
    send(store, "sold", side=Side.SELL)
    found, document, count = [], browser.open("/orders?side=BUY&page_size=3"), 0
    while True:
        found += [row[-1] for row in document.rows()[1:]]
        count += 1
        following = document.all("a", rel="next")
        if not following:
            break
        document = browser.open(following[0]["attributes"]["href"])
        assert document.one("a", rel="first")["attributes"]["href"] == "/orders?side=BUY&page_size=3"
    assert (sorted(found), count) == (names, 3)


def test_what_is_odd_about_events_catches_the_eye(browser, store):
    odd, fine = send(store, "odd"), send(store, "fine")
    write_history(store, lambda h: h.record(trade_report("odd", "E1", "11")))
    before = store.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    store.clock.move(timedelta(minutes=1))
    write_history(store, lambda h: h.record(trade_report("odd", "E1", "9")))
    document = browser.open("/orders")
    assert document.one("tr", id=f"order-{odd}")["attributes"]["class"] == "odd"
    assert "class" not in document.one("tr", id=f"order-{fine}")["attributes"]
    flags = {one["text"]: one["attributes"]["title"] for one in document.all("strong", class_="flag")}
    assert set(flags) == {"overfill", "duplicate conflict"}
    assert flags["overfill"] == "More was executed than the order asked for."
    past = browser.open(f"/orders?as_of={before}")
    assert [one["text"] for one in past.all("strong", class_="flag")] == ["overfill"]


def test_a_key_sees_the_anomalies_of_its_account_alone(store):
    for account in ("one", "two"):
        submit_and_send(store, "odd", account)
        write_history(store, lambda h, a=account: h.record(trade_report("odd", "E1", "11", account_id=a)))
    with make_browser(store, keys=True) as browser:
        browser.log_in(new_key(store, "one")[1])
        assert len(browser.open("/orders").all("strong", class_="flag")) == 1


def test_a_page_of_many_orders_takes_as_many_queries_as_one_of_few(make_store, monkeypatch):
    queries = []
    for name in ("fetch", "fetch_dynamic"):
        read = getattr(WriteBuffer, name)

        def count(buffer, *args, read=read):
            queries.append(args[0])
            return read(buffer, *args)

        monkeypatch.setattr(WriteBuffer, name, count)
    store = make_store("sqlite", ManualClock(), CountedIds())
    with make_browser(store) as browser:
        numbers = []
        for number in (2, 20):
            for _ in range(number):
                name = store.ids.new_id()
                send(store, name)
                write_history(store, lambda h, n=name: h.record(trade_report(n, "E1", "11")))
            queries.clear()
            assert len(browser.open("/orders").all("strong", class_="flag")) >= number
            numbers.append(len(queries))
    assert numbers[0] == numbers[1] > 0


def test_a_past_moment_is_kept_by_all_links(browser, store):
    send(store, "early")
    at = store.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    send(store, "late")
    document = browser.open(f"/orders?as_of={at}&side=BUY")
    assert [row[-1] for row in document.rows()[1:]] == ["early"]
    assert "As it was known then" in document.one("p", class_="past")["text"]
    links = [address for address in document.addresses if address.startswith(("/orders", "/?"))]
    choices = {one["attributes"]["href"] for one in document.all("a") if one["text"].startswith(("yesterday", "last "))}
    present = [address for address in links if quote(at, safe="") not in address and address not in choices]
    assert set(present) == {"/orders?side=BUY", "/orders"}  # back to now, and the actions of forms
    assert {one["attributes"]["value"] for one in document.all("input", name="as_of", type="hidden")} == {at}


def test_a_cursor_is_a_past_moment_too(browser, store):
    send(store, "early")
    cursor = store.horizon()
    send(store, "late")
    document = browser.open(f"/orders?as_of={cursor}")
    assert [row[-1] for row in document.rows()[1:]] == ["early"]
    assert f"cursor {cursor}" in document.one("p", class_="past")["text"]


def test_numbers_are_exact_and_split_at_the_point(browser, store):
    send(store, "C1", quantity=Decimal("0.000000000000000001"), limit_price=Decimal("12345678901234567890.5"))
    (_, row) = browser.open("/orders").rows()
    assert row[4] == "0.000000000000000001"
    assert row[6] == "12345678901234567890.5"
    fractions = browser.open("/orders").all("span", class_="fraction p19")
    assert [one["text"] for one in fractions] == [".000000000000000001"]


def test_times_are_in_utc_and_exact(browser, store):
    send(store, "C1")
    time = browser.open("/orders").all("time")[0]
    exact = store.clock.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    assert time["attributes"]["datetime"] == exact
    assert exact in time["attributes"]["title"]


def test_the_newest_orders_come_first_over_all_pages(browser, store):
    sent = [send(store, f"C{number}") for number in range(5)]
    address, shown = "/orders?page_size=2", []
    while address:
        document = browser.open(address)
        shown += [row["attributes"]["id"] for row in document.all("tr") if "id" in row["attributes"]]
        following = [link for link in document.all("a") if link["attributes"].get("rel") == "next"]
        address = following[0]["attributes"]["href"] if following else None
    assert shown == [f"order-{order_id}" for order_id in reversed(sent)]


@pytest.mark.parametrize("status", OrderStatus)
def test_a_status_is_a_word(status):
    from sot.adapters.http.page.models.status import status_alone

    shown = status_alone(status)
    assert shown.word == str(status).replace("_", " ").lower()
    assert shown.tone in {"done", "active", "waiting", "over", "wrong"}


def test_doubt_and_unproven_quantities_catch_the_eye(browser, orders, store):
    report = VenueReport(
        account_id=ACCOUNT, venue=VENUE, client_order_id="open", type=EventType.ORDER_STATUS,
        reported_status=OrderStatus.PARTIALLY_FILLED, cum_quantity=Decimal(4), avg_price=Decimal(99),
        occurred_at=store.clock.now(),
    )  # fmt: skip
    write_history(store, lambda h: h.record(report))
    document = browser.open("/orders")
    odd = {row["attributes"]["id"] for row in document.all("tr", class_="odd")}
    assert odd == {f"order-{orders['open']}", f"order-{orders['doubtful']}"}
    assert [one["text"] for one in document.all("strong", class_="flag")] == [
        "in doubt", "+4 unproven", "cum mismatch",
    ]  # fmt: skip


def test_an_empty_store_says_what_to_do(browser):
    text = browser.open("/orders").one("div", class_="empty")["text"]
    assert "sot record" in text
    assert "sot demo" in text
    at = browser.store.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    assert "known then" in browser.open(f"/orders?as_of={at}").one("div", class_="empty")["text"]


def test_a_list_without_a_match_leads_to_all(browser, orders):
    document = browser.open("/orders?symbol=x")
    assert "No order is like that" in document.one("p", class_="empty")["text"]


# ------------------------------------------------------------------------------------------------------------ accounts


def test_a_key_with_several_accounts_chooses_one(store):
    for account in ("alice", "bob", "carol"):
        send(store, f"{account}-1", account_id=account)
    _, token = new_key(store, "bob", "alice")
    with make_browser(store, keys=True) as browser:
        browser.log_in(token)
        assert listed(browser) == ["alice-1"]
        assert listed(browser, "?account_id=bob") == ["bob-1"]
        assert listed(browser, "?account_id=carol") == []
        document = browser.open("/orders?account_id=bob")
        options = [one["attributes"]["value"] for one in document.all("option")][:2]
        assert options == ["alice", "bob"]


def test_a_key_with_one_account_has_no_choice(store):
    send(store, "alice-1", account_id="alice")
    _, token = new_key(store, "alice")
    with make_browser(store, keys=True) as browser:
        browser.log_in(token)
        assert listed(browser) == ["alice-1"]
        assert "account_id" not in [one["attributes"].get("name") for one in browser.open("/orders").elements]

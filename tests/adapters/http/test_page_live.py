"""The stream that tells an open page that something was recorded: which facts it tells of, and to whom."""

from datetime import timedelta

import pytest
from page_client import make_browser
from page_trades import at, fill_results

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.values.vocabulary import AccountEventType
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history
from sot.testing.fakes import CountedIds, ManualClock

OTHER = "other"
PAGES = (
    "/positions", "/positions/one?venue=VENUE&symbol=BASE%2FQUOTE", "/balances", "/balances/movements", "/results",
    "/results/facts", "/results/costs", "/results/round-trips",
)  # fmt: skip


@pytest.fixture(params=["memory", "sqlite"])
def store(request, make_store):
    store = make_store(request.param, ManualClock(at(20)), CountedIds())
    fill_results(store)
    return store


@pytest.fixture
def browser(store):
    with make_browser(store) as browser:
        yield browser


def pay(store, account_id=ACCOUNT):
    event = AccountEvent(
        account_id=account_id, type=AccountEventType.INTEREST, venue=VENUE, amount="-1", currency="QUOTE",
        occurred_at=at(9), reason="loan",
    )  # fmt: skip
    write_history(store, lambda h: h.record_account_event(event))


def messages(browser, **query):
    text = browser.get("/live", params=query).text
    return [line for line in text.splitlines() if line.startswith("event: ")]


@pytest.mark.parametrize(
    ("record", "is_told"),
    [
        (pay, True),
        (lambda store: submit_and_send(store, "new"), True),
        (lambda store: write_history(store, lambda h: h.register(spot_instrument(symbol="NEW"))), True),
        (lambda store: write_history(store, lambda h: h.record(trade_report("nobody", "E-0"))), True),
        (lambda store: write_history(store, lambda h: h.submit(new_order_request("waits"))), False),
    ],
    ids=["account event", "order event", "instrument", "unattributed report", "request"],
)
def test_facts_that_pages_show_are_told(browser, store, record, is_told):
    after = store.horizon()
    record(store)
    assert store.horizon() > after
    assert messages(browser, after=after) == ["event: changed"] * is_told
    assert messages(browser, after=store.horizon()) == []


def test_a_page_of_an_account_waits_for_that_account(browser, store):
    after = store.horizon()
    pay(store, OTHER)
    assert messages(browser, after=after, account_id=OTHER) == ["event: changed"]
    assert messages(browser, after=after, account_id=ACCOUNT) == []


@pytest.mark.parametrize("path", PAGES)
def test_account_pages_are_live_at_present_alone(browser, store, path):
    document = browser.open(path)
    assert f"account_id={ACCOUNT}" in document.one("body")["attributes"]["sse-connect"]
    (region,) = [one["attributes"] for one in document.elements if "data-live" in one["attributes"]]
    assert (region["hx-get"], region["data-pause"]) == (path, "2")
    known = (store.clock.now() - timedelta(seconds=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    past = browser.open(path + ("&" if "?" in path else "?") + f"as_of={known}", 404 if "/one" in path else 200)
    assert not [one for one in past.elements if "hx-get" in one["attributes"] or "sse-connect" in one["attributes"]]


def test_rows_keep_their_ids(browser, store):
    ids = {}
    for _ in range(2):
        for path in PAGES:
            rows = [one["attributes"]["id"] for one in browser.open(path).all("tr") if "id" in one["attributes"]]
            assert len(rows) == len(set(rows))
            ids.setdefault(path, rows)
            assert set(ids[path]) <= set(rows)
        pay(store)
    assert all(rows for path, rows in ids.items() if path != "/balances/movements")

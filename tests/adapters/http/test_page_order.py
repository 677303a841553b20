"""The story of an order on the page."""

from datetime import timedelta
from decimal import Decimal

import attrs
import pytest

from sot import DecisionContext, RiskCheck
from sot.adapters.http.page.models.words import ANOMALY_WORDS, ORIGIN_WORDS
from sot.adapters.http.page.views import order as order_view
from sot.application.audit.seal import seal
from sot.domain.audit.checkpoint import Proof
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.values.vocabulary import Anomaly, EventType, Origin
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history
from sot.testing.fakes import CountedIds, ManualClock


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param, ManualClock(), CountedIds())


def record(store, *reports):
    """Record reports, each a minute after the one before."""
    for report in reports:
        store.clock.move(timedelta(minutes=1))
        write_history(store, lambda h, r=report: h.record(r))


def section(document, heading):
    """The text of the section that a heading begins."""
    (found,) = [one for one in document.all("section") if one["attributes"].get("aria-labelledby") == heading]
    return " ".join(found["text"].split())


@pytest.fixture
def order_id(store):
    """An order with an intent, executions, and an overfill."""
    write_history(store, lambda h: h.register(spot_instrument()))
    request = attrs.evolve(new_order_request("C1"), strategy_code="trend", requested_by="ada", tags={"desk": "A"})
    context = DecisionContext(
        indicators={"rsi": "71.5"}, signal_strength=Decimal("0.8"), market_snapshot={"decision_price": "99.5"}
    )
    checks = [RiskCheck(rule_code="MAX-SIZE", passed=True, message="below the limit")]
    request_id = write_history(store, lambda h: h.submit(request, context, checks)).request_id
    order_id = write_history(store, lambda h: h.mark_sent(request_id)).order_id
    fee = Fee(Decimal("0.25"), "QUOTE")
    record(
        store,
        trade_report("C1", "E1", "4", "100.125", fees=[fee], occurred_at=store.clock.now()),
        trade_report("C1", "E2", "7", "101", fees=[Fee(Decimal("0.001"), "BNB")]),
    )
    return order_id


def test_the_first_sentence_says_why_it_is_partly_filled(browser, store):
    order_id = submit_and_send(store, "C1")
    record(
        store,
        trade_report("C1", "E1", "4"),
        VenueReport(
            account_id=ACCOUNT, type=EventType.CANCELED, venue=VENUE, client_order_id="C1", reason="self-trade"
        ),
    )
    document = browser.open(f"/orders/{order_id}")
    assert " ".join(document.one("p", class_="why")["text"].split()) == (
        "4 of 10 were executed before the order was canceled by the venue, without a request of ours (self-trade). "
        "See event 4"
    )
    assert document.one("a", href="#event-4")
    before = document.one("a", title="trade")["attributes"]["href"]
    assert "the other 6 are working" in browser.open(before).one("p", class_="why")["text"]


def test_the_story(browser, order_id, store):
    document = browser.open(f"/orders/{order_id}")
    assert document.one("h1")["text"] == "BUY 10 BASE/QUOTE LIMIT limit 100"
    assert "filled" in document.one("p", class_="lead")["text"]
    assert document.one("p", class_="why")["text"] == "11 were executed, 1 more than ordered."
    intent = section(document, "intent")
    for text in ("ada", "rsi 71.5", "0.8", "decision_price 99.5", "desk A", "MAX-SIZE passed below the limit"):
        assert text in intent
    timeline = section(document, "timeline")
    assert "executed 0 → 4" in timeline
    assert "OVERFILL More was executed than the order asked for." in timeline
    executions = section(document, "executions")
    assert "4 100.125 0.25 QUOTE" in executions
    costs = section(document, "costs")
    assert "Fees without a rate 0.001 BNB" in costs
    assert "Price at the decision 99.5" in costs
    order = read_history(store, lambda h: h.order(order_id))
    assert order.last_hash in section(document, "hashes")
    assert all(
        event.hash in section(document, "hashes") for event in read_history(store, lambda h: list(h.events(order_id)))
    )


def test_both_clocks(browser, order_id, store):
    events = read_history(store, lambda h: list(h.events(order_id)))
    rows = [row for row in browser.open(f"/orders/{order_id}").rows() if row and row[0] in "1234"][:4]
    traded = next(event for event in events if event.occurred_at and event.type == "TRADE")
    row = rows[traded.sequence - 1]
    assert row[1] == traded.occurred_at.strftime("%Y-%m-%d %H:%M:%S.") + "000"
    assert row[2] != row[1]
    assert rows[-1][1] == "not stated"


def test_an_order_found_at_the_venue(browser, store):
    report = trade_report("by-hand", "E1", venue_order_id="V1", symbol="BASE/QUOTE", side="BUY")
    order_id = write_history(store, lambda h: h.adopt(report)).order_id
    assert "found at the venue" in section(browser.open(f"/orders/{order_id}"), "intent")


def test_the_slider_over_its_past(browser, order_id):
    document = browser.open(f"/orders/{order_id}")
    moments = [one for one in document.all("a") if f"/orders/{order_id}" in one["attributes"]["href"]]
    stops = [one for one in moments if "as_of" in one["attributes"]["href"] and "title" in one["attributes"]]
    assert len(stops) == 3  # created and submitted were recorded at once
    past = browser.open(stops[1]["attributes"]["href"])
    assert "partially filled" in past.one("p", class_="lead")["text"]
    assert "OVERFILL" not in section(past, "timeline")
    current = [one["attributes"]["href"] for one in past.all("a") if one["attributes"].get("aria-current") == "true"]
    assert current == [stops[1]["attributes"]["href"]]
    assert len([one for one in past.all("a") if "as_of" in one["attributes"]["href"]]) >= 3
    assert past.one("p", class_="past")


def test_an_order_that_was_not_known_yet(browser, store):
    store.clock.move(timedelta(minutes=1))
    before = store.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    store.clock.move(timedelta(minutes=1))
    order_id = submit_and_send(store, "C1")
    browser.open(f"/orders/{order_id}?as_of={before}", 404)
    browser.open(f"/orders/{order_id}")


def test_a_long_story_has_pages(browser, store, monkeypatch):
    monkeypatch.setattr(order_view, "EVENTS", 4)
    order_id = submit_and_send(store, "C1", quantity=Decimal(100))
    record(store, *(trade_report("C1", f"E{number}") for number in range(9)))
    address, sequences = f"/orders/{order_id}", []
    while address:
        document = browser.open(address)
        sequences += [int(one["attributes"]["id"][6:]) for one in document.all("tr") if "id" in one["attributes"]]
        following = document.all("a", rel="next")
        address = following[0]["attributes"]["href"] if following else None
    assert sequences == list(range(1, 12))
    assert "more executions" in section(browser.open(f"/orders/{order_id}"), "executions")


def test_results_that_were_recorded(browser, order_id, store):
    write_history(store, lambda h: h.mark(order_id, Decimal("105.5")))
    results = section(browser.open(f"/orders/{order_id}"), "results")
    assert "Mark 105.5" in results
    assert "Not valued 0.001 BNB" in results


def test_what_was_left_out_is_said(browser, store):
    order_id = submit_and_send(store, "C1")
    report = VenueReport(
        account_id=ACCOUNT, venue=VENUE, client_order_id="C1", type=EventType.NEW,
        left_out={"avg_price": "it has 21 digits"},
    )  # fmt: skip
    record(store, report)
    assert "avg_price left out: it has 21 digits" in section(browser.open(f"/orders/{order_id}"), "timeline")


def test_every_word_of_the_vocabularies_is_said():
    assert set(ANOMALY_WORDS) == set(Anomaly)
    assert set(ORIGIN_WORDS) == set(Origin)


# --------------------------------------------------------------------------------------------------------------- proofs


def test_events_are_sealed_and_proven(browser, order_id, store):
    store.run(seal)
    record(store, trade_report("C1", "E9", "1", "102"))
    last = len(read_history(store, lambda h: list(h.events(order_id))))
    document = browser.open(f"/orders/{order_id}")
    hashes = section(document, "hashes")
    assert f"Checkpoints seal the events up to {last - 1}" in hashes
    proofs = [one for one in document.addresses if "/proof?" in one]
    assert len(proofs) == last - 1
    event = read_history(store, lambda h: list(h.events(order_id)))[1]
    page = browser.open(proofs[1])
    text = page.one("main")["text"]
    assert event.hash in text
    assert event.prev_hash in text
    (address,) = [one for one in page.addresses if one.startswith("/export/")]
    response = browser.get(address)
    assert response.headers["content-disposition"].startswith("attachment; ")
    document = response.json()
    with store.begin(read_only=True) as uow:
        checkpoint = uow.checkpoints.last()
    proof = Proof(leaf=document["leaf"], place=document["place"], path=tuple(document["path"]), checkpoint=checkpoint)
    assert proof.is_valid_under(checkpoint)
    assert event.hash in document["leaf"]


def test_an_event_that_is_not_sealed_yet(browser, order_id, store):
    assert "Nothing is sealed yet" in section(browser.open(f"/orders/{order_id}"), "hashes")
    assert "No checkpoint seals this event yet" in browser.open(f"/orders/{order_id}/proof").one("main")["text"]
    browser.open(f"/export/orders/{order_id}/proof", 404)
    store.run(seal)
    later = submit_and_send(store, "C9")
    assert "No checkpoint seals an event of this order yet" in section(browser.open(f"/orders/{later}"), "hashes")
    browser.open(f"/orders/{order_id}/proof?sequence=99", 404)

"""What needs attention on the page: waiting reports, findings, doubts and seals, with a count in the navigation."""

from datetime import timedelta

import attrs
import pytest
from page_client import make_browser, new_key
from sample_accounts import TickingClock, fill_account, make_venue

from sot import OrderHistory
from sot.adapters.http.page.models.attention import finding_row
from sot.adapters.http.page.models.words import MISMATCH_STEPS, MISMATCH_WORDS
from sot.adapters.http.page.views import attention
from sot.application.audit.seal import seal
from sot.domain.values.vocabulary import AccessScope, Mismatch
from sot.testing.contract.samples import new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history
from sot.testing.fakes import CountedIds

OWN, OTHER = "alpha", "omega"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param, TickingClock(), CountedIds())


@pytest.fixture
def account(store):
    return fill_account(store, make_venue(store.clock), OWN, 713_713)


def section(document, heading):
    (found,) = [one for one in document.all("section") if one["attributes"].get("aria-labelledby") == heading]
    return " ".join(found["text"].split())


def count(document):
    return document.one("span", id="count-attention")["text"].strip(" :")


def test_nothing_needs_attention(browser, store):
    document = browser.open("/attention")
    assert count(document) == ""
    assert "every report has its order" in section(document, "waiting")
    assert "Nothing is sealed yet" in section(document, "seals")
    submit_and_send(store, "C1")
    assert count(browser.open("/orders")) == ""


def test_everything_that_needs_attention(browser, account, store):
    document = browser.open("/attention")
    waiting = section(document, "waiting")
    assert "no order goes by its identifiers" in waiting
    assert "adopt it, if the venue or a person made the order without a request" in waiting
    assert "alpha-nobodys, alpha-waiting-exec" in waiting
    findings = section(document, "findings")
    with store.begin(read_only=True) as uow:
        open_findings = list(OrderHistory(uow).findings())
    for finding in open_findings:
        assert MISMATCH_WORDS[finding.row.mismatch] in findings
        assert f"/findings/{finding.record_id}/accept" in document.addresses
    doubts = section(document, "doubts")
    assert "alpha-doubtful" in doubts
    assert "in doubt" in doubts
    number = len([one for one in document.all("tr") if "id" in one["attributes"]])
    assert count(document) == str(number) == count(browser.open("/orders"))


def test_the_first_page_says_what_differs_from_the_exchange_and_what_else_there_is(browser, account, store):
    document = browser.open("/")
    with store.begin(read_only=True) as uow:
        differences = len(list(OrderHistory(uow).findings()))
    notice = document.one("p", class_="notice")["text"]
    assert f"{differences} differences from the exchange" in notice
    assert "2 reports without an order" in notice
    assert "1 order in doubt" in notice
    (link,) = [one for one in document.all("a") if "differences from" in one["text"]]
    assert link["attributes"]["href"] == "/attention#findings"
    document = browser.open("/attention")
    assert document.one("h2", id="findings")["text"] == "Differences from the exchange"
    assert not browser.open(f"/orders?as_of={store.horizon()}").all("p", class_="notice")


@pytest.mark.parametrize(
    ("reason", "shown"), [("the venue has an order that the history does not have", ""), ("it is older", "it is older")]
)
def test_a_reason_that_says_what_the_words_say_is_not_repeated(account, store, reason, shown):
    with store.begin(read_only=True) as uow:
        finding = next(iter(OrderHistory(uow).findings()))
    finding = attrs.evolve(finding, row=attrs.evolve(finding.row, mismatch=Mismatch.MISSING_LOCAL, reason=reason))
    assert finding_row(finding, None, []).reason == shown


def test_seals_say_when_and_until_where(browser, account, store):
    with store.begin(read_only=True) as uow:
        checkpoint, last = uow.checkpoints.last(), uow.feed.last()
    seals = section(browser.open("/attention"), "seals")
    for text in (f"Last checkpoint {checkpoint.number}", f"Up to cursor {checkpoint.upto}", checkpoint.hash):
        assert text in seals
    assert "sot verify" in seals
    assert ("nothing" if last == checkpoint.upto else f"{last - checkpoint.upto} later cursors") in seals
    submit_and_send(store, "later", OWN)
    with store.begin(read_only=True) as uow:
        assert f"Not sealed yet {uow.feed.last() - checkpoint.upto} later" in section(
            browser.open("/attention"), "seals"
        )


def test_it_shows_what_was_known_then(browser, account, store):
    with store.begin(read_only=True) as uow:
        first = uow.checkpoints.last()
    then = store.horizon()
    finding = account.ids["finding"]
    write_history(store, lambda h: h.accept_finding(finding, reason="explained"))
    submit_and_send(store, "later", OWN)
    store.run(seal)
    assert f"finding-{finding}" not in browser.get("/attention").text
    past = browser.open(f"/attention?as_of={then}")
    assert past.one("tr", id=f"finding-{finding}")
    assert f"Last checkpoint {first.number} Sealed" in section(past, "seals")
    assert count(past) == ""


def test_a_key_sees_all_of_its_accounts_or_one(store, account):
    fill_account(store, make_venue(store.clock), OTHER, 829_829)
    third = fill_account(store, make_venue(store.clock), "third", 313_313)
    with make_browser(store, keys=True) as browser:
        browser.log_in(new_key(store, OWN, OTHER)[1])
        document = browser.open("/attention")
        assert {OWN, OTHER} <= {cell for row in document.rows() for cell in row}
        assert not [name for name in third.names if name in document.one("main")["text"]]
        one = browser.open(f"/attention?account_id={OTHER}")
        assert OWN not in {cell for row in one.rows() for cell in row}
        assert int(count(document)) > len(one.rows()) - 3
        assert count(one) == count(document)


def test_many_are_counted_up_to_a_limit_and_listed_page_by_page(browser, store, monkeypatch):
    monkeypatch.setattr(attention, "SHOWN", 3)
    for number in range(5):
        store.clock.move(timedelta(seconds=1))
        write_history(store, lambda h, n=number: h.record(trade_report(f"nobody-{n}", f"E{n}")))
    document = browser.open("/attention")
    assert count(document) == "3+"
    (address,) = [one for one in document.addresses if one.startswith("/attention/waiting")]
    listed, address = [], address + "&page_size=2"
    while address:
        document = browser.open(address)
        listed += [row[2].split(",")[0] for row in document.rows()[1:]]
        following = document.all("a", rel="next")
        address = following[0]["attributes"]["href"] if following else None
    assert listed == [f"nobody-{number}" for number in range(5)]


def test_findings_are_listed_page_by_page(browser, account, store):
    with store.begin(read_only=True) as uow:
        expected = [finding.record_id for finding in OrderHistory(uow).findings()]
    listed, address = [], f"/attention/findings?account_id={OWN}&page_size=1"
    while address:
        document = browser.open(address)
        listed += [one["attributes"]["id"][8:] for one in document.all("tr") if "id" in one["attributes"]]
        following = document.all("a", rel="next")
        address = following[0]["attributes"]["href"] if following else None
    assert listed == expected


def test_of_too_many_accounts_one_has_to_be_chosen(browser, account, store, monkeypatch):
    monkeypatch.setattr(attention, "MOST_ACCOUNTS", 1)
    submit_and_send(store, "C1", OTHER)
    assert "choose one" in browser.open("/attention").one("p", class_="error")["text"]
    assert "alpha-doubtful" in section(browser.open(f"/attention?account_id={OWN}"), "doubts")


def test_a_live_page_renews_the_count_too(browser, account):
    region = browser.open("/attention").one("section", id="attention")["attributes"]
    assert region["hx-select-oob"] == "#count-attention"


def test_only_a_key_with_the_scope_is_offered_actions(store, account):
    for scopes, is_offered in (([AccessScope.READ], False), ([AccessScope.READ, AccessScope.RECONCILE], True)):
        with make_browser(store, keys=True) as browser:
            browser.log_in(new_key(store, OWN, scopes=scopes)[1])
            assert any("/accept" in one for one in browser.open("/attention").addresses) is is_offered


def test_a_key_without_actions_is_told_the_commands(store, account):
    with make_browser(store, keys=True) as browser:
        browser.log_in(new_key(store, OWN)[1])
        waiting = section(browser.open("/attention"), "waiting")
    assert f"(sot waiting --adopt {account.ids['waiting']})" in waiting
    assert f"(sot waiting --attribute {account.ids['waiting']} --order ORDER)" in waiting


def test_the_unsent_request_of_a_report_is_named(browser, store):
    write_history(store, lambda h: h.register(spot_instrument()))
    request_id = write_history(store, lambda h: h.submit(new_order_request("C1"))).request_id
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    assert f"It may be about the request {request_id}" in section(browser.open("/attention"), "waiting")


def test_every_difference_has_words_and_steps():
    assert set(MISMATCH_WORDS) == set(MISMATCH_STEPS) == set(Mismatch)

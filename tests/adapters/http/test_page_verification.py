"""A verification that a reader asks for: when, until where, what does not hold, and who may."""

import pytest
from page_client import Document, check_page, make_browser, new_key
from sample_accounts import TickingClock, fill_account, make_venue

from sot.adapters.http.page.models import verification
from sot.application.audit.verification_result import Verification, VerificationProblem
from sot.testing.contract.transactions import submit_and_send
from sot.testing.fakes import CountedIds

ADDRESS = "/attention/verification"


@pytest.fixture(params=["memory", "sqlite"])
def store(request, make_store):
    store = make_store(request.param, TickingClock(), CountedIds())
    fill_account(store, make_venue(store.clock), "alpha", 713_713)
    return store


def facts(document):
    names, values = ([" ".join(one["text"].split()) for one in document.all(tag)] for tag in ("dt", "dd"))
    return dict(zip(names, values, strict=True))


def verify(browser):
    return check_page(browser.submit(browser.open("/attention"), ADDRESS))


def test_it_says_when_and_until_where(store):
    submit_and_send(store, "later", "alpha")
    with store.begin(read_only=True) as uow:
        upto, checkpoint = uow.feed.last(), uow.checkpoints.last()
    with make_browser(store) as browser:
        before = store.clock.time
        document = verify(browser)
    assert document.one("p", class_="lead")["text"].strip() == "everything holds"
    found = facts(document)
    assert (found["Up to cursor"], found["Last checkpoint"]) == (str(upto), str(checkpoint.number))
    assert found["Not sealed yet"] == f"{upto - checkpoint.upto} cursors"
    assert found["Verified"] >= before.strftime("%Y-%m-%d %H:%M:%S")
    assert int(found["event"]) > 10
    assert store.horizon() == upto


def test_what_does_not_hold_is_listed(store, monkeypatch):
    problems = [VerificationProblem(what="order", account_id="alpha", key=f"k{n}", problem="differs") for n in range(3)]
    monkeypatch.setattr(
        "sot.adapters.http.page.views.verification.verify_within", lambda uow: Verification(problems=problems)
    )
    monkeypatch.setattr(verification, "MOST_PROBLEMS", 2)
    with make_browser(store) as browser:
        document = verify(browser)
    assert document.one("p", class_="lead")["text"].strip() == "3 problems"
    assert [row["Key"] for row in document.table("What does not hold")] == ["k0", "k1"]
    assert "There are more" in document.one("main")["text"]


def test_a_key_of_some_accounts_cannot_ask_for_it(store):
    with make_browser(store, keys=True) as browser:
        browser.log_in(new_key(store, "alpha")[1])
        document = browser.open("/attention")
        assert ADDRESS not in document.addresses
        token = document.all("input", name="token")[0]["attributes"]["value"]
        response = browser.post(ADDRESS, data={"token": token}, headers=browser.own_origin)
        assert response.status_code == 404
        assert "everything holds" not in response.text
    with make_browser(store, keys=True) as browser:
        browser.log_in(new_key(store)[1])
        assert facts(verify(browser))["Last checkpoint"]


def test_the_past_cannot_be_verified(store):
    with make_browser(store) as browser:
        assert ADDRESS not in browser.open(f"/attention?as_of={store.horizon()}").addresses


def test_no_link_and_no_other_site_starts_it(store):
    with make_browser(store) as browser:
        assert browser.get(ADDRESS).status_code == 405
        assert browser.post(ADDRESS, data={"token": "x"}, headers=browser.own_origin).status_code == 403
        document = browser.open("/attention")
        token = document.all("input", name="token")[0]["attributes"]["value"]
        foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
        response = browser.post(ADDRESS, data={"token": token}, headers=foreign)
        assert response.status_code == 403
        assert Document(response.text)

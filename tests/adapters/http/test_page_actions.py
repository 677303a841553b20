"""What a person records on the page: form, confirmation, record; once, by whom, and only where the key allows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from page_client import Document, check_page, hidden_fields, make_browser, new_key
from sample_accounts import TickingClock, fill_account, make_venue

from sot import OrderHistory
from sot.adapters.http.page.views.action_table import ACTIONS
from sot.adapters.http.routes import ROUTES
from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate
from sot.domain.values.vocabulary import AccessScope, EventType
from sot.testing.contract.transactions import write_history
from sot.testing.fakes import CountedIds

OWN, OTHER = "alpha", "omega"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param, TickingClock(), CountedIds())


@pytest.fixture
def account(store):
    return fill_account(store, make_venue(store.clock), OWN, 713_713)


@pytest.fixture
def browser(store, account):
    """A browser with the key `ann`, which may read and reconcile."""
    with make_browser(store, keys=True) as browser:
        key, token = new_key(store, OWN, scopes=[AccessScope.READ, AccessScope.RECONCILE], name="ann")
        browser.log_in(token)
        browser.store, browser.key, browser.ids = store, key, account.ids
        yield browser


def last_event(store, order_id):
    with store.begin(read_only=True) as uow:
        return list(OrderHistory(uow).events(order_id))[-1]


def paths(ids):
    """The path of the form of each action that is possible, by its name, with what is filled in."""
    filled = {"reason": "seen at the venue"}
    report = f"/waiting/{ids['waiting']}"
    return {
        "accept": (f"/findings/{ids['finding']}/accept", filled),
        "resolve": (f"/orders/{ids['doubtful']}/resolve", {**filled, "status": "FAILED"}),
        "attribute": (f"/orders/{ids['external']}/attribute", {**filled, "order_id": "alpha-resting"}),
        "void": (f"/orders/{ids['order']}/void?sequence=3", {**filled, "sequence": "3"}),
        "adoptWaiting": (f"{report}/adopt?account_id={OWN}", {}),
        "attributeWaiting": (f"{report}/attribute?account_id={OWN}", {"order_id": ids["resting"]}),
    }


def test_every_action_is_an_operation_with_its_scope():
    by_name = {route.name: route for route in ROUTES}
    for action in ACTIONS:
        assert action.operation is by_name[action.operation.name]
        assert action.scope is AccessScope.RECONCILE
        assert {field.name for field in action.fields} <= set(action.command.KINDS)


@pytest.mark.parametrize("name", [action.name for action in ACTIONS])
def test_form_confirmation_and_record(browser, name):
    """Nothing is recorded before the confirmation, which repeats what was filled in, and by whom it is recorded."""
    path, filled = paths(browser.ids)[name]
    before = browser.store.horizon()
    form = browser.open(path)
    confirmation = browser.fill_in(form, **filled)
    text = confirmation.one("main")["text"]
    assert filled.get("reason", "") in text
    assert "as done by ann" in text
    assert browser.store.horizon() == before
    browser.fill_in(confirmation)
    assert browser.store.horizon() > before


def test_an_accepted_finding(browser, store):
    path, filled = paths(browser.ids)["accept"]
    done = browser.fill_in(browser.fill_in(browser.open(path), **filled))
    assert browser.ids["finding"] not in "".join(done.addresses)
    with store.begin(read_only=True) as uow:
        closing = OrderHistory(uow).finding(browser.ids["finding"]).resolution
    assert (closing.reason, closing.actor) == ("seen at the venue", "ann")
    assert "It is closed: seen at the venue" in browser.open(path).one("main")["text"]


def test_a_resolved_order_leads_to_its_event(browser, store):
    path, filled = paths(browser.ids)["resolve"]
    confirmation = browser.fill_in(browser.open(path), **filled)
    assert "failed: it never reached the venue" in confirmation.one("main")["text"]
    address = confirmation.one("form", class_="action")["attributes"]["action"]
    response = browser.post(address, data=hidden_fields(confirmation, address), headers=browser.own_origin)
    event = last_event(store, browser.ids["doubtful"])
    assert (event.type, event.fact.reason, event.actor) == (EventType.RESOLVED, "seen at the venue", "ann")
    assert event.fact.resolved_status == "FAILED"
    assert response.history[0].headers["location"].endswith(f"#event-{event.sequence}")
    assert check_page(response).one("tr", id=f"event-{event.sequence}")
    assert "Nothing about this order is in doubt" in browser.open(path).one("main")["text"]


def test_a_void_event(browser, store):
    path, filled = paths(browser.ids)["void"]
    form = browser.open(path)
    assert form.one("input", name="sequence")["attributes"]["value"] == "3"
    browser.fill_in(browser.fill_in(form, **filled))
    event = last_event(store, browser.ids["order"])
    assert (event.type, event.fact.target_sequence, event.actor) == (EventType.VOIDED, 3, "ann")
    assert event.trace.startswith("request=")


def test_an_order_is_named_by_any_id_and_shown_before_it_is_confirmed(browser, store):
    path, filled = paths(browser.ids)["attribute"]
    confirmation = browser.fill_in(browser.open(path), **filled)
    assert "alpha-resting" in confirmation.all("dl", class_="facts")[-1]["text"]
    browser.fill_in(confirmation)
    with store.begin(read_only=True) as uow:
        assert OrderHistory(uow).order(browser.ids["external"]).state.attributed_to == browser.ids["resting"]


@pytest.mark.parametrize(
    ("name", "changes", "wrong"),
    [
        ("accept", {"reason": ""}, "reason"),
        ("accept", {"reason": "  "}, "reason"),
        ("accept", {"reason": "x" * 4_001}, "reason"),
        ("resolve", {"status": "SOMETHING"}, "status"),
        ("void", {"sequence": "two"}, "sequence"),
        ("void", {"sequence": "-1"}, "sequence"),
        ("void", {"sequence": "9" * 30}, "sequence"),
        ("attribute", {"order_id": "nobody's"}, "order_id"),
        ("attribute", {"order_id": ""}, "order_id"),
        ("attribute", {"order_id": "omega-resting"}, "order_id"),
    ],
)
def test_what_cannot_be_read_leads_back_to_the_form(browser, name, changes, wrong):
    fill_account(browser.store, make_venue(browser.store.clock), OTHER, 829_829)
    path, filled = paths(browser.ids)[name]
    before = browser.store.horizon()
    form = browser.fill_in(browser.open(path), expected=422, **{**filled, **changes})
    assert form.one("p", role="alert")["text"].startswith("Give ")
    wrong_fields = [one["attributes"]["name"] for one in form.all("input", aria_invalid="true")] or [wrong]
    assert wrong_fields == [wrong]
    kept = {**filled, **changes}.get("reason", "").strip()
    assert form.one("input", name="reason")["attributes"]["value"] == kept
    assert browser.store.horizon() == before


# ---------------------------------------------------------------------------------------------------------------- once


def confirmation_of(browser, name):
    path, filled = paths(browser.ids)[name]
    confirmation = browser.fill_in(browser.open(path), **filled)
    address = confirmation.one("form", class_="action")["attributes"]["action"]
    return address, hidden_fields(confirmation, address)


@pytest.mark.parametrize("name", [action.name for action in ACTIONS])
def test_pressing_twice_records_once(browser, name):
    address, data = confirmation_of(browser, name)
    answers = []
    for _ in range(2):
        response = browser.post(address, data=data, headers=browser.own_origin, follow_redirects=False)
        answers.append((response.status_code, response.headers["location"], browser.store.horizon()))
    assert answers[0] == answers[1]
    assert answers[0][0] == 303


def test_pressing_in_several_windows_at_once_records_once(browser):
    address, data = confirmation_of(browser, "void")
    before = browser.store.horizon()

    def press(_):
        return browser.post(address, data=data, headers=browser.own_origin, follow_redirects=False)

    with ThreadPoolExecutor(4) as pool:
        responses = list(pool.map(press, range(4)))
    assert {response.status_code for response in responses} == {303}
    assert len({response.headers["location"] for response in responses}) == 1
    assert browser.store.horizon() == before + 1


def test_the_same_form_with_other_values_is_refused(browser):
    address, data = confirmation_of(browser, "accept")
    browser.post(address, data=data, headers=browser.own_origin)
    before = browser.store.horizon()
    response = browser.post(address, data={**data, "reason": "another"}, headers=browser.own_origin)
    assert response.status_code == 422
    assert "sent already" in check_page(response).one("h1")["text"]
    assert browser.store.horizon() == before


@pytest.mark.parametrize("once", ["", "x", "x" * 21, "x" * 23, "ä" * 22, " " * 22])
def test_a_form_without_an_id_of_its_own_is_refused(browser, once):
    address, data = confirmation_of(browser, "accept")
    before = browser.store.horizon()
    assert browser.post(address, data={**data, "once": once}, headers=browser.own_origin).status_code == 400
    assert browser.store.horizon() == before


def test_what_changed_since_the_form_was_opened_is_not_recorded(browser, store):
    address, data = confirmation_of(browser, "void")
    write_history(store, lambda h: h.void(browser.ids["order"], sequence=4, reason="by somebody else"))
    before = store.horizon()
    response = browser.post(address, data=data, headers=browser.own_origin)
    assert response.status_code == 412
    assert "changed meanwhile" in check_page(response).one("h1")["text"]
    assert store.horizon() == before


def test_what_somebody_else_did_already_is_said(browser, store):
    address, data = confirmation_of(browser, "accept")
    write_history(store, lambda h: h.accept_finding(browser.ids["finding"], reason="explained", actor="bob"))
    response = browser.post(address, data=data, headers=browser.own_origin)
    assert response.status_code == 409
    assert "did this already" in check_page(response).one("h1")["text"]


@pytest.mark.parametrize("error", [ConcurrentUpdate("x"), CommitUnknown("x")])
def test_a_lost_race_or_answer_is_tried_again(browser, monkeypatch, error):
    """As in the JSON API: the whole transaction runs again, and records once."""
    address, data = confirmation_of(browser, "void")
    before, lost = browser.store.horizon(), []
    begin = type(browser.store).begin

    def losing(self, read_only=False):
        uow = begin(self, read_only)
        if read_only or lost:
            return uow
        commit = uow.commit

        def lose():
            lost.append(1)
            if isinstance(error, CommitUnknown):
                commit()
            raise error

        uow.commit = lose
        return uow

    monkeypatch.setattr(type(browser.store), "begin", losing)
    response = browser.post(address, data=data, headers=browser.own_origin, follow_redirects=False)
    assert lost
    assert response.status_code == 303, response.text
    assert browser.store.horizon() == before + 1


# ---------------------------------------------------------------------------------------------- who may, and from where


def test_without_the_scope_nothing_is_offered_and_nothing_is_done(store, account):
    with make_browser(store, keys=True) as browser:
        browser.log_in(new_key(store, OWN)[1])
        before = store.horizon()
        for name, (path, filled) in paths(account.ids).items():
            document = browser.open(path, 403)
            assert "scope" in document.one("p", class_="error")["text"]
            token = document.all("input", name="token")[0]["attributes"]["value"]
            bare, _, query = path.partition("?")
            for address in (bare, f"{bare}/confirm"):
                data = {"token": token, "once": "x" * 22, "seen": "", **filled}
                response = browser.post(address, params=query, data=data, headers=browser.own_origin)
                assert response.status_code == 403, name
        for address in ("/attention", f"/orders/{account.ids['doubtful']}", f"/orders/{account.ids['external']}"):
            offered = [one for one in browser.open(address).addresses if one.split("?")[0].split("/")[-1] in
                       ("accept", "resolve", "attribute", "void", "adopt")]  # fmt: skip
            assert offered == []
        assert store.horizon() == before


def test_with_the_scope_it_is_offered_but_not_in_the_past(browser):
    def offered(address):
        return {one.split("?")[0].split("/")[-1] for one in browser.open(address).addresses} & {
            "accept", "resolve", "attribute", "void", "adopt"
        }  # fmt: skip

    assert offered("/attention") == {"accept", "resolve", "attribute", "adopt"}
    assert offered(f"/orders/{browser.ids['doubtful']}") == {"resolve", "void"}
    assert offered(f"/orders/{browser.ids['external']}") == {"attribute", "void"}
    last = browser.store.horizon()
    for address in ("/attention", f"/orders/{browser.ids['doubtful']}"):
        assert offered(f"{address}?as_of={last}") == set()


FOREIGN = [
    ({"Sec-Fetch-Site": "cross-site"}, {}),
    ({"Sec-Fetch-Site": "same-site"}, {}),
    ({"Origin": "https://evil.example"}, {}),
    ({"Origin": "null"}, {}),
    ({}, {"token": ""}),
    ({}, {"token": "x" * 43}),
]


@pytest.mark.parametrize(("headers", "changes"), FOREIGN)
@pytest.mark.parametrize("step", ["review", "confirm"])
def test_a_form_from_elsewhere_records_nothing(browser, headers, changes, step):
    address, data = confirmation_of(browser, "accept")
    address = address if step == "confirm" else address.removesuffix("/confirm")
    before = browser.store.horizon()
    response = browser.post(address, data={**data, **changes}, headers=headers, follow_redirects=False)
    assert response.status_code == 403
    assert "not sent from here" in check_page(response).one("h1")["text"]
    del data["token"]
    assert browser.post(address, data=data, headers=browser.own_origin).status_code == 403
    assert browser.store.horizon() == before


def test_a_confirmation_after_log_out_records_nothing(browser):
    address, data = confirmation_of(browser, "accept")
    cookie = browser.cookies["sot_session"]
    browser.submit(browser.open("/orders"), "/logout")
    before = browser.store.horizon()
    for value in (None, cookie):
        if value:
            browser.cookies.set("sot_session", value)
        response = browser.post(address, data=data, headers=browser.own_origin, follow_redirects=False)
        assert response.status_code in (303, 403)
        assert response.headers.get("location", "/login").startswith("/login")
    assert browser.store.horizon() == before


def test_a_revoked_key_records_nothing(browser, store):
    from sot.application.access.keys import revoke_key

    address, data = confirmation_of(browser, "accept")
    store.run(lambda uow: revoke_key(uow, browser.key.key_id))
    before = store.horizon()
    response = browser.post(address, data=data, headers=browser.own_origin, follow_redirects=False)
    assert response.headers["location"].startswith("/login")
    assert store.horizon() == before


def test_the_token_of_another_session_records_nothing(browser, store):
    address, data = confirmation_of(browser, "accept")
    with make_browser(store, keys=True) as other:
        other.log_in(new_key(store, OWN, scopes=[AccessScope.READ, AccessScope.RECONCILE])[1])
        response = other.post(address, data=data, headers=other.own_origin)
    assert response.status_code == 403


def test_an_order_of_another_account_cannot_be_named(browser, store):
    other = fill_account(store, make_venue(store.clock), OTHER, 829_829)
    address, data = confirmation_of(browser, "attribute")
    before = store.horizon()
    changed = {**data, "order_id": other.ids["resting"]}
    response = browser.post(address, data=changed, headers=browser.own_origin)
    assert response.status_code == 404
    assert not [name for name in other.names if name in response.text]
    assert store.horizon() == before


def test_without_keys_it_is_recorded_without_a_name(store, account):
    with make_browser(store) as browser:
        path, filled = paths(account.ids)["resolve"]
        confirmation = browser.fill_in(browser.open(path), **filled)
        assert "without a name" in confirmation.one("main")["text"]
        browser.fill_in(confirmation)
    assert last_event(store, account.ids["doubtful"]).actor is None


def test_a_hostile_reason_is_shown_as_text(browser):
    text = "<script>alert(1)</script>\"'{{ 7 * 7 }}"
    path, _ = paths(browser.ids)["resolve"]
    confirmation = browser.fill_in(browser.open(path), reason=text)
    assert text in confirmation.one("main")["text"]
    story = browser.fill_in(confirmation)
    assert text in story.one("main")["text"]
    assert len(story.all("script")) == len(Document(browser.get("/orders").text).all("script"))

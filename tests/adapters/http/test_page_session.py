"""Sessions of the page: log-in, log-out, revocation, cookies, and forms from elsewhere."""

from datetime import timedelta

import pytest
from page_client import Browser, check_page, make_browser, new_key

from sot.adapters.http.page import sessions as sessions_module
from sot.adapters.http.page.sessions import Sessions
from sot.application.access.keys import revoke_key
from sot.domain.values.vocabulary import AccessScope
from sot.testing.contract.transactions import submit_and_send

WRONG_KEYS = ["", "x", "sot_0123456789abcdef_" + "x" * 43, "sot_" + "ä" * 60, "x" * 10_000]


@pytest.fixture
def secured(store):
    with make_browser(store, keys=True) as browser:
        browser.store = store
        browser.key, browser.token = new_key(store)
        yield browser


def cookie(response, name="sot_session"):
    """The attributes of a cookie that a response sets."""
    lines = [line for line in response.headers.get_list("set-cookie") if line.startswith(name + "=")]
    (line,) = lines
    value, *attributes = line.split("; ")
    return value.partition("=")[2], set(attributes)


def send_key(browser, token, **headers):
    """Send the form of the log-in without following where it leads."""
    document = browser.open("/login")
    field = document.all("input", name="token")[-1]["attributes"]["value"]
    return browser.post("/login", data={"token": field, "key": token}, headers=headers, follow_redirects=False)


def test_without_a_session_a_page_leads_to_the_log_in_and_back(secured):
    response = secured.get("/orders?symbol=BTC%2FUSDT&as_of=1", follow_redirects=False)
    assert response.status_code == 303
    document = secured.open(response.headers["location"])
    next = document.all("input", name="next")[-1]["attributes"]["value"]
    assert next == "/orders?symbol=BTC%2FUSDT&as_of=1"
    assert "Symbol" in secured.log_in(secured.token, "/orders?symbol=BTC%2FUSDT").text
    assert secured.open("/orders").one("span", class_="reader")["text"] == "desk"


@pytest.mark.parametrize("next", ["//evil.example/", "https://evil.example", "/\\evil.example", "/a\nb", "x"])
def test_the_log_in_leads_nowhere_else(secured, next):
    response = secured.log_in(secured.token, next)
    assert str(response.url) == "http://localhost/orders"


def test_the_cookie_of_a_session(secured):
    value, attributes = cookie(send_key(secured, secured.token))
    assert attributes == {"HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=28800"}
    assert secured.token.split("_", 2)[2] not in value


def test_the_cookie_is_secure_where_the_request_is(store):
    _, token = new_key(store)
    with make_browser(store, keys=True, base_url="https://localhost") as browser:
        assert "Secure" in cookie(send_key(browser, token))[1]


@pytest.mark.parametrize("token", WRONG_KEYS)
def test_a_wrong_key_opens_nothing(secured, token):
    response = send_key(secured, token)
    assert response.status_code == 403
    assert "unknown or revoked" in check_page(response).one("p", class_="error")["text"]
    assert "sot_session" not in secured.cookies
    assert token not in response.text or len(token) < 2


def test_the_key_is_in_no_address_and_no_page(secured):
    seen = [secured.log_in(secured.token)]
    seen += [secured.get(path) for path in ("/orders", "/login", "/nowhere")]
    secret = secured.token.split("_", 2)[2]
    for response in seen:
        addresses = [str(one.url) + repr(one.headers) for one in [*response.history, response]]
        assert secret not in response.text + "".join(addresses)


def test_a_revoked_key_ends_its_sessions(secured):
    secured.log_in(secured.token)
    secured.open("/orders")
    secured.store.run(lambda uow: revoke_key(uow, secured.key.key_id))
    assert secured.get("/orders", follow_redirects=False).headers["location"].startswith("/login")
    assert secured.get("/live", follow_redirects=False).status_code == 401


def test_logging_out_ends_the_session_for_a_copied_cookie_too(secured):
    secured.log_in(secured.token)
    copied = secured.cookies["sot_session"]
    response = secured.submit(secured.open("/orders"), "/logout")
    assert str(response.url) == "http://localhost/login"
    assert "sot_session" not in secured.cookies
    secured.cookies.set("sot_session", copied)
    assert secured.get("/orders", follow_redirects=False).status_code == 303


def test_a_session_ends_by_itself(secured):
    secured.log_in(secured.token)
    secured.store.clock.move(timedelta(hours=8, seconds=-1))
    secured.open("/orders")
    secured.store.clock.move(timedelta(seconds=1))
    assert secured.get("/orders", follow_redirects=False).status_code == 303


def test_a_changed_cookie_opens_nothing(secured):
    secured.log_in(secured.token)
    value = secured.cookies["sot_session"]
    key_id, ends_at, id, code = value.split(".")
    other, _ = new_key(secured.store)
    changed = [
        f"{other.key_id}.{ends_at}.{id}.{code}",
        f"{key_id}.{int(ends_at) + 1}.{id}.{code}",
        f"{key_id}.{ends_at}.{'a' * 22}.{code}",
        f"{key_id}.{ends_at}.{id}.{'a' * 43}",
        f"{key_id}.{ends_at}.{id}.",
        "",
        "ä",
    ]
    for text in changed:
        headers = {"Cookie": f"sot_session={text}".encode()}
        assert Browser(secured.app).get("/orders", headers=headers, follow_redirects=False).status_code == 303, text


def test_a_session_of_another_server_opens_nothing(secured, store):
    with make_browser(store, keys=True, page_secret=b"of another server") as other:
        other.log_in(secured.token)
        secured.cookies.set("sot_session", other.cookies["sot_session"])
        assert secured.get("/orders", follow_redirects=False).status_code == 303


def test_the_cookie_does_not_open_the_json_api(secured):
    secured.log_in(secured.token)
    for path in ("/sot/orders", "/sot/events", "/sot/events/stream", "/metrics"):
        assert secured.get(path).status_code == 401, path
    assert secured.post("/sot/reports", json={}).status_code == 401
    assert secured.get("/orders", headers={"Cookie": "", "Authorization": f"Bearer {secured.token}"},
                       follow_redirects=False).status_code == 303  # fmt: skip


def test_a_key_without_the_scope_is_told_so(secured):
    _, token = new_key(secured.store, scopes=[AccessScope.SUBMIT])
    response = send_key(secured, token)
    assert response.status_code == 303
    document = secured.open("/orders", 403)
    assert "scope read" in document.one("p", class_="error")["text"]
    secured.submit(document, "/logout")


# ------------------------------------------------------------------------------------------------ forms from elsewhere


@pytest.mark.parametrize("keys", [False, True])
@pytest.mark.parametrize(
    ("headers", "changes"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, {}),
        ({"Sec-Fetch-Site": "same-site"}, {}),
        ({"Origin": "https://evil.example"}, {}),
        ({"Origin": "null"}, {}),
        ({"Origin": "http://localhost.evil.example"}, {}),
        ({}, {"token": ""}),
        ({}, {"token": "x" * 43}),
        ({}, {"token": "ä"}),
        ({}, None),
    ],
)
def test_forms_from_elsewhere_are_refused(store, keys, headers, changes):
    with make_browser(store, keys=keys) as browser:
        if keys:
            browser.log_in(new_key(store)[1])
        token = browser.open("/orders").all("input", name="token")[0]["attributes"]["value"]
        data = {} if changes is None else {"token": token, **changes}
        for path, more in (("/theme", {"theme": "dark"}), ("/logout", {}), ("/login", {"key": "x"})):
            headers = {**headers, "Content-Type": "application/x-www-form-urlencoded"}
            response = browser.post(path, data={**data, **more}, headers=headers, follow_redirects=False)
            assert response.status_code == 403, (path, response.text)
            assert "not sent from here" in check_page(response).one("h1")["text"]
            assert "set-cookie" not in response.headers
        assert not keys or browser.get("/orders", follow_redirects=False).status_code == 200


def test_a_token_is_of_one_session(store):
    _, token = new_key(store)
    with make_browser(store, keys=True) as one, make_browser(store, keys=True) as other:
        one.log_in(token)
        other.log_in(token)
        foreign = other.open("/orders").all("input", name="token")[0]["attributes"]["value"]
        assert one.post("/logout", data={"token": foreign}, follow_redirects=False).status_code == 403


@pytest.mark.parametrize(
    ("body", "media_type", "status"),
    [
        (b"token=a&token=b", "application/x-www-form-urlencoded", 400),
        (b"surprise=1", "application/x-www-form-urlencoded", 400),
        (b"key=%ff", "application/x-www-form-urlencoded", 400),
        (b"\xff", "application/x-www-form-urlencoded", 400),
        (b"a=1&" * 1_000, "application/x-www-form-urlencoded", 400),
        (b"{}", "application/json", 415),
        (b"", "text/plain", 415),
    ],
)
def test_what_is_no_form(store, body, media_type, status):
    with make_browser(store) as browser:
        response = browser.post("/login", content=body, headers={"Content-Type": media_type})
        assert response.status_code == status
        check_page(response)


def test_the_theme_is_kept_in_a_cookie(store):
    submit_and_send(store, "C1")
    with make_browser(store) as browser:
        document = browser.open("/orders?side=BUY")
        for theme in ("light", "dark", "auto"):
            next = document.all("input", name="next")[0]["attributes"]["value"]
            response = browser.submit(document, "/theme", theme=theme, next=next)
            document = check_page(response)
            assert document.one("html")["attributes"]["data-theme"] == theme
            assert str(response.url).endswith("/orders?side=BUY")
        browser.submit(document, "/theme", theme="<b>", status=400)


# ------------------------------------------------------------------------------------------------------------ Sessions


def test_forgotten_log_outs_refuse_more_never_less(monkeypatch):
    monkeypatch.setattr(sessions_module, "LARGEST_LOG_OUTS", 2)
    sessions = Sessions(b"secret", 100)
    values = [sessions.open("0" * 16, now) for now in range(4)]
    for value in values[:3]:
        sessions.end(sessions.read(value, 10), 10)
    assert [sessions.read(value, 10) is not None for value in values] == [False, False, False, True]


def test_log_outs_are_remembered_until_the_session_ends():
    sessions = Sessions(b"secret", 100)
    for now in range(0, 100_000, 50):
        sessions.end(sessions.read(sessions.open("0" * 16, now), now), now)
    assert len(sessions._ended) <= 3

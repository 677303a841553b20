"""The page: headers, files, layout, errors, where it is mounted, and what a server without it does."""

import gzip
from hashlib import sha256
from importlib.resources import files

import pytest
from page_client import Document, check_page, make_browser, new_key
from starlette.applications import Starlette
from starlette.routing import Mount

from sot.adapters.http import create_app
from sot.adapters.http.app import openapi_document
from sot.adapters.http.page.static_files import load_static_files
from sot.adapters.http.page.views import PAGE_ROUTES
from sot.domain.values.errors import StoreUnavailable
from sot.testing.contract.transactions import submit_and_send

VENDOR = files("sot.adapters.http.page") / "static" / "vendor"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.fixture
def store(make_store):
    return make_store("sqlite")


def test_the_first_page_is_the_list_of_orders(browser):
    response = browser.get("/")
    assert str(response.url) == "http://localhost/orders"
    assert "As of" in response.text


def test_every_page_has_the_headers(browser):
    order_id = submit_and_send(browser.store, "C1")
    for path, status in (("/orders", 200), (f"/orders/{order_id}", 200), ("/login", 200), ("/orders/x", 404)):
        response = browser.get(path)
        assert response.status_code == status
        assert response.headers["content-security-policy"] == POLICY
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["x-request-id"]


def test_pages_have_landmarks_and_a_language(browser):
    document = browser.open("/orders")
    assert document.one("html")["attributes"]["lang"] == "en"
    assert len(document.all("main")) == len(document.all("h1")) == len(document.all("header")) == 1
    assert document.one("a", class_="skip")["attributes"]["href"] == "#content"
    current = [one for one in document.all("a") if one["attributes"].get("aria-current") == "page"]
    assert [one["text"] for one in current] == ["Orders"]
    for tag in ("input", "select"):
        labelled = [one for one in document.all(tag) if one["attributes"].get("type") != "hidden"]
        assert all(one in _inside(document, "label") for one in labelled)


def _inside(document, tag):
    """The elements that begin inside an element of a tag; good enough for labels, which are not nested."""
    found, is_inside = [], False
    for element in document.elements:
        if element["tag"] == tag:
            is_inside = True
        elif is_inside:
            found.append(element)
    return found


def test_pages_are_compressed_for_those_who_take_it(browser):
    small = browser.get("/orders", headers={"Accept-Encoding": "gzip"})
    assert small.headers["content-encoding"] == "gzip"
    plain = browser.get("/orders", headers={"Accept-Encoding": "gzip;q=0"})
    assert "content-encoding" not in plain.headers
    assert small.text == plain.text
    assert "Accept-Encoding" in small.headers["vary"]


def test_head_has_no_body(browser):
    response = browser.head("/orders", headers={"Accept-Encoding": "identity"})
    assert (response.status_code, response.content) == (200, b"")
    assert int(response.headers["content-length"]) == len(
        browser.get("/orders", headers={"Accept-Encoding": "identity"}).content
    )


# --------------------------------------------------------------------------------------------------------------- files


def test_files_are_cached_for_good_under_their_content(browser):
    document = browser.open("/orders")
    addresses = [address for address in document.addresses if address.startswith("/static/")]
    assert len(addresses) == 5
    for address in addresses:
        response = browser.get(address, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert response.headers["content-encoding"] == "gzip"
        assert response.headers["x-content-type-options"] == "nosniff"
        assert sha256(response.content).hexdigest().startswith(address.split("/")[2])
        plain = browser.get(address, headers={"Accept-Encoding": "identity"})
        assert plain.content == response.content
        assert "content-encoding" not in plain.headers


@pytest.mark.parametrize(
    "path", ["/static/0123456789abcdef/sot.css", "/static/{digest}/VERSIONS", "/static/{digest}/x", "/static/sot.css"]
)
def test_other_files_are_not_found(browser, path):
    digest = load_static_files()["sot.css"].digest
    response = browser.get(path.format(digest=digest), headers=HTML)
    assert response.status_code == 404
    check_page(response)


def test_vendored_files_are_what_is_recorded_with_their_licences():
    lines = (VENDOR / "VERSIONS").read_text("utf-8").splitlines()
    recorded = {line.split()[0]: line.split()[1:] for line in lines if not line.startswith("#")}
    texts = {path.name for path in VENDOR.iterdir() if path.name.endswith(".LICENSE")} | {"VERSIONS"}
    assert {path.name for path in VENDOR.iterdir()} == set(recorded) | texts
    for name, (_, _, licence, _, digest) in recorded.items():
        assert sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name
        text = (VENDOR / f"{name.split('.')[0]}.LICENSE").read_text("utf-8")
        assert {"0BSD": "Zero", "MIT": "The MIT License"}[licence] in text


def test_our_own_files_load_nothing_from_elsewhere():
    for name in ("sot.js", "sot.css", "icon.svg"):
        text = load_static_files()[name].data.decode()
        assert "://" not in text.replace("http://www.w3.org/2000/svg", "")
        assert "@import" not in text
        assert "innerHTML" not in text


def test_the_first_page_is_small(browser):
    """Page and files together, as they go over the wire."""
    for number in range(60):
        submit_and_send(browser.store, f"a-client-order-id-{number}", strategy_code=f"strategy-{number % 5}")
    page = browser.get("/orders", headers={"Accept-Encoding": "identity"}).content
    loaded = [address.split("/")[3] for address in Document(page.decode()).addresses if address.startswith("/static/")]
    size = len(gzip.compress(page, 5)) + sum(len(load_static_files()[name].compressed) for name in loaded)
    assert size < 40_000


# -------------------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere", 404, "no such page"),
        ("/orders/x", 404, "Nothing is known"),
        ("/orders/01890a5d-ac96-774b-bcce-b302099a8057", 404, "Nothing is known"),
        ("/orders?side=x", 400, "side"),
        ("/orders?surprise=1", 400, "only these parameters"),
        ("/orders?symbol=%ff", 400, "percent-encoded"),
        ("/orders?as_of=yesterday", 400, "as_of"),
        ("/orders?as_of=2099-01-01T00:00", 400, "not in the future"),
        ("/orders?created_from=31.1.2026", 400, "created_from"),
        ("/orders?page_token=x", 400, "first part of the list"),
        ("/orders?page_size=0", 400, "page_size"),
    ],
)
def test_errors_are_pages_in_plain_words(browser, path, status, words):
    document = browser.open(path, status)
    assert words in document.one("main")["text"]
    assert "Traceback" not in document.one("main")["text"]


def test_an_error_shows_nothing_of_the_address(browser):
    for path in ("/hunter2", "/orders/hunter2", "/orders?side=hunter2", "/orders?page_token=hunter2"):
        document = browser.open(path, 404 if "?" not in path else 400)
        assert "hunter2" not in document.one("main")["text"]


def test_another_method_is_a_page_with_allow(browser):
    response = browser.delete("/orders", headers=HTML)
    assert response.status_code == 405
    check_page(response)
    assert browser.delete("/orders").headers["allow"] == "GET, HEAD"
    assert browser.put("/login").headers["allow"] == "GET, HEAD, POST"


def test_a_store_that_cannot_be_reached_is_a_page(browser, monkeypatch):
    def fail(read_only=False):
        raise StoreUnavailable("secret-host:5432", "it does not answer")

    monkeypatch.setattr(browser.store, "begin", fail)
    response = browser.get("/orders", headers=HTML)
    assert response.status_code == 503
    assert response.headers["retry-after"] == "1"
    text = check_page(response).one("main")["text"]
    assert "Try again" in text
    assert "secret-host" not in text


def test_an_unexpected_error_is_a_page_without_its_cause(browser, monkeypatch, caplog):
    def fail(read_only=False):
        raise RuntimeError("hunter2")

    monkeypatch.setattr(browser.store, "begin", fail)
    response = browser.get("/orders", headers=HTML)
    assert response.status_code == 500
    assert "hunter2" not in check_page(response).one("main")["text"]
    assert response.headers["x-request-id"] in caplog.text


def test_another_host_name_is_refused(store):
    with make_browser(store, hosts=frozenset({"localhost"}), base_url="http://evil.example") as browser:
        for path in ("/orders", "/login"):
            assert browser.get(path).status_code == 421


def test_errors_of_the_json_api_stay_json(browser):
    for path in ("/sot/nowhere", "/sot/orders/x", "/sot/orders?x=1"):
        assert browser.get(path, headers=HTML).headers["content-type"] == "application/problem+json"
    assert browser.get("/nowhere").headers["content-type"] == "application/problem+json"


# --------------------------------------------------------------------------------------------------- where it is served


def test_mounted_under_a_path(store):
    order_id = submit_and_send(store, "C1")
    _, token = new_key(store)
    with make_browser(store, keys=True) as inner:
        app = Starlette(routes=[Mount("/desk", app=inner.app)])
        with type(inner)(app, base_url="http://localhost") as browser:
            browser.root = "/desk"
            assert browser.get("/desk/orders", follow_redirects=False).headers["location"].startswith("/desk/login")
            document = browser.open("/desk/login")
            response = browser.submit(document, "/login", key=token, next=f"/orders/{order_id}")
            assert str(response.url) == f"http://localhost/desk/orders/{order_id}"
            check_page(response, "/desk")
            (line,) = [line for line in response.history[0].headers.get_list("set-cookie") if "sot_session" in line]
            assert "Path=/desk;" in line
            for address in browser.open("/desk/orders").addresses:
                if address.startswith("/desk/static/"):
                    assert browser.get(address).status_code == 200
            assert browser.get("/orders").status_code == 404


def test_without_the_page_nothing_of_it_is_served(store):
    with make_browser(store, page=False) as browser:
        for path in ("/", *(route.path for route in PAGE_ROUTES)):
            assert browser.get(path, headers=HTML).json()["code"] == "no-such-path"


def test_an_application_has_no_page_unless_it_asks_for_one(store):
    assert "/orders" not in {getattr(route, "path", "") for route in create_app(store).router.routes}


def test_the_page_is_not_in_the_openapi_document():
    assert not {route.path for route in PAGE_ROUTES} & set(openapi_document()["paths"])

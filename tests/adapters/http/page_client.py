"""A browser without scripts: a client that keeps cookies, and checks every page that it gets."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import attrs
from starlette.testclient import TestClient

from sot.adapters.arrow import PARQUET
from sot.adapters.exports.tables import CSV, JSON_LINES
from sot.adapters.http import Settings, create_app
from sot.application.access.keys import make_key
from sot.domain.values.vocabulary import AccessScope

FILE_FORMATS = (CSV, JSON_LINES, PARQUET)
SETTINGS = Settings(keys=False, stream_seconds=0, refusal_seconds=0, page_secret=b"of this store")
INLINE = {"a", "code", "span", "strong", "time"}
VOID = {"meta", "link", "input", "br"}
URL_ATTRIBUTES = {"href", "src", "action", "hx-get", "sse-connect"}


class Document(HTMLParser):
    """An HTML page: elements with their attributes and texts. Elements that are not closed are an error."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self._open = []
        self.feed(text)
        assert not self._open, self._open

    def handle_starttag(self, tag, attributes):
        element = {"tag": tag, "attributes": dict(attributes), "text": ""}
        self.elements.append(element)
        if tag not in INLINE:
            self.handle_data(" ")
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag):
        assert self._open[-1]["tag"] == tag, (tag, self.getpos())
        self._open.pop()

    def handle_data(self, data):
        for element in self._open:
            element["text"] += data

    def all(self, tag, **attributes):
        return [
            element
            for element in self.elements
            if element["tag"] == tag
            and all(element["attributes"].get(name.rstrip("_")) == value for name, value in attributes.items())
        ]

    def one(self, tag, **attributes):
        (element,) = self.all(tag, **attributes)
        return element

    @property
    def addresses(self):
        return [
            value
            for element in self.elements
            for name, value in element["attributes"].items()
            if name in URL_ATTRIBUTES
        ]

    def table(self, caption):
        """The rows of the table with a caption, as texts by column."""
        tables = [one for one in self.all("table") if caption in one["text"].split("\n")[1]]
        start = self.elements.index(tables[0])
        rows, names = [], []
        for element in self.elements[start + 1 :]:
            if element["tag"] == "table":
                break
            text = re.sub(r"\s+", " ", element["text"]).strip()
            if element["tag"] == "tr":
                rows.append([])
            elif element["tag"] in ("td", "th"):
                (names if element["attributes"].get("scope") == "col" else rows[-1]).append(text)
        return [dict(zip(names, row, strict=True)) for row in rows if row]

    def rows(self):
        """The texts of the cells of each row of the tables."""
        rows = []
        for element in self.elements:
            if element["tag"] == "tr":
                rows.append([])
            elif element["tag"] in ("td", "th"):
                rows[-1].append(re.sub(r"\s+", " ", element["text"]).strip())
        return rows


def hidden_fields(document, action):
    """The hidden fields of the form that is sent to an address, by name."""
    (form,) = [one for one in document.all("form") if one["attributes"]["action"] == action]
    following = document.elements[document.elements.index(form) + 1 :]
    fields = {}
    for element in following:
        if element["tag"] == "form":
            break
        if element["tag"] == "input" and element["attributes"].get("type") == "hidden":
            fields[element["attributes"]["name"]] = element["attributes"]["value"]
    return fields


def check_page(response, root_path=""):
    """Check what holds for every page, and return its document."""
    assert response.headers["content-type"] == "text/html; charset=utf-8", response.text
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["cache-control"] == "no-store"
    document = Document(response.text)
    for element in document.elements:
        names = set(element["attributes"])
        assert not {name for name in names if name.startswith("on") or name == "style"}, element
        assert element["tag"] != "style"
        assert element["tag"] != "script" or "src" in names
    for address in document.addresses:
        assert address.startswith(("#", root_path + "/")), address
        assert not urlsplit(address).netloc
    return document


class Browser(TestClient):
    """A client that keeps cookies and follows redirects."""

    root = ""

    @property
    def own_origin(self):
        """The headers by which a browser says that a form is of this server."""
        return {"Sec-Fetch-Site": "same-origin", "Origin": str(self.base_url).rstrip("/")}

    def open(self, address, status=200):
        """Open a page, and return its document."""
        response = self.get(address, headers={"Accept": "text/html"})
        assert response.status_code == status, response.text
        return check_page(response, self.root)

    def submit(self, document, action, status=200, **fields):
        """Send a form of a page as a browser does, and return the response."""
        action = self.root + action
        token = hidden_fields(document, action)["token"]
        response = self.post(action, data={"token": token, **fields}, headers=self.own_origin)
        assert response.status_code == status, response.text
        return response

    def fill_in(self, document, expected=200, **fields):
        """Send the form of an action with what is in it and what is filled in; return the next page."""
        form = document.one("form", class_="action")
        address = form["attributes"]["action"]
        data = {**hidden_fields(document, address), **fields}
        response = self.post(address, data=data, headers=self.own_origin)
        assert response.status_code == expected, response.text
        return check_page(response, self.root)

    def log_in(self, token, next="", status=200):
        """Log in with a key, and return the response to which the log-in leads."""
        return self.submit(self.open("/login"), "/login", status, key=token, next=next)


def make_browser(
    store, *, keys=False, page=True, base_url="http://localhost", rates=None, currency=None, file_formats=FILE_FORMATS,
    **changes
):  # fmt: skip
    """Return a browser of a new server."""
    settings = attrs.evolve(SETTINGS, keys=keys, **changes)
    app = create_app(store, rates=rates, settings=settings, page=page, file_formats=file_formats, currency=currency)
    return Browser(app, base_url=base_url, raise_server_exceptions=False)


def new_key(store, *accounts, scopes=(AccessScope.READ,), name="desk"):
    """Make a key, and return it with its token; without accounts it opens all."""
    return store.run(lambda uow: make_key(uow, list(scopes), list(accounts) or None, name))

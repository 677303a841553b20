"""Readers in a real browser: what they see, and every problem that the browser has with a page."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
from page_client import FILE_FORMATS, SETTINGS
from raw_http import running_server, send_request
from sample_accounts import SampleAccount, fill_account, make_venue

from sot.adapters.http import create_app
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.ports.store import Store

OWN, OTHER = "alpha", "omega"
TIMEZONE = "America/New_York"


@attrs.frozen(kw_only=True)
class Site:
    """A running server with keys.

    Attributes:
        path: The file of its store.
        own: The account of the key with which readers are logged in.
        other: Another one.
        session: The state of a browser that is logged in.
    """

    path: Path
    store: Store
    port: int
    url: str
    own: SampleAccount
    other: SampleAccount
    session: dict | None


@contextmanager
def running_site(path, chromium) -> Iterator[Site]:
    """Run a server of two sample accounts on a file, and log in once."""
    store = SqlAlchemyStore.open(f"sqlite:///{path}")
    venue = make_venue(store.clock)
    own, other = fill_account(store, venue, OWN, 713_713), fill_account(store, venue, OTHER, 829_829)
    with running_server(create_app(store, settings=SETTINGS_OF_SITE, page=True, file_formats=FILE_FORMATS)) as port:
        site = Site(
            path=path, store=store, port=port, url=f"http://127.0.0.1:{port}", own=own, other=other, session=None
        )
        context = chromium.new_context()
        log_in(context.new_page(), site, own.token)
        yield attrs.evolve(site, session=context.storage_state())
        context.close()
    store.close()


SETTINGS_OF_SITE = attrs.evolve(SETTINGS, keys=True, poll_seconds=0.05, stream_seconds=120.0)


def log_in(page, site, token, path="/") -> None:
    """Log in through the form, as a person does."""
    page.goto(site.url + path)
    page.get_by_label("API key").fill(token)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/orders"))


@attrs.define(slots=False)  # playwright sets attributes for the methods that it calls
class Visits:
    """The pages that a test opens.

    Attributes:
        problems: Console errors, scripts that failed, dialogs, and requests to elsewhere.
        tolerated: Parts of console errors that a test expects.
    """

    chromium: object
    site: Site
    problems: list[str] = attrs.field(factory=list)
    tolerated: list[str] = attrs.field(factory=list)
    _contexts: list = attrs.field(factory=list)

    def open(self, path="/orders", *, theme="light", width=1280, height=800, is_logged_in=True, base="", **options):
        """Open a page in a window of its own, and return it."""
        context = self.chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, timezone_id=TIMEZONE, locale="en-US",
            storage_state=self.site.session if is_logged_in else None, **options,
        )  # fmt: skip
        self._contexts.append(context)
        base = base or self.site.url
        context.route(re.compile(rf"^(?!{re.escape(base)}/)"), self._refuse)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self._note(f"script: {error}"))
        page.on("dialog", self._note_dialog)
        page.goto(base + path)
        return page

    def shows(self, path):
        """Whether a path is a page, and not a file to load."""
        cookies = "; ".join(f"{one['name']}={one['value']}" for one in self.site.session["cookies"])
        response = send_request(self.site.port, "HEAD", path, {"Cookie": cookies})
        return (response.header("content-type") or "").startswith("text/html")

    def _note(self, problem):
        if not any(part in problem for part in self.tolerated):
            self.problems.append(problem)

    def _note_console(self, message):
        if message.type in ("error", "warning"):
            self._note(f"console: {message.text} {message.location}")

    def _note_dialog(self, dialog):
        self._note(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _refuse(self, route):
        self._note(f"request to {route.request.url}")
        route.abort()

    def close(self):
        """Close all windows."""
        for context in self._contexts:
            context.close()


def until_live(page):
    """Wait until the stream of a page is open."""
    page.locator(".live-state", has_text="live").wait_for()


def texts(page, selector):
    """The texts of elements, with single spaces."""
    return [" ".join(text.split()) for text in page.locator(selector).all_inner_texts()]

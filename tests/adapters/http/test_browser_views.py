"""Each view in a real browser: without an error, accessible, at every width, on paper, without scripts."""

import json

import pytest
from browser_visits import texts
from page_client import SETTINGS
from page_samples import HOSTILE, VIEWS, address_of, record_hostile
from raw_http import running_server
from tests.support.chromium import NoChromium, axe_source

from sot.adapters.http import create_app
from sot.adapters.memory import MemoryStore

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]
WIDTHS = {360: 740, 1280: 800, 3840: 2160}
each_view = pytest.mark.parametrize("route", VIEWS, ids=lambda route: route.name)
LONG = "W" * 180


@pytest.fixture(scope="module")
def axe():
    try:
        return axe_source()
    except NoChromium as error:
        pytest.skip(str(error))


def violations(page, axe):
    """What axe-core finds, in a few words each."""
    page.evaluate(axe)
    found = page.evaluate(f"axe.run(document, {{runOnly: {json.dumps(RULES)}}})")["violations"]
    return [
        (one["id"], node["html"][:120], node["failureSummary"].splitlines()[-1][:200])
        for one in found
        for node in one["nodes"][:3]
    ]


def is_too_wide(page):
    """Whether the page has to be moved sideways to be read."""
    return page.evaluate("document.scrollingElement.scrollWidth > document.documentElement.clientWidth")


def open_view(visits, route, **options):
    """Open a view; None for a file to load, which no browser shows."""
    path = address_of(route, visits.site.own)
    return visits.open(path, **options) if visits.shows(path) else None


@pytest.mark.parametrize("theme", ["light", "dark"])
@each_view
def test_a_view_is_shown_without_an_error_and_accessible(visits, axe, route, theme):
    page = open_view(visits, route, theme=theme)
    if page is not None:
        assert page.locator("h1").count() == 1
        assert page.title().endswith("· sot")
        assert violations(page, axe) == []


@pytest.mark.parametrize("width", WIDTHS)
@each_view
def test_a_view_fits_every_width(visits, axe, route, width):
    page = open_view(visits, route, width=width, height=WIDTHS[width])
    if page is not None:
        assert not is_too_wide(page)
        page.locator("details").evaluate_all("all => all.forEach(one => { one.open = true; })")
        assert not is_too_wide(page)
        if width == min(WIDTHS):
            assert violations(page, axe) == []


@each_view
def test_a_view_is_complete_without_scripts(visits, route):
    page = open_view(visits, route, java_script_enabled=False)
    if page is not None:
        assert page.locator("h1").is_visible()
        shown = page.locator("time").first
        if shown.count():
            assert shown.inner_text().replace(" ", "T")[:19] == shown.get_attribute("datetime")[:19]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_past_moment_an_error_and_an_empty_list_are_accessible(visits, axe, theme):
    visits.tolerated.append("404")
    for path in (f"/orders?as_of={visits.site.store.horizon()}", "/orders/x", "/orders?symbol=none", "/orders?as_of=0"):
        assert violations(visits.open(path, theme=theme), axe) == []


def test_times_are_in_the_zone_of_the_reader_with_utc_at_hand(visits):
    page = visits.open(f"/orders/{visits.site.own.ids['order']}")
    shown = page.locator("time").first
    exact = shown.get_attribute("datetime")
    assert shown.get_attribute("title") == f"{exact} UTC"
    in_new_york = "new Date(exact).toLocaleString('sv', {timeZone: 'America/New_York'})"
    assert shown.inner_text()[:19] == page.evaluate(f"exact => {in_new_york}", exact)
    assert shown.inner_text()[11:13] != exact[11:13]


def test_numbers_stand_at_their_decimal_point_and_are_exact_when_copied(visits):
    page = visits.open("/orders?page_size=50")
    columns = page.evaluate(
        """() => ["Quantity", "Executed", "Price", "Average"].map(name => Array.from(
            document.querySelectorAll(`td[data-label=${name}] .whole`), one => one.getBoundingClientRect().right))"""
    )
    assert [len(points) for points in columns if len(points) < 2] == []
    assert all(max(points) - min(points) < 0.5 for points in columns), columns
    copied = page.evaluate(
        """() => { const cell = document.querySelector("td[data-label=Quantity] .number");
            getSelection().selectAllChildren(cell.parentElement); return getSelection().toString(); }"""
    )
    assert copied.strip() in {"1.713713", "0.713713"}


def test_the_story_of_an_order_is_printed_whole(visits):
    page = visits.open(f"/orders/{visits.site.own.ids['order']}", theme="dark", width=794, height=1123)
    page.emulate_media(media="print", color_scheme="dark")
    assert not page.locator("header.bar").is_visible()
    assert not page.locator(".moments").is_visible()
    assert page.locator(".hashes dd").first.is_visible()
    assert page.locator(".hashes dd").first.bounding_box()["height"] > 0
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not is_too_wide(page)
    wide = page.locator(".scroll").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth + 1).length"
    )
    assert wide == 0
    assert page.pdf(format="A4").startswith(b"%PDF")


# -------------------------------------------------------------------------------------------------------- hostile texts


@pytest.fixture(scope="module")
def hostile():
    """A server without keys, whose store has nothing but hostile texts."""
    store = MemoryStore()
    ids = [record_hostile(store, text) for text in [*HOSTILE, LONG]]
    with running_server(create_app(store, settings=SETTINGS, page=True)) as port:
        yield f"http://127.0.0.1:{port}", ids


@pytest.mark.parametrize("width", [360, 1280])
def test_hostile_texts_do_nothing_and_fit(visits, axe, hostile, width):
    base, ids = hostile
    page = visits.open("/orders", width=width, base=base, is_logged_in=False)
    assert not is_too_wide(page)
    symbols = texts(page, "tbody th")
    assert len(symbols) == len(ids)
    for text in HOSTILE:
        assert " ".join(text.split()) in symbols
    assert violations(page, axe) == []
    for id, text in zip(ids, [*HOSTILE, LONG], strict=True):
        page.goto(f"{base}/orders/{id}")
        assert not is_too_wide(page)
        assert page.locator("main img, main svg, main script").count() == 0
        page.goto(base + "/orders?" + page.evaluate("text => new URLSearchParams({symbol: text})+''", text))
        assert page.get_by_label("Symbol").input_value() == text.replace("\n", "")

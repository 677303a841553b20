"""Positions, balances and results in a real browser: they are read again by themselves, and stay in place."""

from itertools import pairwise

import pytest
from browser_visits import OTHER, OWN, texts, until_live
from page_client import SETTINGS
from page_trades import EuroRates, fill_results
from raw_http import running_server
from sample_accounts import SHARED_SYMBOL, VENUE
from test_browser_views import violations
from tests.support.chromium import NoChromium, axe_source

from sot.adapters.http import create_app
from sot.adapters.memory import MemoryStore
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.values.vocabulary import AccountEventType
from sot.testing.contract.transactions import write_history

PAUSE = 2_000
"""The shortest time between two readings, in milliseconds."""
READINGS = """path => performance.getEntriesByType("resource").filter(one => one.name.includes(path))
    .map(one => one.startTime)"""
PICTURE = "one => one.closest('.uplot').querySelector('canvas').toDataURL()"
PAGES = {
    "/results": "td[data-label='Without orders']",
    "/results/facts": "td[data-label='Without orders']",
    "/balances": "td[data-label=Balance]",
    "/balances/movements": "td[data-label=Amount]",
}


@pytest.fixture(scope="module")
def axe():
    try:
        return axe_source()
    except NoChromium as error:
        pytest.skip(str(error))


def pay(site, amount, number, account_id=OWN):
    """Record interest, whose amount is found nowhere else."""
    event = AccountEvent(
        account_id=account_id, type=AccountEventType.INTEREST, venue=VENUE, amount=amount, currency="USDT",
        occurred_at=site.store.clock.now(), external_id=f"interest-{number}", reason="loan",
    )  # fmt: skip
    write_history(site.store, lambda h: h.record_account_event(event))


@pytest.mark.parametrize(("number", "path"), list(enumerate(PAGES)))
def test_an_account_event_appears_without_a_reload(visits, number, path):
    page = visits.open(path)
    until_live(page)
    page.evaluate("window.isSame = true")
    before = texts(page, PAGES[path])
    pay(visits.site, f"-0.{number + 1}7", f"page-{number}")
    page.wait_for_function(
        "([selector, before]) => Array.from(document.querySelectorAll(selector), one => one.innerText.trim()"
        ".replace(/\\s+/g, ' ')).join() !== before.join()", arg=[PAGES[path], before],
    )  # fmt: skip
    assert page.evaluate("window.isSame")


def test_an_account_event_of_a_position_appears_on_its_page(visits):
    page = visits.open(f"/positions/one?venue={VENUE}&symbol={SHARED_SYMBOL}")
    until_live(page)
    event = AccountEvent(
        account_id=OWN, type=AccountEventType.FUNDING, venue=VENUE, symbol=SHARED_SYMBOL, amount="-0.125",
        currency="USDT", occurred_at=visits.site.store.clock.now(), reason="funding",
    )  # fmt: skip
    write_history(visits.site.store, lambda h: h.record_account_event(event))
    page.locator(".facts dt", has_text="Funding").wait_for()


def test_many_facts_are_read_with_pauses_and_none_is_missed(visits):
    page = visits.open("/balances/movements")
    until_live(page)
    for number in range(10):
        pay(visits.site, f"-1.0{number}", f"many-{number}")
        page.wait_for_timeout(100)
    pay(visits.site, "-3.33333", "last")
    page.locator("td[data-label=Amount]", has_text="-3.33333").wait_for()
    began = page.evaluate(READINGS, "/balances")
    assert began
    assert [late - early for early, late in pairwise(began) if late - early < PAUSE] == []


def test_facts_of_another_account_change_nothing(visits):
    page = visits.open("/balances")
    until_live(page)
    requests = []
    page.on("request", lambda request: requests.append(request.url) if "/balances" in request.url else None)
    pay(visits.site, "-9.75", "foreign", OTHER)
    page.wait_for_timeout(700)
    assert requests == []


@pytest.mark.parametrize("width", [360, 1280])
def test_the_focus_and_the_place_are_kept(visits, width):
    page = visits.open("/results?by=ORDER", width=width, height=500)
    until_live(page)
    link = page.locator("#groups ~ .scroll tbody th a").last
    link.focus()
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    before, address = link.bounding_box()["y"], link.get_attribute("href")
    shown = texts(page, "td[data-label='Without orders']")
    pay(visits.site, "-0.625", f"focus-{width}")
    page.wait_for_function(
        "before => Array.from(document.querySelectorAll(\"td[data-label='Without orders']\"), "
        "one => one.innerText.trim().replace(/\\s+/g, ' ')).join() !== before.join()", arg=shown,
    )  # fmt: skip
    assert page.evaluate("document.activeElement.getAttribute('href')") == address
    assert abs(page.locator(f"a[href='{address}']").last.bounding_box()["y"] - before) < 1


def test_a_chart_is_drawn_again_where_a_reader_has_zoomed_in(visits):
    page = visits.open("/results")
    until_live(page)
    plot = page.locator(".chart .u-over")
    box = plot.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 50, steps=5)
    page.mouse.up()
    page.mouse.move(0, 0)
    page.wait_for_timeout(200)
    zoomed = plot.evaluate(PICTURE)
    pay(visits.site, "-0.25", "zoom")
    page.locator("tr.fresh").first.wait_for()
    page.wait_for_timeout(200)
    assert page.locator(".chart canvas").count() == 1
    assert plot.evaluate(PICTURE) == zoomed


def test_the_past_stays_as_it_is(visits):
    page = visits.open(f"/results?as_of={visits.site.store.horizon()}")
    assert page.locator(".chart canvas").count() == 1
    assert page.locator("[sse-connect]").count() == page.locator("[hx-get]").count() == 0


@pytest.fixture(scope="module")
def in_euros():
    """A server without keys that shows results in euros."""
    store = MemoryStore()
    fill_results(store)
    app = create_app(store, settings=SETTINGS, page=True, rates=EuroRates(), currency="EUR")
    with running_server(app) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_choice_of_a_currency_is_accessible(visits, axe, in_euros, theme, width):
    page = visits.open("/results", theme=theme, width=width, base=in_euros, is_logged_in=False)
    assert violations(page, axe) == []
    curve, totals = (page.locator(selector).bounding_box()["y"] for selector in (".chart", "#totals"))
    assert curve < totals
    page.get_by_role("link", name="Each in its own currency").click()
    page.wait_for_url("**in_currency=settled**")
    assert violations(page, axe) == []
    assert "Over time, in QUOTE" in texts(page, "h2")
    page.goto(in_euros + "/positions")
    assert violations(page, axe) == []

"""Live pages in a real browser: what is recorded appears by itself, in place, and nothing is taken from the reader."""

import subprocess
import sys
import time

import pytest
from browser_visits import OWN, until_live

from sot.testing.contract.samples import trade_report
from sot.testing.contract.transactions import submit_and_send, write_history

LIST = "/orders?page_size=500"
MOST_SECONDS = 3
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""
OFFSET = "one => scrollY + one.getBoundingClientRect().top"
RECORD = """
import sys
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.testing.contract.transactions import submit_and_send
store = SqlAlchemyStore.open("sqlite:///" + sys.argv[1])
print(submit_and_send(store, sys.argv[2], sys.argv[3]))
"""


@pytest.fixture(scope="module", autouse=True)
def many_orders(site):
    """Orders enough to scroll, by their ids."""
    return [submit_and_send(site.store, f"many-{number}", OWN, strategy_code="s") for number in range(40)]


def row(page, order_id):
    return page.locator(f"#order-{order_id}")


def test_an_order_of_another_process_appears_without_a_reload(visits):
    page = visits.open(LIST)
    until_live(page)
    page.evaluate("window.isSame = true")
    done = subprocess.run(
        [sys.executable, "-c", RECORD, str(visits.site.path), "from-a-process", OWN],
        check=True, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    committed = time.monotonic()
    row(page, done.stdout.strip()).wait_for()
    assert time.monotonic() - committed < MOST_SECONDS
    assert page.evaluate("window.isSame")
    assert "from-a-process" in row(page, done.stdout.strip()).inner_text()


def test_the_place_in_the_list_is_kept_while_rows_come_and_grow(visits, many_orders):
    for number, width in enumerate((360, 1280), 1):
        page = visits.open(LIST, width=width, height=500)
        until_live(page)
        middle = page.locator("tr[id]").nth(20)
        middle.evaluate("one => scrollTo(0, scrollY + one.getBoundingClientRect().top - 100)")
        before, id = middle.bounding_box()["y"], middle.get_attribute("id")
        offset = middle.evaluate(OFFSET)
        new = submit_and_send(visits.site.store, f"at-{width}", OWN)
        for order_id in (many_orders[0], many_orders[-1]):
            trade = trade_report(None, f"{order_id}-{number}", account_id=OWN, order_id=order_id)
            write_history(visits.site.store, lambda h, trade=trade: h.record(trade))
            row(page, order_id).locator("td[data-label=Executed]", has_text=str(number)).wait_for(state="attached")
        row(page, new).wait_for(state="attached")
        assert abs(page.locator(f"#{id}").bounding_box()["y"] - before) < 1
        has_moved = page.locator(f"#{id}").evaluate(OFFSET) != offset
        assert has_moved or width != 360  # a card grew by a line


def test_only_rows_that_are_new_or_changed_are_marked(visits, many_orders):
    page = visits.open(LIST)
    until_live(page)
    new = submit_and_send(visits.site.store, "marked", OWN)
    page.locator(f"#order-{new}.fresh").wait_for()
    assert page.locator("tr.fresh").count() == 1
    trade = trade_report(None, "marked", account_id=OWN, order_id=many_orders[5])
    write_history(visits.site.store, lambda h: h.record(trade))
    page.locator(f"#order-{many_orders[5]}.fresh").wait_for()
    assert page.locator("tr.fresh").count() == 1


def test_rows_are_renewed_without_a_word_about_each_element(visits):
    page = visits.open(LIST)
    until_live(page)
    page.evaluate("""() => {
        window.announced = 0;
        document.addEventListener("htmx:beforeCleanupElement", () => { window.announced += 1; });
    }""")
    new = submit_and_send(visits.site.store, "renewed", OWN)
    row(page, new).wait_for(state="attached")
    assert page.locator("tr").count() > 40
    assert page.evaluate("window.announced") < 10


def test_the_focus_stays_on_its_row(visits):
    page = visits.open(LIST)
    until_live(page)
    link = page.locator("tbody th a").nth(3)
    link.focus()
    address = link.get_attribute("href")
    new = submit_and_send(visits.site.store, "focus", OWN)
    row(page, new).wait_for(state="attached")
    assert page.evaluate("document.activeElement.getAttribute('href')") == address


def test_text_that_is_being_selected_stays(visits):
    page = visits.open(LIST)
    until_live(page)
    page.evaluate("getSelection().selectAllChildren(document.querySelector('tbody td'))")
    new = submit_and_send(visits.site.store, "selected", OWN)
    page.wait_for_timeout(700)
    assert row(page, new).count() == 0
    assert page.evaluate("getSelection().toString()").strip()
    page.evaluate("getSelection().removeAllRanges()")
    row(page, new).wait_for()


def test_a_form_that_is_being_filled_in_stays(visits):
    page = visits.open(LIST)
    until_live(page)
    page.evaluate("document.querySelector('[data-live]').insertAdjacentHTML('beforeend', '<input aria-label=Reason>')")
    page.get_by_label("Reason").fill("because")
    new = submit_and_send(visits.site.store, "form", OWN)
    page.wait_for_timeout(700)
    assert page.get_by_label("Reason").input_value() == "because"
    page.get_by_label("Reason").fill("")
    row(page, new).wait_for()


def test_what_is_recorded_while_the_list_is_being_read_is_not_missed(visits):
    page = visits.open(LIST)
    until_live(page)
    late = []

    def answer_late(route):
        """Record another order after the server has answered, and let the answer arrive after its event."""
        response = route.fetch()
        if not late:
            late.append(submit_and_send(visits.site.store, "late", OWN))
            time.sleep(0.5)
        route.fulfill(response=response)

    page.route("**/orders?**", answer_late)
    first = submit_and_send(visits.site.store, "early", OWN)
    row(page, first).wait_for()
    row(page, late[0]).wait_for()


def test_a_story_goes_on_by_itself_with_what_is_open_in_it(visits):
    order_id = submit_and_send(visits.site.store, "story", OWN)
    page = visits.open(f"/orders/{order_id}")
    until_live(page)
    page.locator("summary", has_text="All hashes").click()
    write_history(visits.site.store, lambda h: h.record(trade_report("story", "e-1", account_id=OWN)))
    page.locator("#event-3").wait_for()
    assert page.locator("details.filter-box[open]").count() == 0
    assert page.locator("details[open] .hashes").is_visible()
    assert "partially filled" in page.locator(".lead").inner_text()
    assert page.locator("#event-3 time").first.inner_text() != ""


def test_a_hidden_page_gives_its_stream_back_and_catches_up(visits):
    page = visits.open(LIST)
    until_live(page)
    page.evaluate(HIDE, True)
    new = submit_and_send(visits.site.store, "hidden", OWN)
    page.wait_for_timeout(600)
    assert row(page, new).count() == 0
    page.evaluate(HIDE, False)
    row(page, new).wait_for()


def test_a_page_says_that_it_is_no_longer_live(visits):
    visits.tolerated += ["ERR_FAILED", "htmx:sseError", "/live"]
    page = visits.open("/orders")
    until_live(page)
    page.route("**/live**", lambda route: route.abort())
    page.route("**/orders**", lambda route: route.abort())
    page.evaluate(HIDE, True)
    page.evaluate(HIDE, False)
    page.locator(".live-state.lost").wait_for()
    assert "does not answer" in page.locator(".live-state").inner_text()
    page.unroute("**/live**")
    page.unroute("**/orders**")
    page.locator(".live-state:not(.lost)").wait_for()


def test_pages_of_the_past_and_later_pages_stay_as_they_are(visits):
    horizon = visits.site.store.horizon()
    for path in (f"/orders?as_of={horizon}", "/login"):
        page = visits.open(path)
        assert page.locator("[sse-connect]").count() == page.locator(".live-state").count() == 0
    page = visits.open("/orders?page_size=5")
    page.get_by_role("link", name="Next page").click()
    page.wait_for_url("**page_token**")
    assert page.locator("[sse-connect]").count() == 0
